"""Declares the daily monitoring to the house."""

from celery.schedules import crontab
from django.urls import path
from django.utils.translation import gettext_lazy as _

from coordination.monitoring.admin import urls
from coordination.monitoring.admin_panel import reporters_panel
from coordination.monitoring.ask import ask_due, withdraw_useless
from coordination.monitoring.erase import erase_ended
from coordination.monitoring.letters import TO_REPORTERS
from coordination.monitoring.matters import doubtful_figures
from coordination.monitoring.models import Asking
from coordination.monitoring.public import report_page
from coordination.monitoring.public_key import report_by_key_page, report_project_by_key_page
from projects.house.rooms import Panel, Periodic, Room, permissions, register
from projects.house.waiting import Matter
from projects.record.naming import through

_READING = permissions("view", "asking")
_SENDING = _READING | permissions("add", "asking")

ROOM = register(
    Room(
        label="monitoring",
        names={"monitoring.asking": through(Asking, "reporter")},
        topics=(TO_REPORTERS,),
        panels=(
            Panel(
                "register.project", 31, "reporters", "monitoring/reporters.html", reporters_panel
            ),
        ),
        permissions={
            "liaison": _SENDING, "group_lead": _SENDING, "duty_desk": _SENDING,
            "director": _SENDING, "auditor": _READING,
        },
        matters=(
            Matter(
                "doubtful", _("Figures to be verified"), 45, doubtful_figures,
                "admin:progress_reportflag_changelist", _("Verify"),
            ),
        ),
        timetable=(
            Periodic(
                "ask-reporters", "coordination.monitoring.tasks.ask_reporters",
                crontab(minute="*/5"), expires=280, duty=ask_due, order=45,
            ),
            Periodic(  # 02:35 in Shanghai
                "erase-reporters", "coordination.monitoring.tasks.erase_ended_reporters",
                crontab(minute=35, hour=18), duty=erase_ended, order=65,
            ),
        ),
        before_relay=(withdraw_useless,),
        urls=(
            path("report/", report_by_key_page, name="report_by_key"),
            path(
                "report/project/<str:code>/", report_project_by_key_page,
                name="report_project_by_key",
            ),
            path("report/<str:token>/", report_page, name="daily_report"),
            *urls(),
        ),
    )
)  # fmt: skip
