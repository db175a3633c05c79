"""POST /api/v1/tickets/upload/: a filled workbook, judged cell by cell, then filed once."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from openpyxl import Workbook, load_workbook

from coordination.intake.upload.api_upload import WORKBOOK
from coordination.intake.upload.columns import columns_of
from coordination.intake.upload.template import template
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket
from projects.access.models import IdempotentRequest
from projects.files.sandbox.run import Turn
from projects.record.clock import clock_at
from tests.coordination.intake.scene import CHINA, MADE, Scene, build, counts, day, vehicle, workers
from tests.projects.files.ole import ole

URL = "/api/v1/tickets/upload/"
MORNING = datetime(2030, 3, 9, 8)  # noqa: DTZ001 - as Excel has it
HEAD = {
    "project": "P-1", "title": "钢材运输受阻", "contact_name": "王五",
    "contact_mobile": 13800138000, "urgency": "紧急",
}  # fmt: skip


@pytest.fixture
def scene(db: None) -> Scene:
    return build()


def workbook(kind: str, *rows: dict[str, Any], **cells: Any) -> bytes:
    """The kind's template with these rows under the example; ``cells`` as they are."""
    with translation.override("zh-hans"):
        book = load_workbook(BytesIO(template(kind)))
        names = [each.name if each.of_line else f"t_{each.name}" for each in columns_of(kind)]
    sheet = book.worksheets[0]
    for row, values in enumerate(rows, start=3):
        for name, value in values.items():
            sheet.cell(row, names.index(name) + 1, value)
    for place, value in cells.items():
        sheet[place] = value
    return saved(book)


def saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def row(line: dict[str, Any], number: Any = None, **head: Any) -> dict[str, Any]:
    given = {f"t_{name}": value for name, value in {**HEAD, **head, "no": number}.items()}
    return {**given, **line}


def send(
    scene: Scene, content: bytes, *, kind: str = "vehicle_pass", trial: bool = False,
    key: str = "k-1", accept: str = "application/json", **more: Any,
) -> Any:  # fmt: skip
    return scene.client.post(
        URL + ("?dry_run=1" if trial else ""),
        {"kind": kind, "file": SimpleUploadedFile("a.xlsx", content), **more},
        format="multipart", headers={"Idempotency-Key": key, "Accept": accept},
    )  # fmt: skip


def errors(answer: Any) -> list[tuple[str, str]]:
    return [(each["cell"] or str(each["row"]), each["code"]) for each in answer["errors"]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_is_made_of_the_kind(kind: str, language: str) -> None:
    answer = Client().get(f"/upload/{kind}.xlsx?lang={language}")
    assert (answer.status_code, answer["Content-Type"]) == (200, WORKBOOK)
    sheet, notes = load_workbook(BytesIO(answer.content)).worksheets
    with translation.override(language):
        columns = columns_of(kind)
        assert [each.value for each in sheet[1]] == [each.heading for each in columns]
        assert len({each.heading for each in columns}) == len(columns)
        assert sheet["A2"].value == ("示例" if language == "zh-hans" else "Example")
    lists = {str(each.sqref).split(":")[0] for each in sheet.data_validations.dataValidation}
    assert len(lists) == sum(bool(each.choices) for each in columns)
    assert (notes.max_row or 0) >= 8


def test_there_is_no_template_of_no_kind() -> None:
    assert Client().get("/upload/none.xlsx").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_filed_from_its_template(scene: Scene, kind: str) -> None:
    content = workbook(kind, row(MADE[kind]()))
    trial = send(scene, content, kind=kind, trial=True).json()
    assert (trial["errors"], trial["right"], trial["filed"]) == ([], 1, False)
    assert counts() == (0, 0, 0)
    answer = send(scene, content, kind=kind)
    ticket = Ticket.objects.get()
    assert answer.json() == {
        "tickets": 1, "right": 1, "refused": 0, "filed": True, "errors": [],
        "shown": trial["shown"], "notices": [],
        "results": [{
            "rows": [3], "is_right": True, "number": ticket.number, "project": None, "title": None,
        }],
    }  # fmt: skip
    assert [(each["code"], each["left_out"]) for each in trial["notices"]] == [("example", False)]
    assert trial["results"][0]["title"] == HEAD["title"]
    assert (ticket.kind, ticket.urgency, ticket.contact_mobile) == (kind, "urgent", "13800138000")
    assert (ticket.project, ticket.handler) == (scene.project, scene.liaison)


def test_rows_of_one_number_are_one_ticket(scene: Scene) -> None:
    content = workbook(
        "vehicle_pass", row(vehicle(plate="豫C11111"), 1), row(vehicle(plate="豫C22222"), 2),
        {"t_no": 1.0, **vehicle(plate="豫C33333")}, row(vehicle(plate="豫C44444")),
        row(vehicle(plate="豫C55555")),
    )  # fmt: skip
    answer = send(scene, content).json()
    assert [each["rows"] for each in answer["results"]] == [[3, 5], [4], [6], [7]]
    first = Ticket.objects.get(number=answer["results"][0]["number"])
    plates = VehiclePassLine.objects.filter(ticket=first).order_by("position")
    assert [each.plate for each in plates] == ["豫C11111", "豫C33333"]


def test_values_as_clerks_write_them(scene: Scene) -> None:
    line = workers(
        departs_at=MORNING, arrives_at="2030/3/9 16:00", seats=60.0,
        health_declared="是", temperature_checked="否", symptom_or_contact_14d="无",
    )  # fmt: skip
    with translation.override("zh-hans"):
        offers = {
            each.name: [str(label) for _value, label in each.choices]
            for each in columns_of("worker_return")
        }
        line["mode"] = offers["mode"][0]
    content = workbook("worker_return", row(line, needed_by=date(2030, 3, 9)))
    ordinary = vehicle(valid_from=date(2030, 3, 9), valid_to="2030年3月16日")
    with clock_at(datetime(2030, 3, 8, 8, tzinfo=CHINA)):
        assert send(scene, content, kind="worker_return").json()["errors"] == []
        assert send(scene, workbook("vehicle_pass", row(ordinary)), key="k-2").status_code == 200
    made = KINDS["worker_return"].model.objects.get()
    assert made.departs_at.isoformat() == "2030-03-09T00:00:00+00:00"
    assert made.arrives_at.isoformat() == "2030-03-09T08:00:00+00:00"
    assert (made.mode, made.seats, made.health_declared, made.temperature_checked) == (
        "coach", 60, True, False,
    )  # fmt: skip
    pass_line = VehiclePassLine.objects.get()
    assert (pass_line.valid_from, pass_line.valid_to) == (date(2030, 3, 9), date(2030, 3, 16))


def test_every_mistake_by_its_cell_and_nothing_is_filed(scene: Scene) -> None:
    content = workbook(
        "vehicle_pass", row(vehicle(plate="no")), row(vehicle(), contact_mobile="1"),
        row(vehicle(valid_from="soon"), 7), row(vehicle(), 7, title="Another"),
        row(vehicle(), project="P-2"), row(vehicle()), J8="=1+1",
    )  # fmt: skip
    trial = send(scene, content, trial=True)
    answer = trial.json()
    assert (trial.status_code, answer["tickets"], answer["right"]) == (200, 5, 0)
    with translation.override("zh-hans"):
        names = [each.name for each in columns_of("vehicle_pass")]
    cell = {name: chr(ord("A") + at) for at, name in enumerate(names)}
    assert errors(answer) == [
        (f"{cell['plate']}3", "plate"), (f"{cell['contact_mobile']}4", "phone"),
        (f"{cell['valid_from']}5", "type"), (f"{cell['title']}6", "differs"),
        (f"{cell['project']}7", "not-found"), ("J8", "formula"),
    ]  # fmt: skip
    assert answer["errors"][0]["heading"] == "plate"
    filed = send(scene, content)
    assert (filed.status_code, filed.json()["type"]) == (422, "/problems/invalid")
    assert {each["pointer"] for each in filed.json()["errors"]} >= {"/rows/3/plate"}
    assert counts() == (0, 0, 0)


def test_the_good_rows_alone_where_it_is_wanted_and_the_result_as_a_workbook(scene: Scene) -> None:
    content = workbook("vehicle_pass", row(vehicle(plate="no")), row(vehicle()), row(vehicle(), 5),
                       row(vehicle(plate="no"), 5))  # fmt: skip
    answer = send(scene, content, good_rows="true").json()
    ticket = Ticket.objects.get()
    assert [(each["rows"], each["number"]) for each in answer["results"]] == [
        ([3], None), ([4], ticket.number), ([5, 6], None),
    ]  # fmt: skip
    again = send(scene, content, good_rows="true", accept=WORKBOOK)
    assert (again["Content-Type"], again["Idempotent-Replayed"]) == (WORKBOOK, "true")
    told = list(load_workbook(BytesIO(again.content)).worksheets[0].values)
    assert [each[:2] for each in told[1:]] == [
        (3, None), (4, ticket.number), (5, None), (6, None),
    ]  # fmt: skip
    assert [bool(each[2]) for each in told[1:]] == [True, False, True, True]
    assert counts() == (1, 1, 1)


def test_sent_twice_it_is_filed_once(scene: Scene) -> None:
    content = workbook("vehicle_pass", row(vehicle()))
    first, again = send(scene, content), send(scene, content)
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    other = send(scene, workbook("vehicle_pass", row(vehicle(plate="豫C54321"))))
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert counts() == (1, 1, 1)


def test_what_a_form_is_known_by_again(scene: Scene) -> None:
    """For seven days, through a change of the program too."""
    content = workbook("vehicle_pass", row(vehicle()))
    assert send(scene, content).status_code == 200
    file = ["file", "a.xlsx", hashlib.sha256(content).hexdigest()]
    known = json.dumps(
        ["POST", URL, {"file": file, "kind": "vehicle_pass"}], separators=(",", ":")
    )  # fmt: skip
    assert IdempotentRequest.objects.get().fingerprint == hashlib.sha256(known.encode()).hexdigest()


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 135_000_000)
    return file.getvalue()


def entities() -> bytes:
    file, source = BytesIO(), BytesIO(workbook("vehicle_pass", row(vehicle())))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)
            new.writestr(part, text)
    return file.getvalue()


def with_cell(place: str, value: Any) -> bytes:
    return workbook("vehicle_pass", row(vehicle()), **{place: value})


def without_headings() -> bytes:
    book = Workbook()
    book.active.append(["a", "b"])
    return saved(book)


BROKEN: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "no zip": (lambda: b"no workbook", ["workbook"]),
    "cut off": (lambda: workbook("vehicle_pass", row(vehicle()))[:-900], ["damaged"]),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", ["web-page"]),
    "old Word": (lambda: ole(WordDocument=b""), ["workbook"]),
    "a password": (lambda: ole(EncryptedPackage=b""), ["encrypted"]),
    "a bomb": (bomb, ["too-large"]),
    "entities": (entities, ["entities"]),
    "nothing filled in": (lambda: workbook("vehicle_pass"), ["empty"]),
    "a heading twice": (lambda: with_cell("A1", "车牌号"), ["heading"]),
    "a heading missing": (lambda: with_cell("B1", None), ["heading"]),
    "another kind's": (lambda: workbook("worker_return", row(workers())), ["another-kind"]),
    "another table": (without_headings, ["heading"]),
    "a heading misspelt": (lambda: with_cell("B1", "项目"), ["heading"] * 2),
    "many rows": (lambda: workbook("vehicle_pass", *[{"plate": "豫C12345"}] * 5001), ["too-many"]),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_workbook_of_ours(scene: Scene, what: str) -> None:
    make, expected = BROKEN[what]
    answer = send(scene, make(), trial=True)
    assert answer.status_code == 422, answer.content
    found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert found == [("/file", code) for code in expected]
    assert counts() == (0, 0, 0)


def test_two_megabytes_and_no_more(scene: Scene) -> None:
    large = send(scene, b"a" * 3_000_000, trial=True)
    assert (large.status_code, large.json()["type"]) == (413, "/problems/too-large")
    slightly = send(scene, b"a" * (2 * 1024 * 1024 + 1), trial=True)
    assert slightly.status_code == 413
    assert counts() == (0, 0, 0)


def test_more_rows_than_may_be_are_refused_and_a_border_below_is_not(scene: Scene) -> None:
    line = {"plate": "豫C12345"}
    for rows, number in ((6000, None), (5101, 1)):
        content = workbook("vehicle_pass", *[{**line, "t_no": number}] * rows)
        answer = send(scene, content, trial=True)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "too-many")
    far = with_cell("B1048576", "P-1")
    assert errors(send(scene, far, trial=True).json())[0] == ("C1048576", "required")
    assert counts() == (0, 0, 0)


def test_while_another_workbook_is_read_it_is_to_be_sent_again(scene: Scene) -> None:
    content = workbook("vehicle_pass", row(vehicle()))
    with Turn():
        for trial in (True, False):
            answer = send(scene, content, trial=trial)
            assert (answer.status_code, answer["Retry-After"]) == (503, "2")
            assert answer.json()["type"] == "/problems/unavailable"
    assert counts() == (0, 0, 0)
    assert send(scene, content).status_code == 200


EXAMPLE: Final[dict[str, tuple[dict[str, Any], bool]]] = {
    "as it is": ({}, True),
    "with a plate": ({"plate": "豫C54321"}, False),
    "with a title": ({"title": "钢材运输受阻"}, False),
    "with one day": ({"valid_to": date(2030, 3, 9)}, False),
    "with something more": ({"detail": "急"}, False),
    "with something less": ({"carrier": None}, False),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("how", EXAMPLE)
def test_the_example_is_known_by_what_it_holds(scene: Scene, how: str, language: str) -> None:
    """It is left out only as it was given; of whatever day, in whichever row and language."""
    changed, is_example = EXAMPLE[how]
    scene.project.code = "LY2020-001"
    scene.project.save()
    with translation.override(language), clock_at(datetime(2026, 11, 2, 8, tzinfo=CHINA)):
        book = load_workbook(BytesIO(template("vehicle_pass")))
        names = [each.name for each in columns_of("vehicle_pass")]
    sheet: Any = book.worksheets[0]
    for name, value in changed.items():
        sheet.cell(2, names.index(name) + 1).value = value
    sheet.insert_rows(2, 3)
    answer = send(scene, saved(book), trial=True).json()
    if is_example:
        assert [each["code"] for each in answer["errors"]] == ["empty"]
        return
    assert [each["rows"] for each in answer["results"]] == [[5]]
    assert [(each["code"], each["place"]) for each in answer["notices"]] == [("no-example", "5:5")]


def test_where_all_is_hidden_the_refusal_says_so(scene: Scene) -> None:
    book = load_workbook(BytesIO(workbook("vehicle_pass", row(vehicle()), row(vehicle()))))
    for number in (3, 4):
        book.worksheets[0].row_dimensions[number].hidden = True
    answer = send(scene, saved(book))
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["errors"]] == ["empty", "left-out"]
    assert counts() == (0, 0, 0)


def test_the_templates_notes_are_no_sheet_of_their_own_until_somebody_writes_there(
    scene: Scene,
) -> None:
    book = load_workbook(BytesIO(workbook("vehicle_pass", row(vehicle()))))
    book.worksheets[1]["A30"] = "另有两辆车，见下周"
    found = send(scene, saved(book), trial=True).json()["notices"]
    assert [(each["code"], each["sheet"]) for each in found] == [
        ("sheet", "填表说明"), ("example", "车辆通行"),
    ]  # fmt: skip


def test_five_hundred_tickets_and_no_more(scene: Scene) -> None:
    line = {**vehicle(), "valid_to": day(3)}
    answer = send(scene, workbook("vehicle_pass", *[row(line)] * 501), trial=True)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "count")


@pytest.mark.parametrize("form", [{}, {"kind": "none"}, {"kind": "vehicle_pass"}])
def test_a_form_without_its_parts(scene: Scene, form: dict[str, str]) -> None:
    answer = scene.client.post(URL, form, format="multipart", headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


@pytest.mark.parametrize(("query", "status"), [
    ("dry_run=True", 200), ("dry_run=yes", 422), ("dryrun=1", 400), ("dry_run=", 422),
])  # fmt: skip
def test_what_may_mean_a_trial_files_nothing(scene: Scene, query: str, status: int) -> None:
    content = workbook("vehicle_pass", row(vehicle()))
    answer = scene.client.post(
        f"{URL}?{query}",
        {"kind": "vehicle_pass", "file": SimpleUploadedFile("a.xlsx", content)},
        format="multipart", headers={"Idempotency-Key": "k-1"},
    )  # fmt: skip
    assert (answer.status_code, Ticket.objects.count()) == (status, 0), answer.json()
