"""Straight to whoever serves the project (一对一直达), for however many tickets at once."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.db import connection

from coordination.tickets.filing.drafts import Draft
from coordination.tickets.queries_responsible import serving_now
from projects.record.clock import now
from projects.register.models import Enterprise

# The lock keeps the next handover waiting for these tickets, so that they are moved along; two
# filings do not wait for each other. One order for all, whoever asks.
_HOLD: Final = """
    SELECT project.id, project.left_at IS NOT NULL FROM register_project AS project
    WHERE project.id = ANY(%s) AND EXISTS (
        SELECT FROM register_projectparticipant AS part
        WHERE part.project_id = project.id AND part.enterprise_id = %s AND part.during @> %s::date)
    ORDER BY project.id FOR KEY SHARE
"""


def hold_projects(ids: Iterable[int], *, enterprise: Enterprise, on: date) -> dict[int, bool]:
    """Those in which the enterprise takes part on that day, with no handover until we end.

    Of each, by its id, whether it has left the register.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(set(ids)), enterprise.pk, on])
        return dict(cursor.fetchall())


def route(drafts: Sequence[Draft]) -> None:
    """To whoever serves each project, held before, as of now: a handover under way has ended.

    Where nobody of the group can act, the group has the ticket without a handler, and the duty
    desk acts.
    """
    serving = serving_now((each.ticket.project_id for each in drafts), now())
    for each in drafts:
        each.served = found = serving.get(each.ticket.project_id)
        if found is not None:
            each.ticket.group, each.ticket.handler = found.assignment.group, found.officer
