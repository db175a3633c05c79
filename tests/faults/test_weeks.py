"""One bulletin a week, whatever happens to beat; `make faults` runs half a year of it.

Two beats and a worker run as processes on servers of their own, with the clock of a demonstration,
which is moved to each cut-off; the machine's clock and production's are never touched.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.conf import settings
from django.utils import timezone

from config import commands
from coordination.bulletins.build import recount
from coordination.bulletins.issues.topics import WAITS
from coordination.bulletins.models import Bulletin, Issue, IssueEvent, IssueVerb, Status
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import WEEK, cut_off_on
from coordination.delivery.models import Notice
from projects.progress.report import report as report_day
from projects.record.clock import now
from projects.record.demo_clock import move_clock, open_clock
from tests.bed.stack import wait_for
from tests.factories.coordination import Desk, desk, filed
from tests.faults.bed import LiveDesk, kill, live_desk, orm_at, report, size

pytestmark = pytest.mark.timeout(3600)
FIRST: Final = date(2020, 3, 2)  # a Monday
ASLEEP: Final = 4  # weeks
BEATS: Final = ("beat-1", "beat-2")
SHORTLY: Final = timedelta(seconds=2)
_BEAT: Final = ("python", "-m", "celery", "--app", "tests.faults.short_beat", "beat")


@dataclass
class Weeks:
    """The desk, and who is at work in it."""

    live: LiveDesk
    at: Desk
    dice: random.Random
    kills: int = 0

    def kill_a_beat(self, within: float) -> None:
        """One of the two, at any moment of the next so many seconds; it is started again."""
        time.sleep(self.dice.random() * within)
        kill(self.live.pid(self.dice.choice(BEATS)))
        self.kills += 1

    def signal_all(self, number: int) -> None:
        """Every process of beats and worker."""
        for name in (*BEATS, "worker"):
            pid = self.live.pid(name)
            for each in (pid, *self.live.workers_of(name)) if name == "worker" else (pid,):
                os.kill(each, number)


@contextmanager
def _clock_of_a_demonstration() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEMONSTRATION", True)
        open_clock(cut_off_on(FIRST) - timedelta(days=3))
        yield


@pytest.fixture
def weeks(django_db_setup: None, django_db_blocker: Any) -> Iterator[Weeks]:
    services = {
        "worker": commands.SERVICES["worker"],
        **{name: (*_BEAT, "--schedule", f"/tmp/{name}-{os.getpid()}") for name in BEATS},  # noqa: S108 - a name for beat's own file
    }
    with (
        live_desk(services, DEPLOYMENT="demo", LOG_LEVEL="WARNING") as live,
        django_db_blocker.unblock(),
        orm_at(live.chosen),
        _clock_of_a_demonstration(),
    ):
        at = desk()
        begin_service(on=FIRST, by=at.director)
        yield Weeks(live, at, random.Random(20200302))


def cut_off(number: int) -> datetime:
    """That of the week of this number, counted from 0."""
    return cut_off_on(FIRST + number * WEEK)


def is_built(number: int) -> bool:
    return Bulletin.objects.filter(cut_off=cut_off(number)).exists()


def test_r10_two_beats_are_killed_and_sleep(weeks: Weeks) -> None:
    many, kills = size("WEEKS", 3), size("BEAT_KILLS", 2)
    sleeps_after = many // 2
    number, latest = 0, 0.0
    for week in range(many):
        _work(weeks, cut_off(number))
        move_clock(cut_off(number) - SHORTLY)  # beats and worker see it pass
        for _each in range(kills * (week + 1) // many - weeks.kills):
            weeks.kill_a_beat(within=3)
        began = time.monotonic()
        wait_for(lambda: is_built(number), seconds=90)  # noqa: B023 - asked at once
        latest = max(latest, time.monotonic() - began)
        number += 1
        if week + 1 == sleeps_after:
            number = _sleep(weeks, number)
    _one_each(number)
    assert weeks.kills == kills
    report(
        f"R10: two beats, {kills} kills, {many} weeks and {ASLEEP} asleep: {number} bulletins,"
        f" one a week; the latest {latest:.1f} s after its cut-off"
    )


def _work(weeks: Weeks, end: datetime) -> None:
    """Something for the week's bulletin to count."""
    move_clock(end - timedelta(days=1))
    filed(weeks.at)
    report_day(
        project=weeks.at.project, day=timezone.localdate(now()), resumed=True, by=weeks.at.liaison
    )


def _sleep(weeks: Weeks, number: int) -> int:
    """Beats and worker stand still for some weeks, and wake together."""
    weeks.signal_all(signal.SIGSTOP)
    move_clock(cut_off(number + ASLEEP - 1) + timedelta(hours=5))
    time.sleep(2)
    assert [is_built(number + each) for each in range(ASLEEP)] == [False] * ASLEEP
    weeks.signal_all(signal.SIGCONT)
    wait_for(lambda: all(is_built(number + each) for each in range(ASLEEP)), seconds=120)
    return number + ASLEEP


def _one_each(number: int) -> None:
    """Every week has one bulletin, one issue, one draft, and one notice to each who is told."""
    wanted = [cut_off(each) for each in range(number)]
    bulletins = list(Bulletin.objects.order_by("cut_off"))
    assert [each.cut_off for each in bulletins] == wanted
    assert [recount(each) for each in bulletins] == [each.blocks for each in bulletins]
    issues = Issue.objects.order_by("bulletin__cut_off").values_list("bulletin", "status")
    assert list(issues) == [(each.pk, Status.DRAFT) for each in bulletins]
    drafted = IssueEvent.objects.order_by("issue__bulletin__cut_off")
    assert list(drafted.values_list("issue__bulletin", "verb")) == [
        (each.pk, IssueVerb.DRAFT) for each in bulletins
    ]
    told = Counter(Notice.objects.filter(topic=WAITS.code).values_list("officer", "link"))
    assert (len(told), set(told.values())) == (2 * number, {1})  # director and duty desk
