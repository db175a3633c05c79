"""Days clicked in the working calendar: collected in the address, shown, then entered at once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.workbench.year.clicked import plan_days
from coordination.workbench.year.enter import enter_days
from coordination.workbench.year.marks import MOST, read_marks, write_marks
from projects.record.clock import clock_at
from projects.record.models import Act
from projects.record.refusals import NotAllowed, Stale
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, CalendarYear
from tests.coordination.tickets.clocks.new_year import december, desk_without_years, handled
from tests.coordination.workbench.test_clock_pages import as_
from tests.factories.coordination import Desk

pytestmark = pytest.mark.django_db
MONTH = reverse("admin:working_calendar")
FESTIVAL = "20270205r.20270208r.20270209r.20270214w"
FIFTH, NINTH, MAKEUP = date(2027, 2, 5), date(2027, 2, 9), date(2027, 2, 14)
REASONS = {FIFTH: "春节", MAKEUP: "春节调休"}


@pytest.fixture
def at() -> Desk:
    return desk_without_years()


def stored() -> tuple[Any, ...]:
    rows = CalendarOverride.objects.order_by("day").values_list("day", "is_working", "reason")
    return list(rows), list(CalendarYear.objects.values_list("year", "source")), Act.objects.count()


def looked(who: Officer, **query: str) -> Any:
    with clock_at(december(30)):
        return as_(who, "zh-hans").get(MONTH, {"month": "2027-02", **query})


def sent(
    who: Officer, shown: str, values: Mapping[str, str], moment: datetime | None = None
) -> Any:
    given = {"month": "2027-02", "marks": FESTIVAL, "shown": shown, **values}
    with clock_at(moment or december(30)):
        return as_(who, "zh-hans").post(MONTH, given)


def typed() -> dict[str, str]:
    return {f"reason_{day.isoformat()}": reason for day, reason in REASONS.items()}


def test_marks_are_read_as_they_are_written() -> None:
    marks = {date(2027, 2, 14): True, date(2026, 12, 31): False}
    assert write_marks(marks) == "20261231r.20270214w"
    assert read_marks(write_marks(marks)) == marks
    assert read_marks("20270230r.2027w.x.19990101w.21010101r.20270205r") == {FIFTH: False}
    many = "".join(f"{2001 + n // 28}01{n % 28 + 1:02}r" for n in range(2 * MOST))
    assert len(read_marks(many)) == MOST


def test_a_click_without_a_script_is_carried_and_clicked_back(at: Desk) -> None:
    before = stored()
    page = looked(at.duty_desk, toggle="20270205")
    assert (page.context["marks"], page.context["changed"]) == ("20270205r", 1)
    assert "marks=20270205r" in page.context["to_after"]
    assert 'value="20270205" class="z-day" aria-pressed="true"' in page.content.decode()
    back = looked(at.duty_desk, marks="20270205r.20270206r", toggle="20270205")
    assert (back.context["marks"], back.context["changed"]) == ("", 0)  # the sixth is a Saturday
    assert stored() == before


def test_days_are_shown_as_runs_and_then_entered(at: Desk) -> None:
    CalendarOverride.objects.create(day=NINTH, is_working=True, reason="抢工期")
    CalendarOverride.objects.create(day=date(2027, 2, 24), is_working=False, reason="停电")
    before = stored()
    page = looked(at.duty_desk, marks=f"{FESTIVAL}.20270224w", look="1")
    plan = page.context["plan"]
    assert [(run.days, run.is_working, run.reason) for run in plan.runs] == [
        ((FIFTH, date(2027, 2, 8), NINTH), False, ""), ((MAKEUP,), True, ""),
    ]  # fmt: skip
    assert [each.day for each in plan.removed] == [date(2027, 2, 24)]
    assert page.context["of_year"] == 261 - 3 + 1
    assert stored() == before
    done = sent(at.duty_desk, plan.mark, {"marks": f"{FESTIVAL}.20270224w", **typed()})
    assert (done.status_code, done["Location"]) == (302, f"{MONTH}?month=2027-02")
    rows, years, acts = stored()
    assert rows == [
        (FIFTH, False, "春节"), (date(2027, 2, 8), False, "春节"), (NINTH, False, "春节"),
        (MAKEUP, True, "春节调休"),
    ]  # fmt: skip
    assert (years, acts) == ([], before[2] + 5)
    told = Act.objects.filter(officer=at.duty_desk).order_by("pk")
    assert [(each.what, each.about_name) for each in told] == [
        ("removed", "2027-02-24"), ("added", "2027-02-05"), ("added", "2027-02-08"),
        ("changed", "2027-02-09"), ("added", "2027-02-14"),
    ]  # fmt: skip


def test_a_whole_year_is_entered_and_reckoned_with(
    at: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = handled(at)
    assert (ticket.due_at, ticket.due_is_provisional) == (
        datetime(2027, 1, 5, 17, tzinfo=SHANGHAI), True,
    )  # fmt: skip
    marks = "20270101r"
    plan = plan_days(read_marks(marks))
    given = {"marks": marks, "reason_2027-01-01": "元旦", "year": "on", "month": "2027-01"}
    with django_capture_on_commit_callbacks(execute=True):
        given["source"] = "国办发明电〔2026〕99号"
        done = sent(at.director, plan.mark, given, december(31, 11))
    assert done.status_code == 302
    assert stored()[:2] == (
        [(date(2027, 1, 1), False, "元旦")], [(2027, "国办发明电〔2026〕99号")]
    )  # fmt: skip
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.due_is_provisional) == (
        datetime(2027, 1, 6, 17, tzinfo=SHANGHAI), False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"reason_2027-02-05": ["此项必填。"], "reason_2027-02-14": ["此项必填。"]}),
        ({"reason_2027-02-05": "春" * 101, "reason_2027-02-14": " "},
         {"reason_2027-02-05": ["内容过长。"], "reason_2027-02-14": ["此项必填。"]}),
        ({**typed(), "year": "on"}, {"source": ["请填写文号。"]}),
        ({"marks": "20270214w", "reason_2027-02-14": "调休", "year": "on", "source": "国办"},
         {"year": ["该年尚未录入休息日。"]}),
        ({"marks": "20270206r"}, {"__all__": ["请先选定日期：没有任何改动。"]}),
    ],
)  # fmt: skip
def test_a_mistake_is_said_by_its_field(
    at: Desk, values: dict[str, str], errors: dict[str, list[str]]
) -> None:
    before = stored()
    plan = plan_days(read_marks(values.get("marks", FESTIVAL)))
    page = sent(at.director, plan.mark, values)
    assert (page.status_code, page.context["form"].errors) == (200, errors)
    assert stored() == before


def test_what_was_not_shown_is_not_entered(at: Desk) -> None:
    mark = plan_days(read_marks(FESTIVAL)).mark
    CalendarOverride.objects.create(day=MAKEUP, is_working=True, reason="抢工期")
    before = stored()
    page = sent(at.director, mark, typed())
    assert page.context["form"].non_field_errors() == ["内容已有变化，请重新核对后确认。"]
    assert page.context["form"]["reason_2027-02-05"].value() == "春节"
    assert stored() == before
    with pytest.raises(Stale):
        enter_days(marks=read_marks(FESTIVAL), reasons=REASONS, shown=mark, by=at.director)
    assert stored() == before


def test_only_who_keeps_the_calendar_clicks_days(at: Desk) -> None:
    plan, before = plan_days(read_marks(FESTIVAL)), stored()
    for who in (at.liaison, at.lead, at.auditor):
        page = looked(who, marks=FESTIVAL, look="1")
        assert (page.status_code, "z-day" in page.content.decode()) == (200, False)
        assert "plan" not in page.context
        assert sent(who, plan.mark, typed()).status_code == 403
        with pytest.raises(NotAllowed):
            enter_days(marks=plan.changes, reasons=REASONS, shown=plan.mark, by=who)
    assert stored() == before
    for who in (at.duty_desk, at.director, at.system_admin):
        assert 'class="z-day"' in looked(who).content.decode()
