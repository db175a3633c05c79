"""The verbs that amendments add to a ticket's flow. Uses no database."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import HANDLING, Capacity, Status
from projects.flow.table import STAY, Rule


class AmendmentVerb(TextChoices):
    AMEND = "amend", pgettext_lazy("verb", "Amend")
    PROPOSE = "propose_amendment", pgettext_lazy("verb", "Propose an amendment")
    ADOPT = "adopt_amendment", pgettext_lazy("verb", "Adopt the amendment")
    REJECT = "reject_amendment", pgettext_lazy("verb", "Reject the amendment")


def _rule(
    verb: AmendmentVerb,
    sources: frozenset[Status],
    who: frozenset[Capacity],
    topic: str,
    *required: str,
) -> Rule:
    return Rule(
        verb.value, verb.label, frozenset(map(str, sources)), STAY, frozenset(map(str, who)),
        required, topic=topic,
    )  # fmt: skip


_ACCEPTED: Final = frozenset({Status.IN_PROGRESS, Status.NEED_INFO})
_FILING: Final = frozenset({Capacity.ENTERPRISE, Capacity.ON_BEHALF})
RULES: Final = (
    _rule(
        AmendmentVerb.AMEND, frozenset({Status.SUBMITTED, Status.NEED_INFO}), _FILING, "amended"
    ),
    _rule(
        AmendmentVerb.PROPOSE, _ACCEPTED, _FILING, "amendment_proposed", "reason"
    ),
    _rule(AmendmentVerb.ADOPT, _ACCEPTED, HANDLING, "amendment_adopted"),
    _rule(AmendmentVerb.REJECT, _ACCEPTED, HANDLING, "amendment_rejected", "reason"),
)  # fmt: skip
