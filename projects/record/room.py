"""Declares to the house what the record compares, and its page of acts."""

from celery.schedules import crontab
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from projects.house.rooms import ADMINISTRATION, Audit, Page, Periodic, Room, permissions, register
from projects.record.acts import ADDED, CHANGED, FORGOTTEN, REMOVED, forget_acts
from projects.record.admin_acts import acts_page
from projects.record.anchors import wrong_anchors
from projects.record.journal import tables, wrong_rows

ROOM = register(
    Room(
        label="record",
        audits=(Audit(wrong_rows, tables), Audit(wrong_anchors)),
        pages=(
            Page(
                ADMINISTRATION, 15, _("Record of sign-ins and administration"), "acts",
                "record.view_act",
            ),
        ),
        permissions={"auditor": permissions("view", "act")},
        acts={
            ADDED: _("Added"), CHANGED: _("Changed"), REMOVED: _("Deleted"),
            FORGOTTEN: _("Deleted acts that were kept long enough"),
        },
        timetable=(
            Periodic(  # 02:40 in Shanghai
                "forget-old-acts", "projects.record.tasks.forget_old_acts",
                crontab(minute=40, hour=18), duty=forget_acts, order=70,
            ),
        ),
        urls=(path("admin/acts/", admin.site.admin_view(acts_page), name="acts"),),
    )
)  # fmt: skip
