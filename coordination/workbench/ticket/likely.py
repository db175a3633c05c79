"""Which acts on a ticket an officer most likely does next."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from coordination.amendments.flow import AmendmentVerb
from coordination.escalation.flow import EscalationVerb
from coordination.referrals.flow import ReferralVerb
from coordination.tickets.flow import FLOW, Status, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.models import Ticket

MOST: Final = 3  # buttons; the others are in the menu

# In each state, the likeliest first. What the officer may not do is left out.
_LIKELY: Final[Mapping[str, Sequence[str]]] = {
    Status.SUBMITTED: (
        Verb.ACCEPT, Verb.ASK, Verb.PASS_ON, EscalationVerb.EXPLAIN, Verb.SUPPLEMENT, Verb.URGE,
        Verb.SUPERVISE, AmendmentVerb.AMEND, Verb.COMMENT,
    ),
    Status.IN_PROGRESS: (
        EscalationVerb.EXPLAIN, Verb.RESOLVE, ReferralVerb.REFER, Verb.ASK, Verb.SUPPLEMENT,
        Verb.URGE, Verb.SUPERVISE, Verb.COMMENT, Verb.ATTACH,
    ),
    Status.NEED_INFO: (Verb.SUPPLEMENT, Verb.COMMENT, Verb.ATTACH, Verb.SUPERVISE),
    Status.RESOLVED: (
        Verb.WRITE_OFF, Verb.SIGN_OFF, Verb.COUNTERSIGN, Verb.REDO, Verb.COMMENT, Verb.ATTACH,
    ),
}  # fmt: skip
_ENDED: Final = (Verb.REVIVE, Verb.COMMENT, Verb.LINK, Verb.REOPEN)


def likely(
    ticket: Ticket, lines: Sequence[Line], asked_for: Sequence[str], offered: Collection[str]
) -> list[str]:
    """At most three of the verbs ``offered``: those for which the ticket waits, then by its state.

    A dangerous one is among them only where the ticket waits for it. What is not met of its lines
    comes before the resolution.
    """
    order = list(asked_for)
    if ticket.status == Status.IN_PROGRESS and any(not line.is_settled for line in lines):
        order.append(Verb.FULFIL)
    order += [
        verb for verb in _LIKELY.get(ticket.status, _ENDED) if FLOW[verb].tone != "danger"
    ]  # fmt: skip
    return [verb for verb in dict.fromkeys(order) if verb in offered][:MOST]


def main_of(ticket: Ticket, first: Sequence[str]) -> str:
    """The verb of the one solid button: never a dangerous one, and none where all is done."""
    verb = next(iter(first), "")
    is_over = ticket.status in FLOW.ended and verb != Verb.REVIVE
    return "" if not verb or is_over or FLOW[verb].tone == "danger" else verb
