"""Pages that explain the types of problem; a problem's ``type`` is the address of one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from projects.access.docs import POLICY
from projects.access.problem_types import PROBLEMS


def list_problems(request: HttpRequest) -> HttpResponse:
    """Show all types."""
    return _page(request, list(PROBLEMS))


def show_problem(request: HttpRequest, code: str) -> HttpResponse:
    """Show one type."""
    if code not in PROBLEMS:
        raise Http404
    return _page(request, [code])


def _page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    shown = [(code, PROBLEMS[code]) for code in codes]
    response = TemplateResponse(request, "access/problems.html", {"problems": shown})
    response["Content-Security-Policy"] = POLICY
    return response
