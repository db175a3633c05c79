"""Webhooks follow the feed: what has a place in the one is in the other, once and in order."""

import re
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from config.embedded import PROJECT
from coordination.delivery.models import Delivery, State, WebhookEndpoint
from coordination.delivery.webhooks.endpoints import change_webhook, delete_webhook
from coordination.delivery.webhooks.topics import TEST, offered
from coordination.intake.feed import fan_out as module
from coordination.intake.feed.fan_out import fan_out
from coordination.intake.feed.sequence import sequence
from coordination.intake.feed.shape import topic_of, topics
from coordination.intake.models import FeedEntry, FeedPending
from coordination.tickets.flow import FLOW
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import accept
from projects.record.clock import now
from tests.bed.races import race
from tests.coordination.delivery.conftest import receiver as receiver  # noqa: PLC0414 - a fixture
from tests.coordination.delivery.receiver import Receiver
from tests.coordination.delivery.webhooks.scene import key_of, listen, say
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)


def bodies(endpoint: WebhookEndpoint) -> list[Any]:
    return [row.body for row in Delivery.objects.filter(endpoint=endpoint).order_by("pk")]


def test_the_data_is_what_the_feed_gives(receiver: Receiver) -> None:
    at, other = desk(), desk()
    endpoint, _secret = listen(at, receiver)
    listen(other, receiver)
    ticket = filed(at)
    accept(ticket=ticket, by=at.liaison)
    comment(ticket=ticket, text="只在中心内部", internal=True, by=at.liaison)
    comment(ticket=ticket, text="请补充材料", by=at.key)
    client = client_with(at.token, "zh-hans")
    entries = client.get("/api/v1/events/").json()["results"]
    assert [each["data"] for each in bodies(endpoint)] == entries
    assert [(each["type"], each["timestamp"]) for each in bodies(endpoint)] == [
        ("ticket.submitted", entries[0]["at"]), ("ticket.accepted", entries[1]["at"]),
        ("ticket.commented", entries[2]["at"]),
    ]  # fmt: skip
    assert Delivery.objects.filter(endpoint__enterprise=other.enterprise).count() == 0


def test_each_endpoint_hears_what_it_chose(receiver: Receiver) -> None:
    at = desk()
    everything, _secret = listen(at, receiver, "/all")
    some, _secret = listen(at, receiver, "/some", topics=["ticket.accepted"])
    accept(ticket=filed(at), by=at.liaison)
    sequence()
    assert [each["type"] for each in bodies(everything)] == ["ticket.submitted", "ticket.accepted"]
    assert [each["type"] for each in bodies(some)] == ["ticket.accepted"]


def test_a_disabled_endpoint_misses_nothing_for_good_and_a_deleted_one_all(
    receiver: Receiver,
) -> None:
    at = desk()
    key, _token = key_of(at)
    resting, _secret = listen(at, receiver, "/resting")
    deleted, _secret = listen(at, receiver, "/deleted")
    change_webhook(endpoint=resting, is_enabled=False, by=key)
    delete_webhook(endpoint=deleted, by=key)
    filed(at)
    sequence()
    rows = Delivery.objects.filter(endpoint__isnull=False)
    assert [(row.endpoint, row.state, row.tries) for row in rows] == [(resting, State.DEAD, 0)]


def test_placing_twice_writes_once(receiver: Receiver) -> None:
    at = desk()
    endpoint, _secret = listen(at, receiver)
    say(filed(at), at, "一")
    before = list(Delivery.objects.order_by("pk").values())
    entries = FeedEntry.objects.values_list("position", "enterprise")
    with transaction.atomic():
        fan_out(list(entries), now())
    assert list(Delivery.objects.order_by("pk").values()) == before
    assert len(bodies(endpoint)) == 2


def test_without_its_messages_no_event_gets_its_place(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk()
    endpoint, _secret = listen(at, receiver)
    filed(at)

    def fail(*_given: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(module, "enqueue_webhooks", fail)
        with pytest.raises(ZeroDivisionError):
            sequence()
    assert (FeedEntry.objects.count(), FeedPending.objects.count()) == (0, 1)
    assert bodies(endpoint) == []
    assert sequence() == 1
    assert len(bodies(endpoint)) == 1


def test_however_many_events_it_takes_as_many_queries(receiver: Receiver) -> None:
    at = desk()
    listen(at, receiver)
    ticket = filed(at)
    sequence()

    def queries(number: int) -> int:
        for _each in range(number):
            comment(ticket=ticket, text="一", by=at.liaison)
        with CaptureQueriesContext(connection) as asked:
            assert sequence() == number
        return len(asked)

    assert queries(1) == queries(12)


def write(ticket: Ticket, at: Desk) -> None:
    for number in range(8):
        comment(ticket=ticket, text=f"第{number}次", by=at.key)


def place() -> int:
    return sum(sequence() for _each in range(40))


def test_writers_and_sequencers_at_once_skip_nothing(receiver: Receiver) -> None:
    at = desk()
    endpoint, _secret = listen(at, receiver)
    tickets = [filed(at) for _each in range(3)]
    writers = [partial(write, ticket, at) for ticket in tickets]
    outcomes: Any = race(*writers, place, place, seconds=60)
    assert [each.error for each in outcomes] == [None] * 5
    sequence()
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("pk")
    entries = FeedEntry.objects.order_by("position")
    assert len(rows) == 3 + 3 * 8
    assert [row.subject for row in rows] == [f"event:{each.event_id}" for each in entries]
    for ticket in tickets:
        seqs = [row.body["data"]["seq"] for row in rows.filter(order_key=f"ticket:{ticket.pk}")]
        assert seqs == sorted(seqs)


def test_disabling_among_sequencers_leaves_nothing_waiting(receiver: Receiver) -> None:
    at = desk()
    key, _token = key_of(at)
    endpoint, _secret = listen(at, receiver)
    tickets = [filed(at) for _each in range(2)]

    def disable() -> None:
        change_webhook(endpoint=endpoint, is_enabled=False, by=key)

    outcomes: Any = race(partial(write, tickets[0], at), place, place, disable, seconds=60)
    assert [each.error for each in outcomes] == [None] * 4
    sequence()
    assert len(bodies(endpoint)) == 2 + 8
    assert not Delivery.objects.filter(endpoint=endpoint, state=State.PENDING).exists()


def test_the_documentation_has_the_type_of_every_verb_in_both_languages() -> None:
    text = (PROJECT / "docs/webhooks.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| `(\w+\.\w+)` \| (.*?) ?\| (.+) \| (.+) \|$", text, re.MULTILINE)
    told = [rule for rule in FLOW.rules() if not rule.is_internal]
    labels: list[list[str]] = []
    for language in ("zh-hans", "en"):
        with override(language):
            labels.append([str(rule.label) for rule in told])
    expected = [
        (topic_of(rule.verb), f"`{rule.verb}`", chinese, english)
        for rule, chinese, english in zip(told, *labels, strict=True)
    ]
    assert said[: len(told)] == expected
    assert sorted(each[0] for each in said) == sorted([*offered(), TEST])


def test_every_verb_that_is_told_has_its_word() -> None:
    internal = {rule.verb for rule in FLOW.rules() if rule.is_internal}
    assert len(topics()) == len(list(FLOW)) - len(internal)
    assert {verb for verb in FLOW if topic_of(verb) == f"ticket.{verb}"} == internal
