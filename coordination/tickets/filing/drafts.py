"""A submission, and the checked draft that is made of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.groups.queries_acting import Serving
from coordination.tickets.clocks.keep import start_acceptance
from coordination.tickets.clocks.queries import Rules
from coordination.tickets.flow import Status
from coordination.tickets.kinds.base import Kind, Line, error_of
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.check import check_lines
from coordination.tickets.models import Ticket
from coordination.tickets.step import LONGEST_TEXT
from coordination.tickets.urgency import FILED, Urgency
from projects.record.days import PAST, out_of_reach
from projects.record.masks import has_numbers
from projects.record.refusals import FieldError, Invalid
from projects.register.models import Enterprise, Project

LONGEST_TITLE = 60
_FILED = (
    "urgency", "title", "detail", "contact_name", "contact_mobile", "needed_by", "external_id",
)  # fmt: skip
_NOT_FILED = frozenset(
    field.name for field in Ticket._meta.local_concrete_fields
    if field.name not in _FILED
)  # fmt: skip


class Submission(NamedTuple):
    """One ticket as it was sent.

    If it could only be read in part (not ``is_whole``), it is checked so that the answer names
    every mistake at once, and never filed.
    """

    kind: str
    project: Project | None  # None where it is unknown
    title: str
    contact_name: str
    contact_mobile: str
    lines: list[dict[str, Any]]
    detail: str = ""
    urgency: str = Urgency.NORMAL
    needed_by: datetime | None = None
    external_id: str = ""
    opened_lines: list[dict[str, Any]] | None = None
    is_whole: bool = True


@dataclass
class Draft:
    """A valid ticket with its lines, not saved yet, and the ticket that is opened with it, if any.

    ``warned`` holds the warnings about its lines; ``served``, once it is routed, who serves its
    project.
    """

    ticket: Ticket
    lines: list[Line]
    clock: dict[str, Any]
    warned: list[FieldError]
    opened: "Draft | None" = field(default=None)
    served: Serving | None = field(default=None)

    def all(self) -> Iterator["Draft"]:
        """This one, then the one that it opens."""
        yield self
        if self.opened is not None:
            yield self.opened


def draft(submission: Submission, *, enterprise: Enterprise, at: datetime, rules: Rules) -> Draft:
    """Check a submission whose project is known. Raises Invalid with every mistake."""
    ticket = _ticket_of(submission, enterprise, at)
    lines, opened = _checked(ticket, submission, at)
    drawn = _drawn(ticket, lines, at, rules)
    if opened is not None:
        drawn.opened = _drawn(_opened_for(ticket), opened, at, rules)
    return drawn


def mistakes(submission: Submission, *, enterprise: Enterprise, at: datetime) -> list[FieldError]:
    """Every mistake in a submission, whatever its project."""
    try:
        _checked(_ticket_of(submission, enterprise, at), submission, at)
    except Invalid as refusal:
        return refusal.errors
    return []


def _ticket_of(submission: Submission, enterprise: Enterprise, at: datetime) -> Ticket:
    return Ticket(
        kind=submission.kind, project=submission.project, enterprise=enterprise,
        urgency=submission.urgency, title=submission.title, detail=submission.detail,
        contact_name=submission.contact_name, contact_mobile=submission.contact_mobile,
        needed_by=submission.needed_by, external_id=submission.external_id.strip(),
        status=Status.SUBMITTED, filed_at=at, changed_at=at,
    )  # fmt: skip


def _drawn(ticket: Ticket, lines: list[Line], at: datetime, rules: Rules) -> Draft:
    clock = start_acceptance(ticket, at, rules)
    return Draft(ticket, lines, clock, KINDS[ticket.kind].warn(lines, at))


def _opened_for(ticket: Ticket) -> Ticket:
    """A ticket with the same project, contact and deadline as the one that opens it."""
    opening = KINDS[ticket.kind].opens
    if opening is None:
        raise RuntimeError("this kind opens no other")
    return Ticket(
        kind=opening.kind, project=ticket.project, enterprise=ticket.enterprise,
        urgency=ticket.urgency, title=str(opening.title % {"title": ticket.title})[:LONGEST_TITLE],
        contact_name=ticket.contact_name, contact_mobile=ticket.contact_mobile,
        needed_by=ticket.needed_by, status=Status.SUBMITTED, filed_at=ticket.filed_at,
        changed_at=ticket.filed_at,
    )  # fmt: skip


def _checked(
    ticket: Ticket, submission: Submission, at: datetime
) -> tuple[list[Line], list[Line] | None]:
    """The unsaved lines, and those of the ticket to be opened with it, if one is.

    Raises Invalid with every mistake in them and in the ticket.
    """
    errors = ticket_errors(ticket, at)
    kind = KINDS.get(ticket.kind)
    if kind is None:
        raise Invalid([*errors, FieldError(("kind",), _("There is no such kind."), "choice")])
    lines, found = check_lines(kind, submission.lines, at)
    errors += found
    wanted = kind.opens is not None and any(kind.opens.wanted(line) for line in lines)
    opened, wrong = _checked_opened(kind, submission.opened_lines or [], at, wanted=wanted)
    errors += wrong
    if errors or not submission.is_whole:
        raise Invalid(errors)
    return lines, opened if wanted else None


def _checked_opened(
    kind: Kind[Any], lines: list[dict[str, Any]], at: datetime, *, wanted: bool
) -> tuple[list[Line], list[FieldError]]:
    """The lines of the ticket to be opened, and every mistake in them."""
    if not lines:
        return [], []
    drawn, errors = check_lines(KINDS[kind.opens.kind], lines, at) if kind.opens else ([], [])
    found = [FieldError(("opened_lines", *each.path[1:]), each.message, each.code)
             for each in errors]  # fmt: skip
    if not wanted:
        found.append(FieldError(("opened_lines",), _("No line asks for them."), "unwanted"))
    return drawn, found


def ticket_errors(
    ticket: Ticket, at: datetime, names: Collection[str] = _FILED
) -> list[FieldError]:
    """The mistakes in these fields of a ticket, tidied up."""
    errors = []
    try:
        ticket.clean_fields(exclude=_NOT_FILED.union(_FILED) - {*names})
    except ValidationError as error:
        errors = [
            error_of(name, each) for name, found in error.error_dict.items() for each in found
        ]
    if has_numbers(ticket.title or ""):  # lists, boards and exports show titles
        message = _("Leave mobiles and ID numbers out of the title.")
        errors.append(FieldError(("title",), message, "personal-number"))
    if ticket.urgency not in FILED and ticket.urgency in Urgency:
        errors.append(FieldError(("urgency",), _("This is for the desk to decide."), "choice"))
    if not ticket.external_id.isprintable():
        errors.append(FieldError(("external_id",), _("Use visible characters alone."), "type"))
    if len(ticket.detail) > LONGEST_TEXT:  # a TextField's max_length binds forms alone
        errors.append(FieldError(("detail",), _("At most 2,000 characters."), "max_length"))
    if isinstance(ticket.needed_by, datetime) and ticket.needed_by < at:
        errors.append(FieldError(("needed_by",), PAST, "date-order"))
    elif far := out_of_reach(ticket.needed_by, at):
        errors.append(FieldError(("needed_by",), far, "range"))
    return [each for each in errors if each.path[0] in names]
