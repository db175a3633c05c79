"""The pages of terms and calendar: who may do what, and what a mistake says."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coordination.staff.models import Officer
from coordination.tickets.models import Term
from coordination.workbench.desk.queries import desk_of
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, CalendarYear, ServiceHours
from tests.coordination.tickets.clocks.new_year import december, desk_without_years, handled
from tests.factories.addresses import admin_page
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
ROWS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "term": (
        Term,
        {"stage": "handle", "kind": "vehicle_pass", "urgency": "", "amount": 2,
         "unit": "working_day"},
    ),
    "calendaroverride": (CalendarOverride, {"day": "2020-03-14", "is_working": "on",
                                            "reason": "抢工期"}),
    "calendaryear": (CalendarYear, {"year": 2099, "source": "国办发明电"}),
    "servicehours": (ServiceHours, {"opens": "18:00", "closes": "20:00"}),
}  # fmt: skip
# Where there is no row at first.
STORED = {
    "calendaroverride": {"day": "2020-03-15", "is_working": True, "reason": "测试"},
    "calendaryear": {"year": 2099, "source": "国办"},
}
MONTH = reverse("admin:working_calendar")
MARCH = datetime(2020, 3, 11, 9, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Desk:
    with clock_at(MARCH):
        return desk()


def as_(who: Officer, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def address(name: str, page: str, *args: Any) -> str:
    return admin_page(name, page, *args)


def errors_of(answer: Any) -> dict[str, list[str]]:
    return {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}


# By role


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("who", ["director", "duty_desk"])
def test_the_centre_enters_edits_and_removes(at: Desk, who: str, name: str) -> None:
    CalendarOverride.objects.create(day=date(2099, 1, 1), is_working=False, reason="元旦")
    model, values = ROWS[name]
    client, before = as_(getattr(at, who)), set(model.objects.values_list("pk", flat=True))
    assert client.get(address(name, "add")).status_code == 200
    assert client.post(address(name, "add"), values).status_code == 302
    (row,) = model.objects.exclude(pk__in=before)
    assert client.get(address(name, "change", row.pk)).status_code == 200
    assert client.post(address(name, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert set(model.objects.values_list("pk", flat=True)) == before
    assert LogEntry.objects.filter(user=getattr(at, who), object_id=row.pk).count() == 2


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("who", ["liaison", "lead", "auditor"])
def test_the_others_read(at: Desk, who: str, name: str) -> None:
    model, values = ROWS[name]
    row = model.objects.first() or model.objects.create(**STORED[name])
    client, before = as_(getattr(at, who)), list(model.objects.values())
    assert client.get(address(name, "changelist")).status_code == 200
    assert client.get(address(name, "change", row.pk)).status_code == 200
    assert client.get(MONTH).status_code == 200
    for page, args in (("add", ()), ("change", (row.pk,)), ("delete", (row.pk,))):
        answer = client.post(address(name, page, *args), values | {"post": "yes"})
        assert answer.status_code == 403, page
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("who", ["liaison", "duty_desk"])
def test_the_menu_leads_there(at: Desk, who: str) -> None:
    page = as_(getattr(at, who)).get(reverse("admin:index")).content.decode()
    for link in (address("term", "changelist"), MONTH):
        assert f'href="{link}"' in page


# What stays


def test_a_general_term_is_edited_and_stays(at: Desk) -> None:
    row = Term.objects.get(stage="handle", kind="", urgency="normal")
    client = as_(at.director)
    assert client.post(address("term", "delete", row.pk), {"post": "yes"}).status_code == 403
    values = {"amount": 4, "unit": "working_day", "stage": "accept", "kind": "worker_return"}
    assert client.post(address("term", "change", row.pk), values).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.stage, row.kind, row.urgency) == (4, "handle", "", "normal")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tickets_term WHERE kind = ''",
        "UPDATE tickets_term SET kind = 'vehicle_pass' WHERE urgency = 'normal'",
        "UPDATE tickets_term SET stage = 'answer' WHERE urgency = 'normal'",
    ],
)
def test_the_database_keeps_the_general_terms(statement: str) -> None:
    before = list(Term.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Term.objects.values()) == before


def test_the_last_hours_of_service_stay(at: Desk) -> None:
    first, last = ServiceHours.objects.all()
    client = as_(at.duty_desk)
    for row, status in ((first, 302), (last, 403)):
        page = address("servicehours", "delete", row.pk)
        assert client.post(page, {"post": "yes"}).status_code == status
    assert list(ServiceHours.objects.all()) == [last]


# By the field

_MISSING = ["This field is required."]
_TAKEN = "There is a term for these already."
_AMOUNT = "Enter 0 for the same day, and 1 to 365 for every other unit."


@pytest.mark.parametrize(
    ("name", "values", "errors"),
    [
        ("term", {"kind": "", "urgency": "normal"}, {"urgency": [_TAKEN]}),
        ("term", {"amount": 0}, {"amount": [_AMOUNT]}),
        ("term", {"amount": 3, "unit": "same_day"}, {"amount": [_AMOUNT]}),
        (
            "term",
            {"stage": "answer", "urgency": "urgent"},
            {"urgency": ["The term for an answer is the same for every urgency."]},
        ),
        (
            "calendaryear",
            {"year": 2020},
            {"year": ["The official notice of this year is known already."]},
        ),
        ("calendaryear", {}, {"year": ["Enter the year's days off as overrides first."]}),
        (
            "servicehours",
            {"opens": "16:00", "closes": "18:00"},
            {"opens": ["This overlaps other service hours."]},
        ),
        (
            "servicehours",
            {"opens": "20:00", "closes": "18:00"},
            {"closes": ["The end must be after the beginning."]},
        ),
        ("servicehours", {"opens": "", "closes": ""}, {"opens": _MISSING, "closes": _MISSING}),
        ("term", {"amount": "", "unit": ""}, {"amount": _MISSING, "unit": _MISSING}),
        ("calendaroverride", {"day": "2020-02-30"}, {"day": ["Enter a valid date."]}),
    ],
)  # fmt: skip
def test_a_mistake_is_said_by_its_field(
    at: Desk, name: str, values: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    model, right = ROWS[name]
    before = list(model.objects.values())
    answer = as_(at.director).post(address(name, "add"), right | values)
    assert (answer.status_code, errors_of(answer)) == (200, errors)
    assert list(model.objects.values()) == before


# What a row means


def test_a_term_says_what_it_comes_to(at: Desk) -> None:
    row = Term.objects.get(stage="handle", kind="", urgency="normal")
    with clock_at(MARCH):
        page = as_(at.liaison).get(address("term", "change", row.pk)).content.decode()
        chinese = as_(at.liaison, "zh-hans").get(address("term", "change", row.pk))
    assert "Due Monday 16 March, 17:00: 3 working days from 11 March" in page
    assert "3月16日（星期一）17:00到期：自3月11日起3个工作日" in chinese.content.decode()


def test_a_term_in_a_year_that_is_not_entered_says_that_it_is_provisional(at: Desk) -> None:
    row = Term.objects.get(stage="handle", kind="", urgency="normal")
    client = as_(at.liaison)
    with clock_at(datetime(2098, 12, 29, 9, tzinfo=SHANGHAI)):  # a Monday
        page = client.get(address("term", "change", row.pk)).content.decode()
    assert "Due Thursday 1 January 2099, 17:00: 3 working days from 29 December" in page
    assert "This deadline is provisional: the days off of 2098 are not entered yet" in page


def test_a_list_of_many_terms_takes_as_many_questions(at: Desk) -> None:
    client = as_(at.liaison)
    client.get(address("term", "changelist"))
    with CaptureQueriesContext(connection) as few:
        client.get(address("term", "changelist"))
    for kind in ("vehicle_pass", "worker_return", "material_supply"):
        Term.objects.create(stage="handle", kind=kind, amount=2, unit="working_day")
    with CaptureQueriesContext(connection) as many:
        client.get(address("term", "changelist"))
    assert len(few) == len(many)


# The calendar


def shown(who: Officer, query: str) -> Any:
    with clock_at(MARCH):
        answer: Any = as_(who).get(MONTH + query)
    assert answer.status_code == 200
    return answer.context


def test_a_month_says_which_days_are_worked_and_who_said_so(at: Desk) -> None:
    CalendarOverride.objects.create(day="2020-04-08", is_working=False, reason="停电")
    context = shown(at.liaison, "?month=2020-04")
    days = {each.day: (each, why) for week in context["weeks"] for each, why in week}
    assert (min(days), max(days)) == (date(2020, 3, 30), date(2020, 5, 3))
    said = {
        day.day: (days[day][0].is_working, days[day][0].is_entered, days[day][1])
        for day in (date(2020, 4, number) for number in (5, 6, 7, 8, 26))
    }
    assert said == {
        5: (False, False, ""), 6: (False, False, ""), 7: (True, False, ""),
        8: (False, True, "停电"), 26: (True, False, ""),
    }  # fmt: skip
    assert (context["worked"], context["before"], context["after"]) == (
        21, date(2020, 3, 1), date(2020, 5, 1)
    )  # fmt: skip


def test_a_year_that_nobody_knows_says_so(at: Desk) -> None:
    context = shown(at.liaison, "?month=2098-12")
    assert {each.is_working for week in context["weeks"] for each, _why in week} == {None}
    assert context["worked"] == 0


@pytest.mark.parametrize("words", ["", "?month=2020-13", "?month=x", "?month=0001-01"])
def test_what_is_no_month_is_this_one(at: Desk, words: str) -> None:
    assert shown(at.liaison, words)["month"] == date(2020, 3, 1)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ((2098, 9, 30), 2098), ((2020, 9, 30), None), ((2020, 12, 31), None),
        ((2003, 9, 30), 2003),
    ],
)  # fmt: skip
def test_a_year_that_is_needed_and_not_known_warns_the_desk(
    at: Desk, day: tuple[int, int, int], year: int | None
) -> None:
    with clock_at(datetime(*day, 9, tzinfo=SHANGHAI)):
        found = warned_of(at.duty_desk)
    assert found == (f"{year}年" if year else None)


def matters_of(who: Officer) -> list[str]:
    """What the first page says of unknown years."""
    with override("zh-hans"):
        return [each.words for each in desk_of(who).matters if each.code == "unknown-year"]


def warned_of(who: Officer) -> str | None:
    """The year that the first page asks for, as it is written there."""
    found = matters_of(who)
    return found[0][:5] if found else None


def test_in_the_last_quarter_the_next_year_is_needed(at: Desk) -> None:
    CalendarYear.objects.create(year=2090, source="国办")

    def warned(who: Officer, *day: int) -> tuple[str | None, bool]:
        with clock_at(datetime(*day, 9, tzinfo=SHANGHAI)):  # type: ignore[arg-type, misc]  # three numbers make a day
            page = as_(who).get(reverse("admin:index")).content.decode()
            return warned_of(who), 'id="matter-unknown-year"' in page

    assert warned(at.duty_desk, 2090, 9, 30) == (None, False)
    assert warned(at.duty_desk, 2090, 10, 1) == ("2091年", True)
    assert warned(at.liaison, 2090, 10, 1) == (None, False)
    CalendarYear.objects.create(year=2091, source="国办")
    assert warned(at.duty_desk, 2090, 12, 31) == (None, False)


# A year is entered


def test_entering_a_year_reckons_its_deadlines_again_at_once(
    django_capture_on_commit_callbacks: Any,
) -> None:
    at = desk_without_years()
    ticket = handled(at)
    CalendarOverride.objects.create(day=date(2027, 1, 1), is_working=False, reason="元旦")
    client = as_(at.duty_desk)
    with clock_at(december(31, 11)):
        (warning,) = matters_of(at.duty_desk)
        with django_capture_on_commit_callbacks(execute=True):
            values = {"year": 2027, "source": "国办发明电"}
            assert client.post(address("calendaryear", "add"), values).status_code == 302
        after = matters_of(at.duty_desk)
    assert (warning, after) == ("2027年放假安排尚未录入，1起工单按暂定期限计时", [])
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.due_is_provisional) == (
        datetime(2027, 1, 6, 17, tzinfo=SHANGHAI), False,
    )  # fmt: skip
