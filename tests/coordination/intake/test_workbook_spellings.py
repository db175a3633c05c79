"""A workbook is read as everything else that people type: by the tables of docs/spellings.md."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from coordination.intake.upload.columns import columns_of
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket
from projects.access.keys import issue_key
from projects.record.clock import clock_at
from projects.record.days import PAST
from tests.coordination.intake.scene import (
    CHINA,
    MADE,
    Scene,
    build,
    client_with,
    counts,
    goods,
    material,
    vehicle,
    workers,
)
from tests.coordination.intake.test_upload import errors, row, send, workbook
from tests.projects.record.spelling_tables import REFUSED, of_type, rows_of

MORNING = datetime(2020, 3, 9, 8, tzinfo=CHINA)
NINTH, TENTH, EIGHTH = date(2020, 3, 9), date(2020, 3, 10), date(2020, 3, 8)


@pytest.fixture
def scene(db: None) -> Scene:
    with clock_at(MORNING):
        return build()


def letter(kind: str, name: str, *, of_line: bool = True) -> str:
    names = [(each.name, each.of_line) for each in columns_of(kind)]
    return chr(65 + names.index((name, of_line)))


def refused(at: str, typed: Iterable[tuple[Any, str]]) -> list[str]:
    """The cells of the column that cannot be read; the first row is the third."""
    return [f"{at}{row}" for row, (_typed, to) in enumerate(typed, start=3) if to == REFUSED]


def pass_of(**changes: Any) -> dict[str, Any]:
    return vehicle(valid_from=NINTH, valid_to=TENTH, **changes)


def filed(scene: Scene, kind: str, rows: list[dict[str, Any]], **cells: Any) -> Any:
    """The answer to these rows, of which those without errors are filed; each is a ticket."""
    content = workbook(kind, *rows, **cells)
    return send(scene, content, kind=kind, good_rows="true").json()


def test_plates(scene: Scene) -> None:
    typed = of_type("plate")
    with clock_at(MORNING):
        answer = filed(scene, "vehicle_pass", [row(pass_of(plate=each)) for each, _to in typed])
    wrong = refused(letter("vehicle_pass", "plate"), typed)
    assert errors(answer) == [(cell, "plate") for cell in wrong]
    stored = [to for _typed, to in typed if to != REFUSED]
    assert list(VehiclePassLine.objects.order_by("ticket_id").values_list("plate", flat=True)) == (
        stored
    )


def test_telephones(scene: Scene) -> None:
    typed = of_type("phone")
    rows = [row(pass_of(), contact_mobile=each) for each, _to in typed]
    with clock_at(MORNING):
        answer = filed(scene, "vehicle_pass", rows)
    at = letter("vehicle_pass", "contact_mobile", of_line=False)
    assert errors(answer) == [(cell, "phone") for cell in refused(at, typed)]
    stored = [to for _typed, to in typed if to != REFUSED]
    assert [each.contact_mobile for each in Ticket.objects.order_by("pk")] == stored


def test_places(scene: Scene) -> None:
    typed = [(each, to) for year, each, to, _name in rows_of("Places") if year == "2020"]
    line = workers(departs_at=datetime(2020, 3, 10, 8), arrives_at="2020年3月10日 16时")  # noqa: DTZ001 - as Excel has it
    with clock_at(MORNING):
        rows = [row({**line, "origin": place}) for place, _to in typed]
        answer = filed(scene, "worker_return", rows)
    at = letter("worker_return", "origin")
    assert [cell for cell, _code in errors(answer)] == refused(at, typed)
    model: Any = KINDS["worker_return"].model
    assert list(model.objects.order_by("ticket_id").values_list("origin", flat=True)) == [
        to for _typed, to in typed if to != REFUSED
    ]


def test_days(scene: Scene) -> None:
    """Days as text and as Excel's own, which last to their end where something lasts until then."""
    typed: list[tuple[Any, str]] = [
        (each, until) for each, until in rows_of("Days") if "T" not in each
    ]
    typed += [(TENTH, typed[0][1]), (43_900, typed[0][1]), ("20200310", typed[0][1])]
    rows = [row(pass_of() | {"valid_to": each}, needed_by=each) for each, _until in typed]
    with clock_at(MORNING):
        answer = filed(scene, "vehicle_pass", rows)
    needed_by = letter("vehicle_pass", "needed_by", of_line=False)
    wrong = zip(refused(needed_by, typed), refused(letter("vehicle_pass", "valid_to"), typed),
                strict=True)  # fmt: skip
    assert errors(answer) == [(cell, "type") for cells in wrong for cell in cells]
    right = [until for _typed, until in typed if until != REFUSED]
    until = [each.needed_by.astimezone(CHINA).isoformat() for each in Ticket.objects.order_by("pk")
             if each.needed_by]  # fmt: skip
    assert until == right
    assert set(VehiclePassLine.objects.values_list("valid_to", flat=True)) == {TENTH}


def test_headings_and_choices(scene: Scene) -> None:
    read = {typed: to for typed, to in rows_of("Workbooks")}  # noqa: C416 - of tuples of any length
    cells = {}
    for typed, name in read.items():
        at = [each for each in columns_of("vehicle_pass") if each.name == name]
        if at:
            cells[f"{letter('vehicle_pass', name, of_line=at[0].of_line)}1"] = typed
    types = {value: typed for typed, value in read.items() if value in {"B", "ordinary"}}
    assert (len(cells), len(types)) == (2, 2)
    rows = [row(pass_of(pass_type=typed)) for typed in types.values()]
    with clock_at(MORNING):
        assert filed(scene, "vehicle_pass", rows, **cells)["errors"] == []
    stored = VehiclePassLine.objects.order_by("ticket_id").values_list("pass_type", flat=True)
    assert list(stored) == list(types)


def test_numbers_of_tickets_and_of_things(scene: Scene) -> None:
    """A number of the sheet however it is typed is one ticket; also where Excel has a number."""
    read = rows_of("Workbooks")
    serials = [typed for typed, to in read if to == "1"]
    amounts: list[Any] = [typed for typed, to in read if to == "1200"]
    assert (len(serials), len(amounts)) == (3, 3)
    rows = [row(material(quantity=amount, needed_by=TENTH), serial)
            for serial, amount in zip([*serials, 1.0], [*amounts, 1200], strict=True)]  # fmt: skip
    with clock_at(MORNING):
        answer = filed(scene, "material_supply", [*rows, row(material(needed_by=TENTH), "1-1")])
    assert [each["rows"] for each in answer["results"]] == [[3, 4, 5, 6], [7]]
    model: Any = KINDS["material_supply"].model
    first = Ticket.objects.order_by("pk")[0]
    assert {each.quantity for each in model.objects.filter(ticket=first)} == {Decimal(1200)}


def test_one_day_is_a_whole_day_and_what_has_passed_is_said_alike(scene: Scene) -> None:
    """A pass of today alone, a journey by tonight; nothing that ended yesterday, in any kind."""
    with clock_at(MORNING):
        today = [row(pass_of() | {"valid_from": each, "valid_to": each}, needed_by=each)
                 for each in (NINTH, "2020.3.9", "２０２０年３月９日")]  # fmt: skip
        assert filed(scene, "vehicle_pass", today)["errors"] == []
        assert Ticket.objects.count() == len(today)
        before = counts()
        passed: dict[str, tuple[dict[str, Any], str]] = {
            "vehicle_pass": (pass_of() | {"valid_from": EIGHTH, "valid_to": EIGHTH}, "valid_to"),
            "worker_return": (
                workers(departs_at="2020/3/8 8:00", arrives_at="2020/3/8 16:00"), "arrives_at"),
            "goods_transport": (
                goods(load_from="2020-3-8 8:00", load_to="2020-3-8 9:00",
                      unload_from="2020-3-8 10:00", unload_to="2020-3-8 11:00"), "unload_to"),
            "material_supply": (material(needed_by=EIGHTH), "needed_by"),
        }  # fmt: skip
        with translation.override("en"):
            text = str(PAST)
        for number, (kind, (line, name)) in enumerate(passed.items()):
            answer = send(
                scene, workbook(kind, row(line)), kind=kind, trial=True, key=f"k-{number}"
            ).json()
            told = [(each["cell"], each["code"]) for each in answer["errors"]
                    if each["detail"] == text]  # fmt: skip
            assert (f"{letter(kind, name)}3", "date-order") in told, (kind, answer["errors"])
            late = row({**line, name: TENTH}, needed_by=EIGHTH - timedelta(days=1))
            answer = send(scene, workbook(kind, late), kind=kind, trial=True).json()
            at = letter(kind, "needed_by", of_line=False)
            assert (f"{at}3", text) in [(each["cell"], each["detail"]) for each in answer["errors"]]
    assert counts() == before


@pytest.mark.parametrize(("kind", "changes", "said"), [
    ("worker_return", {"health_declared": "没有"}, "请填以下之一：是、否。"),
    ("worker_return", {"mode": "轮船"}, "请填以下之一：大巴、火车、专列包厢、飞机、自行前往。"),
    ("worker_return", {"departs_at": "3月11日"}, "请填日期和时间，如2020年3月11日 18:00。"),
    ("worker_return", {"headcount": "约30人"}, "请用数字填写整数，如30。"),
    ("worker_return", {"headcount": 0}, "不得小于1。"),
    ("worker_return", {"headcount": 20_000, "seats": 20_000}, "不得大于10000。"),
    ("material_supply", {"needed_by": "尽快"}, "请填日期，如2020年3月11日。"),
    ("material_supply", {"quantity": "500吨"}, "请用数字填写，如12.5，不带单位。"),
    ("material_supply", {"quantity": "1.2345"}, "小数最多3位。"),
    ("material_supply", {"quantity": "1000000000000"}, "数字过大，整数部分最多11位。"),
    ("material_supply", {"item": "水" * 61}, "最多60个字，现有61个字。"),
    ("material_supply", {"item": None}, "此项必填。"),
    ("vehicle_pass", {"origin": "伊滨区"},
     ("“伊滨区”是功能区，没有行政区划代码，请填其所在的县（市、区）：河南省洛阳市洛龙区（410311）、"
      "河南省洛阳市伊川县（410329）、河南省洛阳市偃师市（410381）。")),
    ("vehicle_pass", {"valid_to": "9999-12-31"},
     "日期相距过远，应在2019年3月9日至2022年3月10日之间。"),
])  # fmt: skip
def test_a_mistake_is_told_in_words_of_clerks(
    scene: Scene, kind: str, changes: dict[str, Any], said: str
) -> None:
    with clock_at(MORNING):
        content = workbook(kind, row({**MADE[kind](), **changes}))
        _key, token = issue_key(enterprise=scene.own, name="clerk", by=scene.desk)
        scene.client = client_with(token, "zh-hans")
        answer = send(scene, content, kind=kind, trial=True).json()
    name = next(iter(changes))
    told = [each["detail"] for each in answer["errors"] if each["cell"] == f"{letter(kind, name)}3"]
    assert told == [said]
    assert counts() == (0, 0, 0)
