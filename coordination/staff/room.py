"""What the house knows of the staff."""

from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from coordination.staff.admin_pages import own_password_page
from projects.house.rooms import ADMINISTRATION, Page, Room, permissions, register

_READING = permissions("view", "officer")

ROOM = register(
    Room(
        label="staff",
        urls=(path("admin/password_change/", admin.site.admin_view(own_password_page)),),
        pages=(
            Page(
                ADMINISTRATION, 10, _("Officers"), "badge", "admin:staff_officer_changelist",
                "staff.view_officer",
            ),
        ),
        permissions={
            "liaison": _READING, "group_lead": _READING, "duty_desk": _READING,
            "auditor": _READING, "director": _READING | permissions("add change", "officer"),
        },
    )
)  # fmt: skip
