"""In which capacities somebody acts on a ticket, and which verbs he may do."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import assignment_of, group_of
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import FLOW, Capacity, Status, Verb
from coordination.tickets.models import Relation, Ticket, TicketLink
from coordination.tickets.queries_assistance import assisting, assists
from coordination.tickets.queries_duplicates import ended_lately, has_lost_original
from coordination.tickets.queries_responsible import answers_for, nobody_acts
from projects.access.models import ApiKey
from projects.flow.actors import Actors, Bar, Barred, System
from projects.flow.table import Rule
from projects.record.clock import now
from projects.record.refusals import NotAllowed

Anyone = Officer | ApiKey | System

MOST_QUESTIONS = 2  # of one ticket, because a question pauses the clock
LAST_PASS = 2  # after so many transfers the duty desk alone decides on the next, which is final

# What each role may be to some ticket; the others look on, or see none.
_EVER: Final[dict[str, frozenset[Capacity]]] = {
    Role.LIAISON: frozenset({Capacity.HANDLER, Capacity.ON_BEHALF, Capacity.ASSISTANT}),
    Role.GROUP_LEAD: frozenset({Capacity.GROUP_LEAD, Capacity.ON_BEHALF, Capacity.ASSISTANT}),
    Role.DUTY_DESK: frozenset({
        Capacity.DUTY_DESK, Capacity.DUTY_DESK_ACTING, Capacity.ON_BEHALF,
    }),
    Role.DIRECTOR: frozenset({Capacity.DIRECTOR, Capacity.ON_BEHALF}),
}  # fmt: skip
_NEVER: Final[frozenset[Capacity]] = frozenset()
_CENTRE = {Role.DUTY_DESK: Capacity.DUTY_DESK, Role.DIRECTOR: Capacity.DIRECTOR}


def standing(ticket: Ticket, by: Anyone) -> frozenset[Capacity]:
    """Every capacity in which somebody may act on the ticket; empty if he may not at all."""
    if isinstance(by, System):
        return frozenset({Capacity.SYSTEM})
    if isinstance(by, ApiKey):
        same = by.enterprise_id == ticket.enterprise_id
        return frozenset({Capacity.ENTERPRISE}) if same else frozenset()
    return standing_in_group(
        ticket, by, group=lambda: group_of(by, now()), helps=lambda: assists(ticket, by)
    )


def standing_in_group(
    ticket: Ticket, by: Officer, *, group: Callable[[], ServiceGroup | None],
    helps: Callable[[], bool],
) -> frozenset[Capacity]:  # fmt: skip
    """The same of an officer; ``group`` gives that in which he serves, ``helps`` if he assists."""
    if by.role in _CENTRE:
        acting = {Capacity.DUTY_DESK_ACTING} if _acts_for_group(ticket, by) else set()
        return frozenset({_CENTRE[Role(by.role)], Capacity.ON_BEHALF, *acting})
    helping = frozenset({Capacity.ASSISTANT}) if helps() else frozenset()
    return (_capacities_in_group(ticket, by, group()) | helping) & _EVER.get(by.role, _NEVER)


def may_ever(verb: str, by: Officer) -> bool:
    """Whether his role has the verb on any ticket; who has not is shown no form of it."""
    return bool(FLOW[verb].who & _EVER.get(by.role, _NEVER))


def _acts_for_group(ticket: Ticket, by: Officer) -> bool:
    """He is of the duty desk, and nobody of the ticket's group can act now."""
    return by.role == Role.DUTY_DESK and nobody_acts(ticket, now())


def _capacities_in_group(
    ticket: Ticket, by: Officer, group: ServiceGroup | None
) -> frozenset[Capacity]:
    """Those of a group lead or a liaison; none where the ticket is with another group."""
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


def _asked_enough(ticket: Ticket, _by: Anyone) -> Barred | None:
    if ticket.asked_count < MOST_QUESTIONS:
        return None
    return Barred(_("Two questions were asked about this ticket; there is no third."))


def _own_work_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    """Who resolved it does not write it off: of a lead's own work the duty desk does."""
    if not isinstance(by, Officer) or ticket.resolved_by_id != by.pk:
        return None
    if by.role == Role.GROUP_LEAD:
        return Barred(_("You resolved it, so the duty desk writes it off."))
    return Barred(_("Who resolved a ticket does not write it off."))


def _write_off_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    if ticket.ever_red:
        return Barred(_("It was overdue once, so writing it off needs two signatures."))
    return _own_work_barred(ticket, by)


def _sign_off_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    if not ticket.ever_red:
        return Barred(_("It was never overdue, so one signature is enough: write it off."))
    if ticket.awaits_countersignature:
        return Barred(_("It is signed already, and waits for the countersignature."))
    return _own_work_barred(ticket, by)


def _countersign_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    if not ticket.awaits_countersignature:
        return Barred(_("It has no first signature yet."))
    if isinstance(by, Officer) and ticket.signed_off_by_id == by.pk:
        return Barred(_("Who signed first does not countersign."))
    return _own_work_barred(ticket, by)


def _redo_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    is_centre = isinstance(by, Officer) and by.role in _CENTRE
    if not is_centre or ticket.awaits_countersignature:
        return None
    return Barred(_("The centre sends back only what waits for its countersignature."))


def _ended_long_ago(ticket: Ticket, _by: Anyone) -> Barred | None:
    if ended_lately(ticket, now()):
        return None
    return Barred(_("It ended thirty days ago or earlier, so it is not reopened."))


def _nobody_assists(ticket: Ticket, _by: Anyone) -> Barred | None:
    return None if assisting(ticket).exists() else Barred(_("Nobody assists with it."))


def _nothing_related(ticket: Ticket, _by: Anyone) -> Barred | None:
    """A duplicate's link ends when it is reopened or revived."""
    rows = TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket))
    if rows.filter(relation=Relation.RELATED).exists():
        return None
    return Barred(_("It has no link that can be removed."))


def _not_asked(ticket: Ticket, _by: Anyone) -> Barred | None:
    """A lapsed question may still be answered, once."""
    if ticket.status == Status.NEED_INFO or ticket.question_lapsed:
        return None
    return Barred(_("No question waits for an answer."), "not-asked")


def _cannot_be_revived(ticket: Ticket, _by: Anyone) -> Barred | None:
    if has_lost_original(ticket, now()):
        return None
    message = _(
        "Only a duplicate is revived, within thirty days after its original was declined or "
        "withdrawn."
    )
    return Barred(message, "not-revivable")


def _urged_today(ticket: Ticket, _by: Anyone) -> Barred | None:
    """Once a day is allowed, whoever urged it."""
    urged = ticket.urged_at
    if urged is None or timezone.localdate(urged) != timezone.localdate(now()):
        return None
    message = _("It was urged today at %(time)s. It may be urged again from tomorrow on.")
    return Barred(message % {"time": f"{timezone.localtime(urged):%H:%M}"}, "urged-today")


def _pass_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    """The first two transfers are the group's, the third the duty desk's, and there is no fourth.

    The desk also passes on what no group has, or what nobody of the group can act on.
    """
    is_desk = isinstance(by, Officer) and by.role == Role.DUTY_DESK
    if ticket.group_id is None:
        return None if is_desk else Barred(_("No group has it, so the duty desk passes it on."))
    if isinstance(by, Officer) and _acts_for_group(ticket, by):
        return None
    if ticket.pass_count > LAST_PASS:
        return Barred(_("It was passed on three times; the last decision is final."))
    if is_desk and ticket.pass_count < LAST_PASS:
        return Barred(_("Its group passes it on; the duty desk decides on the third transfer."))
    if not is_desk and ticket.pass_count == LAST_PASS:
        return Barred(_("It was passed on twice, so the duty desk decides on the third transfer."))
    return None


def _extend_barred(ticket: Ticket, _by: Anyone) -> Barred | None:
    if ticket.due_at is None or ticket.due_at < now():
        return Barred(_("An extension is asked for before the deadline."))
    if ticket.extension or ticket.extension_asked:
        return Barred(_("An extension was asked for or granted already."))
    return None


def _decision_barred(ticket: Ticket, by: Anyone) -> Barred | None:
    if not ticket.extension_asked:
        return Barred(_("No extension is asked for."))
    if isinstance(by, Officer) and ticket.extension_asked_by_id == by.pk:
        return Barred(_("Who asks for an extension does not decide on it."))
    return None


def _lapse_barred(ticket: Ticket, _by: Anyone) -> Barred | None:
    if ticket.answer_due is not None and ticket.answer_due <= now():
        return None
    return Barred(_("The answer's term is not over."))


def _reckoned(ticket: Ticket, _by: Anyone) -> Barred | None:
    if ticket.awaits_year is not None:
        return None
    return Barred(_("No deadline of this ticket can be reckoned again."))


# A room above adds the bars of its own verbs.
BARS: Final[dict[str, Bar[Ticket, Anyone]]] = {
    Verb.RECKON_AGAIN: _reckoned,
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


def _not_allowed(rule: Rule, ticket: Ticket, barred: Barred | None) -> NotAllowed:
    message, code = barred or (
        _("“%(verb)s” is not allowed for you while the ticket is “%(status)s”.")
        % {"verb": rule.label, "status": ticket.get_status_display()},
        "",
    )
    return NotAllowed(message, reason=code, members={"ticket_status": ticket.status})


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
