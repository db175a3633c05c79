"""Adding lines to an open ticket."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coordination.tickets.chain import Person
from coordination.tickets.filed import written
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.check import (
    MOST_LINES,
    asked_of,
    check_lines,
    place_lines,
)
from coordination.tickets.models import Ticket
from coordination.tickets.search.write import make_findable_again
from coordination.tickets.step import step
from projects.record.refusals import FieldError, Invalid
from projects.record.writing import write


def add_lines(
    *, ticket: Ticket, lines: list[dict[str, Any]], version: int | None = None, by: Person
) -> Ticket:
    """补报: add lines of the ticket's kind, until it is resolved or ended.

    By the enterprise, an officer on its behalf, or the handler. Raises Invalid with every mistake
    at ``("lines", index, field)``.
    """
    with step(Verb.ADD_LINES, ticket=ticket, version=version, by=by) as this:
        row, kind = this.ticket, KINDS[this.ticket.kind]
        there = kind.lines_of(row.pk).count()
        made, errors = check_lines(kind, lines, this.at, room=MOST_LINES - there)
        if lines and there + len(lines) > MOST_LINES:
            errors = [FieldError(("lines",), _("A ticket has at most 200 lines."), "lines")]
        if errors:
            raise Invalid(errors)
        place_lines(row, made, this.at, after=there)
        write(made)
        this.payload = {"after": there, **asked_of(made, kind.warn(made, this.at))}
        this.text = dict(written(None, made))
        make_findable_again(row)
    return this.ticket
