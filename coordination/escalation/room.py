"""What the house knows of escalation, and what it adds to tickets."""

from celery.schedules import crontab

from coordination.escalation import block_named, block_supervised
from coordination.escalation.admin_ladder import ladder_panel
from coordination.escalation.admin_letters import urls
from coordination.escalation.annul import annul_steps
from coordination.escalation.escalate import REMINDED, URGED, escalate, sweep
from coordination.escalation.explain import explain
from coordination.escalation.flow import RULES, EscalationVerb
from coordination.escalation.ladder import Level
from coordination.escalation.models import Annulment, Escalation
from coordination.escalation.queries import explain_barred
from coordination.escalation.widgets import WIDGETS
from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.standing import BARS
from coordination.tickets.verbs.reckon_again import SETTLERS
from coordination.tickets.verbs.registry import VERBS
from projects.house.rooms import Panel, Periodic, Room, VerbPages, permissions, register
from projects.record.naming import through

FLOW.add(*RULES, before=Verb.REGRADE)
VERBS.update({EscalationVerb.ESCALATE: escalate, EscalationVerb.EXPLAIN: explain})
SETTLERS.append(annul_steps)
BARS[EscalationVerb.EXPLAIN] = explain_barred

_READING = permissions("view", "escalation")

ROOM = register(
    Room(
        label="escalation",
        names={
            "escalation.escalation": through(Escalation, "ticket"),
            "escalation.annulment": through(Annulment, "escalation.ticket"),
        },
        widgets=WIDGETS,
        blocks=(block_named.BLOCK, block_supervised.BLOCK),
        topics=(REMINDED, URGED),
        panels=(
            Panel(
                "tickets.ticket", 50, "ladder", "escalation/ticket/ladder.html", ladder_panel,
                "side",
            ),
        ),
        permissions=dict.fromkeys(
            ("liaison", "group_lead", "duty_desk", "director", "auditor", "leader"), _READING
        ),
        timetable=(
            Periodic(
                "escalate-tickets", "coordination.escalation.tasks.escalate_tickets",
                crontab(minute="*/5"), expires=240, duty=sweep, order=30,
            ),
        ),
        urls=tuple(urls()),
        verb_pages=VerbPages(
            words={EscalationVerb.ESCALATE: lambda given: str(Level(given["level"]).label)}
        ),
    )
)  # fmt: skip
