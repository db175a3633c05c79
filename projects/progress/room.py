"""What the house knows of progress."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects.house.rooms import PROJECTS, Page, Panel, Room, permissions, register
from projects.progress import (
    api,
    block_late,
    block_reporting,
    block_resumption,
    block_starts,
    block_waiting,
    block_workers,
    brief_changes,
    brief_reporting,
)
from projects.progress.admin_panels import reports
from projects.progress.models import ReportNarrative
from projects.progress.queries_standing_on import reports_on
from projects.progress.widgets import WIDGETS
from projects.record.naming import through
from projects.register.registration_many import BUILT_ON

_READING = permissions("view", "dailyreport", "reportnarrative")
_ALL = _READING | permissions("add", "dailyreport")

BUILT_ON.append(reports_on)

ROOM = register(
    Room(
        label="progress",
        names={"progress.reportnarrative": through(ReportNarrative, "report")},
        widgets=WIDGETS,
        blocks=(
            block_resumption.BLOCK, block_starts.BLOCK, block_waiting.BLOCK, block_workers.BLOCK,
            block_reporting.BLOCK, block_late.BLOCK,
        ),
        briefs=(brief_reporting.BLOCK, brief_changes.BLOCK),
        pages=(
            Page(
                PROJECTS, 30, _("Daily reports"),
                "admin:progress_dailyreport_changelist", "progress.view_dailyreport",
            ),
        ),
        panels=(Panel("register.project", 30, "reports", "progress/reports.html", reports),),
        permissions={
            "liaison": _ALL, "group_lead": _ALL, "duty_desk": _ALL, "director": _ALL,
            "auditor": _READING,
        },
        api=(
            path(
                "projects/<str:code>/reports/", api.ReportList.as_view(), name="project-reports"
            ),
        ),
    )
)  # fmt: skip
