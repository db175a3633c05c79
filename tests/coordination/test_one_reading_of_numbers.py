"""Moments and quantities are read alike by the verb, the API, the desk's form and a workbook."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from coordination.tickets.filing.submit import submit
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.kinds.worker_return import WorkerReturnLine
from coordination.tickets.models import Ticket
from projects.access.models import IdempotentRequest
from projects.record.clock import clock_at, machine_now
from projects.record.days import day_in, moment_in, out_of_reach
from projects.record.refusals import Invalid
from tests.coordination.intake.scene import CHINA, MADE, Scene, build, filing, workers
from tests.coordination.intake.test_upload import row, send, workbook
from tests.projects.record.spelling_tables import REFUSED, rows_of

MORNING: Final = datetime(2020, 3, 9, 8, tzinfo=CHINA)
LATER: Final = "2020-03-13T16:00:00+08:00"
type Line = dict[str, Any]
type Way = Callable[[Scene, str, Line], set[str]]


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    with clock_at(MORNING):
        scene = build()
        scene.liaison.is_staff, scene.liaison.password_set_at = True, machine_now()
        scene.liaison.save()
        yield scene


def by_verb(scene: Scene, kind: str, line: Line) -> set[str]:
    try:
        submit(
            kind=kind, project=scene.project, enterprise=scene.own, title="受阻",
            contact_name="王五", contact_mobile="13800138000", lines=[line], by=scene.key,
        )  # fmt: skip
    except Invalid as refused:
        return {str(error.path[-1]) for error in refused.errors}
    return set()


def by_api(scene: Scene, kind: str, line: Line) -> set[str]:
    answer = scene.client.post(
        "/api/v1/tickets/", filing(kind, line), format="json", headers={"Idempotency-Key": "k"}
    )
    errors = answer.json().get("errors", ())
    return {each["pointer"].rpartition("/")[2] for each in errors}


def by_form(scene: Scene, kind: str, line: Line) -> set[str]:
    typed = {f"lines-0-{name}": str(value) for name, value in line.items() if value is not False}
    typed |= {
        "project": "P-1", "enterprise": scene.own.name, "title": "受阻", "urgency": "normal",
        "contact_name": "王五", "contact_mobile": "13800138000", "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
    }  # fmt: skip
    client = Client()
    client.force_login(scene.liaison, backend="coordination.staff.roles.RoleBackend")
    answer = client.post(reverse("admin:tickets_ticket_add") + f"?kind={kind}", typed)
    if answer.status_code == 302:
        return set()
    shown = answer.context["filing"]
    return {*shown.head.errors, *shown.lines.forms[0].errors}


def by_workbook(scene: Scene, kind: str, line: Line) -> set[str]:
    answer = send(scene, workbook(kind, row(line)), kind=kind).json()
    return {each["pointer"].rpartition("/")[2] for each in answer["errors"]}


WAYS: Final[tuple[Way, ...]] = (by_verb, by_api, by_form, by_workbook)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("typed", "expected"), rows_of("Moments"))
def test_moments(scene: Scene, way: Way, typed: str, expected: str) -> None:
    line = workers(departs_at=typed, arrives_at=LATER, health_declared=True)
    is_refused = expected == REFUSED
    assert way(scene, "worker_return", line) == ({"departs_at"} if is_refused else set())
    assert Ticket.objects.count() == (0 if is_refused else 1)
    stored = [each.departs_at.astimezone(CHINA).isoformat()
              for each in WorkerReturnLine.objects.all()]  # fmt: skip
    assert stored == ([] if is_refused else [expected])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("typed", "expected"), rows_of("Quantities"))
def test_quantities(scene: Scene, way: Way, typed: str, expected: str) -> None:
    """A count of people, and an amount of a material."""
    found = []
    for kind, name in (("worker_return", "headcount"), ("material_supply", "quantity")):
        line = {**MADE[kind](), name: typed} | ({"seats": 6000} if name == "headcount" else {})
        refused = way(scene, kind, line)
        assert refused == ({name} if expected == REFUSED else set())
        model: Any = KINDS[kind].model
        found += list(model.objects.values_list(name, flat=True))
        IdempotentRequest.objects.all().delete()  # so that the next may have the same key
    assert found == ([] if expected == REFUSED else [int(expected), Decimal(expected)])


BOUNDS: Final = (
    ("worker_return", "headcount", "10000"), ("worker_return", "seats", "10000"),
    ("material_supply", "quantity", "100000000"), ("goods_transport", "tonnage", "1000000"),
    ("goods_transport", "vehicles", "10000"), ("epidemic_control", "quantity", "10000000"),
    ("epidemic_control", "workers_on_site", "100000"),
    ("epidemic_control", "isolation_rooms", "10000"),
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "name", "most"), BOUNDS)
def test_the_greatest_quantity_and_one_more(
    scene: Scene, way: Way, kind: str, name: str, most: str
) -> None:
    line = MADE[kind]() | ({"seats": 10_000} if kind == "worker_return" else {})
    assert way(scene, kind, {**line, name: str(int(most) + 1)}) == {name}
    assert Ticket.objects.count() == 0
    IdempotentRequest.objects.all().delete()  # so that the next may have the same key
    assert way(scene, kind, {**line, name: most}) == set()
    assert Ticket.objects.count() == 1


FAR: Final = (
    ("vehicle_pass", {"valid_from": "2002-03-09"}, "valid_from"),
    ("vehicle_pass", {"valid_to": "9999-12-31"}, "valid_to"),
    ("worker_return", {"departs_at": "2002-03-10 08:00"}, "departs_at"),
    ("worker_return", {"arrives_at": "2202-03-10 08:00"}, "arrives_at"),
    ("material_supply", {"needed_by": "2022-03-11"}, "needed_by"),
    ("goods_transport", {"unload_to": "2200-03-10 08:00"}, "unload_to"),
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "changes", "name"), FAR)
def test_a_day_that_is_too_far_off_is_a_slip(
    scene: Scene, way: Way, kind: str, changes: Line, name: str
) -> None:
    assert way(scene, kind, {**MADE[kind](), **changes}) == {name}
    assert Ticket.objects.count() == 0


def test_how_far_off_a_day_may_be_and_what_is_said() -> None:
    with translation.override("zh-hans"):
        said = "日期相距过远，应在2019年3月9日至2022年3月10日之间。"
        for day in (date(2019, 3, 8), date(2022, 3, 11), date(9999, 12, 31), date(1, 1, 1)):
            assert out_of_reach(day, MORNING) == said
            noon = timezone.make_aware(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 - made aware
            assert out_of_reach(noon, MORNING) == said
    for day in (date(2019, 3, 9), date(2022, 3, 10)):
        assert out_of_reach(day, MORNING) == ""
    assert out_of_reach(None, MORNING) == out_of_reach("", MORNING) == ""


@pytest.mark.parametrize("value", [None, 5, date(2020, 3, 9), "", "x", "0001-01-01 00:00"])
def test_what_is_no_moment(value: Any) -> None:
    assert moment_in(value) is None
    assert day_in(5) is None
