"""Events recorded before there was a feed await their places in it, like any other."""

from typing import ClassVar

from django.db import migrations

_PAST = """
    INSERT INTO coordination_feedpending (event_id, enterprise_id)
    SELECT event.id, ticket.enterprise_id
    FROM coordination_ticketevent AS event
        JOIN coordination_ticket AS ticket ON ticket.id = event.ticket_id
    WHERE NOT event.is_internal
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("coordination", "0006_feed")]
    operations: ClassVar = [migrations.RunSQL(_PAST, migrations.RunSQL.noop)]
