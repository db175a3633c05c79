"""Exports: asked for by a row, built by a worker, fetched by their owner alone."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from config.celery import app
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from coordination.workbench.export.ask import cancel_export, request_export
from coordination.workbench.export.build import KEPT, LEASE, build_waiting, expire_old
from coordination.workbench.export.queries import content_of
from coordination.workbench.export.rows import headings
from coordination.workbench.models import ExportJob, ExportPart
from coordination.workbench.queue.filters import parse_queue
from projects.files.sheet import clean
from projects.record.clock import clock_at, now
from projects.record.refusals import Missing, NotAllowed
from tests.bed.stack import LiveStack, wait_for
from tests.factories.coordination import Desk, desk, filed, material, vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def ask(officer: Officer, query: str = "") -> ExportJob:
    return request_export(queue=parse_queue(QueryDict(query).dict(), officer), by=officer)


def read(job: ExportJob) -> list[tuple[Any, ...]]:
    job.refresh_from_db()
    assert job.state == "done", job.error
    book = openpyxl.load_workbook(BytesIO(b"".join(content_of(job))))
    assert book.active is not None
    assert not [cell for row in book.active.rows for cell in row if cell.data_type == "f"]
    return [tuple(row) for row in book.active.values]


def as_(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_what_is_shown_is_exported_and_masked(at: Desk) -> None:
    first = filed(at, contact_name="张三丰")
    perform(Verb.ACCEPT, ticket=filed(at, "worker_return"), by=at.liaison)
    job = ask(at.liaison, "status=submitted")
    assert (build_waiting(), build_waiting()) == (1, 0)
    rows = read(job)
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert rows[1][0] == first.number
    assert {"张**", "137****7000"} <= set(row.values())
    assert not {"张三丰", "13700137000", "13800138000"} & set(row.values())
    assert (job.done, job.total, job.query) == (1, 1, "status=submitted")


@pytest.mark.parametrize("lead", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "https://a.cn"])
def test_no_words_become_a_formula(at: Desk, lead: str) -> None:
    ticket = filed(at, title=f"x{lead}")
    type(ticket).objects.filter(pk=ticket.pk).update(title=f"{lead}恶意")
    job = ask(at.liaison)
    build_waiting()
    assert f"{lead}恶意".strip() in read(job)[1]


def test_control_characters_are_left_out() -> None:
    assert clean("a\x00b\x01\x1b[31mc\ud800\uffff") == "ab[31mc"


def test_the_scope_is_that_of_the_build(at: Desk) -> None:
    filed(at)
    mine, theirs = ask(at.liaison), ask(at.other_liaison)
    gone = ask(at.lead)
    Officer.objects.filter(pk=at.lead.pk).update(is_active=False)
    assert build_waiting() == 3
    assert [len(read(job)) for job in (mine, theirs, gone)] == [2, 1, 1]


def test_three_at_once_and_no_more(at: Desk) -> None:
    for _ in range(3):
        ask(at.liaison)
    with pytest.raises(NotAllowed):
        ask(at.liaison)
    assert ExportJob.objects.count() == 3
    ask(at.lead)


def test_one_that_was_cancelled_is_not_built(at: Desk) -> None:
    job = ask(at.liaison)
    with pytest.raises(Missing):
        cancel_export(job=job.pk, by=at.lead)
    cancel_export(job=job.pk, by=at.liaison)
    assert build_waiting() == 0
    with pytest.raises(NotAllowed):
        cancel_export(job=job.pk, by=at.liaison)
    job.refresh_from_db()
    assert (job.state, ExportPart.objects.count()) == ("cancelled", 0)


def test_a_build_under_way_stops_when_it_is_cancelled(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(at)
    job = ask(at.liaison)

    def cancelled_meanwhile() -> list[str]:
        cancel_export(job=job.pk, by=at.liaison)
        return headings()

    monkeypatch.setattr(f"{build_waiting.__module__}.headings", cancelled_meanwhile)
    assert build_waiting() == 0
    job.refresh_from_db()
    assert (job.state, ExportPart.objects.count()) == ("cancelled", 0)


def test_what_a_dead_worker_left_is_built_again_and_given_up_in_the_end(at: Desk) -> None:
    job = ask(at.liaison)
    left = {"state": "running", "tries": 1, "seen_alive_at": now()}
    ExportJob.objects.filter(pk=job.pk).update(**left)
    assert build_waiting() == 0
    with clock_at(now() + LEASE + timedelta(seconds=1)):
        assert build_waiting() == 1
    ExportJob.objects.filter(pk=job.pk).update(**{**left, "tries": 3})
    with clock_at(now() + LEASE + timedelta(seconds=1)):
        assert build_waiting() == 0
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "given-up")


def test_a_failure_is_shown(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(at.liaison)

    def no_room() -> list[str]:
        raise OSError("no room")

    monkeypatch.setattr(f"{build_waiting.__module__}.headings", no_room)
    assert build_waiting() == 0
    page = as_(at.liaison).get(reverse("admin:workbench_exportjob_change", args=[job.pk]))
    assert "OSError" in page.content.decode()


def test_a_file_is_kept_for_three_days(at: Desk) -> None:
    job = ask(at.liaison)
    build_waiting()
    assert expire_old() == 0
    with clock_at(now() + KEPT + timedelta(seconds=1)):
        assert expire_old() == 1
    job.refresh_from_db()
    assert (job.state, ExportPart.objects.count()) == ("expired", 0)


def test_from_the_queue_to_the_file_and_for_its_owner_alone(at: Desk) -> None:
    ticket = filed(at)
    client = as_(at.liaison)
    query = "status=submitted"
    queue = client.get(reverse("admin:tickets_ticket_changelist") + f"?{query}")
    assert reverse("admin:export_ask") in queue.content.decode()
    answer = client.post(reverse("admin:export_ask"), {"query": query})
    job = ExportJob.objects.get()
    page = reverse("admin:workbench_exportjob_change", args=[job.pk])
    file = reverse("admin:export_file", args=[job.pk])
    assert answer["Location"] == page
    assert "data-under-way" in client.get(page, headers={"X-Part": "1"}).content.decode()
    assert client.get(file).status_code == 404
    build_waiting()
    assert "data-under-way" not in client.get(page, headers={"X-Part": "1"}).content.decode()
    assert client.get(reverse("admin:workbench_exportjob_changelist")).status_code == 200
    sent: Any = client.get(file)
    book = openpyxl.load_workbook(BytesIO(b"".join(sent.streaming_content)))
    assert book.active is not None
    assert [row[0] for row in book.active.values][1:] == [ticket.number]
    for other in (at.lead, at.director, at.auditor):
        stranger = as_(other)
        assert [stranger.get(each).status_code for each in (page, file)] == [404, 404]
        cancel = stranger.post(reverse("admin:export_cancel", args=[job.pk]))
        assert cancel.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_worker_builds_it(live_stack: LiveStack) -> None:
    job = ask(desk().liaison)
    app.send_task("coordination.workbench.tasks.build_exports")
    wait_for(lambda: ExportJob.objects.filter(pk=job.pk, state="done").exists())


def test_only_what_can_be_added_has_a_total(at: Desk) -> None:
    """A row of one dimension has a total; of several, each is said with its unit."""
    alike = filed(at, "material_supply", lines=[material(), material(unit="kg", in_stock=0)])
    mixed = filed(
        at, "material_supply",
        lines=[material(), material(unit="米"), material(unit="根"), material(unit="樘")],
    )  # fmt: skip
    perform(Verb.ACCEPT, ticket=mixed, by=at.liaison)
    perform(Verb.FULFIL, ticket=mixed, line=3, quantity=Decimal(80), by=at.liaison)
    several = filed(at, lines=[vehicle(), vehicle(plate="豫C99999")])
    job = ask(at.liaison)
    build_waiting()
    heading, *rows = read(job)
    at_lines = heading.index("明细")
    assert heading[at_lines:] == ("明细", "需求", "已落实", "不予落实", "单位", "分单位数量")
    by_unit = (
        "380 吨（已落实 0，不予落实 0）、380 米（已落实 0，不予落实 0）；"
        "另有 2 项单位不可换算：380 根（已落实 80，不予落实 0）、380 樘（已落实 0，不予落实 0）"
    )
    assert {row[0]: row[at_lines:] for row in rows} == {
        alike.number: (2, 380.5, 0, 0, "吨", None),
        mixed.number: (4, None, None, None, None, by_unit),
        several.number: (2, 2, 0, 0, "辆", None),
    }  # fmt: skip
