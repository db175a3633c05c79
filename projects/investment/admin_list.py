"""The list of the year's plans, actuals and lights, and the same as a workbook."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from projects.files.sheet import Cell, Sheet
from projects.house.amounts import money
from projects.investment.progress_of_time import percent
from projects.investment.queries_flags import Flag
from projects.investment.queries_list import Line, Listing, asked_in, choices, listing
from projects.investment.queries_sums import Sums
from projects.investment.words import lights_rule, progress_rule
from projects.record.clock import now
from projects.record.finding import id_of

PER_PAGE: Final = 100
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING: Final = "—"


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the officer may."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def points(text: str | None) -> str:
    """Points ahead with a plus, behind with a minus."""
    if text is None:
        return NOTHING
    return text if text.startswith("-") or text == "0.0" else f"+{text}"


def shown(line: Line) -> dict[str, Any]:
    """One project's figures as pages have them."""
    each = line.standing
    target = each.quarter_target
    return {
        "line": line, "project": each.register.project, "name": each.register.name,
        "district": each.register.district.name, "annual": money(each.plan.annual),
        "actual": money(each.year_actual), "rate": percent(each.rate) or NOTHING,
        "gap": points(percent(line.gap)),
        "target": NOTHING if target is None else money(target),
        "quarter": money(each.quarter_actual), "light": line.light or "none",
    }  # fmt: skip


def _total(sums: Sums) -> dict[str, str]:
    return {
        "annual": money(sums.annual_plan), "actual": money(sums.year_actual),
        "rate": percent(sums.rate) or NOTHING, "gap": points(percent(sums.gap)),
        "target": money(sums.quarter_target), "quarter": money(sums.quarter_actual),
    }  # fmt: skip


def _found(request: HttpRequest) -> Listing:
    require(request, "investment.view_planrevision")
    return listing(asked_in(request.GET.dict(), choices(), now()))


@require_safe
def investment_page(request: HttpRequest) -> HttpResponse:
    """Show the projects of the year's list that the address asks for."""
    found = _found(request)
    query = request.GET.copy()
    query.pop("p", None)
    page = max(id_of(request.GET.get("p")) or 1, 1)
    first = (page - 1) * PER_PAGE
    context = {
        **admin.site.each_context(request), "title": pgettext("page", "Investment"),
        "is_fullwidth": "1", "asked": found.at, "at": timezone.localtime(found.at.at),
        "filters": [
            (each, found.at.chosen.get(each.name, "")) for each in choices()
        ],
        "shown": [shown(each) for each in found.lines[first : first + PER_PAGE]],
        "number": len(found.lines), "page": page, "query": query.urlencode(),
        "has_next": len(found.lines) > first + PER_PAGE,
        "total": _total(found.sums) if found.sums else None,
        "rules": (progress_rule(found.rule.time_progress), lights_rule(found.rule.lights)),
        "progress": percent(found.sums.progress) if found.sums else None,
        "may_see_filings": request.user.has_perm("register.view_priorfiling"),
        "may_issue": request.user.has_perm("investment.add_planissue"),
        "may_settle": found.at.is_now and request.user.has_perm("investment.add_flagsettlement"),
        "may_rule": request.user.has_perm("investment.add_indicatorrule"),
    }  # fmt: skip
    return TemplateResponse(request, "investment/list.html", context)


@require_safe
def investment_workbook(request: HttpRequest) -> HttpResponse:
    """Send all projects that the address asks for as a workbook."""
    found = _found(request)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "investment.xlsx"
        sheet = Sheet(path, title=pgettext("page", "Investment"), headings=_headings())
        for line in found.lines:
            sheet.write(_cells(line))
        sheet.close()
        content = path.read_bytes()
    name = f"investment-{timezone.localtime(found.at.at):%Y%m%d-%H%M}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_EXCEL, headers=headers)


def _headings() -> list[str]:
    return [
        _("project code"), _("project"), _("district or county"), _("level"), _("phase"),
        _("sector"), _("plan of the year (亿元)"), _("invested in the year (亿元)"),
        _("rate of the year (%)"), _("against time progress (points)"),
        _("target of the quarter (亿元)"), _("invested in the quarter (亿元)"),
        pgettext("investment", "light"), pgettext("plan", "issue of the plan"),
        _("statistical status"), pgettext("flag", "to be looked at"),
    ]  # fmt: skip


def _cells(line: Line) -> Iterator[Cell]:
    """Amounts exactly, and rates as the pages have them."""
    each, row = line.standing, line.standing.register
    yield from (row.project.code, row.name, row.district.name)
    yield from (row.get_level_display(), row.get_phase_display(), row.get_sector_display())
    yield from (each.plan.annual, each.year_actual, _number(percent(each.rate)))
    yield from (_number(percent(line.gap)), each.quarter_target, each.quarter_actual)
    yield from (str(line.light_words), str(line.issued.words))
    yield line.status.get_status_display() if line.status else None
    yield "；".join(_said(flag) for flag in line.flags)


def _said(flag: Flag) -> str:
    """What is to be looked at and why, and what was found out."""
    words = f"{flag.label}（{flag.reason}）"
    settled = flag.settlement
    return f"{words} {settled.get_outcome_display()}：{settled.note}" if settled else words


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
