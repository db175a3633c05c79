"""The sheet of enterprises: who takes part in which project, and in which role.

One row for each part in a project; a row without a project registers the enterprise alone. An
enterprise that is registered keeps its name: a row that calls it otherwise is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
from projects.register.enterprises_many import add_participants, register_enterprises
from projects.register.identifiers import normalise_uscc
from projects.register.models import Enterprise, ParticipantRole, Project, ProjectParticipant
from projects.register.queries_known import KnownProjects, ends_of, overlaps, texts_of
from projects.register.registration import (
    end_participation,
    enterprise_errors,
    require_permission,
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
        ("企业名称", "单位名称", "公司名称", "企业", "名称"), is_required=True,
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
    errors: list[CellError] = field(default_factory=list)

    def refuse(self, column: str, message: Text, code: str) -> None:
        self.errors.append(CellError(column, message, code))

    @property
    def outcome(self) -> Outcome:
        if self.errors:
            return Outcome.REFUSED
        if self.enterprise.pk is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.part else Outcome.UNCHANGED

    @property
    def plan(self) -> RowPlan:
        changes = []
        if self.enterprise.pk is None:
            changes.append(Change("name", "", self.enterprise.name))
        if self.part is not None and self.project is not None:
            role = ParticipantRole(self.part.role).label
            changes += [
                Change("code", "", f"{self.project.code} {self.project}"),
                Change("role", "", str(role)), Change("since", "", str(self.part.during.lower)),
            ]  # fmt: skip
        title = f"{self.enterprise.uscc} {self.enterprise.name}"
        return RowPlan(self.row, self.outcome, title, changes, self.errors)


def _drafts(rows: Sequence[ImportRow], at: datetime) -> list[_Draft]:
    """What each row would do; four queries, however many rows there are."""
    codes = {normalise_uscc(each) for each in texts_of(row.values.get("uscc") for row in rows)}
    registered = {each.uscc: each for each in Enterprise.objects.filter(uscc__in=codes)}
    projects = KnownProjects(texts_of(row.values.get("code") for row in rows), ())
    drafts = [_draft(row, registered, projects) for row in rows]
    _compare_names(drafts)
    asked = {draft.project.pk for draft in drafts if draft.project}
    ends = ends_of(asked)
    for draft in drafts:
        _add_part(draft, ends, timezone.localdate(at))
    return drafts


def _draft(row: ImportRow, known: dict[str, Enterprise], projects: KnownProjects) -> _Draft:
    """The row with its enterprise, which later rows of the same code share."""
    uscc, name = normalise_uscc(row.values.get("uscc") or ""), row.values.get("name") or ""
    found = known.setdefault(uscc, Enterprise(uscc=uscc, name=name))
    draft = _Draft(row, found)
    if found.pk is None:
        for error in enterprise_errors(found):
            draft.refuse(str(error.path[0]), error.message, error.code)
    if found.pk and name and fold(name) != fold(found.name):
        message = _("This code is that of %(name)s. Change the name at the enterprise, if it is "
                    "another now.")  # fmt: skip
        draft.refuse("name", message % {"name": found.name}, "contradicts")
    code = row.values.get("code")
    draft.project = projects.of_code(code) if code else None
    if code and draft.project is None:
        draft.refuse("code", _("No project of the register has this code."), "unknown")
    elif draft.project is not None and draft.project.left_at is not None:
        draft.refuse("code", left_message(draft.project), "left-register")
    return draft


def _compare_names(drafts: Sequence[_Draft]) -> None:
    """Refuse rows that give one new code different names, each with the numbers of the others."""
    named: dict[str, list[_Draft]] = {}
    for draft in drafts:
        if draft.enterprise.pk is None and draft.row.values.get("name"):
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
    """An enterprise of an unknown code is new; a part in a project that is new is a change."""
    require_permission(by, PERMISSION)
    return [draft.plan for draft in _drafts(rows, at)]


def carry_out(plans: Sequence[RowPlan], at: datetime, by: AbstractUser) -> Iterator[Any]:
    """Register the enterprises, then their parts. Raises Stale where a row does otherwise now."""
    drafts = _drafts([each.row for each in plans], at)
    if [each.outcome for each in drafts] != [each.outcome for each in plans]:
        raise Stale
    new = {each.enterprise.uscc: each.enterprise for each in drafts if each.outcome is Outcome.NEW}
    register_enterprises(enterprises=list(new.values()), by=by)
    parts = [each.part for each in drafts if each.part is not None]
    for part in parts:
        part.enterprise_id = part.enterprise.pk
    add_participants(participants=parts, by=by)
    for draft in drafts:
        yield {"participant": draft.part.pk if draft.part else None}


def undo(effects: Sequence[Any], at: datetime, by: AbstractUser) -> None:
    """End the parts today, at the earliest on the day after their first.

    Enterprises stay registered: without a part in a project they see nothing, and file nothing.
    Raises NotAllowed where a part was ended since.
    """
    require_permission(by, PERMISSION)
    today = timezone.localdate(at)
    keys = [each["participant"] for each in effects if each["participant"]]
    rows = ProjectParticipant.objects.select_related("project", "enterprise").in_bulk(keys)
    for row in (rows[each] for each in keys):
        if row.during.upper is not None:
            message = _("The part of %(enterprise)s was ended since.")
            raise NotAllowed(message % {"enterprise": row.enterprise})
        first_after = row.during.lower + timedelta(days=1)
        end_participation(participant=row, on=max(today, first_after), by=by)


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
                "uscc": row.uscc, "name": row.name,
                "code": (project.national_code or project.code) if project else None,
                "role": own and own.role, "since": own and own.during.lower,
            }  # fmt: skip


ENTERPRISES: Final = ImportSheet(
    name="enterprises", title=gettext_lazy("Enterprises"), columns=_COLUMNS,
    permission=PERMISSION, plan=plan, carry_out=carry_out, undo=undo, export=export, order=20,
)  # fmt: skip
