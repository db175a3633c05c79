"""The verbs that escalation adds to a ticket's flow. Uses no database."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import HANDLING, Capacity, Status
from projects.flow.table import STAY, Rule


class EscalationVerb(TextChoices):
    ESCALATE = "escalate", pgettext_lazy("verb", "Escalate")
    EXPLAIN = "explain", pgettext_lazy("verb", "Explain the delay")


_OUR_TURN: Final = frozenset({Status.SUBMITTED.value, Status.IN_PROGRESS.value})
RULES: Final = (
    Rule(
        EscalationVerb.ESCALATE.value, EscalationVerb.ESCALATE.label, _OUR_TURN, STAY,
        frozenset({Capacity.SYSTEM.value}), topic="escalated",
    ),
    Rule(
        EscalationVerb.EXPLAIN.value, EscalationVerb.EXPLAIN.label, _OUR_TURN, STAY,
        frozenset(map(str, HANDLING)), ("reason",), is_internal=True,
    ),
)  # fmt: skip
