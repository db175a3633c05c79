"""Numbers, days and moments are read however they are typed, and the document is as wide."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from jsonschema import Draft202012Validator
from rest_framework.exceptions import ValidationError

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.access.shape import Day, Moment, Quantity, Truth, Until, Whole
from projects.progress.models import DailyReport
from projects.record.clock import clock_at
from tests.coordination.intake.scene import MADE, client_with, filing
from tests.coordination.intake.test_act import record
from tests.coordination.intake.test_document import spec as spec  # noqa: PLC0414 - a fixture
from tests.factories.coordination import desk, filed

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2020, 3, 11, 9, tzinfo=SHANGHAI)
DAY = date(2020, 3, 11)
READ: dict[type[Any], dict[Any, list[Any]]] = {
    Whole: {1200: [1200, "1200", "1,200", "１，２００", " 1200 ", "１２００", "+1200", 1200.0]},
    Quantity: {Decimal("1200.50"): ["1200.5", "1,200.50", "１，２００．５", 1200.5, " 1200.50 "]},
    Day: {DAY: [
        "2020-03-11", "2020/3/11", "2020年3月11日", "２０２０－０３－１１", "2020.3.11",
        " 2020-3-11 ", "20200311", "2020年3月11号",
    ]},
    Moment: {NOW.replace(hour=18): [
        "2020-03-11T18:00:00+08:00", "2020-03-11T10:00:00Z", "2020/3/11 18:00", "2020-03-11 18:00",
        "2020年3月11日 18时", "２０２０／３／１１　１８：００", "2020.3.11 下午6点",
        "2020-03-11t18:00:00",
    ]},
    Until: {datetime(2020, 3, 11, 23, 59, 59, tzinfo=SHANGHAI): ["2020/3/11", "2020-03-11"]},
    Truth: {True: [True], False: [False]},
}  # fmt: skip
WRONG: dict[type[Any], list[Any]] = {
    Whole: ["1,20", "1,2000", "12,00", "1_200", "一千", "1200.5", "", True, "1 200"],
    Quantity: ["1,20", "1_200", "NaN", "Infinity", "", "1.2.3"],
    Day: ["2020-02-30", "3/11/2020", "2020-03-11T00:00", "03-11", "今天", 20200311, ""],
    Moment: ["2020-02-30 08:00", "2020-03-11 25:00", "18:00", "2020/3/11 18:00 CST", 0, ""],
    Truth: ["true", "是", "否", "yes", 1, 0, "1", None, ""],
}  # fmt: skip


def field(kind: type[Any]) -> Any:
    return kind(max_digits=14, decimal_places=2) if kind is Quantity else kind()


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [(kind, each, read) for kind, found in READ.items() for read, all_ in found.items()
     for each in all_],
)  # fmt: skip
def test_it_is_read(kind: type[Any], typed: Any, read: Any) -> None:
    found = field(kind).run_validation(typed)
    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(
    ("kind", "typed"), [(kind, each) for kind, all_ in WRONG.items() for each in all_]
)
def test_it_is_not_read(kind: type[Any], typed: Any) -> None:
    with pytest.raises(ValidationError):
        field(kind).run_validation(typed)


# Lines as they may be typed, by kind.
LINES: dict[str, dict[str, Any]] = {
    "vehicle_pass": {
        "plate": "豫　Ｃ － １２３４５", "driver_mobile": "+86 139-0013-9000",
        "origin": "洛阳市涧西区", "destination": "河南省洛阳市洛龙区",
        "valid_from": "2020/3/12", "valid_to": "2020年3月20日",
        "carrier": "示例物流" + "\u200b" * 90, "trailer_plate": None,
    },
    "worker_return": {
        "headcount": "３０", "seats": "1,000", "origin": "河南省信阳市浉河区",
        "departs_at": "2020/3/12 8:00", "arrives_at": "2020年3月12日 16时",
        "receiver_mobile": "（0379）6523 3520 转 8001",
    },
    "material_supply": {
        "quantity": "1,500.5", "in_stock": 120, "needed_by": "２０２０－０３－２０", "unit": " Ｔ ",
    },
    "goods_transport": {
        "tonnage": "1,200", "vehicles": "1,006", "load_from": "2020/3/12 6:00",
        "load_to": "2020/3/12 10:00", "unload_from": "2020-03-12 08:00", "unload_to": "2020/3/12",
    },
    "epidemic_control": {"quantity": "2,000", "workers_on_site": "１８０", "isolation_rooms": "4"},
}  # fmt: skip


def schema_of(document: dict[str, Any], operation: str) -> Draft202012Validator:
    (found,) = (
        each["requestBody"]["content"]["application/json"]["schema"]
        for methods in document["paths"].values() for each in methods.values()
        if each["operationId"] == operation
    )  # fmt: skip
    return Draft202012Validator({**found, "components": document["components"]})


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LINES)
def test_what_is_filed_so_fits_the_document(kind: str, spec: dict[str, Any]) -> None:
    with clock_at(NOW):
        at = desk()
        line = {**MADE[kind](), **LINES[kind]}
        body = filing(
            kind, line, project=f" {at.project.code.lower()} ", needed_by="2020/3/15",
            title="钢材\u200b运输" + " " * 70 + "受阻",
            contact={"name": " 王 师傅 ", "mobile": "１３８　００１３　８０００"},
        )  # fmt: skip
        assert [each.message for each in schema_of(spec, "file_ticket").iter_errors(body)] == []
        answer: Any = client_with(at.token).post(
            reverse("api:tickets"), body, headers={"Idempotency-Key": "k"}
        )
    assert answer.status_code == 201, answer.json()
    ticket = Ticket.objects.get()
    (made,) = KINDS[kind].read_lines(ticket.pk)
    assert ticket.needed_by == datetime(2020, 3, 15, 23, 59, 59, tzinfo=SHANGHAI)
    assert answer.json()["contact"] == {"name": "王 师傅", "mobile": "13800138000"}
    stored = {
        "vehicle_pass": ("豫C12345", "13900139000", "410305", "410311", date(2020, 3, 12)),
        "worker_return": (30, 1000, "411502", "0379-65233520-8001"),
        "material_supply": (Decimal("1500.500"), Decimal(120), date(2020, 3, 20), "吨"),
        "goods_transport": (Decimal(1200), 1006, NOW.replace(day=12, hour=6)),
        "epidemic_control": (2000, 180, 4),
    }  # fmt: skip
    names = {
        "vehicle_pass": "plate driver_mobile origin destination valid_from",
        "worker_return": "headcount seats origin receiver_mobile",
        "material_supply": "quantity in_stock needed_by unit",
        "goods_transport": "tonnage vehicles load_from",
        "epidemic_control": "quantity workers_on_site isolation_rooms",
    }  # fmt: skip
    assert tuple(getattr(made, name) for name in names[kind].split()) == stored[kind]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [*READ[Day][DAY]])
def test_a_daily_report_is_of_the_day_however_it_is_typed(typed: str, spec: dict[str, Any]) -> None:
    with clock_at(NOW):
        at = desk()
        body = {
            "day": typed,
            "resumed": True,
            "workers_on_site": "1,200",
            "month_investment": "1,200.5",
        }
        assert [*schema_of(spec, "report_day").iter_errors(body)] == []
        address = reverse("api:project-reports", args=[at.project.code])
        client = client_with(at.token)
        answer: Any = client.post(address, body, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 201, answer.json()
        made = DailyReport.objects.get()
        assert (made.day, made.workers_on_site, made.month_investment) == (
            DAY,
            1200,
            Decimal("1200.5"),
        )
        for parameter in ("day_from", "day_to"):
            found: Any = client.get(address, {parameter: typed})
            assert [each["day"] for each in found.json()["results"]] == ["2020-03-11"]
        assert client.get(address, {"day_from": "2020/3/12"}).json()["results"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{"resumed": "true"}, {"resumed": "是"}, {"resumed": 1}], ids=str)
def test_yes_and_no_are_those_of_json(body: dict[str, Any]) -> None:
    with clock_at(NOW):
        at = desk()
        before = record()
        answer: Any = client_with(at.token).post(
            reverse("api:project-reports", args=[at.project.code]), {"day": "2020-03-11", **body},
            headers={"Idempotency-Key": "k"},
        )  # fmt: skip
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "type")
    assert record() == before
    assert not DailyReport.objects.exists()


# Each parameter of a list, and what is found by it of a ticket filed on the day at nine.
FOUND: dict[str, dict[str, int]] = {
    "filed_from": {
        "2020/3/11": 1, "２０２０年３月１１日": 1, "2020/3/11 9:00": 1, "2020-03-11 09:01": 0,
        "2020/3/12": 0, "20200311": 1, "2020-03-11T09:00:00 08:00": 1,
    },
    "filed_to": {"2020/3/11": 1, "2020/3/10": 0, "2020/3/11 9:00": 0, "2020年3月11日9时01分": 1},
    "changed_since": {"2020/3/11": 1, "2020/3/11 18:00": 0, "2020-03-12": 0},
    "needed_by": {"2020/3/14": 0, "2020/3/15": 1, "2020/3/15 18:00": 0},
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", FOUND)
def test_a_list_is_narrowed_however_it_is_typed(name: str) -> None:
    with clock_at(NOW):
        at = desk()
        filed(at, needed_by=datetime(2020, 3, 15, 23, 59, 59, tzinfo=SHANGHAI))
    for typed, number in FOUND[name].items():
        answer: Any = client_with(at.token).get(reverse("api:tickets"), {name: typed})
        assert answer.status_code == 200, (typed, answer.json())
        assert len(answer.json()["results"]) == number, typed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"headcount": 20_000, "seats": 20_000},
            ("不得大于10000。", "less than or equal to 10000"),
        ),
        ({"headcount": 0}, ("不得小于1。", "greater than or equal to 1")),
    ],
)
def test_a_bound_is_told_to_each_in_his_own_language(
    changes: dict[str, Any], said: tuple[str, str]
) -> None:
    """The library keeps such a sentence in the language in which it was said first."""
    at = desk()
    line = {**MADE["worker_return"](), **changes}
    body = filing("worker_return", line, project=at.project.code)
    for number, (language, words) in enumerate((("en", said[1]), ("zh-hans", said[0]))):
        answer: Any = client_with(at.token, language).post(
            reverse("api:tickets"), body, headers={"Idempotency-Key": str(number)}
        )
        (error,) = (each for each in answer.json()["errors"] if "headcount" in each["pointer"])
        assert words in error["detail"]
