"""In which capacities somebody acts on a ticket, and which verbs he may do."""

from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.groups.queries import assignment_of, group_of
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import FLOW, Capacity, Status, Verb
from coordination.tickets.models import Relation, Ticket, TicketLink
from coordination.tickets.queries_assistance import assisting, assists
from coordination.tickets.queries_duplicates import ended_lately, has_lost_original
from coordination.tickets.queries_responsible import answers_for, nobody_acts
from projects.access.models import ApiKey
from projects.flow.actors import Actors, Bar, System
from projects.flow.table import Rule
from projects.record.clock import now
from projects.record.refusals import NotAllowed

Anyone = Officer | ApiKey | System

MOST_QUESTIONS = 2  # of one ticket, because a question pauses the clock
LAST_PASS = 2  # after so many transfers the duty desk alone decides on the next, which is final

_CENTRE = {Role.DUTY_DESK: Capacity.DUTY_DESK, Role.DIRECTOR: Capacity.DIRECTOR}


def standing(ticket: Ticket, by: Anyone) -> frozenset[Capacity]:
    """Every capacity in which somebody may act on the ticket; empty if he may not at all."""
    if isinstance(by, System):
        return frozenset({Capacity.SYSTEM})
    if isinstance(by, ApiKey):
        same = by.enterprise_id == ticket.enterprise_id
        return frozenset({Capacity.ENTERPRISE}) if same else frozenset()
    if by.role in _CENTRE:
        acting = {Capacity.DUTY_DESK_ACTING} if _acts_for_group(ticket, by) else set()
        return frozenset({_CENTRE[Role(by.role)], Capacity.ON_BEHALF, *acting})
    helping = frozenset({Capacity.ASSISTANT}) if assists(ticket, by) else frozenset()
    return _capacities_in_group(ticket, by) | helping


def _acts_for_group(ticket: Ticket, by: Officer) -> bool:
    """He is of the duty desk, and nobody of the ticket's group can act now."""
    return by.role == Role.DUTY_DESK and nobody_acts(ticket, now())


def _capacities_in_group(ticket: Ticket, by: Officer) -> frozenset[Capacity]:
    """Those of a group lead or a liaison; none where the ticket is with another group."""
    at = now()
    group = group_of(by, at)
    if ticket.group_id is None or group is None or group.pk != ticket.group_id:
        return frozenset()
    if by.role == Role.GROUP_LEAD:
        return frozenset({Capacity.GROUP_LEAD, Capacity.ON_BEHALF})
    if by.role != Role.LIAISON:
        return frozenset()
    if _handles(ticket, by):
        return frozenset({Capacity.HANDLER, Capacity.ON_BEHALF})
    return frozenset({Capacity.ON_BEHALF})


def _handles(ticket: Ticket, by: Officer) -> bool:
    """He handles the ticket, or stands in for its handler, or it has no handler yet.

    Or he is the liaison or the deputy of its project, in the group that has it.
    """
    if ticket.handler_id in {by.pk, None}:
        return True
    at = now()
    assignment = assignment_of(ticket.project, at)
    is_named = (
        assignment is not None
        and assignment.group_id == ticket.group_id
        and by.pk in {assignment.liaison_id, assignment.deputy_id}
    )
    return is_named or answers_for(ticket, at) == by.pk


def _asked_enough(ticket: Ticket, _by: Anyone) -> bool:
    return ticket.asked_count >= MOST_QUESTIONS


def _resolved_it(ticket: Ticket, by: Anyone) -> bool:
    return isinstance(by, Officer) and ticket.resolved_by_id == by.pk


def _write_off_barred(ticket: Ticket, by: Anyone) -> bool:
    """He resolved it himself, or it was ever overdue and needs two signatures."""
    return ticket.ever_red or _resolved_it(ticket, by)


def _sign_off_barred(ticket: Ticket, by: Anyone) -> bool:
    """It needs one signature only, or has its first one already, or he resolved it himself."""
    return not ticket.ever_red or ticket.awaits_countersignature or _resolved_it(ticket, by)


def _countersign_barred(ticket: Ticket, by: Anyone) -> bool:
    """It has no first signature yet, or he gave that himself, or he resolved it himself."""
    is_own = isinstance(by, Officer) and ticket.signed_off_by_id == by.pk
    return not ticket.awaits_countersignature or is_own or _resolved_it(ticket, by)


def _redo_barred(ticket: Ticket, by: Anyone) -> bool:
    """The centre may send back only what waits for its countersignature."""
    is_centre = isinstance(by, Officer) and by.role in _CENTRE
    return is_centre and not ticket.awaits_countersignature


def _ended_long_ago(ticket: Ticket, _by: Anyone) -> bool:
    return not ended_lately(ticket, now())


def _nobody_assists(ticket: Ticket, _by: Anyone) -> bool:
    return not assisting(ticket).exists()


def _nothing_related(ticket: Ticket, _by: Anyone) -> bool:
    """It has no link that can be removed; a duplicate's ends when it is reopened or revived."""
    rows = TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket))
    return not rows.filter(relation=Relation.RELATED).exists()


def _not_asked(ticket: Ticket, _by: Anyone) -> bool:
    """No answer is awaited, and no lapsed question is still unanswered."""
    return ticket.status != Status.NEED_INFO and not ticket.question_lapsed


def _cannot_be_revived(ticket: Ticket, _by: Anyone) -> bool:
    """It is no duplicate, or its original is not declined or withdrawn, or was so long ago."""
    return not has_lost_original(ticket, now())


def _urged_today(ticket: Ticket, _by: Anyone) -> bool:
    """It was urged today already, by anybody: once a day is allowed."""
    urged = ticket.urged_at
    return urged is not None and timezone.localdate(urged) == timezone.localdate(now())


def _pass_barred(ticket: Ticket, by: Anyone) -> bool:
    """The first two transfers are the group's, the third the duty desk's, and there is no fourth.

    The desk also passes on what no group has, or what nobody of the group can act on.
    """
    is_desk = isinstance(by, Officer) and by.role == Role.DUTY_DESK
    if ticket.group_id is None:
        return not is_desk
    if isinstance(by, Officer) and _acts_for_group(ticket, by):
        return False
    return ticket.pass_count > LAST_PASS or is_desk != (ticket.pass_count == LAST_PASS)


def _extend_barred(ticket: Ticket, _by: Anyone) -> bool:
    """The deadline is over, or an extension was asked for or granted already."""
    is_over = ticket.due_at is None or ticket.due_at < now()
    return is_over or bool(ticket.extension or ticket.extension_asked)


def _decision_barred(ticket: Ticket, by: Anyone) -> bool:
    """Nothing was asked for, or he asked for it himself."""
    is_own = isinstance(by, Officer) and ticket.extension_asked_by_id == by.pk
    return not ticket.extension_asked or is_own


def _lapse_barred(ticket: Ticket, _by: Anyone) -> bool:
    """The answer's term is not over."""
    return ticket.answer_due is None or ticket.answer_due > now()


# A room above adds the bars of its own verbs.
BARS: Final[dict[str, Bar[Ticket, Anyone]]] = {
    Verb.RECKON_AGAIN: lambda ticket, _by: ticket.awaits_year is None,
    Verb.ASK: _asked_enough,
    Verb.PASS_ON: _pass_barred,
    Verb.WRITE_OFF: _write_off_barred,
    Verb.SIGN_OFF: _sign_off_barred,
    Verb.COUNTERSIGN: _countersign_barred,
    Verb.REDO: _redo_barred,
    Verb.REOPEN: _ended_long_ago,
    Verb.RELEASE: _nobody_assists,
    Verb.UNLINK: _nothing_related,
    Verb.SUPPLEMENT: _not_asked,
    Verb.REVIVE: _cannot_be_revived,
    Verb.URGE: _urged_today,
    Verb.EXTEND: _extend_barred,
    Verb.GRANT: _decision_barred,
    Verb.DENY: _decision_barred,
    Verb.LAPSE: _lapse_barred,
}


def _columns(by: Anyone) -> dict[str, Any]:
    """What a ticket's event says of who did it."""
    if isinstance(by, System):
        return {"by_system": True}
    return {"officer": by} if isinstance(by, Officer) else {"api_key": by}


def _not_allowed(rule: Rule, ticket: Ticket) -> NotAllowed:
    return NotAllowed(
        _("“%(verb)s” is not allowed for you while the ticket is “%(status)s”.")
        % {"verb": rule.label, "status": ticket.get_status_display()},
        members={"ticket_status": ticket.status},
    )


ACTORS: Final = Actors[Ticket, Anyone](
    flow=FLOW,
    capacities=standing,
    columns=_columns,
    is_outsider=lambda by: isinstance(by, ApiKey),
    bars=BARS,
    not_allowed=_not_allowed,
)


def allowed_verbs(ticket: Ticket, by: Officer | ApiKey) -> list[str]:
    """The verbs that he may do now: those of the flow that are not barred for this ticket.

    Without the handover, which is done with a whole project.
    """
    return [verb for verb in ACTORS.allowed(ticket, by) if verb != Verb.HAND_OVER]
