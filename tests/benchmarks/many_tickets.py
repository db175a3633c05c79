"""So many tickets at once, as years of service leave them: made by SQL, to be read.

Every row is a copy of one that the verbs made, in other states, with other people, of other
days, each with its search row, one to four events, and the ranges of its states. What the
database checks of a change is left out, so nothing here may be used to judge a change.
"""

from collections.abc import Sequence
from typing import Any

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import StateRange, Ticket, TicketEvent
from tests.factories.coordination import Desk

_WORDS = "钢材水泥砂石设备混凝土管材电缆防护模板沥青"
_TITLE = f"'第' || n || '批' || substr('{_WORDS}', 1 + n % 19, 2) || '运输在高速路口受阻，请予协调'"
# Of a hundred, five are still open, as after some years of service.
_OPEN = (
    "WHEN 7 THEN 'submitted' WHEN 27 THEN 'in_progress' WHEN 47 THEN 'in_progress'"
    " WHEN 67 THEN 'need_info' WHEN 87 THEN 'resolved'"
)
_STATUS = "(CASE n % 100 {open} ELSE CASE n % 2 WHEN 0 THEN 'closed' ELSE 'declined' END END)"
# By what each state was reached: number, verb, status, hours after filing.
_PATHS = {
    "submitted": (("submit", "submitted", 0),),
    "in_progress": (("submit", "submitted", 0), ("accept", "in_progress", 2)),
    "need_info": (
        ("submit", "submitted", 0), ("accept", "in_progress", 2), ("ask", "need_info", 3),
    ),
    "resolved": (
        ("submit", "submitted", 0), ("accept", "in_progress", 2), ("resolve", "resolved", 20),
    ),
    "closed": (
        ("submit", "submitted", 0), ("accept", "in_progress", 2), ("resolve", "resolved", 20),
        ("confirm", "closed", 30),
    ),
    "declined": (("submit", "submitted", 0), ("decline", "declined", 5)),
}  # fmt: skip
_STEPS = ", ".join(
    f"('{stands}', {seq}, '{verb}', '{path[seq - 2][1] if seq > 1 else ''}', '{to}',"
    f" interval '{hours} hours')"
    for stands, path in _PATHS.items()
    for seq, (verb, to, hours) in enumerate(path, start=1)
)


def fill(
    cursor: Any,
    at: Desk,
    like: Ticket,
    first: int,
    last: int,
    *,
    before: int = 0,
    all_ended: bool = False,
    projects: Sequence[int] = (),
) -> None:
    """Tickets number ``first`` to ``last``; run by who may leave the triggers out.

    Each was filed a minute after the one before; the last ``before`` minutes before ``like``.
    """
    groups = f"(ARRAY[{at.group.pk}, {at.other_group.pk}])[1 + (n / 100) % 2]"
    people = f"(ARRAY[{at.liaison.pk}, {at.other_liaison.pk}])[1 + (n / 100) % 2]"
    status = _STATUS.format(open="WHEN 7 THEN 'closed'" if all_ended else _OPEN)
    shift = f"({last} - n + {before}) * interval '1 minute'"
    ids = list(projects) or [like.project_id]
    has_ended = f"{status} IN ('closed', 'declined')"
    given = {
        "number": "'20190101-' || lpad(n::text, 7, '0')",
        "title": _TITLE, "status": status, "group_id": groups, "handler_id": people,
        "project_id": f"(ARRAY{ids})[1 + n % {len(ids)}]",
        "filed_at": f"t.filed_at - {shift}",
        "changed_at": f"t.changed_at - {shift}",
        "accept_due": f"t.accept_due - {shift}",
        "warn_at": f"t.warn_at - {shift}",
        "needed_by": f"t.filed_at + interval '9000 minutes' - {shift}",
        "paused_at": f"CASE WHEN {status} = 'need_info' THEN t.filed_at END",
        "due_at": f"CASE WHEN {status} = 'closed' THEN t.filed_at + interval '1 day' - {shift} END",
        "resolved_at": f"CASE WHEN {status} IN ('closed', 'resolved')"
                       f" THEN t.filed_at + interval '20 hours' - {shift} END",
        "ended_at": f"CASE WHEN {has_ended} THEN t.filed_at + interval '5 hours' - {shift} END",
    }  # fmt: skip
    cursor.execute("SELECT max(id) FROM tickets_ticket")
    (known,) = cursor.fetchone()
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(_copies(Ticket, given, f"t.id = {like.pk}", first, last))
    cursor.execute(
        "INSERT INTO tickets_ticketsearch (ticket_id, text, tokens)"  # noqa: S608 - a number
        " SELECT id, title, ARRAY(SELECT substr(title, i, 2) FROM generate_series(1, 26) i)"
        " || ARRAY['#' || right(number, 7)::int, '@p' || project_id, '@e' || enterprise_id]"
        f" FROM tickets_ticket t WHERE id > {known}"
    )
    _write_events(cursor, like, known)
    cursor.execute("SET session_replication_role = origin")
    # so many that of some ten thousand rows each is looked at: plans do not hang on a sample
    cursor.execute("SET default_statistics_target = 1000")
    for model in (Ticket, TicketEvent, StateRange):
        cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    cursor.execute("VACUUM ANALYZE tickets_ticketsearch")


def fill_lines(cursor: Any, like: Ticket) -> None:
    """A line for each ticket that has none; what was resolved was met."""
    model = KINDS[like.kind].model
    table = model._meta.db_table
    columns = _columns(model)
    values = ", ".join("t.id" if each == "ticket_id" else f"l.{each}" for each in columns)
    values = values.replace("l.added_at", "t.filed_at")
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of our own
        f" FROM tickets_ticket t, {table} l WHERE l.ticket_id = {like.pk} AND l.position = 1"
        f" AND NOT EXISTS (SELECT FROM {table} x WHERE x.ticket_id = t.id)"
    )
    cursor.execute(
        "INSERT INTO tickets_fulfilment (event_id, ticket_id, kind, line, quantity, recorded_at)"
        " SELECT e.id, e.ticket_id, %s, 1, 1, e.recorded_at FROM tickets_ticketevent e"
        " WHERE e.verb = 'resolve'"
        " AND NOT EXISTS (SELECT FROM tickets_fulfilment f WHERE f.event_id = e.id)",
        [like.kind],
    )
    cursor.execute("SET session_replication_role = origin")
    cursor.execute(f"VACUUM ANALYZE {table}")
    cursor.execute("VACUUM ANALYZE tickets_fulfilment")


def forget(cursor: Any, like: Ticket, last: int) -> None:
    """Take away the tickets after ``like`` up to the id ``last``, as if they had never been.

    What is left lies in its tables without gaps.
    """
    cursor.execute("SET session_replication_role = replica")
    for table, key in (
        ("tickets_fulfilment", "ticket_id"), (KINDS[like.kind].model._meta.db_table, "ticket_id"),
        ("tickets_staterange", "ticket_id"), ("tickets_ticketevent", "ticket_id"),
        ("tickets_ticketsearch", "ticket_id"), ("tickets_ticket", "id"),
    ):  # fmt: skip
        cursor.execute(f"DELETE FROM {table} WHERE {key} > %s AND {key} <= %s", [like.pk, last])  # noqa: S608 - names of our own
        cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
        cursor.execute(f"VACUUM {table}")  # marks the pages that every index scan may trust
    cursor.execute("SET session_replication_role = origin")


def _write_events(cursor: Any, like: Ticket, known: int) -> None:
    """The events of the tickets whose ids are above ``known``, and the ranges that they began."""
    events = {
        "ticket_id": "o.id", "seq": "step.seq", "verb": "step.verb", "from_status": "step.source",
        "to_status": "step.target", "recorded_at": "o.filed_at + step.after",
        "payload": "CASE step.seq WHEN 1 THEN jsonb_build_object('group', o.group_id, 'clock',"
                   " jsonb_build_object('run', 1, 'due', o.accept_due, 'warn', o.warn_at))"
                   " ELSE '{}' END",
    }  # fmt: skip
    columns = _columns(TicketEvent)
    values = ", ".join(events.get(column, f"e.{column}") for column in columns)
    cursor.execute(
        f"INSERT INTO tickets_ticketevent ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of our own
        f" FROM tickets_ticket o JOIN (VALUES {_STEPS})"
        " AS step (stands, seq, verb, source, target, after) ON step.stands = o.status"
        f" JOIN tickets_ticketevent e ON e.ticket_id = {like.pk} AND e.seq = 1"
        f" WHERE o.id > {known} ORDER BY o.id, step.seq"
    )
    cursor.execute(
        "INSERT INTO tickets_staterange (event_id, ticket_id, kind, project_id, status, group_id,"  # noqa: S608 - a number
        " status_before, group_before_id, began_at, ended_at)"
        " SELECT e.id, o.id, o.kind, o.project_id, e.to_status, o.group_id, e.from_status,"
        " CASE WHEN e.seq > 1 THEN o.group_id END, e.recorded_at,"
        " lead(e.recorded_at) OVER (PARTITION BY e.ticket_id ORDER BY e.seq)"
        " FROM tickets_ticketevent e JOIN tickets_ticket o ON o.id = e.ticket_id"
        f" WHERE o.id > {known}"
    )


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
