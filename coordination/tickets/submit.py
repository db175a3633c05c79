"""Filing: checked as a whole, routed straight to whoever serves the project (一对一直达)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Officer
from coordination.groups.queries import answering, assignment_of
from coordination.tickets.chain import Person, append
from coordination.tickets.clocks.keep import start_acceptance
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.base import Kind, Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.check import asked_of, check_lines, save_lines
from coordination.tickets.links.link import join_opened
from coordination.tickets.models import Ticket
from coordination.tickets.privacy.masks import mask_numbers
from coordination.tickets.search.write import make_findable
from coordination.tickets.step import LONGEST_TEXT
from coordination.tickets.urgency import FILED, Urgency
from projects.record.clock import change, now
from projects.record.refusals import FieldError, Invalid, Missing, NotAllowed
from projects.register.models import Enterprise, Project
from projects.register.queries import takes_part

_LONGEST_TITLE = 60
_FILED = ("urgency", "title", "detail", "contact_name", "contact_mobile", "needed_by")


def submit(
    *,
    kind: str,
    project: Project,
    enterprise: Enterprise,
    title: str,
    detail: str = "",
    urgency: str = "normal",
    contact_name: str,
    contact_mobile: str,
    needed_by: datetime | None = None,
    lines: list[dict[str, Any]],
    opened_lines: list[dict[str, Any]] | None = None,
    by: Person,
) -> Ticket:
    """File a ticket for the project, with one or more lines of its kind.

    Where a line wants it, a ticket of another kind is opened with it and linked (``pass_needed``
    of goods): with ``opened_lines``, or without any yet, to be added when they are known.

    By the enterprise (its key), or an officer on its behalf. Goes to the group and the liaison
    that serve the project at this moment, the deputy while the liaison is on leave; to the duty
    desk where nobody does. Raises Missing where the enterprise does not take part in the project
    today, NotAllowed where the officer may not file, and Invalid with every mistake by its field.
    """
    _may_file(enterprise, by)
    with change() as at:
        if not takes_part(enterprise=enterprise, project=project, on=timezone.localdate(at)):
            raise Missing(_("This enterprise does not take part in such a project."))
        ticket = Ticket(
            kind=kind, project=project, enterprise=enterprise, urgency=urgency, title=title,
            detail=detail, contact_name=contact_name, contact_mobile=contact_mobile,
            needed_by=needed_by, status=Status.SUBMITTED, filed_at=at, changed_at=at,
        )  # fmt: skip
        made, opened = _checked(ticket, lines, opened_lines or [], at)
        _file(ticket, made, by)
        if opened is not None:
            other = _opened_for(ticket)
            _file(other, opened, by)
            join_opened(ticket=ticket, opened=other, by=by)
        return ticket


def _file(ticket: Ticket, lines: list[Line], by: Person) -> None:
    """Save what was checked, routed as of now, with its first event."""
    at = ticket.filed_at
    clock = start_acceptance(ticket, at)
    _route(ticket)
    ticket.number = _next_number(at)
    ticket.save(force_insert=True)
    save_lines(ticket, lines, at)
    make_findable(ticket, lines)
    _record(ticket, lines, clock, by)


def _opened_for(ticket: Ticket) -> Ticket:
    """For the same people and the same day as the ticket that wants it."""
    opening = KINDS[ticket.kind].opens
    if opening is None:
        raise RuntimeError("this kind opens no other")
    return Ticket(
        kind=opening.kind, project=ticket.project, enterprise=ticket.enterprise,
        urgency=ticket.urgency, title=str(opening.title % {"title": ticket.title})[:_LONGEST_TITLE],
        contact_name=ticket.contact_name, contact_mobile=ticket.contact_mobile,
        needed_by=ticket.needed_by, status=Status.SUBMITTED, filed_at=ticket.filed_at,
        changed_at=ticket.filed_at,
    )  # fmt: skip


def _may_file(enterprise: Enterprise, by: Person) -> None:
    if isinstance(by, Officer):
        if not by.has_perm("coordination.add_ticket"):
            raise NotAllowed(_("Your role does not allow this."))
    elif by.enterprise_id != enterprise.pk:
        raise Missing(_("This enterprise does not take part in such a project."))


def _checked(
    ticket: Ticket, lines: list[dict[str, Any]], opened_lines: list[dict[str, Any]], at: datetime
) -> tuple[list[Line], list[Line] | None]:
    """The lines, unsaved, and those of the ticket to be opened with it; None where there is none.

    Raises Invalid with all that is wrong with them and the ticket.
    """
    errors = _ticket_errors(ticket, at)
    kind = KINDS.get(ticket.kind)
    if kind is None:
        raise Invalid([*errors, FieldError(("kind",), _("There is no such kind."), "choice")])
    made, found = check_lines(kind, lines, at)
    errors += found
    wanted = kind.opens is not None and any(kind.opens.wanted(line) for line in made)
    opened, wrong = _checked_opened(kind, opened_lines, at) if opened_lines else ([], [])
    errors += wrong
    if opened_lines and not wanted:
        errors.append(FieldError(("opened_lines",), _("No line asks for them."), "unwanted"))
    if errors:
        raise Invalid(errors)
    return made, opened if wanted else None


def _checked_opened(
    kind: Kind[Any], lines: list[dict[str, Any]], at: datetime
) -> tuple[list[Line], list[FieldError]]:
    if kind.opens is None:
        return [], []
    made, errors = check_lines(KINDS[kind.opens.kind], lines, at)
    return made, [
        FieldError(("opened_lines", *error.path[1:]), error.message, error.code) for error in errors
    ]


def _ticket_errors(ticket: Ticket, at: datetime) -> list[FieldError]:
    errors = []
    ticket.title = (ticket.title or "").strip()
    ticket.contact_mobile = (ticket.contact_mobile or "").replace(" ", "")
    others = {field.name for field in Ticket._meta.get_fields()} - set(_FILED)  # noqa: SLF001
    try:
        ticket.clean_fields(exclude=others)
    except ValidationError as error:
        errors = [
            FieldError((name,), " ".join(each.messages), each.code or "invalid")
            for name, found in error.error_dict.items()
            for each in found
        ]
    if mask_numbers(ticket.title) != ticket.title:  # lists, boards and exports show titles
        message = _("Leave mobiles and ID numbers out of the title.")
        errors.append(FieldError(("title",), message, "personal-number"))
    if ticket.urgency in Urgency.values and ticket.urgency not in FILED:
        errors.append(FieldError(("urgency",), _("This is for the desk to decide."), "choice"))
    if len(ticket.detail) > LONGEST_TEXT:  # a TextField's max_length binds forms alone
        errors.append(FieldError(("detail",), _("At most 2,000 characters."), "max_length"))
    if isinstance(ticket.needed_by, datetime) and ticket.needed_by < at:
        errors.append(
            FieldError(("needed_by",), _("This moment has already passed."), "date-order")
        )
    return errors


def _route(ticket: Ticket) -> None:
    """To whoever serves the project once a handover under way has ended, as of that moment.

    The lock keeps the next handover waiting for this ticket, so that it is moved along; two
    filings do not wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM projects_project WHERE id = %s FOR KEY SHARE", [ticket.project_id]
        )
    at = now()
    assignment = assignment_of(ticket.project, at)
    if assignment is not None:
        ticket.group = assignment.group
        ticket.handler = answering(assignment, at)


def _next_number(at: datetime) -> str:
    """Dated and unique: ``20200309-000123``. The sequence has gaps; numbers never repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ticket_number')")
        (serial,) = cursor.fetchone()
    return f"{timezone.localdate(at):%Y%m%d}-{serial:06d}"


def _record(ticket: Ticket, lines: list[Line], clock: dict[str, Any], by: Person) -> None:
    """The first event: what was asked in counts, and in words what may be erased one day."""
    words: dict[str, Any] = {
        "title": ticket.title,
        "detail": ticket.detail,
        "contact_name": ticket.contact_name,
        "contact_mobile": ticket.contact_mobile,
    }
    payload: dict[str, Any] = {
        "kind": ticket.kind,
        "project": ticket.project_id,
        "group": ticket.group_id,
        "handler": ticket.handler_id,
        **asked_of(ticket, lines, ticket.filed_at),
        **clock,
    }
    append(
        ticket=ticket, verb=Verb.SUBMIT, to=Status.SUBMITTED, at=ticket.filed_at, payload=payload,
        text=words, by=by,
    )  # fmt: skip
