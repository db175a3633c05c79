"""What the house knows of progress."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects.house.rooms import PROJECTS, Page, Panel, Room, permissions, register
from projects.house.timeline import TimelineSource
from projects.progress import (
    api,
    api_reporters,
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
from projects.progress.models import FlagSettlement, Reporter, ReportFlag, ReportNarrative
from projects.progress.queries_standing_on import (
    reporters_of,
    reporters_on,
    reports_of,
    reports_on,
)
from projects.progress.queries_timeline import turns
from projects.progress.reporters import OPENED
from projects.progress.sheet import SHEET
from projects.progress.widgets import WIDGETS
from projects.record.naming import through
from projects.register.leaving import FILED_ON
from projects.register.registration_many import BUILT_ON

# Of those who see some projects alone: who reports, and doubtful figures, are not theirs.
_SCOPED = permissions("view", "dailyreport", "reportnarrative")
_READING = _SCOPED | permissions("view", "reporter", "reportflag", "flagsettlement")
_ALL = (
    _READING
    | permissions("add", "dailyreport", "flagsettlement")
    | permissions("add change", "reporter")
)

BUILT_ON.extend([reports_on, reporters_on])
FILED_ON.extend([reports_of, reporters_of])

ROOM = register(
    Room(
        label="progress",
        names={
            "progress.reportnarrative": through(ReportNarrative, "report"),
            "progress.reporter": through(Reporter, "project"),
            "progress.reportflag": through(ReportFlag, "report"),
            "progress.flagsettlement": through(FlagSettlement, "flag.report"),
        },
        acts={OPENED: _("Opened a reporter's particulars")},
        error_codes={"named": _("A reporter of the project has this address already.")},
        widgets=WIDGETS,
        blocks=(
            block_resumption.BLOCK, block_starts.BLOCK, block_waiting.BLOCK, block_workers.BLOCK,
            block_reporting.BLOCK, block_late.BLOCK,
        ),
        imports=(SHEET,),
        briefs=(brief_reporting.BLOCK, brief_changes.BLOCK),
        pages=(
            Page(
                PROJECTS, 30, _("Daily reports"),
                "admin:progress_dailyreport_changelist", "progress.view_dailyreport",
            ),
        ),
        timelines=(TimelineSource("register.project", "turns", turns),),
        panels=(Panel("register.project", 30, "reports", "progress/reports.html", reports),),
        permissions={
            "liaison": _ALL, "group_lead": _ALL, "duty_desk": _ALL, "director": _ALL,
            "auditor": _READING, "leader": _SCOPED,
            "district_reporter": _SCOPED | permissions("add", "dailyreport"),
        },
        api=(
            path(
                "projects/<str:code>/reports/", api.ReportList.as_view(), name="project-reports"
            ),
            path(
                "projects/<str:code>/reports/unchanged/", api.ReportUnchanged.as_view(),
                name="project-reports-unchanged",
            ),
            path(
                "projects/<str:code>/reporters/", api_reporters.ReporterList.as_view(),
                name="project-reporters",
            ),
            path(
                "projects/<str:code>/reporters/<str:reporter>/end/",
                api_reporters.EndReporter.as_view(), name="project-reporter-end",
            ),
        ),
    )
)  # fmt: skip
