"""The exported columns of a ticket; personal data is masked (PIPL art. 6)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Final

from django.db.models import Count, Min, QuerySet, Sum
from django.utils.translation import gettext as _

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.totals import Amount, Totals, say_totals, totals_of
from coordination.tickets.models import Ticket
from projects.files.sheet import Cell
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.register.names import Called, Names

AT_ONCE: Final = 500
_RELATED: Final = ("project__district", "enterprise", "group", "handler")
_NONE: Final = (None, None, None, "")


def headings() -> list[str]:
    """The headings of the columns."""
    return [
        _("Number"), _("Kind"), _("Title"), _("Project code"), _("Project"), _("District"),
        _("Enterprise"), _("Unified social credit code"), _("Contact"), _("Mobile"),
        _("Service group"), _("Handler"), _("Status"), _("Urgency"), _("Filed at"),
        _("Needed by"), _("Ended at"), _("Satisfaction"), _("Lines"), _("Asked"), _("Met"),
        _("Refused"), _("Unit"), _("Quantities by unit"),
    ]  # fmt: skip


def batches(tickets: QuerySet[Ticket]) -> Iterator[list[list[Cell]]]:
    """The rows in batches, read through a server-side cursor."""
    read = tickets.select_related(*_RELATED).iterator(chunk_size=AT_ONCE)
    for some in batched(read, AT_ONCE):
        amounts, names = _amounts(some), Names(ticket.enterprise for ticket in some)
        yield [
            _row(
                ticket, names.at(ticket.enterprise, ticket.filed_at),
                totals_of(amounts.get(ticket.pk, ())),
            )
            for ticket in some
        ]  # fmt: skip


def _amounts(tickets: Sequence[Ticket]) -> dict[int, list[Amount]]:
    """What these tickets' lines ask for in each unit, with one query for each kind."""
    found: dict[int, list[Amount]] = {}
    for kind in {ticket.kind for ticket in tickets} & KINDS.keys():
        ids = [ticket.pk for ticket in tickets if ticket.kind == kind]
        lines = KINDS[kind].model.objects.filter(ticket__in=ids).values("ticket", "unit")
        sums = lines.annotate(
            Min("position"), Count("pk"), Sum("asked"), Sum("met"), Sum("refused")
        )
        for row in sums.order_by("ticket", "position__min").values_list(
            "ticket", "unit", "pk__count", "asked__sum", "met__sum", "refused__sum"
        ):
            found.setdefault(row[0], []).append(Amount(*row[1:]))
    return found


def _row(ticket: Ticket, enterprise: Called, totals: Totals) -> list[Cell]:
    kind = KINDS.get(ticket.kind)
    return [
        ticket.number, str(kind.label if kind else ticket.kind), ticket.title,
        ticket.project.code, ticket.project.name, ticket.project.district.name,
        enterprise.name, enterprise.uscc,
        _masked(ticket, "contact_name", mask_name),
        _masked(ticket, "contact_mobile", mask_phone), ticket.group.name if ticket.group else "",
        str(ticket.handler or ""), ticket.get_status_display(), ticket.get_urgency_display(),
        ticket.filed_at, ticket.needed_by, ticket.ended_at, ticket.satisfaction,
        *_counted(totals),
    ]  # fmt: skip


def _masked(ticket: Ticket, name: str, mask: Callable[[str], str]) -> str:
    value = opened_or(ticket, name, None)
    if not value:
        return str(UNREADABLE) if value is None else ""
    return mask(value)


def _counted(totals: Totals) -> tuple[Cell, ...]:
    """The number of lines, and one total where they can all be added; else each in words."""
    only = totals.only
    if only is None:
        return (totals.lines, *_NONE, say_totals(totals))
    return (only.lines, only.asked, only.met, only.refused, only.label, "")
