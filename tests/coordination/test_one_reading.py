"""The same spellings by every way in: the verb, the API, the desk's form, a workbook."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from rest_framework.test import APIClient

from coordination.intake.upload.columns import columns_of
from coordination.intake.upload.template import template
from coordination.tickets.filing.submit import submit
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket
from projects.record.refusals import Invalid
from tests.factories.coordination import Desk, desk, vehicle

pytestmark = pytest.mark.django_db

HEAD = {
    "title": " 轨道交通１号线\u200b\n钢材 ", "detail": "第一段\r\n第二段\u202e",
    "contact_name": "王\u3000师傅", "contact_mobile": "０３７９－６５２３３５２０转8001",
}  # fmt: skip
LINE = {
    "plate": "豫Ｃ・12345", "trailer_plate": "豫c-1234挂", "carrier": "示例（物流）\u200b",
    "driver_name": "李\x1b四", "driver_mobile": "\u202d+86 139００１３９０００\u202c",
    "origin": "41030５", "destination": "河南省洛阳市洛龙区",
}  # fmt: skip
STORED_HEAD = {
    "title": "轨道交通1号线 钢材", "detail": "第一段\n第二段", "contact_name": "王 师傅",
    "contact_mobile": "0379-65233520-8001",
}  # fmt: skip
STORED_LINE = {
    "plate": "豫C12345", "trailer_plate": "豫C1234挂", "carrier": "示例（物流）",
    "driver_name": "李四", "driver_mobile": "13900139000", "origin": "410305",
    "destination": "410311",
}  # fmt: skip
# Nothing is left of the title; no phone, no plate, several places.
WRONG_HEAD = {**HEAD, "title": "\u200b\u202e\x1b", "contact_mobile": "１２８００１３８０００"}
WRONG_LINE = {**LINE, "plate": "豫Ｃ1I345", "driver_mobile": "0379-65233520", "origin": "鼓楼区"}
WRONG = {"title", "contact_mobile", "plate", "driver_mobile", "origin"}
Fields = dict[str, Any]


def by_verb(at: Desk, head: Fields, line: Fields) -> set[str]:
    try:
        submit(
            kind="vehicle_pass", project=at.project, enterprise=at.enterprise, **head,
            lines=[vehicle(**line)], by=at.key,
        )  # fmt: skip
    except Invalid as refused:
        return {str(error.path[-1]) for error in refused.errors}
    return set()


def by_api(at: Desk, head: Fields, line: Fields) -> set[str]:
    contact = {"name": head["contact_name"], "mobile": head["contact_mobile"]}
    body = {
        "kind": "vehicle_pass", "project": spelled(at.project.code), "contact": contact,
        "title": head["title"], "detail": head["detail"], "lines": [texts(vehicle(**line))],
    }  # fmt: skip
    client = APIClient(headers={"Authorization": f"Bearer {at.token}", "Idempotency-Key": "k"})
    answer = client.post(reverse("api:tickets"), body, format="json").json()
    found = {each["pointer"].rpartition("/")[2] for each in answer.get("errors", ())}
    return {{"mobile": "contact_mobile"}.get(name, name) for name in found}


def by_form(at: Desk, head: Fields, line: Fields) -> set[str]:
    typed = {f"lines-0-{name}": value for name, value in texts(vehicle(**line)).items()} | {
        "project": spelled(at.project.code), "enterprise": at.enterprise.name, **head,
        "urgency": "normal", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0",
    }  # fmt: skip
    client = Client()
    client.force_login(at.liaison, backend="coordination.staff.roles.RoleBackend")
    answer = client.post(reverse("admin:tickets_ticket_add") + "?kind=vehicle_pass", typed)
    if answer.status_code == 302:
        return set()
    filing = answer.context["filing"]
    return {*filing.head.errors, *filing.lines.forms[0].errors}


def by_workbook(at: Desk, head: Fields, line: Fields) -> set[str]:
    with translation.override("zh-hans"):
        book = load_workbook(BytesIO(template("vehicle_pass")))
        columns = columns_of("vehicle_pass")
    given = {**head, **texts(vehicle(**line)), "project": spelled(at.project.code)}
    for index, column in enumerate(columns, start=1):
        value = str(given.get(column.name, "")).replace("\x1b", "")  # no sheet can hold one
        book.worksheets[0].cell(3, index, value)
    file = BytesIO()
    book.save(file)
    client = APIClient(headers={"Authorization": f"Bearer {at.token}", "Idempotency-Key": "k"})
    sent = {"kind": "vehicle_pass", "file": SimpleUploadedFile("a.xlsx", file.getvalue())}
    answer = client.post(reverse("api:tickets-upload"), sent, format="multipart").json()
    return {each["pointer"].rpartition("/")[2] for each in answer["errors"]}


def spelled(code: str) -> str:
    return f" {code.lower().replace('-', '－')}\u200b"


def texts(line: Fields) -> Fields:
    return {name: str(value) for name, value in line.items()}


WAYS: list[Callable[[Desk, Fields, Fields], set[str]]] = [by_verb, by_api, by_form, by_workbook]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_stored_is_the_canonical_form(way: Callable[..., set[str]]) -> None:
    at = desk()
    assert way(at, HEAD, LINE) == set()
    ticket = Ticket.objects.get()
    assert {name: getattr(ticket, name) for name in STORED_HEAD} == STORED_HEAD
    line = VehiclePassLine.objects.get(ticket=ticket)
    assert {name: getattr(line, name) for name in STORED_LINE} == STORED_LINE


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_of_it_is_judged(way: Callable[..., set[str]]) -> None:
    assert way(desk(), WRONG_HEAD, WRONG_LINE) == WRONG
    assert Ticket.objects.count() == 0
