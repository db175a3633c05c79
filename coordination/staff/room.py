"""What the house knows of the staff."""

from celery.schedules import crontab
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from coordination.staff import admin_guesses, admin_sign_in, passwords, revise, second_factor
from coordination.staff.admin_pages import own_password_page
from coordination.staff.admin_second_factor import second_factor_page, second_step_page
from coordination.staff.admin_typed import typed_page
from coordination.staff.models import OfficerRevision
from coordination.staff.queries_first_steps import FIRST_STEPS
from coordination.staff.revisions import wrong_officers
from projects.house.rooms import ADMINISTRATION, Audit, Page, Periodic, Room, permissions, register
from projects.record.naming import through

_READING = permissions("view", "officer")
_ACCOUNTS = permissions("add change", "officer")
_SECURITY = frozenset({"grant_role", "reset_second_factor", "unlock_officer"})
_POSTS = frozenset({"assign_post"})  # of the desk, among its own roles

ROOM = register(
    Room(
        label="staff",
        first_steps=FIRST_STEPS,
        names={"staff.officerrevision": through(OfficerRevision, "officer")},
        audits=(Audit(wrong_officers),),
        urls=(
            path("admin/login/", admin_sign_in.sign_in_page),
            path("admin/logout/", admin_sign_in.sign_out_page),
            path("admin/password_change/", admin.site.admin_view(own_password_page)),
            path(  # Django's page would say so to whoever comes by
                "admin/password_change/done/",
                admin.site.admin_view(RedirectView.as_view(pattern_name="admin:index")),
            ),
            path("admin/typed/", admin.site.admin_view(typed_page), name="typed"),
            path(
                "admin/second-step/", admin.site.admin_view(second_step_page), name="second_step"
            ),
            path(
                "admin/second-factor/", admin.site.admin_view(second_factor_page),
                name="second_factor",
            ),
        ),
        pages=(
            Page(
                ADMINISTRATION, 10, _("Officers"), "admin:staff_officer_changelist",
                "staff.view_officer",
            ),
        ),
        permissions={
            "liaison": _READING, "group_lead": _READING, "duty_desk": _READING,
            "auditor": _READING, "director": _READING | _POSTS,
            "system_admin": _READING | _ACCOUNTS, "security_admin": _READING | _SECURITY,
        },
        guarded=_ACCOUNTS | _SECURITY | _POSTS,
        acts={
            admin_sign_in.SIGNED_IN: _("Signed in"), admin_sign_in.SIGNED_OUT: _("Signed out"),
            admin_guesses.FAILED: _("Wrong password"), admin_guesses.LOCKED: _("Sign-in locked"),
            revise.UNLOCKED: _("Unlocked sign-in"),
            second_factor.PASSED: _("Second step passed"),
            second_factor.FAILED: _("Wrong code"),
            second_factor.ENROLLED: _("Second factor taken into use"),
            second_factor.CODES_RENEWED: _("New recovery codes made"),
            second_factor.REMOVED: _("Second factor removed"),
            second_factor.RESET: _("Second factor reset"),
            passwords.CHANGED: _("Own password changed"), passwords.SET: _("Password set"),
        },
        timetable=(
            Periodic(  # 02:50 in Shanghai
                "clear-sessions", "coordination.staff.tasks.clear_sessions",
                crontab(minute=50, hour=18),
            ),
        ),
    )
)  # fmt: skip
