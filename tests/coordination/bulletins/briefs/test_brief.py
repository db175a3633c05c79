"""A day's brief is built once, after 17:30, never changes, and is told of once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.db import ProgrammingError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from config.celery import app
from coordination.bulletins.briefs.build import (
    build_brief,
    build_missing_briefs,
    recount_brief,
    recounted_briefs,
)
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.models import Brief
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import DAY, SHANGHAI, brief_cut_off, day_to
from coordination.delivery.channels import open_destination
from coordination.delivery.models import Notice
from coordination.delivery.relay import Relay
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.house.block_registry import BRIEFS
from projects.house.blocks import Block, Period, Row, Table
from projects.house.equations import Equation
from projects.progress.report import report
from projects.record.audit import audit
from projects.record.canonical import canonical
from projects.record.clock import change, clock_at
from projects.record.naming import sentence
from projects.record.refusals import NotAllowed
from projects.worktime.models import ServiceHours
from tests.bed.mailbox import taking_mail
from tests.bed.races import race
from tests.bed.stack import LiveStack, wait_for
from tests.coordination.bulletins.test_build import somebody_waits
from tests.coordination.bulletins.test_toy_block import LEFT, MADE, SOLD
from tests.factories.coordination import LINES, Desk, desk, filed, project

TUESDAY = date(2020, 3, 10)
CUT_OFF = datetime(2020, 3, 10, 17, 30, tzinfo=SHANGHAI)
EVENING = timedelta(minutes=5)
pytestmark = pytest.mark.django_db(transaction=True)


def served() -> Desk:
    """A desk since the day before, with a ticket, and a service period of that week."""
    with clock_at(CUT_OFF - DAY - timedelta(hours=2)):
        at = desk()
        filed(at)
    begin_service(on=date(2020, 3, 9), until=date(2020, 3, 14))
    return at


def row_of(brief: Brief) -> bytes:
    """The row as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT b::text FROM bulletins_brief b WHERE id = %s", [brief.pk])
        return bytes(cursor.fetchone()[0], "utf-8")


def test_it_is_cut_off_half_an_hour_after_reports_are_due() -> None:
    assert brief_cut_off(TUESDAY) == CUT_OFF
    assert day_to(CUT_OFF) == Period(CUT_OFF - DAY, CUT_OFF)


def test_it_is_refused_before_the_cut_off() -> None:
    with clock_at(CUT_OFF), pytest.raises(NotAllowed):
        build_brief(day=TUESDAY)
    assert Brief.objects.count() == 0
    assert Notice.objects.count() == 0


def test_twice_is_once() -> None:
    served()
    with clock_at(CUT_OFF + EVENING):
        first = build_brief(day=TUESDAY)
        told = Notice.objects.count()
        assert build_brief(day=TUESDAY) == first
    assert (Brief.objects.count(), Notice.objects.count()) == (1, told)


def test_two_builders_make_one_brief_and_tell_of_it_once() -> None:
    at = served()

    def build() -> Brief:
        with clock_at(CUT_OFF + EVENING):
            return build_brief(day=TUESDAY)

    first, second = race(build, build)
    assert (first.error, second.error) == (None, None)
    assert first.result == second.result == Brief.objects.get()
    assert Notice.objects.filter(topic="brief.daily", officer=at.lead).count() == 1


def test_who_is_told() -> None:
    at = served()
    before = set(Notice.objects.values_list("pk", flat=True))
    with clock_at(CUT_OFF + EVENING):
        brief = build_brief(day=TUESDAY)
    told = Notice.objects.exclude(pk__in=before)
    assert {each.officer for each in told} == {
        at.duty_desk, at.director, at.lead, at.other_lead,
    }  # fmt: skip
    (notice,) = told.filter(officer=at.duty_desk)
    assert (notice.topic, notice.title) == ("brief.daily", "2020年3月10日每日监测调度简报已生成")
    assert notice.text == (
        "没有应当填报的项目。当日无应复工开工项目。0个项目填报在岗0人（前一日0个项目填报在岗0人）。"
        "当日提交工单0起，受理0起，办结0起，销号0起；未销号1起。"
        "未销号工单中红灯（超期）1起、黄灯0起；今晚和明日到期0起。"
    )
    assert notice.link == reverse("admin:bulletins_brief_change", args=[brief.pk])


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("built", "leaves"),
    [
        (CUT_OFF + EVENING, CUT_OFF + EVENING),
        (
            datetime(2020, 3, 10, 21, 59, tzinfo=SHANGHAI),
            datetime(2020, 3, 10, 21, 59, tzinfo=SHANGHAI),
        ),
        (datetime(2020, 3, 10, 22, tzinfo=SHANGHAI), datetime(2020, 3, 11, 8, 30, tzinfo=SHANGHAI)),
        (datetime(2020, 3, 11, 2, tzinfo=SHANGHAI), datetime(2020, 3, 11, 8, 30, tzinfo=SHANGHAI)),
        (
            datetime(2020, 3, 11, 12, 30, tzinfo=SHANGHAI),
            datetime(2020, 3, 11, 13, 30, tzinfo=SHANGHAI),
        ),
    ],
)
def test_its_messages_leave_in_the_evening_and_not_at_night(
    built: datetime, leaves: datetime, settings: LazySettings
) -> None:
    """With the service hours that a desk begins with, which end at 17:00."""
    with taking_mail(settings) as mailbox:
        at = served()
        hours = ServiceHours.objects.order_by("opens").values_list("opens", "closes")
        assert list(hours) == [(time(8, 30), time(12)), (time(13, 30), time(17))]
        open_destination(
            name="邮箱", channel="email", address="director@example.com", officer=at.director,
            topics=["brief.daily"], by=at.director,
        )  # fmt: skip
        with clock_at(built):
            build_brief(day=TUESDAY)
        for moment, many in ((leaves - timedelta(minutes=1), 0), (leaves, 1)):
            with clock_at(moment):
                Relay().drain()
            assert len(mailbox.messages) == many


def test_missed_days_are_caught_up_and_only_the_last_is_news() -> None:
    at = served()
    with clock_at(CUT_OFF - timedelta(hours=1)):
        assert [each.day for each in build_missing_briefs()] == [date(2020, 3, 9)]
    with clock_at(CUT_OFF + 2 * DAY + EVENING):
        assert [each.day for each in build_missing_briefs()] == [
            date(2020, 3, 10), date(2020, 3, 11), date(2020, 3, 12),
        ]  # fmt: skip
        assert build_missing_briefs() == []
    with clock_at(CUT_OFF + 30 * DAY):
        assert [each.day for each in build_missing_briefs()] == [date(2020, 3, 13)]
    told = Notice.objects.filter(topic="brief.daily", officer=at.director).order_by("pk")
    assert [each.title[:10] for each in told] == ["2020年3月9日每", "2020年3月12日"]


def test_a_worker_builds_it(live_stack: LiveStack) -> None:
    begin_service(on=TUESDAY, until=date(2020, 3, 11))
    app.send_task("coordination.bulletins.tasks.build_missing_briefs")
    wait_for(Brief.objects.exists)
    brief = Brief.objects.get()
    assert brief.day == TUESDAY
    assert recount_brief(brief) == brief.blocks


def test_rows_that_arrive_later_change_no_byte_of_it() -> None:
    at = served()
    ticket = filed(at)
    brief = build_brief(day=TUESDAY)
    before = row_of(brief)
    with clock_at(CUT_OFF + timedelta(minutes=1)):
        report(project=at.project, day=TUESDAY, resumed=True, workers_on_site=9, by=at.liaison)
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        filed(at, "worker_return")
        project(planned_resumption=date(2020, 3, 1))
    assert build_brief(day=TUESDAY) == brief
    assert row_of(brief) == before
    assert canonical(recount_brief(brief)) == canonical(brief.blocks)


def test_it_waits_for_a_report_under_way_at_the_cut_off() -> None:
    with clock_at(CUT_OFF - DAY):
        at = desk()
        site = project(planned_resumption=date(2020, 3, 1))
    recorded, may_commit = Event(), Event()

    def write() -> None:
        with clock_at(CUT_OFF), change():
            report(project=site, day=TUESDAY, resumed=True, by=at.liaison)
            recorded.set()
            may_commit.wait(60)
        connections.close_all()

    def builder() -> None:
        build_brief(day=TUESDAY)
        connections.close_all()

    writing, waiting = Thread(target=write), Thread(target=builder)
    writing.start()
    assert recorded.wait(20)
    waiting.start()
    wait_for(somebody_waits)
    assert Brief.objects.count() == 0
    may_commit.set()
    writing.join(30)
    waiting.join(30)
    figures = Brief.objects.get().blocks["reporting"]["figures"]
    assert (figures["expected"], figures["reported"]) == (1, 1)


def test_it_is_never_altered(owner_cursor: psycopg.Cursor[object]) -> None:
    brief = build_brief(day=TUESDAY)
    before = row_of(brief)
    with pytest.raises(ProgrammingError, match="permission denied for table"):
        Brief.objects.update(hash="")
    with pytest.raises(psycopg.errors.RaiseException, match="Cannot update"):
        owner_cursor.execute("UPDATE bulletins_brief SET hash = ''")
    assert row_of(brief) == before


def test_one_that_was_altered_is_named(superuser_cursor: psycopg.Cursor[Any]) -> None:
    served()
    with clock_at(CUT_OFF + EVENING):
        brief = build_brief(day=TUESDAY)
    assert list(audit()) == []
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute(
        "UPDATE bulletins_brief SET blocks = jsonb_set(blocks,"
        " '{tickets,figures,total,filed}', '4711') WHERE id = %s", [brief.pk],
    )  # fmt: skip
    found = list(audit())
    superuser_cursor.execute("SET session_replication_role = origin")
    assert found == [
        ("bulletins.brief", "2020-03-10", "altered"), ("bulletins.brief", "2020-03-10", "figures"),
    ]  # fmt: skip
    with translation.override("zh-hans"):
        assert sentence(found[1]).startswith("每日监测调度简报 2020-03-10")


def test_older_ones_have_their_turn() -> None:
    begin_service(on=date(2020, 1, 1), until=date(2020, 3, 1))
    with clock_at(brief_cut_off(date(2020, 3, 1))):
        built = build_missing_briefs()
        every = [str(each.pk) for each in built]
        assert recounted_briefs(None) == every
    with clock_at(CUT_OFF + 60 * DAY):
        tonight = recounted_briefs(CUT_OFF + 59 * DAY)
        assert 0 < len(tonight) < len(every)


def queries_to_count() -> int:
    with CaptureQueriesContext(connection) as asked:
        count_blocks(day_to(CUT_OFF), registry=BRIEFS)
    return len(asked)


def test_more_tickets_and_projects_cost_no_more_queries() -> None:
    with clock_at(CUT_OFF - timedelta(days=2)):
        filed(desk())
        few = queries_to_count()
        for _more in range(3):
            at = desk()
            project(planned_resumption=date(2020, 3, 1))
            for kind in LINES:
                filed(at, kind)
    assert queries_to_count() == few


def toys(left: Callable[[Period], int]) -> Block:
    """A block of another room, which is wrong on some day."""
    return Block(
        name="toys", place=22, count=lambda period: {"made": 7, "sold": 5, "left": left(period)},
        tables=(
            Table(
                title="Toys", columns=(MADE, SOLD, LEFT), rows=(Row("made"),),
                equations=(Equation("made - sold = left"),),
            ),
        ),
    )  # fmt: skip


def test_a_day_that_does_not_reconcile_leaves_nothing_and_keeps_no_other() -> None:
    served()
    block = BRIEFS.register(toys(lambda period: 3 if period.end == CUT_OFF else 2))
    try:
        with clock_at(CUT_OFF + DAY + EVENING), translation.override("en"):
            with pytest.raises(NotAllowed) as refused:
                build_missing_briefs()
            assert str(refused.value.message) == (
                "Block toys does not reconcile: made - sold = left gives 2 = 3 (row: —)."
            )
            days = list(Brief.objects.order_by("day").values_list("day", flat=True))
            assert days == [date(2020, 3, 9), date(2020, 3, 11)]
            told = Notice.objects.filter(topic="brief.daily").count()
            with pytest.raises(NotAllowed, match="toys"):
                build_brief(day=TUESDAY)
            assert Brief.objects.count() == 2
            assert Notice.objects.filter(topic="brief.daily").count() == told
    finally:
        BRIEFS.unregister(block)
    with clock_at(CUT_OFF + DAY + EVENING):
        assert [each.day for each in build_missing_briefs()] == [TUESDAY]


def test_another_room_s_block_is_counted_and_shown(client: Client) -> None:
    at = served()
    block = BRIEFS.register(toys(lambda _period: 2))
    try:
        with clock_at(CUT_OFF + EVENING):
            brief = build_brief(day=TUESDAY)
        client.force_login(at.director)
        address = reverse("admin:bulletins_brief_change", args=[brief.pk])
        assert "toys made" in client.get(address).content.decode()
    finally:
        BRIEFS.unregister(block)
    page = client.get(address)
    assert page.status_code == 200
    assert "toys made" not in page.content.decode()
    assert list(brief.blocks) == ["reporting", "changes", "toys", "tickets"]
