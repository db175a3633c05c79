"""Tickets filed before are found too."""

from collections import defaultdict

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from coordination.tickets.search.grams import tokens_of

_AT_ONCE = 2000
# As the kinds had it when this was written.
_SEARCHABLE = (("VehiclePassLine", "plate"), ("MaterialSupplyLine", "item"))


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A row for each ticket that has none, so many at a time."""
    using = schema_editor.connection.alias
    tickets = apps.get_model("coordination", "Ticket").objects.using(using).order_by("pk")
    rows = apps.get_model("coordination", "TicketSearch")
    after = 0
    while batch := list(tickets.filter(pk__gt=after, search=None)[:_AT_ONCE]):
        after = batch[-1].pk
        words = _words(apps, using, [ticket.pk for ticket in batch])
        made = []
        for ticket in batch:
            text, tokens = tokens_of(
                [ticket.title, *words[ticket.pk]], number=ticket.number,
                project_id=ticket.project_id, enterprise_id=ticket.enterprise_id,
            )  # fmt: skip
            made.append(rows(ticket_id=ticket.pk, text=text, tokens=tokens))
        rows.objects.using(using).bulk_create(made)


def _words(apps: StateApps, using: str, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for name, field in _SEARCHABLE:
        lines = apps.get_model("coordination", name).objects.using(using)
        for ticket_id, word in lines.filter(ticket_id__in=ids).values_list("ticket_id", field):
            found[ticket_id].append(word)
    return found


class Migration(migrations.Migration):
    dependencies = [("coordination", "0004_ticket_search")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
