"""The lines of a ticket on its page: quantities asked and met, with the fields below."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coordination.tickets import personal
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.queries_shown import rows, summary_of
from coordination.tickets.lines.totals import totals_of_lines
from coordination.tickets.models import Ticket
from coordination.tickets.reader import TicketReader


def lines(ticket: Ticket, reader: TicketReader) -> dict[str, Any]:
    """The panel: a row for each line, and the totals where there are several."""
    found, clear = reader.lines, personal.LINES in reader.clear
    return {
        "met_label": KINDS[ticket.kind].met_label,
        "about_label": capfirst(str(KINDS[ticket.kind].model._meta.verbose_name)),
        "summary": summary_of(found),
        "totals": totals_of_lines(found) if len(found) > 1 else None,
        "rows": rows(ticket.kind, found, clear=clear),
        "warnings": _warning_texts(ticket, found),
    }


def warnings_of(ticket: Ticket) -> list[str]:
    """The warnings about the ticket's lines, by the number of the line."""
    return _warning_texts(ticket, KINDS[ticket.kind].read_lines(ticket.pk))


def _warning_texts(ticket: Ticket, found: Sequence[Line]) -> list[str]:
    return [
        _("Line %(line)s: %(warning)s") % {"line": int(each.path[1]) + 1, "warning": each.message}
        for each in KINDS[ticket.kind].warn(found, ticket.filed_at)
    ]
