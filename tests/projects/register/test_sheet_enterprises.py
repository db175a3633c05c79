"""The sheet of enterprises: who takes part in what, as it is planned, done and undone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.utils import timezone

from projects.house.imports import ImportRow
from projects.record.clock import change, clock_at, now
from projects.record.refusals import NotAllowed
from projects.register.models import Enterprise, EnterpriseRevision, ProjectParticipant
from projects.register.revisions import wrong_enterprises
from projects.register.sheet_enterprises import ENTERPRISES
from tests.factories.coordination import director, enterprise, officer, project, uscc

_MORNING: Final = datetime(2020, 3, 9, 9, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _in_march(db: None) -> Iterator[None]:
    with clock_at(_MORNING):
        yield


def row(number: int, identifier: str, name: str, **values: Any) -> ImportRow:
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
    with django_assert_num_queries(3):
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
    assert [each[3] for each in parts()] == [date(2020, 3, 12)] * 3
    with pytest.raises(NotAllowed), change() as at:
        ENTERPRISES.undo(effects[::-1], at, by)
    assert Enterprise.objects.count() == 3


def test_rows_that_are_refused() -> None:
    own, known = project(), enterprise()
    rows = [
        row(1, "91410305MA0000015Y", "某公司"), row(2, known.uscc, "别的名称"),
        row(3, uscc(901), "甲公司", code="没有", role="owner"),
        row(4, uscc(902), "乙公司", code=own.code), row(5, uscc(903), "丙公司", role="owner"),
        row(6, uscc(904), "丁公司"), row(7, uscc(904), "戊公司"),
    ]  # fmt: skip
    planned = ENTERPRISES.plan(rows, now(), director())
    assert [(each.row.number, error.column, error.code) for each in planned
            for error in each.errors] == [
        (1, "uscc", "uscc-check"), (2, "name", "contradicts"), (3, "code", "unknown"),
        (4, "role", "required"), (5, "code", "required"), (6, "uscc", "contradicts"),
        (7, "uscc", "contradicts"),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        ENTERPRISES.plan(rows, now(), officer())
    assert Enterprise.objects.count() == 1
