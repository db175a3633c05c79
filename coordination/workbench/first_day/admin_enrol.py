"""The page on which officers are enrolled, by pasting rows or from a workbook."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer
from coordination.workbench.first_day.enrol import enrol, may_make, try_enrolling
from coordination.workbench.first_day.filled import LARGEST_FILE, read_filled
from coordination.workbench.first_day.pasted import COLUMNS, MOST, rows_of
from coordination.workbench.first_day.template import template
from projects.files.workbooks.notices import place_in_words
from projects.record.admin_forms import say_done
from projects.record.refusals import Busy, FieldError, Invalid, Text

_LONGEST: Final = 20_000  # characters
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOO_LARGE: Final = gettext_lazy("A workbook may have at most 2 MB.")
_TOO_LONG: Final = gettext_lazy("This is too long.")


def _require_right(by: Officer) -> None:
    if not may_make(by):
        raise PermissionDenied


@require_safe
def template_page(request: HttpRequest) -> HttpResponse:
    """Send the workbook that can be filled in."""
    _require_right(officer_of(request))
    headers = {"Content-Disposition": 'attachment; filename="officers.xlsx"'}
    return HttpResponse(template(), content_type=_EXCEL, headers=headers)


@never_cache
@sensitive_post_parameters()
def enrol_page(request: HttpRequest) -> HttpResponse:
    """Take rows, pasted or in a workbook; show what is wrong or what would be done; then do it.

    A workbook is only read: its rows stand in the form as if they were pasted, and are confirmed
    there, so that nothing of the file is kept meanwhile.
    """
    by = officer_of(request)
    _require_right(by)
    context: dict[str, Any] = {
        **admin.site.each_context(request), "title": _("Enrol officers"),
        "text": request.POST.get("rows", ""),
        "columns": COLUMNS.values(), "most": MOST,
    }  # fmt: skip
    if request.method == "POST":
        context |= _from_file(request) if "file" in request.FILES else _sent(request)
    return TemplateResponse(request, "workbench/enrol.html", context)


def _from_file(request: HttpRequest) -> dict[str, Any]:
    """What the workbook holds, looked at as pasted rows are. Nothing is done yet."""
    file: Any = request.FILES["file"]
    try:
        if file.size > LARGEST_FILE:
            raise Invalid([FieldError(("file",), _TOO_LARGE)])
        filled = read_filled(file.read())
    except Invalid as refusal:
        return _wrong(refusal)
    except Busy as refusal:
        return {"refused": [refusal.message]}
    say_done(request)  # what was typed before gives way to it
    return {
        **_looked_at(filled.text, officer_of(request)), "text": filled.text, "file": file.name,
        "notices": [(place_in_words(each.place), each.message) for each in filled.notices],
    }  # fmt: skip


def _sent(request: HttpRequest) -> dict[str, Any]:
    by, text = officer_of(request), request.POST.get("rows", "")
    if "confirmed" not in request.POST or len(text) > _LONGEST:
        return _looked_at(text, by)
    try:
        done = enrol(rows=list(rows_of(text)), by=by)
    except Invalid as refusal:
        return _wrong(refusal)
    say_done(request)
    return {"done": done}


def _looked_at(text: str, by: Officer) -> dict[str, Any]:
    """What would be done, or what is wrong."""
    if len(text) > _LONGEST:
        return {"refused": [_TOO_LONG]}
    rows = list(rows_of(text))
    try:
        try_enrolling(rows=rows, by=by)
    except Invalid as refusal:
        return _wrong(refusal)
    return {"preview": rows}


def _wrong(refusal: Invalid) -> dict[str, Any]:
    """The errors by line and column, and those of the whole file."""
    of_file = [each for each in refusal.errors if each.path == ("file",)]
    return {
        "refused": [each.message for each in of_file],
        "wrong": [_placed(each) for each in refusal.errors if each not in of_file],
    }


def _placed(error: FieldError) -> tuple[str | int, Text, Text]:
    """The line, the column and what is wrong there."""
    line, name = error.path[:2]
    return line, COLUMNS.get(str(name), str(name)), error.message
