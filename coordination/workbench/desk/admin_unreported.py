"""The page of the projects that have not reported."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from coordination.staff.admin_forms import officer_of
from coordination.tickets.queries_responsible import serving_now
from coordination.workbench.desk.unreported import DUE, last_due_day, unreported_of
from projects.record.clock import now
from projects.register.queries import current_projects

PER_PAGE = 100


def unreported_page(request: HttpRequest) -> HttpResponse:
    """Show the projects without a report of the last day that is due, and who serves each."""
    officer = officer_of(request)
    if not officer.has_perm("progress.view_dailyreport"):
        raise PermissionDenied
    at = now()
    rows = Paginator(unreported_of(officer, at).select_related("district"), PER_PAGE).get_page(
        request.GET.get("p")
    )
    serving = serving_now([each.pk for each in rows], at)
    context = {
        **admin.site.each_context(request), "title": _("Projects that have not reported"),
        "rows": rows, "day": last_due_day(at), "until": DUE,
        "shown": [(each, serving.get(each.pk)) for each in rows],
        "has_projects": current_projects().exists(),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/unreported.html", context)
