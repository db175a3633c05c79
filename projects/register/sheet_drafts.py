"""What each row of the sheet of projects would do: matched, compared, and checked by the rules."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.house.imports import CellError, Change, ImportRow, Outcome, RowPlan, Text
from projects.record.folding import fold
from projects.record.refusals import Checker, FieldError
from projects.register.current import left_message
from projects.register.identifiers import normalise_national_code
from projects.register.models import COUNTED_FIELDS, Level, Phase, Project, Sector
from projects.register.phases import check_move
from projects.register.queries_known import (
    Batches,
    Districts,
    KnownProjects,
    alike_to,
    differs,
    is_national,
    own_code,
    texts_of,
)
from projects.register.registration import project_errors
from projects.register.registration_many import REFERENCES, Revision

_PLAIN: Final = tuple(name for name in COUNTED_FIELDS if name not in {"national_code", *REFERENCES})
_CHOICES: Final[Mapping[str, type[TextChoices]]] = {
    "level": Level, "phase": Phase, "sector": Sector,
}  # fmt: skip
# Where a rule names a field that the sheet calls otherwise.
_COLUMNS: Final = {"national_code": "code", "reason": "phase"}


@dataclass
class Draft:
    """A row, the project that it means, and what it would change of it.

    ``project`` is a new one, unless it has an id; ``returns`` says that it was registered in error.
    """

    row: ImportRow
    project: Project = field(default_factory=Project)
    changes: dict[str, Any] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    returns: bool = False
    repeats: bool = False  # an earlier row says the same

    @property
    def outcome(self) -> Outcome:
        """What becomes of the row."""
        if self.errors:
            return Outcome.REFUSED
        if self.repeats or not (self.changes or self.returns):
            return Outcome.UNCHANGED
        return Outcome.CHANGED if self.project.pk else Outcome.NEW

    @property
    def revision(self) -> Revision:
        """The change of a project that is registered."""
        return Revision(self.project.pk, self.project.version, self.changes)

    def refuse(self, column: str, message: Text, code: str) -> None:
        """Refuse the row because of a column, or "" as a whole."""
        self.errors.append(CellError(column, message, code))

    @property
    def before(self) -> dict[str, Any]:
        """The values that would be replaced; none of a new project."""
        is_known = self.project.pk is not None
        return {name: getattr(self.project, name) for name in self.changes if is_known}

    @property
    def plan(self) -> RowPlan:
        """The row as it is shown."""
        is_new = not self.project.pk
        changes = [
            Change(
                _COLUMNS.get(name, name),
                "" if is_new else in_words(name, getattr(self.project, name)),
                in_words(name, value),
            )
            for name, value in self.changes.items()
        ]  # fmt: skip
        if self.returns:
            changes.append(Change("", _("registered in error"), _("in the register")))
        title = f"{self.project.code} {self.row.values.get('name') or self.project.name}"
        return RowPlan(
            self.row, self.outcome, title.strip(), () if self.repeats else changes, self.errors,
            self.warnings,
        )  # fmt: skip


def in_words(name: str, value: Any) -> str:
    """A value of a project as people read it."""
    if name in _CHOICES and value in _CHOICES[name].values:
        return str(_CHOICES[name](value).label)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def drafts_of(rows: Sequence[ImportRow], at: datetime) -> list[Draft]:
    """What each row would do at that moment; seven queries, however many rows there are."""
    today = timezone.localdate(at)
    districts, batches = Districts(today), Batches(today.year)
    known = KnownProjects(
        texts_of(row.values.get("code") for row in rows),
        texts_of(row.values.get("name") for row in rows),
    )
    drafts = [_draft(row, known, districts, batches) for row in rows]
    _compare(drafts)
    for draft in drafts:
        if draft.outcome in {Outcome.NEW, Outcome.CHANGED}:
            _check(draft, at, batches)
            draft.warnings += _odd_area(draft, districts)
    _warn_of_likeness(drafts)
    return drafts


def _draft(row: ImportRow, known: KnownProjects, districts: Districts, batches: Batches) -> Draft:
    draft = Draft(row)
    given = {name: value for name, value in row.values.items() if value is not None}
    values = {name: given[name] for name in _PLAIN if name in given}
    if "district" in given:
        values["district"] = districts.named(given["district"])
        if values["district"] is None:
            draft.refuse("district", _no_district(districts, given["district"]), "district")
    batch = batches.named(given["batch"]) if "batch" in given else None
    if "batch" in given and batch is None:
        draft.refuse("batch", _("There is no such batch. Register it first."), "batch")
    if batch is not None:
        values["batch"] = batch
    code = given.get("code", "")
    if is_national(normalise_national_code(code)):
        values["national_code"] = normalise_national_code(code)
    _match(draft, known, code, values)
    if draft.project.pk:
        draft.changes = {name: value for name, value in values.items()
                         if getattr(draft.project, name) != value}  # fmt: skip
        return draft
    draft.changes = {"batch": batches.only, **values} if batches.only else values
    draft.project = Project(code=own_code(code), **{
        name: value for name, value in draft.changes.items() if value is not None
    })  # fmt: skip
    return draft


def _no_district(districts: Districts, text: str) -> str:
    several = "、".join(each.name for each in districts.called(text))
    if several:
        return _("Several districts are called so: %(districts)s.") % {"districts": several}
    return _("There is no such district on this day.")


def _match(draft: Draft, known: KnownProjects, code: str, values: Mapping[str, Any]) -> None:
    """Find the project that the row means: by its code, or without one by name and district."""
    named = known.of_name(values.get("name", ""), values.get("district"))
    if not code:
        if len(named) > 1:
            draft.refuse("name", _("Several projects are called so. Give the code."), "several")
        elif named:
            draft.project = named[0]
        return
    found = known.of_code(code)
    if found is None:
        if named and values.get("district"):
            names = "、".join(each.code for each in named)
            message = _("Project %(project)s has this name in this district already: this is "
                        "perhaps the same. Give its code, or another name.")  # fmt: skip
            draft.refuse("name", message % {"project": names}, "same-name")
        return
    draft.project = found
    draft.warnings += _named_as_another(found, known, values.get("name", ""))
    if found.left_at is not None:
        draft.returns = found.pk in known.in_error
        if not draft.returns:
            draft.refuse("code", left_message(found), "left-register")


def _named_as_another(project: Project, known: KnownProjects, name: str) -> Iterator[Text]:
    """That the project gets the name of another one of the register."""
    others = [f"{each.code} {each.name}" for each in known.of_name(name, None) if each != project]
    if others and differs(name, project):
        message = _("This is the name of another project: %(projects)s.")
        yield message % {"projects": "、".join(others)}


def _compare(drafts: Sequence[Draft]) -> None:
    """Refuse rows of the sheet that contradict each other, each with the number of the other."""
    by_project, by_name = (
        defaultdict[Hashable, list[Draft]](list),
        defaultdict[Hashable, list[Draft]](list),
    )
    for draft in drafts:
        name, district = draft.row.values.get("name"), draft.changes.get("district")
        if draft.project.pk or draft.project.code:
            by_project[draft.project.pk or draft.project.code].append(draft)
        if name and not draft.project.pk:
            by_name[fold(name), getattr(district, "pk", None)].append(draft)
    for same in by_project.values():
        _contradict(same, "code", _("Row %(row)s says otherwise of the same project."))
    for same in by_name.values():
        codes = {each.project.code for each in same}
        if len(codes) > 1 or "" in codes:
            _contradict(same, "name", _("Row %(row)s has the same name, and says otherwise."))


def _contradict(same: Sequence[Draft], column: str, message: str) -> None:
    if len(same) < 2:  # noqa: PLR2004 - one row alone
        return
    first = same[0]
    if all(each.row.values == first.row.values for each in same):
        for each in same[1:]:
            each.repeats = True
            text = _("Row %(row)s says the same.") % {"row": first.row.number}
            each.warnings.append(text)
        return
    for each in same:
        others = "、".join(str(other.row.number) for other in same if other is not each)
        each.refuse(column, message % {"row": others}, "contradicts")


def _check(draft: Draft, at: datetime, batches: Batches) -> None:
    """Refuse the row by the rules of the register."""
    project, before = draft.project, draft.before
    phase = project.phase
    for name, value in draft.changes.items():
        setattr(project, name, value)
    missing = [name for name in REFERENCES if not getattr(project, f"{name}_id")]
    check = Checker(project_errors(project, at, REFERENCES))
    for name in sorted(missing):
        check.errors.append(FieldError((name,), _missing(name, batches), "required"))
    if project.pk:
        check_move(check, phase, project.phase, "")
        for name, value in before.items():
            setattr(project, name, value)
    for error in check.errors:
        column = str(error.path[0])
        draft.refuse(_COLUMNS.get(column, column), error.message, error.code)


def _missing(name: str, batches: Batches) -> str:
    """What is said where a new project has no batch, or no district."""
    if name == "batch" and not batches.names:
        message = _(
            "No batch of %(year)s is registered: enter another in its column, or register one."
        )
        return message % {"year": batches.year}
    if name == "batch":
        message = _("Several batches are of this year: enter one of them: %(batches)s.")
        return message % {"batches": batches.names}
    return _("This field is required.")


def _odd_area(draft: Draft, districts: Districts) -> Iterator[Text]:
    code = draft.changes.get("national_code", "")
    if code and not districts.has_area(code):
        message = _("The area of the code, %(area)s, is no district here. Check the code.")
        yield message % {"area": code.split("-")[1]}


def _warn_of_likeness(drafts: Iterable[Draft]) -> None:
    new = {index: draft for index, draft in enumerate(drafts) if draft.outcome is Outcome.NEW}
    given = {index: (each.project.name, each.project.district) for index, each in new.items()}
    for index, alike in alike_to(given).items():
        text = _("This is perhaps the same project: %(project)s.") % {"project": "、".join(alike)}
        new[index].warnings.append(text)
