"""Enterprises' software hears of a published issue: signed, once, and only what is for all."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any, Final

import pytest
from django.conf import LazySettings
from jsonschema import Draft202012Validator

from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.sent import send_failed_again
from coordination.bulletins.issues.webhooks import SAID
from coordination.bulletins.models import Face, Issue
from coordination.bulletins.week import SHANGHAI
from coordination.delivery.models import Because, Delivery, State
from coordination.delivery.relay import Relay
from coordination.delivery.webhooks.endpoints import disable_webhook
from coordination.delivery.webhooks.erase import KEPT_FOR, erase_old_bodies
from projects.record.clock import clock_at
from tests.coordination.delivery.receiver import Receiver, answer, receiving
from tests.coordination.delivery.webhooks.scene import listen, opened
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import Desk, desk, director

CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
EVENING: Final = CUT_OFF + timedelta(minutes=30)
API: Final = "http://127.0.0.1:8000/api/v1/bulletins/2020-03-09/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    with clock_at(EVENING):
        yield


@pytest.fixture
def at() -> Desk:
    with clock_at(CUT_OFF - timedelta(days=1)):
        return desk()


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    with receiving() as made:
        yield made


def files(issue: Issue) -> list[dict[str, Any]]:
    return [
        {
            "format": face.format, "language": face.language,
            "url": f"{API}bulletin.{face.format}?lang={face.language}",
            "size": len(face.content), "sha256": face.sha256,
        }
        for face in Face.objects.filter(issue=issue, audience="all").order_by("pk")
    ]  # fmt: skip


def test_it_is_told_with_its_numbers_its_hash_and_its_files(at: Desk, receiver: Receiver) -> None:
    endpoint, secret = listen(at, receiver)
    listen(at, receiver, "/tickets", topics=["ticket.resolved"])
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    Relay().drain()
    (got,) = receiver.received
    assert got.path == "/hook"
    told = opened(got, secret)
    assert (told["type"], told["timestamp"]) == ("bulletin.published", EVENING.isoformat())
    assert told["data"] == {
        "series": "weekly", "day": "2020-03-09", "cut_off": CUT_OFF.isoformat(), "year": 2020,
        "number": 1, "total": 1, "edition": 1, "supersedes": None, "issued_on": "2020-03-09",
        "hash": issue.bulletin.hash, "url": API, "files": files(issue),
    }  # fmt: skip
    assert len(told["data"]["files"]) == 8
    row = Delivery.objects.get(endpoint=endpoint)
    assert (row.state, row.payload, row.files) == (State.DELIVERED, {}, [])
    assert list(Draft202012Validator(SAID).iter_errors(told["data"])) == []


def test_a_new_edition_says_which_it_replaces(at: Desk, receiver: Receiver) -> None:
    _endpoint, secret = listen(at, receiver)
    receiver.plan["/hook"].append(answer(500))
    first = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    Relay().drain()
    with clock_at(EVENING + timedelta(seconds=1)):
        second = verbs.supersede(issue=first, reason="表1有误", by=director())
        second = verbs.distribute(issue=signed(second))
        Relay().drain()
        assert len(receiver.received) == 1  # the second waits for the first
    with clock_at(EVENING + timedelta(minutes=1)):
        Relay().drain()
    told = [opened(got, secret)["data"] for got in receiver.received]
    assert [(each["edition"], each["supersedes"], each["number"]) for each in told] == [
        (1, None, 1), (1, None, 1), (2, 1, 1),
    ]  # fmt: skip
    assert told[2]["files"] == files(second)
    assert "表1有误" not in receiver.received[2].raw.decode()


def test_what_it_said_is_kept_for_thirty_days_and_not_sent_after_that(
    at: Desk, receiver: Receiver
) -> None:
    listen(at, receiver)
    receiver.plan["/hook"].append(answer(500))
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    Relay().drain()
    with clock_at(EVENING + KEPT_FOR):
        assert erase_old_bodies(EVENING + KEPT_FOR) == 1
        row = Delivery.objects.get()
        assert (row.body, row.state) == (None, State.DEAD)
        assert send_failed_again(issue=issue, by=director()) == (0, 1)
        Relay().drain()
    assert len(receiver.received) == 1


def test_a_disabled_webhook_can_be_told_later(at: Desk, receiver: Receiver) -> None:
    endpoint, _secret = listen(at, receiver)
    disable_webhook(endpoint=endpoint, reason="检修", by=at.duty_desk)
    verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    Relay().drain()
    endpoint.refresh_from_db()
    assert endpoint.disabled_because == Because.DESK
    assert receiver.received == []
    assert list(Delivery.objects.values_list("topic", "state")) == [
        ("bulletin.published", State.DEAD)
    ]
