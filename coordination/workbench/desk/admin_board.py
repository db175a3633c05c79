"""The board's page: every count leads to the tickets behind it."""

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
    """For whoever spreads the work, and whoever audits it."""
    return officer_of(request).role in {*CENTRE, Role.GROUP_LEAD}


def board_page(request: HttpRequest) -> HttpResponse:
    """The board of the officer's role."""
    if not may_see_board(request):
        raise PermissionDenied
    asked = request.GET.get("group", "")
    chosen = ServiceGroup.objects.filter(code=asked).first() if asked else None
    context = {
        **admin.site.each_context(request), "title": _("Board"), "columns": COLUMNS,
        "groups": list(ServiceGroup.objects.filter(is_active=True)), "is_fullwidth": "1",
        "board": board_of(officer_of(request), chosen),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/board.html", context)
