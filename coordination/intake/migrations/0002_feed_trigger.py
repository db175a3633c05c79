"""What an enterprise may see awaits its place in the feed from the moment that it is recorded."""

from typing import ClassVar

from django.db import migrations

# A look-up for each event, and no join: whatever a plan was made for, it uses the ticket's key.
CREATE = """
    CREATE FUNCTION intake_await_place() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO intake_feedpending (event_id, enterprise_id)
            SELECT added.id, (SELECT ticket.enterprise_id FROM tickets_ticket AS ticket
                              WHERE ticket.id = added.ticket_id)
            FROM added WHERE NOT added.is_internal;
        RETURN NULL;
    END $$;
    CREATE TRIGGER intake_awaits_its_place AFTER INSERT ON tickets_ticketevent
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION intake_await_place();
"""
DROP = """
    DROP TRIGGER intake_awaits_its_place ON tickets_ticketevent;
    DROP FUNCTION intake_await_place();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("intake", "0001_initial"), ("tickets", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(CREATE, DROP)]
