"""The tickets that a ticket is linked to."""

from dataclasses import dataclass
from typing import Final

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.models import Relation, Ticket, TicketLink
from coordination.tickets.queries import tickets_for
from projects.access.models import ApiKey

# How a relation is named from the source's side and from the target's.
FROM: Final[dict[str, tuple[str, str | Promise]]] = {
    each.value: (each.value, each.label) for each in Relation
}
TO: Final[dict[str, tuple[str, str | Promise]]] = {
    Relation.RELATED: (Relation.RELATED.value, Relation.RELATED.label),
    Relation.DUPLICATE_OF: ("has_duplicate", _("has the duplicate")),
    Relation.OPENED_FOR: ("opened", _("opened")),
}
_EITHER: Final = (
    "SELECT * FROM tickets_ticketlink WHERE source_id = %s OR target_id = %s ORDER BY id"
)
# By name, as events store it.
RELATIONS: Final = dict([*FROM.values(), *TO.values()])


@dataclass(frozen=True)
class Linked:
    """Another ticket and this one's relation to it; ``is_open_to``: the reader may see it."""

    ticket: Ticket
    relation: str
    label: str | Promise
    is_open_to: bool


def link_to_opened(opened: Ticket) -> Linked:
    """The link of a ticket just filed to the one that was opened with it."""
    return Linked(opened, *TO[Relation.OPENED_FOR], is_open_to=True)


def links_of(ticket: Ticket, by: Officer | ApiKey) -> list[Linked]:
    """The ticket's links in order; an enterprise sees only those to its own tickets."""
    links = list(TicketLink.objects.raw(_EITHER, [ticket.pk, ticket.pk]))
    if not links:
        return []
    prefetch_related_objects(links, "source", "target")
    found = [
        (row.target, *FROM[row.relation]) if row.source_id == ticket.pk
        else (row.source, *TO[row.relation])
        for row in links
    ]  # fmt: skip
    ids = [other.pk for other, *_rest in found]
    seen = set(tickets_for(by).filter(pk__in=ids).values_list("pk", flat=True))
    linked = [Linked(other, name, label, other.pk in seen) for other, name, label in found]
    return [each for each in linked if each.is_open_to or isinstance(by, Officer)]
