"""Pages that explain the types of problem; a problem's ``type`` is the address of one."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from projects.access.error_codes import error_codes
from projects.access.problem_types import PROBLEMS


def list_problems(request: HttpRequest) -> HttpResponse:
    """Show all types."""
    return _page(request, list(PROBLEMS), error_codes())


def show_problem(request: HttpRequest, code: str) -> HttpResponse:
    """Show one type."""
    if code not in PROBLEMS:
        raise Http404
    return _page(request, [code], error_codes() if code == "invalid" else {})


def _page(request: HttpRequest, codes: list[str], errors: Mapping[str, Promise]) -> HttpResponse:
    shown = {"problems": [(code, PROBLEMS[code]) for code in codes], "errors": errors.items()}
    return TemplateResponse(request, "access/problems.html", shown)
