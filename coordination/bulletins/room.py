"""What the house knows of bulletins."""

from celery.schedules import crontab
from django.urls import path
from django.utils.translation import gettext_lazy as _

from coordination.bulletins import block_trend, block_year
from coordination.bulletins.api import BulletinList
from coordination.bulletins.api_extra import ExtraDetail, ExtraFile, ExtraTickets
from coordination.bulletins.api_own import BulletinDetail, BulletinFile, BulletinTickets
from coordination.bulletins.briefs.build import (
    build_missing_briefs,
    recounted_briefs,
    wrong_briefs,
)
from coordination.bulletins.briefs.telling import BRIEF
from coordination.bulletins.build import build_missing, recounted, wrong_figures
from coordination.bulletins.hashes import HASHES
from coordination.bulletins.issues.audit import (
    altered_issues,
    wrong_files,
    wrong_issues,
    wrong_supplements,
)
from coordination.bulletins.issues.distribution import FACE, face_content
from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.issues.topics import PUBLISHED, WAITS
from coordination.bulletins.issues.waiting import waiting_issues
from coordination.bulletins.issues.webhooks import SAID
from coordination.bulletins.models import Face, IssueEvent, Supplement, Wording
from coordination.bulletins.naming import name_of_brief, name_of_bulletin
from coordination.bulletins.queries_first_steps import FIRST_STEPS
from coordination.bulletins.sealing import seal_missing, wrong_sealed_counts
from coordination.bulletins.widgets import WIDGETS
from coordination.delivery.enclosures import READERS
from coordination.delivery.webhooks.topics import DATA
from projects.house.rooms import BULLETINS, Audit, Page, Periodic, Room, permissions, register
from projects.house.waiting import Matter
from projects.record.naming import through

_READING = permissions("view", "issue", "brief", "serviceperiod")
_CENTRE = _READING | permissions("add change", "serviceperiod") | permissions("change", "issue")
_OFFICE = permissions("view add change", "letterhead", "recipient")
_BUILD = "coordination.bulletins.tasks.build_missing_bulletins"
_BUILD_BRIEFS = "coordination.bulletins.tasks.build_missing_briefs"

READERS[FACE] = face_content
DATA[PUBLISHED.code] = SAID

ROOM = register(
    Room(
        label="bulletins",
        first_steps=FIRST_STEPS,
        names={
            "bulletins.bulletin": name_of_bulletin,
            "bulletins.brief": name_of_brief,
            "bulletins.issueevent": through(IssueEvent, "issue"),
            "bulletins.wording": through(Wording, "event.issue"),
            "bulletins.face": through(Face, "issue"),
            "bulletins.supplement": through(Supplement, "event.issue"),
        },
        pages=(
            Page(
                BULLETINS, 10, _("Bulletins"), "admin:bulletins_issue_changelist",
                "bulletins.view_issue",
            ),
            Page(
                BULLETINS, 15, _("Daily briefs"), "admin:bulletins_brief_changelist",
                "bulletins.view_brief",
            ),
            Page(
                BULLETINS, 20, _("The running week"), "admin:bulletin_preview",
                "bulletins.view_issue",
            ),
            Page(
                BULLETINS, 30, _("Service periods"), "admin:bulletins_serviceperiod_changelist",
                "bulletins.view_serviceperiod",
            ),
            Page(
                BULLETINS, 40, _("Letterheads"), "admin:bulletins_letterhead_changelist",
                "bulletins.view_letterhead",
            ),
            Page(
                BULLETINS, 50, _("Recipients of the bulletin"),
                "admin:bulletins_recipient_changelist", "bulletins.view_recipient",
            ),
        ),
        topics=(WAITS, PUBLISHED, BRIEF),
        webhook_topics=(PUBLISHED,),
        matters=(
            Matter(
                "issues", _("Bulletins to review or sign"), 15, waiting_issues,
                "admin:bulletins_issue_changelist", _("Show them"),
            ),
        ),
        permissions={
            "liaison": _READING, "group_lead": _READING,
            "auditor": _READING | permissions("view", "recipient"),
            "duty_desk": _CENTRE | _OFFICE, "director": _CENTRE | _OFFICE,
        },
        timetable=(
            Periodic(  # a day is sealed at 00:20 in Shanghai, or whenever that was missed
                "seal-counts", "coordination.bulletins.tasks.seal_counts", crontab(minute=20),
                expires=3000, queue="bulletins", duty=seal_missing, order=40,
            ),
            Periodic(  # Monday 17:30 in Shanghai
                "weekly-bulletin", _BUILD, crontab(minute=30, hour=9, day_of_week="mon"),
                queue="bulletins",
            ),
            Periodic(  # catches up if the Monday run was missed
                "weekly-bulletin-catch-up", _BUILD, crontab(minute=45), expires=3000,
                queue="bulletins", duty=build_missing, order=50,
            ),
            Periodic(  # every day at 17:35 in Shanghai
                "daily-brief", _BUILD_BRIEFS, crontab(minute=35, hour=9), queue="bulletins",
            ),
            Periodic(  # catches up if that run was missed
                "daily-brief-catch-up", _BUILD_BRIEFS, crontab(minute=50), expires=3000,
                queue="bulletins", duty=build_missing_briefs, order=55,
            ),
        ),
        flows={"an issue": FLOW},
        widgets=WIDGETS,
        blocks=(block_trend.BLOCK, block_year.BLOCK),
        audits=(
            Audit(wrong_sealed_counts), Audit(wrong_figures, recounted), Audit(altered_issues),
            Audit(wrong_files, recounted), Audit(wrong_issues), Audit(wrong_supplements, recounted),
            Audit(wrong_briefs, recounted_briefs),
        ),
        hashes=HASHES,
        api=(
            path("bulletins/", BulletinList.as_view(), name="bulletins"),
            path(
                "bulletins/extra/<int:year>-<int:issue>/", ExtraDetail.as_view(),
                name="bulletin-extra",
            ),
            path(
                "bulletins/extra/<int:year>-<int:issue>/bulletin.<str:kind>", ExtraFile.as_view(),
                name="bulletin-extra-file",
            ),
            path(
                "bulletins/extra/<int:year>-<int:issue>/tickets/", ExtraTickets.as_view(),
                name="bulletin-extra-tickets",
            ),
            path("bulletins/<str:day>/", BulletinDetail.as_view(), name="bulletin"),
            path(
                "bulletins/<str:day>/bulletin.<str:kind>", BulletinFile.as_view(),
                name="bulletin-file",
            ),
            path(
                "bulletins/<str:day>/tickets/", BulletinTickets.as_view(),
                name="bulletin-tickets",
            ),
        ),
    )
)  # fmt: skip
