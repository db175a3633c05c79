"""What the house knows of tickets."""

from celery.schedules import crontab

from coordination.tickets import (
    block_handling,
    block_people_returned,
    block_quantities,
    block_tickets,
    brief_tickets,
    erase,
)
from coordination.tickets.attachments.erase import erase_attachments
from coordination.tickets.audit import altered_events, wrong_sums
from coordination.tickets.error_codes import ERROR_CODES
from coordination.tickets.flow import FLOW
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.naming import NAMES
from coordination.tickets.queries_duplicates import may_be_revived
from coordination.tickets.queries_first_steps import FIRST_STEPS
from coordination.tickets.queries_lately import FILTERS
from coordination.tickets.queries_standing_on import open_tickets_on, tickets_of, tickets_on
from coordination.tickets.queries_timeline import ended, filed
from coordination.tickets.ranges import wrong_ranges
from coordination.tickets.retell import wrong_columns
from coordination.tickets.telling import (
    CLOCK,
    MOVED,
    PRESSED,
    RETURNED,
    ROUTED,
    SETTLED,
    SIGNED,
)
from coordination.tickets.verbs.lapse import lapse_questions
from coordination.tickets.verbs.reckon_again import reckon_all_again
from coordination.tickets.widgets import WIDGETS
from projects.house.rooms import Audit, Eraser, Periodic, Room, permissions, register
from projects.house.timeline import TimelineSource
from projects.record.audit import ranges_of
from projects.register.leaving import FILED_ON, STANDS_ON
from projects.register.registration_many import BUILT_ON

_READING = permissions("view", "ticket", "ticketevent", "fulfilment", "term")
_LOOKING = permissions("view", "ticket", "ticketevent", "fulfilment")
_SERVING = _READING | permissions("add change", "ticket")
_TERMS = permissions("add change delete", "term")
_CENTRE = _SERVING | _TERMS

STANDS_ON.append(open_tickets_on)
BUILT_ON.append(tickets_on)
FILED_ON.append(tickets_of)

ROOM = register(
    Room(
        label="tickets",
        first_steps=FIRST_STEPS,
        names=NAMES,
        topics=(ROUTED, MOVED, RETURNED, PRESSED, CLOCK, SETTLED, SIGNED),
        flows={"a ticket": FLOW},
        queue_filters=FILTERS,
        timelines=(
            TimelineSource("register.project", "filed", filed),
            TimelineSource("register.project", "ended", ended),
        ),
        widgets=WIDGETS,
        blocks=(
            block_tickets.BLOCK, block_handling.BLOCK, block_quantities.BLOCK,
            block_people_returned.BLOCK,
        ),
        briefs=(brief_tickets.BLOCK,),
        permissions={
            "liaison": _SERVING, "group_lead": _SERVING, "duty_desk": _CENTRE,
            "director": _CENTRE, "auditor": _READING, "leader": _LOOKING,
            "system_admin": _TERMS | permissions("view", "term"),
        },
        guarded=_TERMS,
        timetable=(
            Periodic(  # a term for an answer ends at the close of service
                "lapse-questions", "coordination.tickets.tasks.lapse_questions",
                crontab(minute="*/5"), expires=240, duty=lapse_questions, order=20,
            ),
            Periodic(  # before the ladder looks at the deadlines
                "reckon-deadlines-again", "coordination.tickets.tasks.reckon_deadlines_again",
                crontab(minute="*/5"), expires=240, duty=reckon_all_again, order=15,
            ),
        ),
        holds=(may_be_revived,),
        audits=(
            Audit(altered_events, ranges_of(TicketEvent, "ticket")), Audit(wrong_ranges),
            Audit(wrong_columns, ranges_of(Ticket)), Audit(wrong_sums),
        ),
        error_codes=ERROR_CODES,
        # The names are read off before they go, and the index is made of what is left.
        erasers=(
            Eraser("kept_words", 10, erase.erase_kept_words),
            Eraser("lines", 20, erase.erase_lines),
            Eraser("contact", 30, erase.erase_contact),
            Eraser("attachments", 40, erase_attachments),
            Eraser("texts", 50, erase.erase_texts),
            Eraser("messages", 70, erase.erase_messages),
            Eraser("search", 80, erase.erase_search),
        ),
    )
)  # fmt: skip
