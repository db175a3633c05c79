"""The demonstration's clock: it runs on from where it stood, and exists nowhere else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.progress.models import DailyReport
from projects.record.clock import change, clock_offset, machine_now, now
from projects.record.demo_clock import move_clock, open_clock, resume_clock, tick
from projects.record.models import ClockOffset
from tests.factories.coordination import director, project

OPENING = datetime(2020, 3, 10, 1, tzinfo=UTC)
SOON = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = True


def put_back(hours: int) -> None:
    """As if the machine had run for so long without us: its clock has gone on, ours has not."""
    row = ClockOffset.objects.get()
    row.seconds += hours * 3600
    row.save()


@pytest.mark.usefixtures("demonstration")
def test_it_is_opened_once_and_runs() -> None:
    assert abs(now() - machine_now()) < SOON  # not opened: the machine's
    open_clock(OPENING)
    first = now()
    assert OPENING <= first < OPENING + SOON
    open_clock(OPENING + timedelta(days=9))
    assert first < now() < OPENING + SOON
    assert abs(machine_now() - datetime.now(UTC)) < SOON
    with change() as at:
        assert OPENING <= at < OPENING + SOON


@pytest.mark.usefixtures("demonstration")
def test_stopped_it_stands_and_goes_on_from_its_last_tick() -> None:
    open_clock(OPENING)
    move_clock(OPENING + timedelta(hours=2))
    tick()
    ticked = ClockOffset.objects.get().ticked_at
    assert OPENING + timedelta(hours=2) <= ticked < OPENING + timedelta(hours=2) + SOON
    put_back(48)
    assert now() > OPENING + timedelta(hours=49)
    call_command("resume_clock")
    assert ticked <= now() < ticked + SOON


@pytest.mark.usefixtures("demonstration")
def test_it_never_goes_on_earlier_than_what_is_recorded() -> None:
    open_clock(OPENING)
    newest = OPENING + timedelta(days=3)
    DailyReport.objects.create(
        project=project(), day=newest.date(), resumed=True, recorded_at=newest, revision=1,
        officer=director(),
    )  # fmt: skip
    assert resume_clock() == newest
    assert newest <= now() < newest + SOON


@pytest.mark.usefixtures("demonstration")
def test_it_is_only_ever_moved_forward() -> None:
    open_clock(OPENING)
    before = now()
    move_clock(OPENING - timedelta(days=1))
    assert before <= now() < before + SOON
    move_clock(OPENING + timedelta(days=1))
    assert OPENING + timedelta(days=1) <= now() < OPENING + timedelta(days=1) + SOON


def test_elsewhere_a_row_changes_nothing_and_costs_nothing() -> None:
    ClockOffset.objects.create(seconds=-(10**8), ticked_at=OPENING)
    with CaptureQueriesContext(connection) as asked:
        assert clock_offset() == timedelta(0)
        assert abs(now() - datetime.now(UTC)) < SOON
    assert len(asked) == 0
    for refused in (tick, resume_clock, lambda: open_clock(OPENING), lambda: move_clock(OPENING)):
        with pytest.raises(ImproperlyConfigured, match="DEMONSTRATION"):
            refused()
    row = ClockOffset.objects.get()
    assert (row.seconds, row.ticked_at) == (-(10**8), OPENING)
    call_command("resume_clock")
    assert ClockOffset.objects.get().seconds == -(10**8)
