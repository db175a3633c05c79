"""Filing tickets: checked, then routed to whoever serves the project (一对一直达)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.chain import Person
from coordination.tickets.clocks.queries import rules
from coordination.tickets.filing.drafts import Draft, Submission, draft, mistakes
from coordination.tickets.filing.references import held_references, taken
from coordination.tickets.filing.route import hold_projects
from coordination.tickets.filing.write import file_drafts
from coordination.tickets.models import Ticket
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid, Missing, NotAllowed, Refusal
from projects.register.current import left_message
from projects.register.models import Enterprise, Project

NOT_THEIRS: Final = _("This enterprise does not take part in such a project.")
_UNKNOWN: Final = FieldError(("project",), NOT_THEIRS, "not-found")
MOST_AT_ONCE: Final = 500
MOST_LINES_AT_ONCE: Final = 5000


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
    external_id: str = "",
    lines: list[dict[str, Any]],
    opened_lines: list[dict[str, Any]] | None = None,
    by: Person,
) -> Ticket:
    """File a ticket for the project, with one or more lines of its kind.

    If a line wants it (``pass_needed`` of goods), a ticket of another kind is opened and linked,
    with ``opened_lines`` as its lines; they may also be added later. ``external_id`` is the
    enterprise's own reference, which no other of its tickets has.

    By the enterprise (its key), or an officer on its behalf. The ticket goes to the group and the
    liaison (or the deputy during leave) that serve the project now, or to the duty desk if nobody
    does. Raises Missing if the enterprise does not take part in the project today, NotAllowed if
    the officer may not file, and Invalid with every mistake by its field, or if the project has
    left the register.
    """
    submission = Submission(
        kind=kind, project=project, title=title, detail=detail, urgency=urgency,
        contact_name=contact_name, contact_mobile=contact_mobile, needed_by=needed_by,
        external_id=external_id, lines=lines, opened_lines=opened_lines,
    )  # fmt: skip
    (outcome,) = submit_many(submissions=[submission], enterprise=enterprise, by=by)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome.ticket


def submit_many(
    *,
    submissions: Sequence[Submission],
    enterprise: Enterprise,
    all_or_nothing: bool = False,
    by: Person,
) -> list[Draft | Refusal]:
    """File up to 500 tickets of any kinds, each by the rules of ``submit``.

    All are checked before any is written. Returns, in the order given, the saved draft or the
    refusal of each; one refusal does not stop the others, unless ``all_or_nothing``. Raises
    NotAllowed or Missing if nothing may be filed for this enterprise, Invalid if they are too
    many.
    """
    require_room(len(submissions), sum(len(each.lines) for each in submissions))
    _may_file(enterprise, by)
    with change() as at:
        outcomes = _judge(submissions, enterprise, at)
        drafts = [each for each in outcomes if isinstance(each, Draft)]
        if len(drafts) == len(outcomes) or not all_or_nothing:
            file_drafts(drafts, at=at, by=by)
        return outcomes


def judge_many(
    *, submissions: Sequence[Submission], enterprise: Enterprise, by: Person
) -> list[Draft | Refusal]:
    """Check submissions as ``submit_many`` does, without writing anything."""
    require_room(len(submissions), sum(len(each.lines) for each in submissions))
    _may_file(enterprise, by)
    with change() as at:
        return _judge(submissions, enterprise, at)


def require_room(tickets: int, lines: int) -> None:
    """Raise Invalid for no tickets, or too many tickets or lines."""
    if not 1 <= tickets <= MOST_AT_ONCE:
        raise Invalid([FieldError(("tickets",), _("Give 1 to 500 tickets."), "tickets")])
    if lines > MOST_LINES_AT_ONCE:
        message = _("All tickets together may have at most 5,000 lines.")
        raise Invalid([FieldError(("tickets",), message, "lines")])


def _may_file(enterprise: Enterprise, by: Person) -> None:
    if isinstance(by, Officer):
        if not by.has_perm("tickets.add_ticket"):
            raise NotAllowed(_("Your role does not allow this."))
    elif by.enterprise_id != enterprise.pk:
        raise Missing(NOT_THEIRS)


def _judge(
    submissions: Sequence[Submission], enterprise: Enterprise, at: datetime
) -> list[Draft | Refusal]:
    """The draft or the refusal of each."""
    asked = {each.project.pk for each in submissions if each.project is not None}
    held = hold_projects(asked, enterprise=enterprise, on=timezone.localdate(at))
    in_force = rules()
    references = [each.external_id.strip() for each in submissions]
    numbers = held_references(references, enterprise=enterprise)
    outcomes: list[Draft | Refusal] = []
    for each, reference in zip(submissions, references, strict=True):
        errors = taken(reference, numbers)
        try:
            if each.project is None or each.project.pk not in held:
                errors += mistakes(each, enterprise=enterprise, at=at)
                raise Missing(NOT_THEIRS, errors=[_UNKNOWN])
            if held[each.project.pk]:
                errors.append(FieldError(("project",), left_message(each.project), "left-register"))
            made = draft(each, enterprise=enterprise, at=at, rules=in_force)
            if errors:
                raise Invalid([])
            outcomes.append(made)
            if reference:
                numbers[reference] = ""
        except Refusal as refusal:
            refusal.errors += errors
            outcomes.append(refusal)
    return outcomes
