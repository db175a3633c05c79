"""The page on which officers are enrolled by pasting rows."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from coordination.staff.admin_forms import officer_of
from coordination.workbench.first_day.enrol import MOST, enrol, may_make, may_post, try_enrolling
from coordination.workbench.first_day.pasted import COLUMNS, rows_of
from projects.record.refusals import FieldError, Invalid, Text

_LONGEST: Final = 20_000  # characters


@never_cache
@sensitive_post_parameters()
def enrol_page(request: HttpRequest) -> HttpResponse:
    """Take pasted rows, show what is wrong or what would be done, and do it when confirmed."""
    by = officer_of(request)
    if not (may_make(by) or may_post(by)):
        raise PermissionDenied
    text = request.POST.get("rows", "")[:_LONGEST]
    context: dict[str, Any] = {
        **admin.site.each_context(request), "title": _("Enrol officers"), "text": text,
        "makes": may_make(by), "columns": COLUMNS.values(), "most": MOST,
    }  # fmt: skip
    if request.method == "POST":
        context |= _sent(request, text)
    return TemplateResponse(request, "workbench/enrol.html", context)


def _sent(request: HttpRequest, text: str) -> dict[str, Any]:
    by, rows = officer_of(request), list(rows_of(text))
    try:
        if "confirmed" in request.POST:
            return {"done": enrol(rows=rows, by=by)}
        try_enrolling(rows=rows, by=by)
    except Invalid as refusal:
        return {"wrong": [_placed(each) for each in refusal.errors]}
    return {"preview": rows}


def _placed(error: FieldError) -> tuple[str | int, Text, Text]:
    """The line, the column and what is wrong there."""
    line, name = error.path[:2]
    return line, COLUMNS.get(str(name), str(name)), error.message
