"""A week's bulletin is built once, after its cut-off, and never changes."""

from datetime import date, datetime, timedelta
from threading import Thread

import psycopg
import pytest
from django.db import InternalError, connections
from django.test import Client
from django.urls import reverse

from coordination.bulletins.build import build, build_missing, preview, recount
from coordination.bulletins.models import Bulletin
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI, WEEK
from coordination.groups.models import Officer, Role
from projects.record.clock import RECORD_LOCK, clock_at
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.races import race

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_refused_before_the_cut_off_and_at_other_times() -> None:
    with clock_at(CUT_OFF), pytest.raises(NotAllowed):
        build(cut_off=CUT_OFF)
    with pytest.raises(Invalid):
        build(cut_off=CUT_OFF + timedelta(hours=1))
    assert Bulletin.objects.count() == 0


def test_two_builders_make_one_bulletin() -> None:
    first, second = race(lambda: build(cut_off=CUT_OFF), lambda: build(cut_off=CUT_OFF))
    assert (first.error, second.error) == (None, None)
    assert first.result == second.result == Bulletin.objects.get()


def test_it_is_never_altered_and_counts_again_the_same() -> None:
    bulletin = build(cut_off=CUT_OFF)
    with pytest.raises((InternalError, psycopg.Error, Exception), match=r"permission|Cannot"):
        Bulletin.objects.update(hash="")
    assert recount(bulletin) == bulletin.blocks


def test_it_waits_for_a_writer_that_is_open_across_the_cut_off(
    second_connection: psycopg.Connection[object],
) -> None:
    second_connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECORD_LOCK])

    def builder() -> None:
        build(cut_off=CUT_OFF)
        connections.close_all()

    waiting = Thread(target=builder)
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    assert Bulletin.objects.count() == 0
    second_connection.commit()
    waiting.join(10)
    assert Bulletin.objects.count() == 1


def test_a_month_asleep_is_made_up_for() -> None:
    begin_service(on=date(2020, 3, 9), until=date(2020, 9, 7))
    built: list[int] = []
    for week in [*range(10), *range(14, 26)]:
        with clock_at(CUT_OFF + week * WEEK + timedelta(minutes=30)):
            built.append(len(build_missing()))
            assert build_missing() == []
    assert built == [1] * 10 + [5] + [1] * 11
    assert Bulletin.objects.count() == 26


def test_the_pages_open(client: Client) -> None:
    client.force_login(Officer.objects.create(username="d", role=Role.DIRECTOR, is_staff=True))
    bulletin = build(cut_off=CUT_OFF)
    page = client.get(reverse("admin:coordination_bulletin_change", args=[bulletin.pk]))
    assert page.status_code == 200
    assert bulletin.hash in page.content.decode()
    assert client.get(reverse("admin:bulletin_preview")).status_code == 200
    assert set(preview()) == set(bulletin.blocks)
