"""The sheet of projects: the city's list of key projects, as districts and departments send it.

A row means the project of its code: the national one (2020-410305-48-03-012345) or the register's
own. Without a code it means the one of exactly its name and district. A new project that has a
national code gets its twenty digits for the register's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.house.imports import ImportColumn, ImportRow, ImportSheet, Kind, Outcome, RowPlan
from projects.record.refusals import NotAllowed, Stale
from projects.register.models import (
    Batch,
    District,
    Level,
    Phase,
    Project,
    ProjectParticipant,
    Sector,
)
from projects.register.queries import current_projects
from projects.register.registration import require_permission
from projects.register.registration_many import (
    Revision,
    register_projects,
    remove_projects,
    require_version,
    return_projects,
    revise_projects,
)
from projects.register.sheet_drafts import Draft, drafts_of

PERMISSION: Final = "register.add_project"
_AT_ONCE: Final = 500  # rows that the export holds
_PARSED: Final[Mapping[str, Callable[[str], Any]]] = {
    "total_investment": Decimal, "annual_investment": Decimal,
    "planned_resumption": date.fromisoformat,
}  # fmt: skip
_COLUMNS: Final = (
    ImportColumn(
        "name", gettext_lazy("project name"), Kind.TEXT, ("项目名称", "工程名称", "名称"),
        is_key=True, is_required=True,
    ),
    ImportColumn(
        "code", gettext_lazy("project code"), Kind.CODE,
        ("项目代码", "项目编码", "投资项目代码", "国家代码", "统一代码"),
        is_key=True, is_required=True,
    ),
    ImportColumn("batch", gettext_lazy("batch"), Kind.TEXT, ("批次", "项目批次", "所属批次")),
    ImportColumn(
        "level", gettext_lazy("level"), Kind.CHOICE, ("级别", "项目级别", "层级", "重点级别"),
        choices={
            Level.PROVINCIAL: ("省重点", "省级", "省", "省重点项目", "省级重点"),
            Level.MUNICIPAL: ("市重点", "市级", "市", "市重点项目", "市级重点"),
        }, is_required=True,
    ),
    ImportColumn(
        "phase", gettext_lazy("phase"), Kind.CHOICE,
        ("建设性质", "项目阶段", "建设阶段", "阶段", "项目性质"),
        choices={
            Phase.CONTINUING: ("续建", "结转", "续建结转", "在建"),
            Phase.NEW_START: ("新开工", "新建", "计划新开工"),
            Phase.PRELIMINARY: ("前期", "预备", "储备", "前期预备", "预备前期"),
            Phase.COMPLETING: ("竣工", "计划竣工", "年内竣工", "拟竣工"),
        }, is_required=True,
    ),
    ImportColumn(
        "sector", gettext_lazy("sector"), Kind.CHOICE,
        ("项目类型", "行业", "行业类别", "项目类别", "领域"),
        choices={
            Sector.INDUSTRY: ("产业", "工业", "产业发展", "制造业", "产业转型"),
            Sector.INFRASTRUCTURE: ("基础设施", "重大基础设施", "交通", "能源", "水利"),
            Sector.URBAN: ("城建", "城市建设", "城镇化", "新型城镇化", "城市基础设施"),
            Sector.INNOVATION: ("创新", "科技创新", "自主创新", "创新驱动"),
            Sector.ECOLOGY: ("生态环保", "生态", "环保", "生态环境", "生态建设"),
            Sector.LIVELIHOOD: ("民生", "社会民生", "社会事业", "民生改善"),
        }, is_required=True,
    ),
    ImportColumn(
        "district", gettext_lazy("district or county"), Kind.TEXT,
        ("建设地点", "县区", "所属县区", "县（市、区）", "县市区", "所在地", "项目所在地", "属地",
         "区县", "县（市）区", "所在县区"),
        is_required=True,
    ),
    ImportColumn(
        "total_investment", gettext_lazy("total investment (亿元)"), Kind.MONEY,
        ("总投资", "项目总投资", "投资总额", "计划总投资", "总投资额"), "亿元",
        is_required=True, is_summed=True,
    ),
    ImportColumn(
        "annual_investment", gettext_lazy("planned investment of the year (亿元)"), Kind.MONEY,
        ("年度计划投资", "年计划投资", "年度目标", "{Y}年计划投资", "当年计划投资", "年度投资计划",
         "{Y}年投资计划", "{Y}年计划完成投资"), "亿元",
        is_required=True, is_summed=True,
    ),
    ImportColumn(
        "planned_resumption", gettext_lazy("planned resumption or start"), Kind.DAY,
        ("计划开（复）工时间", "计划开工时间", "计划复工时间", "计划开复工时间", "开工时间", "开工",
         "计划开工", "开复工时间"),
    ),
)  # fmt: skip


def plan(rows: Sequence[ImportRow], at: datetime, by: AbstractUser) -> list[RowPlan]:
    """A project of an unknown code is new; what is stated otherwise than registered is changed."""
    require_permission(by, PERMISSION)
    return [draft.plan for draft in drafts_of(rows, at)]


def carry_out(plans: Sequence[RowPlan], at: datetime, by: AbstractUser) -> Iterator[Any]:
    """Register, bring back and revise, in three steps for all rows.

    Raises Stale where a row would do something else by now; what the verbs raise.
    """
    drafts = drafts_of([each.row for each in plans], at)
    if [each.outcome for each in drafts] != [each.outcome for each in plans]:
        raise Stale
    new = [each for each in drafts if each.outcome is Outcome.NEW]
    changed = [each for each in drafts if each.outcome is Outcome.CHANGED]
    befores = {each.project.pk: _kept(each) for each in changed}
    register_projects(projects=[each.project for each in new], by=by)
    back = [each.project.pk for each in changed if each.returns]
    parts = _parts_of(back)
    if back:
        return_projects(projects=back, reason=_("Import of projects"), by=by)
    if revisions := [each.revision for each in changed if each.changes]:
        revise_projects(revisions=revisions, by=by)
    registered = set(map(id, new))
    for draft in drafts:
        if id(draft) in registered:
            yield {"did": "registered", "project": draft.project.pk, "version": 1}
        else:
            version = draft.project.version + bool(draft.changes)
            effect: dict[str, Any] = {
                "did": "returned" if draft.returns else "revised", "project": draft.project.pk,
                "version": version, "before": befores[draft.project.pk],
            }  # fmt: skip
            if draft.returns:
                effect |= {"at": at.isoformat(), "parts": parts[draft.project.pk]}
            yield effect


def _parts_of(projects: Sequence[int]) -> dict[int, list[int]]:
    """The ids of the participations in each of these projects."""
    found = {each: list[int]() for each in projects}
    rows = ProjectParticipant.objects.filter(project__in=projects) if projects else ()
    for row in rows:
        found[row.project_id].append(row.pk)
    return found


def _kept(draft: Draft) -> dict[str, Any]:
    """The values before, as JSON; a batch and a district by their ids."""
    kept: dict[str, Any] = {}
    for name, value in draft.before.items():
        if isinstance(value, Batch | District):
            kept[name] = value.pk
        elif isinstance(value, Decimal | date):
            kept[name] = str(value)
        else:
            kept[name] = value
    return kept


def undo(effects: Sequence[Any], at: datetime, by: AbstractUser) -> None:  # noqa: ARG001 - of every sheet
    """Revise what was changed back, and take out of the register what was new or had come back.

    Raises NotAllowed where a project was revised since, or something was recorded on one that is
    to leave.
    """
    reason = _("An import was undone.")
    projects = {each["project"]: each for each in effects}
    for row in Project.objects.filter(pk__in=projects):
        require_version(row, projects[row.pk]["version"])
        if row.left_at is not None:
            raise NotAllowed(_("Project %(code)s has left the register.") % {"code": row.code})
    changed = [each for each in effects if each.get("before")]
    if changed:
        batches, districts = Batch.objects.in_bulk(), District.objects.in_bulk()
        revisions = [
            Revision(each["project"], each["version"], _values(each["before"], batches, districts))
            for each in changed
        ]
        revise_projects(revisions=revisions, reason=reason, by=by)
    for did in ("registered", "returned"):
        gone = [each for each in effects if each["did"] == did]
        if gone:
            remove_projects(
                versions={
                    each["project"]: each["version"] + bool(each.get("before")) for each in gone
                },
                since=datetime.fromisoformat(gone[0]["at"]) if did == "returned" else None,
                parts=[part for each in gone for part in each.get("parts", ())],
                reason=reason, by=by,
            )  # fmt: skip


def _values(
    kept: Mapping[str, Any], batches: Mapping[int, Batch], districts: Mapping[int, District]
) -> dict[str, Any]:
    """What was kept, as values of a project."""
    found: dict[str, Any] = {}
    for name, value in kept.items():
        if name == "batch":
            found[name] = batches[value]
        elif name == "district":
            found[name] = districts[value]
        else:
            found[name] = _PARSED.get(name, str)(value) if value is not None else None
    return found


def export(by: AbstractUser) -> Iterator[Mapping[str, Any]]:
    """Every project of the register, by code; a national code where it has one."""
    require_permission(by, "register.view_project")
    rows = current_projects().select_related("district", "batch").order_by("code")
    for project in rows.iterator(chunk_size=_AT_ONCE):
        values = {each.name: getattr(project, each.name) for each in _COLUMNS}
        yield {
            **values, "code": project.national_code or project.code,
            "batch": project.batch.name, "district": project.district.name,
        }  # fmt: skip


PROJECTS: Final = ImportSheet(
    name="projects", title=gettext_lazy("Projects"), columns=_COLUMNS, permission=PERMISSION,
    plan=plan, carry_out=carry_out, undo=undo, export=export, order=10,
)  # fmt: skip
