"""The verbs that referrals add to a ticket's flow."""

from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import HANDLING, RUNNING, Capacity, Status
from projects.flow.table import STAY, Rule


class ReferralVerb(TextChoices):
    REFER = "refer", pgettext_lazy("verb", "Refer to a department")
    ANSWER_REFERRAL = "answer_referral", pgettext_lazy("verb", "Department's answer")
    CHASE = "chase", pgettext_lazy("verb", "Chase a department")
    RECALL = "recall", pgettext_lazy("verb", "Recall a referral")


def _rule(
    verb: ReferralVerb, sources: frozenset[Status], who: frozenset[Capacity], *required: str
) -> Rule:
    return Rule(
        verb.value, verb.label, frozenset(map(str, sources)), STAY, frozenset(map(str, who)),
        required, is_internal=True,
    )  # fmt: skip


_SYSTEM: Final = frozenset({Capacity.SYSTEM})
RULES: Final = (
    _rule(
        ReferralVerb.REFER, frozenset({Status.IN_PROGRESS}), HANDLING, "department", "matter"
    ),
    _rule(ReferralVerb.ANSWER_REFERRAL, RUNNING, _SYSTEM, "referral", "answer"),
    _rule(ReferralVerb.CHASE, RUNNING, HANDLING | _SYSTEM, "referral"),
    _rule(ReferralVerb.RECALL, RUNNING, HANDLING, "referral", "reason"),
)  # fmt: skip
LABELS: Final[dict[str, Promise]] = {
    "department": _("department"),
    "matter": _("what the department is asked"),
    "referral": _("referral"),
}
# The group of personal data of those who answered.
ANSWERERS: Final = "referrals"
