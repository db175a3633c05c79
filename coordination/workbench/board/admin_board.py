"""The board's page, its tables as files, and the projects behind a figure."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from coordination.staff.admin_forms import officer_of
from coordination.tickets.queries_responsible import serving_now
from coordination.workbench.board.draw import Board, DrawnPicture, board_of
from coordination.workbench.board.project_states import STATED, STATES
from coordination.workbench.board.resumption import asked_in
from coordination.workbench.board.scope import READERS, choices_for, view_of
from coordination.workbench.board.workbook import table_rows, workbook
from projects.files.comma_separated import comma_separated
from projects.house.widgets import View, Whose
from projects.progress.queries import reports_as_known_at
from projects.record.clock import now
from projects.record.refusals import Missing
from projects.register.queries_scopes import seen_among

_PER_PAGE: Final = 100
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV: Final = "text/csv; charset=utf-8"


def may_see_board(request: HttpRequest) -> bool:
    """Whether he may see a board: who distributes work, who does it, and auditors."""
    return officer_of(request).role in READERS


def _view(request: HttpRequest) -> View:
    if not may_see_board(request):
        raise PermissionDenied
    try:
        return view_of(officer_of(request), request.GET.dict(), now())
    except Missing as refusal:
        raise Http404 from refusal


def _title(view: View) -> str:
    if view.officer is not None:
        return str(view.officer)
    return str(view.group) if view.group is not None else _("Whole city")


@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """Show the board that the address asks for; with ``X-Part`` only what changes."""
    view = _view(request)
    query = request.GET.copy()
    query.pop("only", None)
    context = {
        "board": board_of(view), "at": timezone.localtime(view.at), "query": query.urlencode(),
        "scope": _title(view),
    }  # fmt: skip
    if request.headers.get("X-Part") == "1":
        return TemplateResponse(request, "workbench/board/body.html", context)
    choices = choices_for(officer_of(request), view)
    context |= {
        **admin.site.each_context(request), "title": pgettext("page", "Board"),
        "is_fullwidth": "1", "everybody": choices[Whose.ALL], "groups": choices[Whose.GROUP],
        "officers": choices[Whose.OFFICER],
        "may_hang": officer_of(request).has_perm("workbench.view_displaylink"),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/board/page.html", context)


@require_safe
def workbook_page(request: HttpRequest) -> HttpResponse:
    """Send the board as a workbook; with ``only`` one picture's table."""
    view = _view(request)
    board = board_of(view)
    only = _only(request, board) if request.GET.get("only") else None
    title = f"{pgettext('page', 'Board')} · {_title(view)}"
    content = workbook(board, title=title, only=only)
    return _file(content, _EXCEL, f"{_name_of(only, view)}.xlsx")


@require_safe
def csv_page(request: HttpRequest) -> HttpResponse:
    """Send one picture's table as CSV."""
    view = _view(request)
    only = _only(request, board_of(view))
    return _file(comma_separated(table_rows(only.sheet)), _CSV, f"{_name_of(only, view)}.csv")


def _only(request: HttpRequest, board: Board) -> DrawnPicture:
    """The picture that the address names; raises Http404."""
    only = board.picture(request.GET.get("only", ""))
    if only is None:
        raise Http404
    return only


def _name_of(only: DrawnPicture | None, view: View) -> str:
    name = "board" if only is None else only.picture.name
    return f"{name}-{timezone.localtime(view.at):%Y%m%d-%H%M}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
def resumption_page(request: HttpRequest) -> HttpResponse:
    """Show the projects that a figure counts, and who serves each."""
    if not request.user.has_perm("register.view_project"):
        raise PermissionDenied
    asked = asked_in(request.GET.dict(), now())
    found = seen_among(asked.rows().select_related("district"), request.user, now(), by="pk")
    rows = Paginator(found, _PER_PAGE).get_page(request.GET.get("p"))
    projects = list(rows)
    pks = [each.pk for each in projects]
    serving = serving_now(pks, asked.at)
    reports: dict[Any, Any] = {
        each.project_id: each for each in reports_as_known_at(asked.at).filter(project__in=pks)
    }
    state = STATES[asked.state]
    query = request.GET.copy()
    query.pop("p", None)
    states = [
        (code, each.label, _with_state(request, code), code == asked.state)
        for code, each in STATES.items()
        if each.family == state.family
    ]
    context = {
        **admin.site.each_context(request), "title": _("Projects of a figure"), "rows": rows,
        "asked": asked, "state": state.label, "states": states,
        "within": " · ".join(str(each) for each in asked.within),
        "headcounts": asked.state == STATED,
        "at": timezone.localtime(asked.at), "query": query.urlencode(),
        "shown": [(each, reports.get(each.pk), serving.get(each.pk)) for each in projects],
    }  # fmt: skip
    return TemplateResponse(request, "workbench/board/resumption.html", context)


def _with_state(request: HttpRequest, state: str) -> str:
    query = request.GET.copy()
    query.pop("p", None)
    query["state"] = state
    return f"?{query.urlencode()}"
