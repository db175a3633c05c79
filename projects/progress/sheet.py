"""The sheet of daily reports: one row a project and a day, as districts and owners fill it in.

A row is filed by the verb that files every report. What its cells leave empty stays as it is
reported.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.house.imports import CellError, Change, ImportRow, ImportSheet, Outcome, RowPlan
from projects.progress.flag_rules import Known, doubts, first_of_month
from projects.progress.models import DailyReport, FlagRule, ReportNarrative
from projects.progress.queries_standings import Standing, projects_to_report, standings_of
from projects.progress.report import errors_in, report, why_not_unchanged
from projects.progress.sheet_words import (
    CODE,
    COLUMNS,
    DAY,
    DISTRICT,
    HALT,
    NAME,
    NO,
    REASON,
    RESUMED,
    STATES,
    YES,
    halt_of,
    halt_text,
)
from projects.record.clock import now
from projects.record.refusals import NotAllowed
from projects.register.current import left_message
from projects.register.exits import locked
from projects.register.models import Project
from projects.register.queries_known import Districts, KnownProjects, differs, texts_of, that_of
from projects.register.queries_scopes import limit_of

PERMISSION: Final = "progress.add_dailyreport"
_FIGURES: Final = ("workers_required", "workers_on_site", "month_investment", "halted_until")
_TEXTS: Final = ("progress", "problems")
_SHOWN: Final = (RESUMED, *_FIGURES[:3], HALT, _FIGURES[3], *_TEXTS)  # as the sheet has them
_COLUMN_OF: Final = {"halt_words": HALT}  # of a field that has no column of its own

type _Values = dict[str, Any]  # what ``report`` takes of a report, by name


def _require(by: Any) -> None:
    if not by.has_perm(PERMISSION):
        raise NotAllowed(_("Your role does not allow this."))


@dataclass
class _Draft:
    """A row with the report that it would make; what is wrong before that is in ``errors``."""

    row: ImportRow
    project: Project | None = None
    day: date | None = None
    errors: list[CellError] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)
    before: _Values = field(default_factory=dict)
    after: _Values = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why it amends the day's report, if it does."""
        return self.row.values.get(REASON) or ""

    @property
    def title(self) -> str:
        """The project and the day, as far as they are known."""
        code, name = self.row.values.get(CODE), self.row.values.get(NAME)
        about = str(self.project) if self.project else code or name or ""
        return f"{about} {self.day}" if self.day else about


def _drafts_of(rows: Sequence[ImportRow], at: datetime, by: Any) -> list[_Draft]:
    """The draft of each row; the number of queries does not depend on that of the rows."""
    drafts = [_Draft(row, day=row.values.get(DAY)) for row in rows]
    _find_projects(drafts, at, by)
    seen = set[tuple[int, date]]()
    for each in drafts:
        if each.day is None:
            each.errors.append(CellError(DAY, _("Enter the day of the report."), "required"))
        elif each.project is not None:
            key = (each.project.pk, each.day)
            if key in seen:
                message = _("The project is in the sheet twice for this day.")
                each.errors.append(CellError("", message, "unique"))
            seen.add(key)
    standings = standings_of(seen)
    for each in drafts:
        if each.project is not None and each.day is not None:
            each.standing = standings[each.project.pk, each.day]
            each.before = _values_of(each.standing.filed, each.standing.words)
            each.after = _merged(each.before, _given(each.row))
    return drafts


def _find_projects(drafts: Sequence[_Draft], at: datetime, by: Any) -> None:
    """Say of each which project it means, of those of which the officer may know."""
    values = [each.row.values for each in drafts]
    known = KnownProjects(
        texts_of(each.get(CODE) for each in values), texts_of(each.get(NAME) for each in values)
    )
    districts = Districts(timezone.localdate(at))
    found = [_candidates(each, known, districts) for each in values]
    limit = limit_of(by, at)
    allowed = {each.pk for candidates in found for each in candidates}
    if limit is not None:
        allowed = set(limit.order_by().filter(pk__in=allowed).values_list("pk", flat=True))
    for each, candidates in zip(drafts, found, strict=True):
        own = [one for one in candidates if one.pk in allowed]
        error = _wrong(each.row, own, is_limited=limit is not None)
        if error is None:
            (each.project,) = own
        else:
            each.errors.append(error)


def _candidates(
    values: Mapping[str, Any], known: KnownProjects, districts: Districts
) -> list[Project]:
    """The project of the row's code; without one those of exactly its name, in its district."""
    code, name = values.get(CODE), values.get(NAME)
    if code:
        project = known.of_code(code)
        return [project] if project else []
    if not name:
        return []
    of = values.get(DISTRICT)
    district = districts.named(of) if of else None
    return [] if of and district is None else known.of_name(name, district)


def _wrong(row: ImportRow, found: Sequence[Project], *, is_limited: bool) -> CellError | None:
    code, name = row.values.get(CODE), row.values.get(NAME)
    column = CODE if code or not name else NAME
    if not code and not name:
        return CellError(CODE, _("Enter the project's code or its whole name."), "required")
    if not found:
        return CellError(column, _not_found(code, is_limited=is_limited), "not-found")
    if len(found) > 1:
        return CellError(column, _("Several projects have this name: enter the code."), "several")
    if found[0].left_at is not None:
        return CellError(column, left_message(found[0]), "left-register")
    if differs(name or "", found[0]):
        return CellError(NAME, that_of(found[0]), "contradicts")
    return None


def _not_found(code: str | None, *, is_limited: bool) -> Any:
    if is_limited:
        return _("You report for no project that is called so.")
    if code:
        return _("No project with this code is registered.")
    return _("No project has exactly this name: enter its code.")


def _values_of(fact: DailyReport | None, words: ReportNarrative | None) -> _Values:
    """What a report states; empty where there is none."""
    if fact is None:
        return {}
    stated: _Values = {name: getattr(fact, name) for name in (RESUMED, *_FIGURES, HALT)}
    texts = {name: getattr(words, name) if words else "" for name in (*_TEXTS, "halt_words")}
    return stated | texts


def _given(row: ImportRow) -> _Values:
    """What the row states, without what identifies it."""
    given: _Values = {
        name: row.values[name]
        for name in (*_FIGURES, *_TEXTS)
        if row.values.get(name) not in (None, "")
    }
    if row.values.get(RESUMED):
        given[RESUMED] = row.values[RESUMED] == YES
    if row.values.get(HALT):
        given[HALT], given["halt_words"] = halt_of(row.values[HALT])
    return given


def _merged(before: _Values, given: _Values) -> _Values:
    """What is stated then; a reason to rest that was reported ends where work goes on."""
    ended: _Values = {}
    if given.get(RESUMED):
        ended = {HALT: "", "halt_words": "", "halted_until": None}
    return {**before, **(ended if before else {}), **given}


def plan(rows: Sequence[ImportRow], at: datetime, by: Any) -> list[RowPlan]:
    """What each row would file. Raises NotAllowed.

    The rows of a project are judged in the order of their days, each beside those before it.
    """
    _require(by)
    drafts = _drafts_of(rows, at, by)
    planned, latest = dict[int, RowPlan](), dict[int, DailyReport]()
    for each in sorted(drafts, key=lambda draft: draft.day or date.max):
        if each.errors or each.project is None or each.day is None:
            planned[each.row.number] = _refused(each, each.errors)
            continue
        last, earlier = each.standing.last, latest.get(each.project.pk)
        if earlier is not None and (last is None or earlier.day >= last.day):
            last = earlier
        fact, words = _made(each, each.project, each.day, at)
        planned[each.row.number] = _planned(each, fact, words, last, at)
        if fact.resumed is not None:
            latest[each.project.pk] = fact
    return [planned[row.number] for row in rows]


def _refused(draft: _Draft, errors: Sequence[CellError]) -> RowPlan:
    return RowPlan(draft.row, Outcome.REFUSED, draft.title, errors=errors)


def _made(
    draft: _Draft, project: Project, day: date, at: datetime
) -> tuple[DailyReport, ReportNarrative]:
    """The report that the row would make, which is not saved."""
    filed, values = draft.standing.filed, draft.after
    stated = {name: values.get(name) for name in (RESUMED, *_FIGURES)}
    fact = DailyReport(
        project=project, day=day, revision=filed.revision + 1 if filed else 1, recorded_at=at,
        halt=values.get(HALT, ""), **stated,
    )  # fmt: skip
    texts = {name: values.get(name, "") for name in (*_TEXTS, "halt_words")}
    return fact, ReportNarrative(**texts, reason=draft.reason)


def _planned(
    draft: _Draft, fact: DailyReport, words: ReportNarrative, last: DailyReport | None,
    at: datetime,
) -> RowPlan:  # fmt: skip
    changes = list(_changes(draft))
    if draft.standing.filed is not None and not changes:
        return RowPlan(draft.row, Outcome.UNCHANGED, draft.title)
    outcome = Outcome.CHANGED if draft.standing.filed else Outcome.NEW
    if fact.resumed is None:  # which a new row must state
        return RowPlan(draft.row, outcome, draft.title, changes)
    errors = [_cell_error(each) for each in errors_in(fact, words, last=last, at=at)]
    if errors:
        return _refused(draft, errors)
    if outcome == Outcome.CHANGED and draft.reason:
        changes.append(Change(REASON, "", draft.reason))
    return RowPlan(draft.row, outcome, draft.title, changes, warnings=list(_doubtful(fact, last)))


def _cell_error(error: Any) -> CellError:
    name = str(error.path[0])
    return CellError(_COLUMN_OF.get(name, name), error.message, error.code)


def _doubtful(fact: DailyReport, last: DailyReport | None) -> Iterator[str]:
    """What is doubtful beside the last report, as it will be asked about once it is filed."""
    known = Known(last, [last] if last else [], fact.project.annual_investment)
    for each in doubts(fact, known):
        label = FlagRule(each.rule).label
        numbers = "" if each.after is None else f" {_said(each.before)} → {_said(each.after)}"
        yield gettext("Please verify: %(figure)s") % {"figure": f"{label}{numbers}"}


def _changes(draft: _Draft) -> Iterator[Change]:
    for name in _SHOWN:
        before, after = _shown(draft.before, name), _shown(draft.after, name)
        if before != after:
            yield Change(name, before, after)


def _shown(values: _Values, name: str) -> str:
    if name == HALT:
        return halt_text(values.get(HALT, ""), values.get("halt_words", ""))
    value = values.get(name)
    if isinstance(value, bool):
        return STATES[YES if value else NO][0]
    return _said(value)


def _said(value: Any) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


def carry_out(plans: Sequence[RowPlan], at: datetime, by: Any) -> Iterator[Any]:
    """File what is planned as new or changed, in the order of the days; yields what was before.

    The projects are locked first and in the order of their ids, as the verbs do.
    """
    _require(by)
    rows = [each.row for each in plans if each.outcome in {Outcome.NEW, Outcome.CHANGED}]
    drafts = _drafts_of(rows, at, by)
    locked([each.project for each in drafts if each.project], at)
    for each in sorted(drafts, key=lambda draft: draft.day or date.max):
        if each.project is None or each.day is None:
            raise NotAllowed
        filed = each.standing.filed
        made = report(
            project=each.project, day=each.day, reason=each.reason if filed else "", by=by,
            revision=filed.revision if filed else 0, **each.after,
        )  # fmt: skip
        yield {
            "project": each.project.pk, "day": each.day.isoformat(), "report": made.pk,
            "before": filed.pk if filed else None,
        }  # fmt: skip


def undo(effects: Sequence[Any], at: datetime, by: Any) -> None:
    """File again what the day's report said before; a first report of a day cannot be taken back.

    Raises NotAllowed for one of these, and where a report was amended since.
    """
    _require(by)
    projects = Project.objects.in_bulk([each["project"] for each in effects])
    days = {(each["project"], date.fromisoformat(each["day"])): each for each in effects}
    standings = standings_of(days)
    for (project, day), each in days.items():
        about = {"report": f"{projects[project]} {day}"}
        filed = standings[project, day].filed
        if filed is None or filed.pk != each["report"]:
            raise NotAllowed(_("%(report)s was changed since it was imported.") % about)
        if each["before"] is None:
            raise NotAllowed(
                _("%(report)s: a report that was filed cannot be taken back. Send a corrected "
                  "sheet, which amends it.") % about
            )  # fmt: skip
    before = DailyReport.objects.select_related("narrative").in_bulk(
        [each["before"] for each in effects]
    )
    locked(projects.values(), at)
    for (project, day), each in sorted(days.items(), key=lambda item: item[0][1]):
        row = before[each["before"]]
        report(
            project=projects[project], day=day, reason=gettext("An import was undone"), by=by,
            **_values_of(row, getattr(row, "narrative", None)),
        )  # fmt: skip


def export(by: Any) -> Iterable[Mapping[str, Any]]:
    """Today's sheet: what is reported, and else the last report's figures, standing ready."""
    _require(by)
    at = now()
    day, projects = timezone.localdate(at), projects_to_report(at, by)
    standings = standings_of({(each.pk, day) for each in projects})
    for each in projects:
        own = standings[each.pk, day]
        yield {
            DAY: day, CODE: each.code, NAME: each.name, DISTRICT: each.district.name,
            **_out(_values_of(own.filed, own.words) if own.filed else _ready(own, day)),
        }  # fmt: skip


def _ready(own: Standing, day: date) -> _Values:
    """What may be repeated of the last report, as by "nothing has changed"."""
    if own.last is None or why_not_unchanged(own.last, day):
        return {}
    values = _values_of(own.last, own.last_words) | dict.fromkeys(_TEXTS, "")
    if first_of_month(own.last.day) != first_of_month(day):
        values["month_investment"] = None
    return values


def _out(values: _Values) -> _Values:
    if not values:
        return {}
    state = YES if values[RESUMED] else NO
    return {**values, RESUMED: state, HALT: halt_text(values[HALT], values["halt_words"])}


SHEET: Final = ImportSheet(
    name="reports", title=_("Daily reports"), columns=COLUMNS, permission=PERMISSION,
    plan=plan, carry_out=carry_out, undo=undo, export=export, order=50,
    stated=(DAY, REASON), exported=_("Today's sheet, with the last figures"),
)  # fmt: skip
