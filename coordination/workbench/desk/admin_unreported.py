"""The page of the projects that have not reported."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from coordination.monitoring.queries import contacts_of
from coordination.staff.admin_forms import officer_of
from coordination.tickets.queries_responsible import serving_now
from coordination.workbench.desk.unreported import last_due_day, unreported_of
from projects.progress.queries_reporting import halted_on
from projects.record.clock import now
from projects.register.queries_scopes import projects_seen_by
from projects.worktime.calendar import day_of

PER_PAGE = 100


def unreported_page(request: HttpRequest) -> HttpResponse:
    """Show the projects without a report of the last day that is due, and who was asked for it."""
    officer = officer_of(request)
    if not officer.has_perm("progress.view_dailyreport"):
        raise PermissionDenied
    at = now()
    rows = Paginator(unreported_of(officer, at).select_related("district"), PER_PAGE).get_page(
        request.GET.get("p")
    )
    keys, day = [each.pk for each in rows], last_due_day(at)
    serving, contacts = serving_now(keys, at), contacts_of(keys, day)
    halted = halted_on(day, keys)
    context = {
        **admin.site.each_context(request), "title": _("Projects that have not reported"),
        "rows": rows, "day": day, "until": settings.REPORT_DUE,
        "shown": [
            (each, serving.get(each.pk), contacts.get(each.pk, []), each.pk in halted)
            for each in rows
        ],
        "has_projects": projects_seen_by(officer, at).filter(left_at=None).exists(),
        "may_name": officer.has_perm("progress.add_reporter"),
        "may_send": day == day_of(at) and officer.has_perm("monitoring.add_asking"),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/unreported.html", context)
