"""The sheet of enterprises: who takes part in what, as it is planned, done and undone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.utils import timezone

from projects.house.imports import ImportRow
from projects.record.audit import audit
from projects.record.clock import change, clock_at, now
from projects.record.refusals import NotAllowed
from projects.register.models import Enterprise, EnterpriseRevision, ProjectParticipant
from projects.register.names import called
from projects.register.registration import revise_enterprise
from projects.register.revisions import wrong_enterprises
from projects.register.sheet_enterprises import ENTERPRISES
from tests.factories.coordination import (
    desk,
    director,
    enterprise,
    filed,
    officer,
    project,
    uscc,
)

_MORNING: Final = datetime(2020, 3, 9, 9, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _in_march(db: None) -> Iterator[None]:
    with clock_at(_MORNING):
        yield


def row(number: int, identifier: str, name: str | None, **values: Any) -> ImportRow:
    own = {"uscc": identifier, "name": name, "code": None, "role": None, "since": None}
    return ImportRow(number, own | values)


def carried_out(*rows: ImportRow) -> list[Any]:
    with change() as at:
        plans = ENTERPRISES.plan(rows, at, director())
        chosen = [each for each in plans if each.outcome in {"new", "changed"}]
        return list(ENTERPRISES.carry_out(chosen, at, director()))


def parts() -> list[tuple[str, str, date, date | None]]:
    return [
        (each.enterprise.name, each.role, each.during.lower, each.during.upper)
        for each in ProjectParticipant.objects.select_related("enterprise").order_by("pk")
    ]


def test_enterprises_and_their_parts_are_recorded_and_ended_again(
    django_assert_num_queries: Any,
) -> None:
    first, second, known = project(), project(), enterprise()
    rows = [
        row(1, uscc(901), "甲公司", code=first.code, role="owner", since=date(2020, 3, 1)),
        row(2, uscc(901), "甲公司", code=second.code, role="owner"),
        row(3, known.uscc, known.name, code=first.code, role="contractor"),
        row(4, uscc(902), "乙公司"), row(5, known.uscc, known.name),
    ]  # fmt: skip
    by = director()
    with django_assert_num_queries(4):
        planned = ENTERPRISES.plan(rows, now(), by)
    assert [each.outcome for each in planned] == ["new", "new", "changed", "new", "unchanged"]
    effects = carried_out(*rows)
    assert parts() == [
        ("甲公司", "owner", date(2020, 3, 1), None), ("甲公司", "owner", date(2020, 3, 9), None),
        (known.name, "contractor", date(2020, 3, 9), None),
    ]  # fmt: skip
    assert EnterpriseRevision.objects.filter(enterprise__name__in=("甲公司", "乙公司")).count() == 2
    assert list(wrong_enterprises()) == []
    assert [each.outcome for each in ENTERPRISES.plan(rows, now(), by)] == ["unchanged"] * 5
    exported = [ImportRow(1, each) for each in ENTERPRISES.export(by)]
    again = ENTERPRISES.plan(exported, now(), by)
    assert [each.outcome for each in again] == ["unchanged"] * 4
    with clock_at(_MORNING + timedelta(days=3)), change() as at:
        ENTERPRISES.undo(effects[::-1], at, by)
    assert parts() == []
    assert list(audit()) == []
    with pytest.raises(NotAllowed), change() as at:
        ENTERPRISES.undo(effects[::-1], at, by)
    assert Enterprise.objects.count() == 3


def test_the_same_sheet_is_carried_out_again_on_the_day_of_its_undoing() -> None:
    known, site = enterprise(), project()
    rows = [row(1, known.uscc, known.name, code=site.code, role="owner")]
    effects = carried_out(*rows)
    before = parts()
    with change() as at:
        ENTERPRISES.undo(effects, at, director())
    assert parts() == []
    assert [each.outcome for each in ENTERPRISES.plan(rows, now(), director())] == ["changed"]
    carried_out(*rows)
    assert parts() == before


def test_it_is_not_undone_where_the_enterprise_filed_something_since() -> None:
    at = desk()
    filed(at)  # before the import, in another role
    with clock_at(_MORNING + timedelta(minutes=1)):
        rows = [row(1, at.enterprise.uscc, None, code=at.project.code, role="supplier")]
        effects = carried_out(*rows)
        other = carried_out(row(1, enterprise().uscc, None, code=at.project.code, role="owner"))
    with clock_at(_MORNING + timedelta(minutes=2)):
        filed(at)
        before = parts()
        with (
            pytest.raises(NotAllowed, match=f"{at.enterprise.name} .*已有工单"),
            change() as moment,
        ):
            ENTERPRISES.undo([*other, *effects], moment, director())
        assert parts() == before
        with change() as moment:
            ENTERPRISES.undo(other, moment, director())
    assert parts() == before[:-1]


def test_rows_that_are_refused() -> None:
    own, known = project(), enterprise()
    former = known.uscc
    revise_enterprise(
        enterprise=known, name=known.name, uscc=uscc(900), since=date(2020, 3, 9), reason="换证",
        by=director(),
    )  # fmt: skip
    rows = [
        row(1, "91410305MA0000015Y", "某公司"), row(2, former, "别的名称"),
        row(3, uscc(901), "甲公司", code="没有", role="owner"),
        row(4, uscc(902), "乙公司", code=own.code), row(5, uscc(903), "丙公司", role="owner"),
        row(6, uscc(904), "丁公司"), row(7, uscc(904), "戊公司"),
        row(8, uscc(900), "甲甲公司"), row(9, uscc(900), known.name),
        row(10, uscc(900), "长" * 121), row(11, uscc(905), ""),
    ]  # fmt: skip
    planned = ENTERPRISES.plan(rows, now(), director())
    assert [(each.row.number, error.column, error.code) for each in planned
            for error in each.errors] == [
        (1, "uscc", "uscc-check"), (2, "uscc", "unique"), (3, "code", "unknown"),
        (4, "role", "required"), (5, "code", "required"), (6, "uscc", "contradicts"),
        (7, "uscc", "contradicts"), (8, "uscc", "contradicts"), (9, "uscc", "contradicts"),
        (10, "name", "max_length"), (10, "uscc", "contradicts"), (11, "name", "blank"),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        ENTERPRISES.plan(rows, now(), officer())
    assert Enterprise.objects.count() == 1


def test_another_name_holds_from_the_day_on_and_is_changed_back() -> None:
    known, site = enterprise(), project()
    former = known.name
    rows = [
        row(1, known.uscc, "甲集团", code=site.code, role="owner"), row(2, known.uscc, "甲 集团"),
        row(3, known.uscc, None),
    ]  # fmt: skip
    planned = ENTERPRISES.plan(rows, now(), director())
    assert [each.outcome for each in planned] == ["changed", "changed", "unchanged"]
    assert [[each.before, each.after] for each in planned[1].changes] == [[former, "甲 集团"]]
    with clock_at(_MORNING + timedelta(days=1)):
        effects = carried_out(*rows)
        assert [each.outcome for each in ENTERPRISES.plan(rows, now(), director())] == (
            ["unchanged"] * 3
        )
    assert [sorted(each) for each in effects] == [
        ["at", "participant", "renamed"], ["at", "participant"],
    ]  # fmt: skip
    known.refresh_from_db()
    assert (known.name, known.since, known.revision) == ("甲 集团", date(2020, 3, 10), 2)
    with clock_at(_MORNING + timedelta(days=3)), change() as at:
        ENTERPRISES.undo(effects[::-1], at, director())
    known.refresh_from_db()
    days = [called(known, _MORNING + timedelta(days=each)).name for each in (0, 1, 2, 3)]
    assert (known.name, days) == (former, [former, "甲 集团", "甲 集团", former])
    before = parts()
    with pytest.raises(NotAllowed, match="其后已修订"), change() as at:
        ENTERPRISES.undo(effects[::-1], at, director())
    assert (parts(), list(wrong_enterprises())) == (before, [])


def test_an_unusual_code_needs_its_note_in_its_own_row() -> None:
    code, note = "91410305MA0000015Y", "已核对营业执照"
    rows = [
        row(1, code, "某公司", uscc_note=note), row(2, code, "某公司"),
        row(3, enterprise().uscc, None, uscc_note=note),
    ]  # fmt: skip
    planned = ENTERPRISES.plan(rows, now(), director())
    assert [(each.outcome, len(each.warnings)) for each in planned] == [
        ("new", 0), ("refused", 0), ("unchanged", 1),
    ]  # fmt: skip
    assert [[each.column, each.after] for each in planned[0].changes] == [
        ["name", "某公司"], ["uscc_note", note],
    ]  # fmt: skip
    carried_out(*rows)
    made = Enterprise.objects.get(uscc=code)
    assert (made.name, made.uscc_note) == ("某公司", note)


def test_what_is_planned_of_a_new_enterprise_is_what_is_written() -> None:
    rows = [
        row(1, uscc(901), "某 公司", uscc_note="一", code="NONE-1", role="owner"),
        row(2, uscc(901), "某公司", uscc_note="二"),
    ]
    planned = ENTERPRISES.plan(rows, now(), director())
    assert [each.outcome for each in planned] == ["refused", "new"]
    assert [each.after for each in planned[1].changes] == ["某公司", "二"]
    carried_out(*rows)
    made = Enterprise.objects.get(uscc=uscc(901))
    assert (made.name, made.uscc_note) == ("某公司", "二")


@pytest.mark.parametrize("many", [5, 500])
def test_the_number_of_statements_of_a_plan_does_not_depend_on_the_rows(
    many: int, django_assert_num_queries: Any
) -> None:
    by, site = director(), project()
    by.has_perm("register.add_enterprise")
    rows = [row(each, uscc(each), f"企业{each}", code=site.code, role="supplier")
            for each in range(1, many + 1)]  # fmt: skip
    with django_assert_num_queries(4):
        ENTERPRISES.plan(rows, now(), by)
