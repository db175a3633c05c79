"""The page of the first steps."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from coordination.staff.admin_forms import officer_of
from coordination.workbench.departures.sheet_officers import SHEET
from coordination.workbench.first_day.enrol import may_make
from coordination.workbench.first_day.queries import READERS, steps_for
from projects.imports.rights import may_import
from projects.record.clock import now


def may_see_first_steps(request: HttpRequest) -> bool:
    """Whether the page is his: the centre's and the system administrator's."""
    return officer_of(request).role in READERS


def first_steps_page(request: HttpRequest) -> HttpResponse:
    """Show each step: what it is for, what is there, and where it is done."""
    if not may_see_first_steps(request):
        raise PermissionDenied
    steps = steps_for(officer_of(request), now())
    counted = [each for each in steps if not each.step.is_optional]
    context = {
        **admin.site.each_context(request), "title": _("First steps"), "steps": steps,
        "next": next((each for each in steps if each.state == "open" and each.may), None),
        "may_enrol": may_make(officer_of(request)),
        "may_import": may_import(SHEET, request.user), "sheet": SHEET.name,
        "done": sum(each.is_done for each in counted), "total": len(counted),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/first_steps.html", context)
