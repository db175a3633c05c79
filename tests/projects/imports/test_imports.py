"""The engine of imports, with a sheet of the tests' own: it knows no project."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.parties.models import Department
from coordination.staff.models import Officer
from projects.imports.answer import answer_headings
from projects.imports.begin import begin_import, discard_import, read_again
from projects.imports.carry import LOOK_AGAIN, carry_out_import, confirm_import
from projects.imports.models import (
    Import,
    ImportEffect,
    ImportPart,
    PlannedRow,
    State,
)
from projects.imports.queries import content_of, page_of_rows, rows_of
from projects.imports.undo import ask_undo
from projects.imports.work import HELD, KEPT, MOST_TRIES, do_waiting, erase_old
from projects.record.audit import audit
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, Missing, NotAllowed, Stale
from tests.factories.coordination import Desk
from tests.projects.imports import toy
from tests.projects.imports.scene import as_, done, kept, outcomes, worked
from tests.projects.imports.scene import at as at  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db


def test_each_row_is_new_changed_unchanged_or_refused(at: Desk) -> None:
    assert done(at.director, ["玩具熊", 3], ["玩具车", 2]).state == State.DONE
    assert kept() == {"玩具熊": 3, "玩具车": 2}
    of = worked(toy.sent(
        at.duty_desk, ["玩具熊", 3], ["玩具车", 5], ["玩具枪", 40_000],
        ["玩具船", 7], ["玩具马", "x"], ["玩具狗", None, "红"],
    ))  # fmt: skip
    assert (of.state, of.counts) == (
        State.READY, {"new": 1, "changed": 1, "unchanged": 1, "refused": 3},
    )  # fmt: skip
    assert outcomes(of) == [
        (2, "unchanged"), (3, "changed"), (4, "refused"), (5, "new"), (6, "refused"),
        (7, "refused"),
    ]  # fmt: skip
    contents = {row.number: row.content for row in rows_of(of)}
    assert contents[3] == {
        "title": "玩具车", "changes": [["number", "2", "5"]], "errors": [], "warnings": [],
    }  # fmt: skip
    codes = {number: [each[::2] for each in contents[number]["errors"]] for number in (4, 7)}
    assert codes == {4: [["number", "too-many"]], 7: [["number", "required"]]}
    assert len(contents[6]["errors"]) == 1
    assert kept() == {"玩具熊": 3, "玩具车": 2}


def test_refused_rows_are_left_out_only_where_that_was_said(at: Desk) -> None:
    of = worked(toy.sent(at.director, ["玩具熊", 3], ["玩具枪", 40_000]))
    with pytest.raises(Invalid) as refused:
        confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    assert [each.path for each in refused.value.errors] == [("without_refused",)]
    of.refresh_from_db()
    assert (of.state, kept()) == (State.READY, {})
    confirm_import(of=of, plan_hash=of.plan_hash, without_refused=True, by=at.director)
    of = worked(of)
    assert (of.state, of.without_refused, kept()) == (State.DONE, True, {"玩具熊": 3})
    assert of.totals["sums"] == [
        {"column": "number", "computed": "40003", "before": "0", "after": "3"}
    ]
    assert list(audit()) == []


def test_what_must_be_seen_must_be_agreed_to(at: Desk) -> None:
    of = worked(toy.sent(at.director, ["玩具熊", 3], ["合计", 3]))
    assert [each["code"] for each in of.notices if each["must_be_seen"]] == ["total"]
    with pytest.raises(Invalid) as refused:
        confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    assert [each.path for each in refused.value.errors] == [("seen",)]
    confirm_import(of=of, plan_hash=of.plan_hash, seen=True, by=at.director)
    assert worked(of).state == State.DONE


def test_a_fault_in_the_middle_leaves_nothing(at: Desk) -> None:
    of = done(at.director, ["玩具熊", 3], [toy.BROKEN, 1], ["玩具车", 2])
    assert (of.state, kept(), ImportEffect.objects.count()) == (State.READY, {}, 0)
    assert (bool(of.problem), "RuntimeError" in of.problem) == (True, False)
    assert outcomes(of) == [(2, "new"), (3, "new"), (4, "new")]
    assert discard_import(of=of, by=at.duty_desk).state == State.DISCARDED
    with pytest.raises(NotAllowed):
        read_again(of=of, by=at.director)


def test_a_plan_that_is_no_longer_true_is_shown_again(at: Desk) -> None:
    done(at.director, ["玩具熊", 3])
    of = worked(toy.sent(at.director, ["玩具熊", 5]))
    shown = of.plan_hash
    confirm_import(of=of, plan_hash=shown, by=at.director)
    Department.objects.filter(name="玩具熊").update(ordinal=4)
    of.refresh_from_db()
    with pytest.raises(Stale):
        carry_out_import(of=of, by=at.director)
    of = worked(of)
    assert (of.state, of.problem, kept()) == (State.READY, str(LOOK_AGAIN), {"玩具熊": 4})
    assert rows_of(of).get().content["changes"] == [["number", "4", "5"]]
    with pytest.raises(Stale):  # what the page showed before
        confirm_import(of=of, plan_hash=shown, by=at.director)
    confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    assert (worked(of).state, of.problem, kept()) == (State.DONE, "", {"玩具熊": 5})


def test_the_same_workbook_again_changes_nothing(at: Desk) -> None:
    done(at.director, ["玩具熊", 3], ["玩具车", 2])
    client = as_(at.director)
    answer = client.get(reverse("admin:import_export", args=["toys"]))
    exported = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # of a file
    of = worked(toy.sent_bytes(at.director, exported))
    assert of.counts == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}
    with pytest.raises(NotAllowed):
        confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)


def test_it_is_undone_unless_something_was_changed_since(at: Desk) -> None:
    first = done(at.director, ["玩具熊", 3])
    second = done(at.director, ["玩具熊", 5], ["玩具车", 2])
    with pytest.raises(Invalid):
        ask_undo(of=second, reason=" ", by=at.director)
    ask_undo(of=first, reason="导错了", by=at.duty_desk)
    first = worked(first)
    assert (first.state, first.problem) == (State.DONE, "玩具熊已变更")
    assert kept() == {"玩具熊": 5, "玩具车": 2}
    for of in (second, first):
        ask_undo(of=of, reason="导错了", by=at.duty_desk)
        assert (worked(of).state, of.problem, of.undone_by) == (State.UNDONE, "", at.duty_desk)
    assert kept() == {}
    with pytest.raises(NotAllowed):
        ask_undo(of=first, reason="再来", by=at.director)
    assert list(audit()) == []


def test_only_whoever_has_both_permissions_imports(at: Desk) -> None:
    of = worked(toy.sent(at.director, ["玩具熊", 3]))
    acts: list[Callable[[Officer], object]] = [
        lambda who: toy.sent(who, ["玩具熊", 3]),
        lambda who: confirm_import(of=of, plan_hash=of.plan_hash, by=who),
        lambda who: read_again(of=of, by=who),
        lambda who: discard_import(of=of, by=who),
        lambda who: answer_headings(of=of, answers={}, by=who),
    ]
    for who in (at.liaison, at.lead, at.auditor, at.system_admin, at.security_admin):
        for act in acts:
            with pytest.raises(NotAllowed):
                act(who)
    with pytest.raises(Missing):
        begin_import(sheet="dolls", file=None, by=at.director)
    with pytest.raises(Invalid):
        begin_import(sheet="toys", file=None, by=at.director)
    of.refresh_from_db()
    assert (of.state, Import.objects.count(), kept()) == (State.READY, 1, {})


def test_what_is_no_workbook_fails_and_says_why(at: Desk) -> None:
    of = worked(toy.sent_bytes(at.director, b"name,number\n"))
    assert of.state == State.FAILED
    assert of.problem
    read_again(of=of, by=at.director)
    assert worked(of).state == State.FAILED


def test_work_that_dies_again_and_again_is_given_up(at: Desk) -> None:
    of = worked(toy.sent(at.director, ["玩具熊", 3]))
    confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    Import.objects.filter(pk=of.pk).update(tries=MOST_TRIES)  # each left by a dead worker
    of = worked(of)
    assert (of.state, bool(of.problem), kept()) == (State.READY, True, {})


def test_what_a_worker_has_claimed_is_left_to_it_for_two_minutes(at: Desk) -> None:
    of = toy.sent(at.director, ["玩具熊", 3])
    Import.objects.filter(pk=of.pk).update(claimed_at=now(), tries=1)
    assert do_waiting() == 0
    of.refresh_from_db()
    assert (of.state, of.tries) == (State.READING, 1)
    with clock_at(now() + HELD + timedelta(seconds=1)):
        assert worked(of).state == State.READY
        confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
        assert worked(of).state == State.DONE  # at once, though it was claimed for the reading


def test_what_stops_an_undo_leaves_the_import_carried_out(at: Desk) -> None:
    of = done(at.director, ["玩具熊", 3])
    ask_undo(of=of, reason="发错", by=at.director)

    def stale(*_given: object) -> None:
        raise Stale

    with toy.sheet_with(undo=stale):
        of = worked(of)
    assert (of.state, of.problem, kept()) == (State.DONE, str(Stale.message), {"玩具熊": 3})


def test_a_fault_in_the_second_preview_is_said(at: Desk) -> None:
    of = worked(toy.sent(at.director, ["玩具熊", 5]))
    confirm_import(of=of, plan_hash=of.plan_hash, by=at.director)
    Department.objects.create(name="玩具熊", ordinal=4)
    times = list[int]()

    def fails_at_last(*given: Any) -> Any:
        times.append(1)
        if len(times) > 1:
            raise RuntimeError
        return toy.plan(*given)

    with toy.sheet_with(plan=fails_at_last):
        of = worked(of)
    assert (of.state, bool(of.problem), len(times)) == (State.FAILED, True, 2)


def test_content_is_erased_thirty_days_after_the_end(at: Desk) -> None:
    of = done(at.director, ["玩具熊", 3])
    left = worked(toy.sent(at.director, ["玩具熊", 5]))
    assert content_of(of)
    with clock_at(now() + KEPT - timedelta(minutes=1)):
        assert erase_old() == 0
    with clock_at(now() + KEPT + timedelta(minutes=1)):
        assert (erase_old(), erase_old()) == (2, 0)
    of.refresh_from_db()
    left.refresh_from_db()
    assert (of.state, left.state) == (State.DONE, State.DISCARDED)
    assert of.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 0}
    for model in (ImportPart, PlannedRow, ImportEffect):
        assert model.objects.count() == 0
    with pytest.raises(NotAllowed):
        ask_undo(of=of, reason="导错了", by=at.director)
    assert list(audit()) == []


def test_five_thousand_rows_take_as_many_queries_as_five(at: Desk) -> None:
    client, counted = as_(at.director), []
    for number in (5, 4_900):
        of = toy.sent(at.director, *([f"玩具{number}-{each}", each] for each in range(number)))
        with CaptureQueriesContext(
            connection,
        ) as reading:
            worked(of)
        assert of.counts["new"] == number
        address = reverse("admin:imports_import_change", args=[of.pk])
        with CaptureQueriesContext(connection) as showing:
            page = client.get(f"{address}?outcome=new")
        assert page.status_code == 200
        counted.append((len(reading), len(showing)))
    assert counted[0][1] == counted[1][1] <= 12
    assert counted[1][0] <= counted[0][0] + 2
    page_of = page_of_rows(of, after=100)
    assert ([each.number for each in page_of.rows], page_of.has_before, page_of.has_after) == (
        [*range(101, 151)], True, True,
    )  # fmt: skip
    back = page_of_rows(of, before=52)
    assert [each.number for each in back.rows] == [*range(2, 52)]
    assert not back.has_before


def test_the_pages_say_what_was_done(at: Desk) -> None:
    client = as_(at.director)
    page = client.get(reverse("admin:imports_import_add")).content.decode()
    assert 'value="toys"' in page
    template = client.get(reverse("admin:import_template", args=["toys"]))
    sheet: Any = openpyxl.load_workbook(
        BytesIO(b"".join(template.streaming_content))  # type: ignore[attr-defined]  # of a file
    ).active
    assert [[cell.value for cell in row] for row in sheet] == [["名称", "数量", "颜色"]]
    file = BytesIO(toy.book(["玩具熊", 3], ["玩具枪", 40_000]))
    file.name = "玩具.xlsx"
    answer = client.post(reverse("admin:imports_import_add"), {"sheet": "toys", "file": file})
    of = Import.objects.get()
    address = reverse("admin:imports_import_change", args=[of.pk])
    assert answer["Location"] == address
    assert client.get(address).content.decode().count("data-under-way") == 1
    worked(of)
    page = client.get(address).content.decode()
    assert (page.count("B3"), page.count("太多"), page.count('id="confirm"')) == (1, 1, 1)
    act = reverse("admin:import_do", args=[of.pk, "confirm"])
    refused = client.post(act, {"plan_hash": of.plan_hash})
    assert (refused.status_code, refused.content.decode().count('role="alert"')) == (200, 1)
    assert client.post(act, {"plan_hash": of.plan_hash, "without_refused": "on"}).status_code == 302
    worked(of)
    undo = reverse("admin:import_do", args=[of.pk, "undo"])
    assert client.post(undo, {"reason": "导错了"}).status_code == 302
    assert worked(of).state == State.UNDONE
    reasons = client.get(reverse("admin:import_refused", args=[of.pk]))
    sheet = openpyxl.load_workbook(
        BytesIO(b"".join(reasons.streaming_content))  # type: ignore[attr-defined]  # of a file
    ).active
    assert [cell.value for cell in sheet[2]] == [3, "玩具枪", "B3", "数量", "太多"]
    assert client.get(reverse("admin:imports_import_changelist")).content.decode().count("玩具") > 1
    audits = as_(at.auditor)
    assert audits.get(address).status_code == 200
    assert audits.get(reverse("admin:import_export", args=["toys"])).status_code == 403
