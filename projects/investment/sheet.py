"""The sheet of plans and months: what districts send each month, and what goes out again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.house.imports import (
    CellError,
    Change,
    ImportColumn,
    ImportRow,
    ImportSheet,
    Kind,
    Outcome,
    RowPlan,
)
from projects.investment.choices import MONTHS, Span
from projects.investment.guard import mismatches, plain
from projects.investment.month_end import Stated, revise_month_ends
from projects.investment.plan import REFUSE, Wanted, set_plans
from projects.investment.progress_of_time import QUARTERS, Plan, is_before_open, months_over
from projects.investment.queries import month_ends_at, plans_at, standing_at
from projects.record.clock import now
from projects.record.refusals import NotAllowed
from projects.register.current import is_of_year, left_message
from projects.register.exits import locked
from projects.register.models import Project
from projects.register.queries_known import differs, that_of
from projects.register.registration_many import Revision, revise_projects

CODE: Final = "code"
ANNUAL: Final = "annual"
YEAR: Final = "year"
PERMISSION: Final = "investment.add_planrevision"
_IN_CHINESE: Final = "一二三四"
_PLACES: Final = {"亿元": Decimal("0.0001"), "万元": Decimal("0.01")}
_MOST: Final = Decimal(10) ** 8


def _quarter(number: int) -> ImportColumn:
    name = _IN_CHINESE[number - 1]
    return ImportColumn(
        f"quarter_{number}", f"{name}季度目标", Kind.MONEY, unit="亿元",
        synonyms=(f"{name}季度", f"{name}季度计划投资", f"第{name}季度计划", f"{name}季度计划"),
    )  # fmt: skip


def _month(number: int) -> ImportColumn:
    return ImportColumn(
        f"month_{number}", f"{number}月实际完成投资", Kind.MONEY, unit="万元",
        synonyms=(f"{number}月完成投资", f"{number}月份实际完成投资", f"{number}月份完成投资"),
    )  # fmt: skip


COLUMNS: Final = (
    ImportColumn(CODE, "项目代码", Kind.CODE, is_required=True, is_key=True,
                 synonyms=("项目编码", "项目编号")),
    ImportColumn("name", "项目名称"),
    ImportColumn(YEAR, "年度", Kind.COUNT, synonyms=("年份", "所属年度")),
    ImportColumn(ANNUAL, "年度计划投资", Kind.MONEY, unit="亿元", is_summed=True,
                 synonyms=("年计划投资", "年度目标", "当年计划投资", "本年计划投资")),
    *(_quarter(number) for number in QUARTERS),
    *(_month(number) for number in range(1, MONTHS + 1)),
)  # fmt: skip
_AMOUNTS: Final = tuple(each for each in COLUMNS if each.kind == Kind.MONEY)


def _require(by: Any) -> None:
    needed = (PERMISSION, "investment.add_monthend", "register.change_project")
    if not all(by.has_perm(each) for each in needed):
        raise NotAllowed(_("Your role does not allow this."))


@dataclass(frozen=True)
class _Held:
    """What holds of a project now, by the names of the columns."""

    project: Project
    amounts: Mapping[str, Decimal]
    months: Mapping[int, Decimal]  # what is planned of them, which the sheet does not change


def _held(projects: Sequence[Project], year: int, at: datetime) -> dict[str, _Held]:
    """By code; the number of queries does not depend on that of the projects."""
    keys = [each.pk for each in projects]
    plans, ends = plans_at(at, year, keys), month_ends_at(at, year, keys)
    found = {}
    for each in projects:
        amounts = {ANNUAL: each.annual_investment}
        amounts |= {f"quarter_{n}": amount for n, amount in plans[each.pk].quarters.items()}
        amounts |= {
            f"month_{n}": ends[each.pk, n] for n in range(1, MONTHS + 1) if (each.pk, n) in ends
        }
        found[each.code] = _Held(each, amounts, plans[each.pk].months)
    return found


def plan(rows: Sequence[ImportRow], at: datetime, by: Any) -> list[RowPlan]:
    """What each row would change; a month that is not over is left out, and said.

    A row is of this year, or until 31 March of the year before if it says so; then it states
    months only.
    """
    _require(by)
    codes, day = {row.values.get(CODE) for row in rows}, timezone.localdate(at)
    projects = {each.code: each for each in Project.objects.filter(code__in=codes)}
    held = {year: _held(list(projects.values()), year, at) for year in (day.year, day.year - 1)}
    seen, found = set[str](), list[RowPlan]()
    for row in rows:
        code, year = row.values.get(CODE) or "", _year_of(row, day)
        error = _refusal(row, projects.get(code), seen, day)
        if error is not None:
            found.append(RowPlan(row, Outcome.REFUSED, code, errors=[error]))
            continue
        seen.add(code)
        over = months_over(day) if year == day.year else MONTHS
        found.append(_plan_of(row, held[year][code], over, is_before=year != day.year))
    return found


def _year_of(row: ImportRow, day: date) -> int:
    year: int | None = row.values.get(YEAR)
    return day.year if year is None else year


def _refusal(
    row: ImportRow, project: Project | None, seen: Collection[str], day: date
) -> CellError | None:
    """Why the row cannot be of a project's year at all."""
    if project is None:
        return CellError(CODE, _("No project with this code is registered."), "not-found")
    if project.code in seen:
        return CellError(CODE, _("The project is in the sheet twice."), "unique")
    year = _year_of(row, day)
    if not is_of_year(project, year):
        return CellError(CODE, left_message(project), "left-register")
    years = {day.year, day.year - 1} if is_before_open(day) else {day.year}
    if year not in years:
        return CellError(YEAR, _("This year cannot be stated now."), "out-of-range")
    return None


def _plan_of(row: ImportRow, held: _Held, over: int, *, is_before: bool) -> RowPlan:
    given = _given(row)
    left_out = [n for n in range(over + 1, MONTHS + 1) if given.pop(f"month_{n}", None)]
    warnings = [
        gettext("Month %(month)s is not over and is left out.") % {"month": n} for n in left_out
    ]
    errors = [
        *_name_errors(row, held.project), *_errors(given, held),
        *(_of_before(given) if is_before else ()),
    ]  # fmt: skip
    changed = {name: each for name, each in given.items() if held.amounts.get(name) != each}
    after = {**held.amounts, **changed}
    quarters = {n: after[f"quarter_{n}"] for n in QUARTERS if f"quarter_{n}" in after}
    is_judged = not errors and not is_before
    for each in mismatches(Plan(after[ANNUAL], quarters, held.months)) if is_judged else ():
        if settings.PLAN_MISMATCH == REFUSE and changed:
            column = each.field if each.field.startswith("quarter") else ""
            errors.append(CellError(column, each.message, "mismatch"))
        else:
            warnings.append(str(each.message))
    outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
    return RowPlan(
        row, Outcome.REFUSED if errors else outcome, str(held.project),
        [Change(name, _said(held.amounts.get(name)), plain(each))
         for name, each in changed.items()], errors, warnings,
    )  # fmt: skip


def _given(row: ImportRow) -> dict[str, Decimal]:
    """The amounts that the row states."""
    return {
        each.name: row.values[each.name]
        for each in _AMOUNTS
        if row.values.get(each.name) is not None
    }


def _name_errors(row: ImportRow, project: Project) -> Iterator[CellError]:
    """That the row names another project than that of its code; only the spelling may differ."""
    if differs(row.values.get("name") or "", project):
        yield CellError("name", that_of(project), "contradicts")


def _errors(given: Mapping[str, Decimal], held: _Held) -> Iterator[CellError]:
    for column in _AMOUNTS:
        amount = given.get(column.name)
        if amount is None:
            continue
        places = _PLACES[column.unit]
        if not 0 <= amount < _MOST:
            yield CellError(column.name, _("Not such an amount."), "out-of-range")
        elif amount != amount.quantize(places):
            yield CellError(column.name, _("Too many decimals."), "max_decimal_places")
    if given.get(ANNUAL, Decimal(0)) > held.project.total_investment:
        yield CellError(ANNUAL, _("This is more than the total investment."), "over-total")


def _of_before(given: Mapping[str, Decimal]) -> Iterator[CellError]:
    """What a row of the year before must not state: its plan is over."""
    for name in given:
        if not name.startswith("month_"):
            why = _("Of the year before only months can be stated.")
            yield CellError(name, why, "out-of-range")


def _said(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)


def carry_out(plans: Sequence[RowPlan], at: datetime, by: Any) -> Iterator[Any]:
    """Do what is planned as changed; yields of each the amounts before and after."""
    _require(by)
    changed = [each for each in plans if each.outcome == Outcome.CHANGED]
    projects = Project.objects.filter(code__in=[each.row.values[CODE] for each in changed])
    day = timezone.localdate(at)
    held = {year: _held(list(projects), year, at) for year in (day.year, day.year - 1)}
    done, effects = defaultdict[int, list[_Done]](list), list[Any]()
    for each in changed:
        year = _year_of(each.row, day)
        own, given = held[year][each.row.values[CODE]], _given(each.row)
        after = {change.column: given[change.column] for change in each.changes}
        done[year].append((own.project, after))
        effects.append(
            {
                "project": own.project.pk, "year": year,
                "before": {name: _text(own.amounts.get(name)) for name in after},
                "after": {name: _text(amount) for name, amount in after.items()},
            }
        )  # fmt: skip
    _write(done, gettext("By an imported workbook"), by)
    yield from effects


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


type _Done = tuple[Project, Mapping[str, Decimal | None]]


def _write(done: Mapping[int, Sequence[_Done]], reason: str, by: Any) -> None:
    """Set these amounts of each year; None is no longer planned, or taken back.

    The projects are locked first and in the order of their ids, as the verbs do.
    """
    rows = locked([project for of_year in done.values() for project, _amounts in of_year], now())
    versions = {each.pk: each.version for each in rows}
    for year, of_year in done.items():
        _write_year(of_year, versions, year, reason, by)


def _write_year(
    done: Sequence[_Done], versions: Mapping[int, int], year: int, reason: str, by: Any
) -> None:
    revisions = [
        Revision(project.pk, versions[project.pk], {"annual_investment": amounts[ANNUAL]})
        for project, amounts in done
        if amounts.get(ANNUAL) is not None
    ]
    if revisions:
        revise_projects(revisions=revisions, by=by)
    wanted = [Wanted(project, *_quarters_of(amounts)) for project, amounts in done]
    set_plans(plans=wanted, year=year, reason=reason, by=by)
    for month in range(1, MONTHS + 1):
        name = f"month_{month}"
        stated = [Stated(project, each[name]) for project, each in done if name in each]
        if stated:
            revise_month_ends(stated=stated, year=year, month=month, reason=reason, by=by)


def _quarters_of(amounts: Mapping[str, Decimal | None]) -> tuple[Any, Any, Any]:
    named = {n: amounts[f"quarter_{n}"] for n in QUARTERS if f"quarter_{n}" in amounts}
    dropped = [(Span.QUARTER.value, n) for n, amount in named.items() if amount is None]
    return named, {}, dropped


def undo(effects: Sequence[Any], at: datetime, by: Any) -> None:
    """Set the amounts again that were there before; raises NotAllowed where one was changed."""
    _require(by)
    projects = Project.objects.in_bulk([each["project"] for each in effects])
    held = {
        (year, own.project.pk): own
        for year in {each["year"] for each in effects}
        for own in _held(list(projects.values()), year, at).values()
    }
    done = defaultdict[int, list[_Done]](list)
    for each in effects:
        own = held[each["year"], each["project"]]
        for name, after in each["after"].items():
            if own.amounts.get(name) != Decimal(after):
                raise NotAllowed(
                    _("%(project)s was changed since it was imported.") % {"project": own.project}
                )
        before = {
            name: None if amount is None else Decimal(amount)
            for name, amount in each["before"].items()
        }
        done[each["year"]].append((own.project, before))
    _write(done, gettext("An import was undone"), by)


def export(by: Any) -> Iterable[Mapping[str, Any]]:
    """Every project of the year's list, by the names of the columns."""
    _require(by)
    at = now()
    standings = standing_at(at)
    projects = Project.objects.in_bulk([each.project_id for each in standings])
    year = timezone.localdate(at).year
    held = _held(list(projects.values()), year, at)
    for each in standings:
        own = held[each.register.project.code]
        yield {CODE: own.project.code, "name": own.project.name, YEAR: year, **own.amounts}


SHEET: Final = ImportSheet(
    name="investment", title=_("Plans and investment"), columns=COLUMNS, permission=PERMISSION,
    plan=plan, carry_out=carry_out, undo=undo, export=export, order=40,
    of_year=True,
)  # fmt: skip
