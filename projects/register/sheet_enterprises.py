"""The sheet of enterprises: who takes part in which project, and in which role.

One row for each part in a project; a row without a project registers the enterprise alone. A row
that calls a registered enterprise otherwise changes its name from the day on which it is carried
out; where only the spelling differs (spaces, width of characters), it says nothing new.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.house.imports import (
    CellError,
    Change,
    ImportColumn,
    ImportRow,
    ImportSheet,
    Kind,
    Outcome,
    RowPlan,
    Text,
)
from projects.record.folding import fold
from projects.record.refusals import NotAllowed, Stale
from projects.register.current import left_message
from projects.register.enterprises_many import (
    add_participants,
    register_enterprises,
    withdraw_participants,
)
from projects.register.identifiers import normalise_uscc
from projects.register.models import (
    Enterprise,
    EnterpriseRevision,
    ParticipantRole,
    Project,
    ProjectParticipant,
)
from projects.register.queries_known import KnownProjects, ends_of, overlaps, texts_of
from projects.register.registration import (
    TAKEN_USCC,
    enterprise_errors,
    require_permission,
    revise_enterprise,
)

PERMISSION: Final = "register.add_enterprise"
_COLUMNS: Final = (
    ImportColumn(
        "uscc", gettext_lazy("unified social credit code"), Kind.CODE,
        ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码"),
        is_key=True, is_required=True,
    ),
    ImportColumn(
        "name", gettext_lazy("enterprise name"), Kind.TEXT,
        ("企业名称", "单位名称", "公司名称", "企业", "名称", "建设单位", "项目法人", "业主",
         "投资主体"),
        is_required=True,
    ),
    ImportColumn(
        "uscc_note", gettext_lazy("why an unusual code is right"), Kind.TEXT,
        ("代码说明", "信用代码说明", "代码备注", "信用代码备注"),
    ),
    ImportColumn(
        "code", gettext_lazy("project code"), Kind.CODE,
        ("项目代码", "项目编码", "投资项目代码", "国家代码"),
    ),
    ImportColumn(
        "role", gettext_lazy("role"), Kind.CHOICE, ("角色", "参建角色", "单位类型", "企业类型"),
        choices={
            ParticipantRole.OWNER: ("业主", "建设单位", "项目法人", "项目业主", "投资主体"),
            ParticipantRole.CONTRACTOR: ("施工", "施工单位", "总承包", "总包", "承建单位"),
            ParticipantRole.SUPPLIER: ("供应", "供应商", "供货商", "材料供应"),
        },
    ),
    ImportColumn(
        "since", gettext_lazy("from day"), Kind.DAY,
        ("起始日期", "参与起始日", "开始日期", "起始日"),
    ),
)  # fmt: skip


@dataclass
class _Draft:
    """A row, its enterprise, and the part that it would record, if any."""

    row: ImportRow
    enterprise: Enterprise
    project: Project | None = None
    part: ProjectParticipant | None = None
    renamed: str = ""  # its name from today on, where it is called otherwise
    errors: list[CellError] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)

    def refuse(self, column: str, message: Text, code: str) -> None:
        self.errors.append(CellError(column, message, code))

    @property
    def outcome(self) -> Outcome:
        if self.errors:
            return Outcome.REFUSED
        if self.enterprise.pk is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.part or self.renamed else Outcome.UNCHANGED

    @property
    def plan(self) -> RowPlan:
        changes = []
        if self.enterprise.pk is None:
            changes.append(Change("name", "", self.enterprise.name))
            if self.enterprise.uscc_note:
                changes.append(Change("uscc_note", "", self.enterprise.uscc_note))
        elif self.renamed:
            changes.append(Change("name", self.enterprise.name, self.renamed))
        if self.part is not None and self.project is not None:
            role = ParticipantRole(self.part.role).label
            changes += [
                Change("code", "", f"{self.project.code} {self.project}"),
                Change("role", "", str(role)), Change("since", "", str(self.part.during.lower)),
            ]  # fmt: skip
        name = self.enterprise.name or self.row.values.get("name") or ""
        title = f"{self.enterprise.uscc} {name}"
        return RowPlan(self.row, self.outcome, title, changes, self.errors, self.warnings)


def _drafts(rows: Sequence[ImportRow], at: datetime) -> list[_Draft]:
    """What each row would do; five queries, however many rows there are."""
    known = _Known(rows)
    projects = KnownProjects(texts_of(row.values.get("code") for row in rows), ())
    drafts = [_draft(row, known, projects) for row in rows]
    _compare_names(drafts)
    asked = {draft.project.pk for draft in drafts if draft.project}
    ends = ends_of(asked)
    for draft in drafts:
        _add_part(draft, ends, timezone.localdate(at))
    _fill_new(drafts)
    return drafts


def _fill_new(drafts: Sequence[_Draft]) -> None:
    """Name the new enterprises by the rows that are not refused: they alone are carried out."""
    for draft in drafts:
        own, stated = draft.enterprise, _stated(draft.row)
        if own.pk is None and not draft.errors:  # of a value, the first row that states it counts
            own.name = own.name or stated.name
            own.uscc_note = own.uscc_note or stated.uscc_note


class _Known:
    """The enterprises of the rows by their codes, new ones among them, and codes of before."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        codes = {_code_of(row) for row in rows} - {""}
        self._found = {each.uscc: each for each in Enterprise.objects.filter(uscc__in=codes)}
        former = EnterpriseRevision.objects.filter(uscc__in=codes - self._found.keys())
        self.former = set(former.values_list("uscc", flat=True))

    def of(self, uscc: str) -> Enterprise:
        """The enterprise of that code, which all rows of the code share."""
        return self._found.setdefault(uscc, Enterprise(uscc=uscc, name="", uscc_note=""))


def _code_of(row: ImportRow) -> str:
    return normalise_uscc(row.values.get("uscc") or "")


def _stated(row: ImportRow) -> Enterprise:
    """A new enterprise as the row alone states it, so that it stands without the others."""
    return Enterprise(
        uscc=_code_of(row), name=row.values.get("name") or "",
        uscc_note=row.values.get("uscc_note") or "",
    )  # fmt: skip


def _draft(row: ImportRow, known: _Known, projects: KnownProjects) -> _Draft:
    """The row with its enterprise and its project."""
    draft = _Draft(row, known.of(_code_of(row)))
    if draft.enterprise.pk is None:
        taken = [TAKEN_USCC] if draft.enterprise.uscc in known.former else []
        for error in [*enterprise_errors(_stated(row)), *taken]:
            draft.refuse(str(error.path[0]), error.message, error.code)
    else:
        _compare_with_registered(draft)
    code = row.values.get("code")
    draft.project = projects.of_code(code) if code else None
    if code and draft.project is None:
        draft.refuse("code", _("No project of the register has this code."), "unknown")
    elif draft.project is not None and draft.project.left_at is not None:
        draft.refuse("code", left_message(draft.project), "left-register")
    return draft


def _compare_with_registered(draft: _Draft) -> None:
    """Say what the row states of a registered enterprise otherwise."""
    own, name = draft.enterprise, draft.row.values.get("name") or ""
    if name and fold(name) != fold(own.name):
        draft.renamed = name
        renamed = Enterprise(uscc=own.uscc, name=name, uscc_note=own.uscc_note)
        for error in enterprise_errors(renamed):
            draft.refuse(str(error.path[0]), error.message, error.code)
    note = draft.row.values.get("uscc_note")
    if note and note != own.uscc_note:
        draft.warnings.append(_("The note of a registered enterprise stays as it is."))


def _compare_names(drafts: Sequence[_Draft]) -> None:
    """Refuse rows that give one code different names, each with the numbers of the others."""
    named: dict[str, list[_Draft]] = {}
    for draft in drafts:
        if draft.row.values.get("name"):
            named.setdefault(draft.enterprise.uscc, []).append(draft)
    for same in named.values():
        names = {each.row.number: fold(each.row.values["name"]) for each in same}
        for each in same:
            own = names[each.row.number]
            others = [str(number) for number, name in names.items() if name != own]
            if others:
                message = _("Row %(row)s gives this code another name.")
                each.refuse("uscc", message % {"row": "、".join(others)}, "contradicts")


def _add_part(draft: _Draft, ends: Mapping[Any, list[date | None]], today: date) -> None:
    """Add what the row says of a project, unless the enterprise takes part in it so already."""
    role, start = draft.row.values.get("role"), draft.row.values.get("since") or today
    if bool(role) != bool(draft.project) and not draft.errors:
        column = "role" if draft.project else "code"
        draft.refuse(column, _("Give both the project and the role."), "required")
    if draft.errors or draft.project is None or not role:
        return
    key = (draft.project.pk, draft.enterprise.pk or draft.enterprise.uscc, role)
    own = ends[key]
    if None in own:
        return
    if overlaps(own, start):
        draft.refuse("since", _("It has ended on a later day than this one."), "overlap")
        return
    own.append(None)
    draft.part = ProjectParticipant(
        project=draft.project, enterprise=draft.enterprise, role=role,
        during=DateRange(start, None),
    )  # fmt: skip


def plan(rows: Sequence[ImportRow], at: datetime, by: AbstractUser) -> list[RowPlan]:
    """An enterprise of an unknown code is new; another name and a new part are changes."""
    require_permission(by, PERMISSION)
    return [draft.plan for draft in _drafts(rows, at)]


def carry_out(plans: Sequence[RowPlan], at: datetime, by: AbstractUser) -> Iterator[Any]:
    """Register the enterprises, then their parts, and change names from today on.

    Raises Stale where a row would do something else by now; what the verbs raise.
    """
    drafts = _drafts([each.row for each in plans], at)
    if [each.outcome for each in drafts] != [each.outcome for each in plans]:
        raise Stale
    new = {each.enterprise.uscc: each.enterprise for each in drafts if each.outcome is Outcome.NEW}
    register_enterprises(enterprises=list(new.values()), by=by)
    parts = [each.part for each in drafts if each.part is not None]
    for part in parts:
        part.enterprise_id = part.enterprise.pk
    add_participants(participants=parts, by=by)
    renamed = _rename(drafts, timezone.localdate(at), by)
    for draft in drafts:
        effect: dict[str, Any] = {
            "participant": draft.part.pk if draft.part else None, "at": at.isoformat(),
        }  # fmt: skip
        if draft.enterprise.pk in renamed:
            effect["renamed"] = renamed.pop(draft.enterprise.pk)
        yield effect


def _rename(drafts: Sequence[_Draft], today: date, by: AbstractUser) -> dict[int, dict[str, Any]]:
    """Change names from today on; of each enterprise what it was called, and its revision now."""
    new = {each.enterprise.pk: each for each in drafts if each.renamed}
    return {
        key: {
            "enterprise": key, "name": each.enterprise.name,
            "revision": revise_enterprise(
                enterprise=each.enterprise, name=each.renamed, uscc=each.enterprise.uscc,
                uscc_note=each.enterprise.uscc_note, since=today,
                reason=_("Import of enterprises"), version=each.enterprise.revision, by=by,
            ).revision,
        }
        for key, each in new.items()
    }  # fmt: skip


def undo(effects: Sequence[Any], at: datetime, by: AbstractUser) -> None:
    """Delete the parts, and change names back.

    Enterprises stay registered: without a part in a project they see nothing, and file nothing.
    A name is changed back from today on; on the days between it stays what it was then. Raises
    NotAllowed where a part was ended, an enterprise was revised since, or filed something on the
    project.
    """
    require_permission(by, PERMISSION)
    today = timezone.localdate(at)
    for each in effects:
        if "renamed" in each:
            _name_back(each["renamed"], today, by)
    keys = [each["participant"] for each in effects if each["participant"]]
    if keys:
        since = datetime.fromisoformat(effects[0]["at"])
        withdraw_participants(keys=keys, since=since, by=by)


def _name_back(kept: Mapping[str, Any], today: date, by: AbstractUser) -> None:
    """Give the enterprise its name of before, unless it was revised since."""
    own = Enterprise.objects.get(pk=kept["enterprise"])
    if own.revision != kept["revision"]:
        message = _("Enterprise %(enterprise)s was revised since.")
        raise NotAllowed(message % {"enterprise": f"{own.uscc} {own}"})
    revise_enterprise(
        enterprise=own, name=kept["name"], uscc=own.uscc, uscc_note=own.uscc_note, since=today,
        reason=_("An import was undone."), version=own.revision, by=by,
    )  # fmt: skip


def export(by: AbstractUser) -> Iterator[Mapping[str, Any]]:
    """Every enterprise with each of its parts that lasts; one without any once."""
    require_permission(by, "register.view_enterprise")
    lasting = ProjectParticipant.objects.filter(
        during__upper_inf=True, project__left_at__isnull=True
    ).select_related("project")
    parts: dict[int, list[ProjectParticipant]] = {}
    for part in lasting.order_by("project__code", "role"):
        parts.setdefault(part.enterprise_id, []).append(part)
    for row in Enterprise.objects.order_by("uscc"):
        for own in (*parts.get(row.pk, ()), *(() if row.pk in parts else (None,))):
            project = None if own is None else own.project
            yield {
                "uscc": row.uscc, "name": row.name, "uscc_note": row.uscc_note or None,
                "code": (project.national_code or project.code) if project else None,
                "role": own and own.role, "since": own and own.during.lower,
            }  # fmt: skip


ENTERPRISES: Final = ImportSheet(
    name="enterprises", title=gettext_lazy("Enterprises"), columns=_COLUMNS,
    permission=PERMISSION, plan=plan, carry_out=carry_out, undo=undo, export=export, order=20,
)  # fmt: skip
