"""The sheet of projects: what rows mean, what they would do, what is done, and undone."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from projects.house.imports import ImportRow, RowPlan
from projects.progress.models import Reporter
from projects.record.clock import change, clock_at, now
from projects.record.refusals import NotAllowed, Stale
from projects.register.exits import remove_project
from projects.register.models import Batch, District, Project, ProjectExit, ProjectRevision
from projects.register.queries import current_projects, register_at
from projects.register.registration import add_participant, revise_project
from projects.register.revisions import wrong_exits, wrong_projects
from projects.register.sheet_projects import PROJECTS
from tests.factories.coordination import desk, director, enterprise, filed, officer, project
from tests.projects.investment.scene import month
from tests.projects.investment.scene import planned as plan_set

_CODE: Final = "2020-410305-48-03-{:06d}"
_MORNING: Final = datetime(2020, 3, 9, 9, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _in_march(db: None) -> Iterator[None]:
    with clock_at(_MORNING):
        yield


@pytest.fixture
def batch() -> Batch:
    return Batch.objects.create(year=2020, ordinal=1, name="2020年第一批")


def row(number: int, **values: Any) -> ImportRow:
    """A row of a new project, with these values instead."""
    own = {
        "name": f"项目{number}", "code": _CODE.format(number), "level": "municipal",
        "phase": "new_start", "sector": "industry", "district": "西工", "batch": None,
        "total_investment": Decimal("1.5"), "annual_investment": Decimal("0.5"),
        "planned_resumption": date(2020, 3, 31),
    }  # fmt: skip
    return ImportRow(number, own | values)


def plan(*rows: ImportRow) -> list[RowPlan]:
    return PROJECTS.plan(rows, now(), director())


def carried_out(*rows: ImportRow, by: AbstractUser | None = None) -> list[Any]:
    """What is needed to undo it, of the rows that would do something."""
    by = by or director()
    with change() as at:
        plans = [each for each in PROJECTS.plan(rows, at, by) if each.outcome in {"new", "changed"}]
        return list(PROJECTS.carry_out(plans, at, by))


def undone(effects: list[Any]) -> None:
    with clock_at(_MORNING + timedelta(hours=1)), change() as at:
        PROJECTS.undo(effects[::-1], at, director())


def errors(plans: list[RowPlan]) -> list[tuple[int, str, str]]:
    return [(each.row.number, error.column, error.code) for each in plans for error in each.errors]


def facts() -> tuple[int, int, int]:
    return Project.objects.count(), ProjectRevision.objects.count(), ProjectExit.objects.count()


def test_new_projects_are_registered_with_their_revisions(batch: Batch) -> None:
    rows = [row(1), row(2, district="伊滨区"), row(3, district="410305", batch="2020年度第一批")]
    planned = plan(*rows)
    assert [(each.outcome, each.title) for each in planned] == [
        ("new", "20204103054803000001 项目1"), ("new", "20204103054803000002 项目2"),
        ("new", "20204103054803000003 项目3"),
    ]  # fmt: skip
    assert facts() == (0, 0, 0)
    carried_out(*rows)
    made = Project.objects.order_by("code")
    assert [(each.name, each.national_code, each.district.name, each.batch) for each in made] == [
        ("项目1", _CODE.format(1), "西工区", batch), ("项目2", _CODE.format(2), "伊滨区", batch),
        ("项目3", _CODE.format(3), "涧西区", batch),
    ]  # fmt: skip
    kept = ProjectRevision.objects.order_by("project__code").values_list(
        "number", "total_investment", "recorded_at", "by__username"
    )
    assert list(kept) == [(1, Decimal("1.5"), _MORNING, director().username)] * 3
    assert list(wrong_projects()) == []
    assert [each.outcome for each in plan(*rows)] == ["unchanged"] * 3
    exported = list(PROJECTS.export(director()))
    assert [each["code"] for each in exported] == [_CODE.format(each) for each in (1, 2, 3)]
    again = [ImportRow(9, each) for each in exported]
    assert [each.outcome for each in plan(*again)] == ["unchanged"] * 3


def test_changes_are_compared_carried_out_and_undone(batch: Batch) -> None:
    carried_out(row(1), row(2))
    first = Project.objects.get(national_code=_CODE.format(1))
    by_name = ImportRow(5, {"name": "项目 1", "district": "西工区", "code": None,
                            "annual_investment": Decimal(1), "phase": "completing"})  # fmt: skip
    (planned,) = plan(by_name)
    assert [(each.column, each.before, each.after) for each in planned.changes] == [
        ("name", "项目1", "项目 1"), ("phase", "新开工", "竣工"),
        ("annual_investment", "0.5", "1"),
    ]  # fmt: skip
    effects = carried_out(by_name)
    first.refresh_from_db()
    assert (first.version, first.annual_investment, first.phase) == (2, Decimal(1), "completing")
    undone(effects)
    first.refresh_from_db()
    assert (first.version, first.name, first.annual_investment, first.phase) == (
        3, "项目1", Decimal("0.5"), "new_start",
    )  # fmt: skip
    assert list(wrong_projects()) == []
    with pytest.raises(NotAllowed, match="项目1"):  # revised since
        undone(effects)


def test_what_was_new_leaves_the_register_and_may_come_back(batch: Batch) -> None:
    effects = carried_out(row(1), row(2))
    undone(effects)
    assert (current_projects().count(), facts()) == (0, (2, 2, 2))
    with clock_at(_MORNING + timedelta(hours=2)):
        changed = row(1, annual_investment=Decimal(1))
        planned = plan(changed)
        assert [(each.outcome, [one.column for one in each.changes]) for each in planned] == [
            ("changed", ["annual_investment", ""])
        ]
        back = carried_out(changed)
    assert [each.annual_investment for each in current_projects()] == [1]
    with clock_at(_MORNING + timedelta(hours=3)), change() as at:
        PROJECTS.undo(back, at, director())
    assert (current_projects().count(), facts()) == (0, (2, 4, 3))
    assert [*wrong_projects(), *wrong_exits()] == []


def test_it_is_not_undone_where_something_stands_on_it() -> None:
    at = desk()
    effect = {"did": "registered", "project": at.project.pk, "version": 1}
    filed(at)
    before = facts()
    with pytest.raises(NotAllowed, match=at.project.code):
        undone([effect])
    other = project()
    revise_project(project=other, changes={"name": "别名"}, by=director())
    with pytest.raises(NotAllowed, match="别名"):
        undone([{"did": "registered", "project": other.pk, "version": 1}])
    assert facts() == (before[0] + 1, before[1] + 2, before[2])


def test_whatever_was_recorded_on_what_is_new_keeps_it_from_undoing() -> None:
    at, by = desk(), director()
    client = at.enterprise

    def part(site: Project) -> None:
        add_participant(
            project=site, enterprise=client, role="owner", start=date(2020, 3, 1), by=by
        )

    def reporter(site: Project) -> None:
        Reporter.objects.create(
            project=site, enterprise=client, name="王五", named_at=now(), named_by=by
        )

    acts: list[Callable[[Project], Any]] = [
        part, reporter,
        lambda site: plan_set(site, at, "1", "1", "1", "0"),
        lambda site: month(site, at, 1, "3"),
    ]  # fmt: skip
    for act in acts:
        site = project()
        act(site)
        with pytest.raises(NotAllowed, match=site.code):
            undone([{"did": "registered", "project": site.pk, "version": 1}])
        assert Project.objects.get(pk=site.pk).left_at is None


def test_of_what_came_back_only_what_is_newer_keeps_it_from_undoing(batch: Batch) -> None:
    at = desk()
    carried = carried_out(row(1))
    site = Project.objects.get(national_code=_CODE.format(1))
    add: dict[str, Any] = {
        "project": site,
        "role": "owner",
        "start": date(2020, 3, 1),
        "by": at.director,
    }
    add_participant(enterprise=enterprise(), **add)
    month(site, at, 1, "3")
    remove_project(project=site, reason="误", by=at.director)
    assert [each["did"] for each in carried] == ["registered"]
    with clock_at(_MORNING + timedelta(minutes=10)):
        back = carried_out(row(1))
    undone(back)
    assert Project.objects.get(pk=site.pk).left_at is not None
    with clock_at(_MORNING + timedelta(hours=2)):
        back = carried_out(row(1))
    with clock_at(_MORNING + timedelta(hours=3)):
        add_participant(enterprise=at.enterprise, **add)
    with (
        pytest.raises(NotAllowed, match="有企业参与"),
        clock_at(_MORNING + timedelta(hours=4)), change() as moment,
    ):  # fmt: skip
        PROJECTS.undo(back, moment, at.director)
    assert Project.objects.get(pk=site.pk).left_at is None


def test_a_known_code_with_the_name_of_another_project_is_warned_of(batch: Batch) -> None:
    carried_out(row(1), row(2))
    planned = plan(row(1, name="项目 2"), row(2, name="另外的名称"))
    assert [(each.outcome, [str(text) for text in each.warnings]) for each in planned] == [
        ("changed", ["该名称已是另一项目的名称：20204103054803000002 项目2。"]), ("changed", []),
    ]  # fmt: skip


def test_rows_that_are_refused(batch: Batch) -> None:
    known = project(name="中部云谷", phase="completing", batch=batch)
    gone = project(name="误登记", batch=batch)
    remove_project(project=gone, reason="误", by=director())
    refused = [
        row(1, district="郑州市金水区"), row(2, batch="第九批"),
        row(3, annual_investment=Decimal(2)), row(4, phase="preliminary"),
        row(5, name="中部 云谷", district=known.district.name),
        row(6, code=known.code, phase="new_start", planned_resumption=None),
        ImportRow(7, {"name": "只有名称", "code": "LY-9"}),
    ]  # fmt: skip
    assert errors(plan(*refused)) == [
        (1, "district", "district"), (2, "batch", "batch"),
        (3, "annual_investment", "over-total"), (4, "planned_resumption", "phase"),
        (5, "name", "same-name"), (6, "phase", "required"),
        *((7, column, "null" if column.endswith("investment") else "blank") for column in
          ("level", "phase", "sector", "total_investment", "annual_investment")),
        (7, "district", "required"),
    ]  # fmt: skip
    liaison = officer()
    for act in (lambda: PROJECTS.plan([row(1)], now(), liaison), lambda: carried_out(by=liaison)):
        with pytest.raises(NotAllowed):
            act()


def test_a_row_without_a_batch_is_told_which_there_are(batch: Batch) -> None:
    for ordinal, name in ((2, "2020年增补项目"), (11, "2020年第十一批")):
        Batch.objects.create(year=2020, ordinal=ordinal, name=name)
    rows = [row(1), *(row(2 + at, batch=each) for at, each in enumerate(
        ("第二批", "2020年增补项目", "2020年第11批", "第十一批", "2020年第十一批")
    ))]  # fmt: skip
    planned = plan(*rows)
    assert errors(planned) == [(1, "batch", "required"), (5, "batch", "batch")]
    for each in Batch.objects.all():
        assert each.name in str(planned[0].errors[0].message)
    found = [change.after for each in planned for change in each.changes
             if change.column == "batch"]  # fmt: skip
    assert found == ["2020年增补项目", "2020年增补项目", "2020年第十一批", "2020年第十一批"]


def test_a_short_name_of_two_districts_is_refused_with_both(batch: Batch) -> None:
    start = District.objects.get(name="西工区").valid
    District.objects.create(code="410399", name="西工县", kind="county", valid=start)
    short, whole = plan(row(1, district="西工"), row(2, district="西工区"))
    assert (short.outcome, whole.outcome) == ("refused", "new")
    assert "西工区、西工县" in str(short.errors[0].message)


def test_an_import_and_its_undoing_leave_what_was_counted_before(batch: Batch) -> None:
    carried_out(row(1), row(2))
    with clock_at(_MORNING + timedelta(minutes=10)):
        before = now()
    counted = list(register_at(before).values())
    with clock_at(_MORNING + timedelta(minutes=20)):
        effects = carried_out(row(1, annual_investment=Decimal(1)), row(3))
        during = now()
    totals = sorted(register_at(during).values_list("project__name", "annual_investment"))
    assert totals == [("项目1", Decimal(1)), ("项目2", Decimal("0.5")), ("项目3", Decimal("0.5"))]
    undone(effects)
    assert list(register_at(before).values()) == counted
    assert sorted(register_at(during).values_list("project__name", "annual_investment")) == totals
    with clock_at(_MORNING + timedelta(hours=2)):
        after = register_at(now()).values_list("project__name", "annual_investment")
        assert sorted(after) == [("项目1", Decimal("0.5")), ("项目2", Decimal("0.5"))]


def test_rows_that_contradict_each_other_are_refused_with_both_numbers(batch: Batch) -> None:
    rows = [
        row(1), row(2, code=_CODE.format(1), name="另一个"),
        row(3, name="同名"), row(4, name="同 名"), row(5), ImportRow(6, row(5).values),
    ]  # fmt: skip
    planned = plan(*rows)
    assert [each.outcome for each in planned] == ["refused"] * 4 + ["new", "unchanged"]
    said = [(each.row.number, error.column, str(error.message)) for each in planned
            for error in each.errors]  # fmt: skip
    assert [(number, column) for number, column, _text in said] == [
        (1, "code"), (2, "code"), (3, "name"), (4, "name"),
    ]  # fmt: skip
    assert [any(str(other) in text for other in others)
            for (_number, _column, text), others in zip(said, ([2], [1], [4], [3]), strict=True)
            ] == [True] * 4  # fmt: skip
    assert len(planned[5].warnings) == 1


def test_a_name_that_resembles_a_registered_one_is_a_warning(batch: Batch) -> None:
    carried_out(row(1, name="洛阳格力智能装备产业园"))
    planned = plan(
        row(2, name="洛阳格力智能装备产业园区"), row(3, name="洛阳格力智能装备产业园二期"),
        row(4, name="洛阳格力智能装备产业园区", district="涧西区"),
    )  # fmt: skip
    assert [(each.outcome, len(each.warnings)) for each in planned] == [
        ("new", 1), ("new", 0), ("new", 0),
    ]  # fmt: skip


def test_a_code_of_an_area_that_is_not_ours_is_a_warning(batch: Batch) -> None:
    areas = {"410305": 0, "410306": 0, "410307": 0, "410371": 0, "410300": 0, "410000": 0,
             "000000": 0, "410726": 1, "110105": 1}  # fmt: skip
    rows = [row(number, code=f"2020-{area}-48-03-{number:06d}")
            for number, area in enumerate(areas, start=1)]  # fmt: skip
    planned = plan(*rows)
    assert {each.outcome for each in planned} == {"new"}
    assert [len(each.warnings) for each in planned] == list(areas.values())
    assert "410726" in str(planned[7].warnings[0])
    carried_out(*rows)
    assert [(each.outcome, each.warnings) for each in plan(*rows)] == [("unchanged", [])] * 9


def test_the_number_of_statements_does_not_depend_on_the_rows(
    batch: Batch, django_assert_num_queries: Any
) -> None:
    by, at = director(), now()
    by.has_perm("register.add_project")
    for many in (5, 500):
        rows = [row(number) for number in range(1, many + 1)]
        with django_assert_num_queries(4):
            PROJECTS.plan(rows, at, by)
    carried_out(*(row(number) for number in range(1, 31)))
    with django_assert_num_queries(4):
        PROJECTS.plan(rows, at, by)


def test_nothing_is_done_where_a_row_would_do_something_else_by_now(batch: Batch) -> None:
    plans = plan(row(1), row(2))
    carried_out(row(2))
    before = facts()
    with pytest.raises(Stale), change() as at:
        list(PROJECTS.carry_out(plans, at, director()))
    assert facts() == before
