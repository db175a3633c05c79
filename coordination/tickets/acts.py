"""What an officer may do to a ticket now, and why he may not do the rest: for the ticket's page.

A reason is one sentence: of the verb's bar (``standing.BARS``), of what it requires
(``step.REQUIREMENTS``), or of the flow table where the ticket's state is too early or too late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from coordination.staff.models import Officer
from coordination.tickets.flow import FLOW, Capacity, Status, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.standing import ACTORS, LAST_PASS, MOST_QUESTIONS, standing
from coordination.tickets.step import REQUIREMENTS
from projects.flow.table import STAY, Rule
from projects.record.refusals import Invalid

# The verbs whose absence is explained; a room above adds its own. Of the others nobody would look
# for a reason: there is nothing to release, to revive or to decide.
EXPLAINED: Final[set[str]] = {
    Verb.ACCEPT, Verb.FULFIL, Verb.RESOLVE, Verb.ASK, Verb.DECLINE, Verb.PASS_ON, Verb.EXTEND,
    Verb.WRITE_OFF, Verb.SIGN_OFF, Verb.COUNTERSIGN, Verb.REDO, Verb.REOPEN, Verb.URGE,
    Verb.GRANT, Verb.DENY,
}  # fmt: skip

# How often a verb was done to the ticket, and how often it may be.
_LIMITS: Final[dict[str, Callable[[Ticket], tuple[int, int]]]] = {
    Verb.ASK: lambda ticket: (ticket.asked_count, MOST_QUESTIONS),
    Verb.PASS_ON: lambda ticket: (ticket.pass_count, max(LAST_PASS, ticket.pass_count + 1)),
}
_STAGES: Final[dict[str, int]] = {
    Status.SUBMITTED: 0, Status.IN_PROGRESS: 1, Status.RESOLVED: 2,
}  # fmt: skip
# Done with a whole project, not on a ticket's page.
_ELSEWHERE: Final = frozenset({Verb.HAND_OVER})


@dataclass(frozen=True)
class Act:
    """One verb on one ticket: ``barred`` says why it cannot be done now, ``used`` how often it was.

    Both are empty where there is nothing to say.
    """

    verb: str
    barred: str = ""
    used: str = ""


def acts_of(ticket: Ticket, by: Officer, capacities: frozenset[str]) -> list[Act]:
    """The verbs of his ``capacities`` on the ticket: which he may do now, and which not, and why.

    In the flow's order.
    """
    found = []
    for verb, rule in ((each, FLOW[each]) for each in FLOW if each not in _ELSEWHERE):
        if not capacities & rule.who:
            continue
        barred = _barred(verb, rule, ticket, by)
        if barred is None:
            found.append(Act(verb, used=_used(verb, ticket)))
        elif barred and verb in EXPLAINED:
            found.append(Act(verb, barred))
    return found


def why_not(verb: str, ticket: Ticket, by: Officer) -> str:
    """Why he cannot do the verb now, as the ticket's page says it; empty where it says nothing."""
    capacities = standing(ticket, by)
    if not capacities & FLOW[verb].who:
        return handled_by_another(ticket, capacities)
    return _barred(verb, FLOW[verb], ticket, by) or ""


def handled_by_another(ticket: Ticket, capacities: frozenset[str]) -> str:
    """That a colleague handles the ticket, to one of the group who does not; else empty."""
    is_colleague = Capacity.ON_BEHALF in capacities and len(capacities) == 1
    if not is_colleague or ticket.handler is None or ticket.status in FLOW.ended:
        return ""
    return _("Handled by %(officer)s.") % {"officer": ticket.handler}


def _barred(verb: str, rule: Rule, ticket: Ticket, by: Officer) -> str | None:
    """Why not now: None where nothing forbids it, empty where that needs no word."""
    if ticket.status not in rule.sources:
        return _by_state(verb, rule, ticket)
    barred = ACTORS.barred(verb, ticket, by)
    if barred is not None:
        return "" if _goes_without_saying(verb, ticket) else str(barred.message)
    try:
        for require in REQUIREMENTS.get(verb, ()):
            require(ticket)
    except Invalid as refusal:
        return " ".join(refusal.reasons)
    return None


def _goes_without_saying(verb: str, ticket: Ticket) -> bool:
    """Whether the verb has no object, so that nobody asks why it is barred."""
    if verb in {Verb.GRANT, Verb.DENY}:
        return not ticket.extension_asked
    if verb in {Verb.SIGN_OFF, Verb.COUNTERSIGN}:
        return not ticket.ever_red
    return False


def _by_state(verb: str, rule: Rule, ticket: Ticket) -> str:
    """That it is too early or too late for the verb by one step; else empty."""
    if verb == (Verb.WRITE_OFF if ticket.ever_red else Verb.SIGN_OFF):
        return ""
    state = ticket.status
    if state == Status.NEED_INFO:
        if ticket.asked_from in rule.sources:
            return _("The enterprise's answer is awaited.")
        state = ticket.asked_from
    here = _STAGES.get(state)
    there = [_STAGES[each] for each in rule.sources if each in _STAGES]
    return _too_early_or_late(verb, rule, here, there) if here is not None and there else ""


def _too_early_or_late(verb: str, rule: Rule, here: int, there: list[int]) -> str:
    if min(there) == here + 1 and verb not in {Verb.REDO, Verb.COUNTERSIGN}:
        return _("It is not accepted yet.") if here == 0 else _("It is not resolved yet.")
    if max(there) == here - 1 and rule.target != STAY:
        return _("It is accepted already.") if here == 1 else _("It is resolved already.")
    return ""


def _used(verb: str, ticket: Ticket) -> str:
    if verb not in _LIMITS:
        return ""
    used, most = _LIMITS[verb](ticket)
    return _("used %(used)d of %(most)d") % {"used": used, "most": most} if used else ""
