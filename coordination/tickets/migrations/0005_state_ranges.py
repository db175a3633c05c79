"""Each event that changes a ticket's status or group ends one range of its state, begins another.

By a trigger, so that no code can forget it, with the owner's rights, because the application may
not write the ranges. The ticket has its new status and group before its event is inserted.
"""

from typing import ClassVar

from django.db import migrations

# Filed tickets are taken all at once, because there may be hundreds. Each row is looked up by its
# key, and not joined: whatever a plan was made for, it uses the key.
CREATE = """
    CREATE FUNCTION tickets_keep_state_ranges() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        event record;
        held_by bigint;
        previous tickets_staterange%ROWTYPE;
    BEGIN
        INSERT INTO tickets_staterange
                (event_id, ticket_id, kind, project_id, status, group_id, status_before, began_at)
            SELECT added.id, added.ticket_id, ticket.kind, ticket.project_id, added.to_status,
                ticket.group_id, '', added.recorded_at
            FROM added, LATERAL (
                SELECT kind, project_id, group_id FROM tickets_ticket
                WHERE id = added.ticket_id LIMIT 1
            ) AS ticket
            WHERE added.seq = 1;
        FOR event IN
            SELECT id, ticket_id, to_status, recorded_at FROM added WHERE seq > 1 ORDER BY seq
        LOOP
            SELECT group_id INTO held_by FROM tickets_ticket WHERE id = event.ticket_id;
            UPDATE tickets_staterange SET ended_at = event.recorded_at
                WHERE ticket_id = event.ticket_id AND ended_at IS NULL AND (
                    status <> event.to_status OR group_id IS DISTINCT FROM held_by
                ) RETURNING * INTO previous;
            IF FOUND THEN
                INSERT INTO tickets_staterange (
                        event_id, ticket_id, kind, project_id, status, group_id, status_before,
                        group_before_id, began_at
                    ) VALUES (
                        event.id, event.ticket_id, previous.kind, previous.project_id,
                        event.to_status, held_by, previous.status, previous.group_id,
                        event.recorded_at
                    );
            END IF;
        END LOOP;
        RETURN NULL;
    END $$;
    REVOKE ALL ON FUNCTION tickets_keep_state_ranges() FROM PUBLIC;
    CREATE TRIGGER tickets_keeps_state_ranges AFTER INSERT ON tickets_ticketevent
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION tickets_keep_state_ranges();
"""
DROP = """
    DROP TRIGGER tickets_keeps_state_ranges ON tickets_ticketevent;
    DROP FUNCTION tickets_keep_state_ranges();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tickets", "0004_ticket_number")]
    operations: ClassVar = [migrations.RunSQL(CREATE, DROP)]
