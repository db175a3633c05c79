"""The panel of a project's investment on its page."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from projects.investment.admin_list import NOTHING, points
from projects.investment.guard import plain
from projects.investment.progress_of_time import Needed, percent, share
from projects.investment.queries_issues import ISSUED
from projects.investment.queries_list import LIGHTS
from projects.investment.queries_panel import Month, Quarter, Year, year_of
from projects.investment.queries_sums import gap_of, light_of, progress_of
from projects.investment.words import lights_rule, progress_rule, quarter_words
from projects.record.clock import now
from projects.register.models import Project

_FOUR: Final = Decimal("0.0001")
UNLIT: Final = "none"


def _said(amount: Decimal | None) -> str:
    return NOTHING if amount is None else plain(amount)


def _needed(needed: Needed | None) -> dict[str, Any] | None:
    """What is missing, and what each month that is left must bring, in 亿元 with four decimals."""
    if needed is None:
        return None
    monthly = needed.monthly
    return {
        "missing": plain(needed.missing), "months": needed.months,
        "monthly": None if monthly is None else plain(monthly.quantize(_FOUR, ROUND_HALF_UP)),
    }  # fmt: skip


def _month(month: Month) -> dict[str, Any]:
    end = month.end
    evidence = getattr(getattr(end, "narrative", None), "evidence", "")
    return {
        "number": month.number, "planned": _said(month.planned), "actual": _said(month.actual),
        "reported": _said(month.reported), "end": end,
        "stated": _said(end.amount if end else None), "paid": _said(end.paid if end else None),
        "difference": points(None if month.difference is None else plain(month.difference)),
        "evidence": evidence or NOTHING,
    }  # fmt: skip


def _quarter(quarter: Quarter) -> dict[str, Any]:
    rate = share(quarter.actual, quarter.target) if quarter.target is not None else None
    return {
        "words": quarter_words(quarter.number), "target": _said(quarter.target),
        "actual": plain(quarter.actual) if quarter.is_begun else NOTHING,
        "rate": percent(rate) if quarter.is_begun and rate is not None else NOTHING,
        "months": [_month(each) for each in quarter.months],
    }  # fmt: skip


def _figures(year: Year) -> dict[str, Any]:
    each, rule = year.standing, year.rule
    progress = progress_of(each, rule)
    light = light_of(each, rule)
    return {
        "annual": plain(each.plan.annual), "actual": plain(each.year_actual),
        "rate": percent(each.rate) or NOTHING, "progress": percent(progress) or NOTHING,
        "gap": points(percent(gap_of(each.rate, progress))), "light": light or UNLIT,
        "light_words": LIGHTS[light or UNLIT],
        "rules": (progress_rule(rule.time_progress), lights_rule(rule.lights)),
    }  # fmt: skip


def investment(project: Project, officer: Any) -> dict[str, Any] | None:
    """The running year of the project; None for who may not read it."""
    if not officer.has_perm("investment.view_planrevision"):
        return None
    year = year_of(project, now())
    if year is None:
        return None
    may = {
        name: officer.has_perm(f"investment.add_{model}")
        for name, model in (
            ("plan", "planrevision"), ("issue", "planissue"), ("month", "monthend"),
            ("status", "statisticalstatus"), ("settle", "flagsettlement"),
        )
    }  # fmt: skip
    may["acknowledge"] = year.issued.stage == ISSUED and officer.has_perm(
        "investment.add_planacknowledgement"
    )
    return {
        "year": year.standing.day.year, "before": year.standing.day.year - 1,
        "december": _month(year.december) if year.december else None, "figures": _figures(year),
        "quarters": [_quarter(each) for each in year.quarters],
        "for_year": _needed(year.needed_for_year),
        "for_quarter": _needed(year.needed_for_quarter),
        "quarter": quarter_words(year.standing.quarter),
        "mismatches": [str(each.message) for each in year.mismatches],
        "issued": year.issued, "acknowledged": year.issued.acknowledgement, "status": year.status,
        "flags": [each for each in year.flags if each.is_open],
        "settled": [each for each in year.flags if not each.is_open], "may": may,
        "is_listed": year.is_listed,
    }  # fmt: skip
