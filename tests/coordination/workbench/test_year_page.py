"""A year is pasted from the notice: shown first, entered whole, and reckoned with at once."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.workbench.year.enter import enter_year
from coordination.workbench.year.queries import plan_year
from projects.record.clock import clock_at
from projects.record.models import Act
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, CalendarYear
from tests.coordination.tickets.clocks.new_year import december, desk_without_years, handled
from tests.coordination.workbench.test_clock_pages import as_
from tests.factories.coordination import Desk
from tests.factories.notices import MADE_UP_2027, NOTICE_2026

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:calendar_notice")
MONTH = reverse("admin:working_calendar")
SOURCE = "国办发明电〔2026〕99号"


@pytest.fixture
def at() -> Desk:
    return desk_without_years()


def rows() -> list[tuple[date, bool, str]]:
    """The overrides, in order."""
    return sorted(CalendarOverride.objects.values_list("day", "is_working", "reason"))


def stored() -> tuple[Any, ...]:
    return rows(), list(CalendarYear.objects.values_list("year", "source")), Act.objects.count()


def sent(who: Officer, moment: datetime | None = None, **values: Any) -> Any:
    with clock_at(moment or december(30)):
        return as_(who, "zh-hans").post(PAGE, values)


def test_it_is_shown_then_entered(at: Desk, django_capture_on_commit_callbacks: Any) -> None:
    ticket = handled(at)
    for day, worked, reason in (
        (date(2027, 1, 1), False, "元旦"), (date(2027, 2, 14), False, "停电"),
        (date(2027, 3, 3), False, "停电"), (date(2028, 1, 3), False, "元旦"),
    ):  # fmt: skip
        CalendarOverride.objects.create(day=day, is_working=worked, reason=reason)
    before = stored()
    page = sent(at.duty_desk, text=MADE_UP_2027)
    assert (page.status_code, stored()) == (200, before)
    assert page.context["worked"] == 250
    holidays = page.context["holidays"]
    assert [(each.name, number, each.said) for each, _first, _last, number in holidays] == [
        ("元旦", 3, 3), ("春节", 7, 7), ("清明节", 3, 3), ("劳动节", 5, 5), ("端午节", 1, 1),
        ("中秋节", 1, 1), ("国庆节", 7, 7),
    ]  # fmt: skip
    assert [each.day for each in page.context["removed"]] == [date(2027, 3, 3)]
    said = page.content.decode()
    assert f"依据{SOURCE}，全年250个工作日。" in said
    assert "<td>2027年2月14日</td><td>星期日</td><td><strong>上班</strong></td>" in said

    mark = page.context["plan"].mark
    with django_capture_on_commit_callbacks(execute=True):
        done = sent(
            at.duty_desk, december(31, 11), text=MADE_UP_2027, shown=mark, confirmed="1"
        )  # fmt: skip
    assert (done.status_code, done["Location"]) == (302, f"{MONTH}?month=2027-01")
    said_days = [(each.day, each.is_working, each.reason) for each in page.context["days"]]
    assert rows() == [*said_days, (date(2028, 1, 3), False, "元旦")]
    assert said_days[:3] == [
        (date(2026, 12, 26), True, "元旦调休"), (date(2026, 12, 31), False, "元旦"),
        (date(2027, 1, 1), False, "元旦"),
    ]  # fmt: skip
    assert list(CalendarYear.objects.values_list("year", "source")) == [(2027, SOURCE)]
    acts = Act.objects.filter(officer=at.duty_desk, about_model__startswith="worktime.")
    told = [(each.what, each.about_name) for each in acts.order_by("pk")]
    assert told[0] == ("removed", "2027-03-03")
    assert ("changed", "2027-02-14") in told
    assert told[-1] == ("added", "2027")
    assert len(told) == 1 + len(said_days) - 1 + 1  # 1 January said the same already
    changed = acts.get(what="changed")
    assert changed.changes == {"is_working": [False, True], "reason": ["停电", "春节调休"]}
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.due_is_provisional) == (
        datetime(2027, 1, 6, 17, tzinfo=SHANGHAI), False,
    )  # fmt: skip


def test_pasted_again_nothing_changes(at: Desk) -> None:
    for expected in (False, True):
        plan = plan_year(text=MADE_UP_2027)
        assert plan.is_entered is expected
        enter_year(text=MADE_UP_2027, shown=plan.mark, by=at.director)
        if not expected:
            before = stored()
    assert stored() == before
    plan = plan_year(text=MADE_UP_2027, source="国办发明电〔2026〕100号")
    enter_year(text=MADE_UP_2027, source=plan.source, shown=plan.mark, by=at.director)
    assert stored() == (before[0], [(2027, plan.source)], before[2] + 1)


def test_what_was_not_shown_is_not_entered(at: Desk) -> None:
    mark = plan_year(text=MADE_UP_2027).mark
    other = MADE_UP_2027.replace(
        "2月5日（周五）至11日（周四）放假调休，共7天", "2月5日至12日放假，共8天"
    )
    before = stored()
    page = sent(at.director, text=other, shown=mark, confirmed="1")
    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == ["内容已有变化，请重新核对后确认。"]
    assert page.context["plan"].mark != mark
    assert stored() == before
    with pytest.raises(Stale):
        enter_year(text=MADE_UP_2027, shown="", by=at.director)
    assert stored() == before


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"text": ""}, {"text": ["请粘贴通知全文。"]}),
        ({"text": NOTICE_2026}, {"text": [
            "系统已有2026年的放假安排，不必录入。个别日期有变动的，请逐日录入调整。"
        ]}),
        ({"text": MADE_UP_2027.replace(SOURCE, "")},
         {"source": ["通知正文中没有文号，请填写。"]}),
        ({"text": MADE_UP_2027, "source": "号" * 101}, {"source": ["内容过长。"]}),
        ({"text": MADE_UP_2027.replace("8日（周六）", "8日（周日）").replace("共1天", "共2天")},
         {"text": [
             "“5月8日(周日)、5月9日(周日)上班”：2027年5月8日是星期六，不是星期日。",
             "“六、中秋节:9月15日(周三)放假,共2天”：通知写明共2天，所列日期为1天。",
         ]}),
    ],
)  # fmt: skip
def test_a_mistake_is_said_by_its_field(
    at: Desk, values: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    before = stored()
    for more in ({}, {"confirmed": "1", "shown": "x"}):
        given: dict[str, Any] = values | more
        page = sent(at.director, **given)
        assert (page.status_code, page.context["form"].errors) == (200, errors)
        assert page.context["plan"] is None
        assert values["text"][:10] in page.content.decode()
    assert stored() == before
    with pytest.raises(Invalid):
        enter_year(**values, shown="", by=at.director)


def test_only_who_keeps_the_calendar_enters_a_year(at: Desk) -> None:
    mark, before = plan_year(text=MADE_UP_2027).mark, stored()
    for who in (at.liaison, at.lead, at.auditor, at.security_admin):
        assert as_(who).get(PAGE).status_code == 403
        assert sent(who, text=MADE_UP_2027, shown=mark, confirmed="1").status_code == 403
        with pytest.raises(NotAllowed):
            enter_year(text=MADE_UP_2027, shown=mark, by=who)
        assert PAGE not in as_(who).get(MONTH).content.decode()
    assert stored() == before
    for who in (at.duty_desk, at.director, at.system_admin):
        assert as_(who).get(PAGE).status_code == 200
        assert PAGE in as_(who).get(MONTH).content.decode()


def test_what_is_shown_takes_two_questions(at: Desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        plan_year(text=MADE_UP_2027)
    assert len(asked) == 2
