"""What the house knows of investment."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.house.rooms import PROJECTS, Page, Panel, Room, permissions, register
from projects.investment import admin_forms, admin_list, admin_settle, api, block_investment
from projects.investment.admin_panels import investment
from projects.investment.models import (
    FlagSettlement,
    MonthEnd,
    MonthEndNarrative,
    PlanAcknowledgement,
    PlanIssue,
    PlanRevision,
    StatisticalStatus,
)
from projects.investment.queries_standing_on import investment_of, investment_on
from projects.investment.sheet import SHEET
from projects.investment.widgets import WIDGETS
from projects.record.naming import through
from projects.register.leaving import FILED_ON
from projects.register.registration_many import BUILT_ON

_READING = permissions(
    "view", "planrevision", "planissue", "planacknowledgement", "monthend", "monthendnarrative",
    "statisticalstatus", "indicatorrule", "flagsettlement",
)  # fmt: skip
_SETTLING = _READING | permissions("add", "flagsettlement")
_REPORTING = _SETTLING | permissions("add", "monthend")
_CENTRE = _REPORTING | permissions(
    "add", "planrevision", "planissue", "planacknowledgement", "statisticalstatus", "indicatorrule"
)

BUILT_ON.append(investment_on)
FILED_ON.append(investment_of)


def _page(route: str, view: Any, name: str) -> URLPattern:
    made: URLPattern = path(f"admin/investment/{route}", admin.site.admin_view(view), name=name)
    return made


ROOM = register(
    Room(
        label="investment",
        names={
            "investment.planrevision": through(PlanRevision, "project"),
            "investment.planissue": through(PlanIssue, "project"),
            "investment.planacknowledgement": through(PlanAcknowledgement, "issue.project"),
            "investment.monthend": through(MonthEnd, "project"),
            "investment.monthendnarrative": through(MonthEndNarrative, "month_end.project"),
            "investment.statisticalstatus": through(StatisticalStatus, "project"),
            "investment.flagsettlement": through(FlagSettlement, "project"),
        },
        blocks=(block_investment.BLOCK,),
        imports=(SHEET,),
        widgets=WIDGETS,
        pages=(
            Page(
                PROJECTS, 35, pgettext_lazy("page", "Investment"), "investment",
                "investment.view_planrevision",
            ),
        ),
        panels=(
            Panel("register.project", 35, "investment", "investment/panel.html", investment),
        ),
        api=(
            path(
                "projects/<str:code>/investment/", api.InvestmentDetail.as_view(),
                name="project-investment",
            ),
            path(
                "projects/<str:code>/investment/acknowledgement/", api.PlanAcknowledge.as_view(),
                name="project-investment-acknowledgement",
            ),
            path(
                "projects/<str:code>/investment/months/", api.MonthEndList.as_view(),
                name="project-investment-months",
            ),
        ),
        error_codes={
            "plan-not-issued": _("No plan of the year was issued yet."),
            "plan-changed": _("The plan was changed since it was issued."),
            "plan-acknowledged": _("The plan is acknowledged already."),
        },
        urls=(
            _page("", admin_list.investment_page, "investment"),
            _page("excel/", admin_list.investment_workbook, "investment_workbook"),
            _page("issue/", admin_forms.issue_page, "investment_issue"),
            _page("rule/", admin_forms.rule_page, "investment_rule"),
            _page("<int:project_id>/plan/", admin_forms.plan_page, "investment_plan"),
            _page("<int:project_id>/month/", admin_forms.month_page, "investment_month"),
            _page("<int:project_id>/status/", admin_forms.status_page, "investment_status"),
            _page(
                "<int:project_id>/flags/<slug:flag>/<int:month>/", admin_settle.settle_page,
                "investment_settle",
            ),
            _page(
                "<int:project_id>/acknowledge/", admin_forms.acknowledge_page,
                "investment_acknowledge",
            ),
        ),
        permissions={
            "liaison": _REPORTING, "group_lead": _SETTLING, "auditor": _READING,
            "duty_desk": _CENTRE, "director": _CENTRE,
        },
    )
)  # fmt: skip
