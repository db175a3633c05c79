"""Declares privacy to the house, and adds its part to tickets."""

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from coordination.privacy.admin import urls
from coordination.privacy.admin_panel import privacy_panel
from coordination.privacy.audit import altered_since_filed, deleted_by_hand
from coordination.privacy.models import LegalHold, Purge, Reveal
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import is_held, revealed
from coordination.tickets.models import Ticket
from coordination.tickets.personal import REVEALED
from projects.house.rooms import (
    TICKETS,
    Audit,
    Page,
    Panel,
    Periodic,
    Room,
    permissions,
    register,
)
from projects.record.audit import ranges_of
from projects.record.naming import through

REVEALED.append(revealed)

_SERVING = permissions("add", "reveal")

ROOM = register(
    Room(
        label="privacy",
        names={
            "privacy.reveal": through(Reveal, "ticket"),
            "privacy.purge": through(Purge, "ticket"),
            "privacy.legalhold": through(LegalHold, "ticket"),
        },
        pages=(
            Page(
                TICKETS, 30, _("Looks at personal data"),
                "admin:privacy_reveal_changelist", "privacy.view_reveal",
            ),
            Page(
                TICKETS, 40, _("Purges"), "admin:privacy_purge_changelist",
                "privacy.view_purge",
            ),
            Page(
                TICKETS, 50, _("Legal holds"),
                "admin:privacy_legalhold_changelist", "privacy.view_legalhold",
            ),
        ),
        panels=(
            Panel(
                "tickets.ticket", 70, "privacy", "privacy/ticket/privacy.html", privacy_panel,
                "side",
            ),
        ),
        permissions={
            "liaison": _SERVING, "group_lead": _SERVING, "duty_desk": _SERVING,
            "director": _SERVING
            | permissions("add view", "legalhold")
            | permissions("view", "reveal", "purge"),
            "auditor": permissions("view", "reveal", "purge", "legalhold"),
        },
        timetable=(
            Periodic(  # 02:20 in Shanghai
                "purge-personal-data", "coordination.privacy.tasks.purge_personal_data",
                crontab(minute=20, hour=18), duty=purge_due, order=60,
            ),
        ),
        urls=tuple(urls()),
        holds=(is_held,),
        audits=(Audit(deleted_by_hand), Audit(altered_since_filed, ranges_of(Ticket))),
    )
)  # fmt: skip
