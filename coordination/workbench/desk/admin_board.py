"""The board's page: every count links to its tickets."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from coordination.groups.models import ServiceGroup
from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Role
from coordination.workbench.desk.board import CENTRE, COLUMNS, board_of


def may_see_board(request: HttpRequest) -> bool:
    """Whether he may: officers who distribute work, and auditors."""
    return officer_of(request).role in {*CENTRE, Role.GROUP_LEAD}


def board_page(request: HttpRequest) -> HttpResponse:
    """Show the board for the officer's role."""
    if not may_see_board(request):
        raise PermissionDenied
    asked = request.GET.get("group", "")
    chosen = ServiceGroup.objects.filter(code=asked).first() if asked else None
    context = {
        **admin.site.each_context(request), "title": _("Board"), "columns": COLUMNS,
        "is_fullwidth": "1", "board": board_of(officer_of(request), chosen),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/board.html", context)
