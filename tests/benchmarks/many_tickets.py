"""So many tickets at once, as years of service leave them: made by SQL, to be read.

Every row is a copy of one that the verbs made, in other states, with other people, of other
days, each with its search row and three events. What the database checks of a change is left
out, so nothing here may be used to judge a change.
"""

from typing import Any

from coordination.tickets.models import Ticket, TicketEvent
from tests.factories.coordination import Desk

_WORDS = "钢材水泥砂石设备混凝土管材电缆防护模板沥青"
_TITLE = f"'第' || n || '批' || substr('{_WORDS}', 1 + n % 19, 2) || '运输在高速路口受阻，请予协调'"
# Of a hundred, five are still open, as after some years of service.
_STATUS = (
    "(CASE n % 100 WHEN 7 THEN 'submitted' WHEN 27 THEN 'in_progress' WHEN 47 THEN 'in_progress'"
    " WHEN 67 THEN 'need_info' WHEN 87 THEN 'resolved' ELSE 'closed' END)"
)


def fill(cursor: Any, at: Desk, like: Ticket, first: int, last: int) -> None:
    """Tickets number ``first`` to ``last``; run by who may leave the triggers out."""
    groups = f"(ARRAY[{at.group.pk}, {at.other_group.pk}])[1 + (n / 100) % 2]"
    people = f"(ARRAY[{at.liaison.pk}, {at.other_liaison.pk}])[1 + (n / 100) % 2]"
    given = {
        "number": "'20190101-' || lpad(n::text, 7, '0')",
        "title": _TITLE, "status": _STATUS, "group_id": groups, "handler_id": people,
        "filed_at": f"t.filed_at - ({last} - n) * interval '1 minute'",
        "changed_at": f"t.changed_at - ({last} - n) * interval '1 minute'",
        "accept_due": f"t.accept_due - ({last} - n) * interval '1 minute'",
        "warn_at": f"t.warn_at - ({last} - n) * interval '1 minute'",
        "needed_by": f"t.filed_at + (9000 - {last} + n) * interval '1 minute'",
        "paused_at": f"CASE WHEN {_STATUS} = 'need_info' THEN t.filed_at END",
        "ended_at": f"CASE WHEN {_STATUS} = 'closed' THEN t.filed_at END",
    }  # fmt: skip
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(_copies(Ticket, given, f"t.id = {like.pk}", first, last))
    cursor.execute(
        "INSERT INTO tickets_ticketsearch (ticket_id, text, tokens)"
        " SELECT id, title, ARRAY(SELECT substr(title, i, 2) FROM generate_series(1, 26) i)"
        " || ARRAY['#' || right(number, 7)::int, '@p' || project_id, '@e' || enterprise_id]"
        " FROM tickets_ticket t"
        " WHERE NOT EXISTS (SELECT FROM tickets_ticketsearch s WHERE s.ticket_id = t.id)"
    )
    events = {"ticket_id": "o.id", "seq": "n"}
    columns = _columns(TicketEvent)
    values = ", ".join(events.get(column, f"e.{column}") for column in columns)
    cursor.execute(
        f"INSERT INTO tickets_ticketevent ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of our own
        f" FROM tickets_ticketevent e, tickets_ticket o, generate_series(1, 3) n"
        f" WHERE e.ticket_id = {like.pk} AND e.seq = 1"
        " AND NOT EXISTS (SELECT FROM tickets_ticketevent x WHERE x.ticket_id = o.id)"
    )
    cursor.execute("SET session_replication_role = origin")
    # so many that of some ten thousand rows each is looked at: plans do not hang on a sample
    cursor.execute("SET default_statistics_target = 1000")
    cursor.execute("VACUUM ANALYZE tickets_ticket")
    cursor.execute("VACUUM ANALYZE tickets_ticketsearch")
    cursor.execute("VACUUM ANALYZE tickets_ticketevent")


def _columns(model: Any) -> list[str]:
    return [
        str(field.column) for field in model._meta.local_concrete_fields
        if not field.primary_key and not getattr(field, "generated", False)
    ]  # fmt: skip


def _copies(model: Any, given: dict[str, str], which: str, first: int, last: int) -> str:
    columns = _columns(model)
    values = ", ".join(given.get(column, f"t.{column}") for column in columns)
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of our own
        f" FROM {model._meta.db_table} t, generate_series({first}, {last}) n WHERE {which}"
    )
