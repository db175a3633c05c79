"""What dies, and what is lost: nothing. `make faults` runs it in full; here each takes seconds.

The parts are killed under a desk that is really running; its clients do what docs/api.md asks of
them and no more: the same key again until there is an answer.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.db import connections
from django.utils import timezone

from coordination.delivery.client import DEADLINE
from coordination.delivery.models import Delivery, State
from coordination.delivery.relay import LEASE
from coordination.referrals.links import make_link
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handle import accept
from projects.access.models import IdempotentRequest
from projects.record.clock import now
from tests.bed.stack import wait_for
from tests.coordination.delivery.receiver import Receiver, receiving
from tests.coordination.delivery.scene import robot
from tests.coordination.referrals.scene import department, referred
from tests.factories.coordination import Desk, desk
from tests.faults.bed import LiveDesk, kill, live_desk, orm_at, report, size
from tests.faults.filing import Client, Filed, Load, at_once, said_by
from tests.faults.slow import slow_clients

pytestmark = pytest.mark.timeout(1800)
_LONGEST_BODY = 75  # seconds within which the last of those that are slow has been turned away
_UNANSWERED = {"0 no answer", "409 in-flight +", "503 unavailable +"}


@dataclass
class Scene:
    live: LiveDesk
    at: Desk
    client: Client
    receiver: Receiver


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """One desk for all of it; this process's ORM looks at its database."""
    given = {
        "OUTBOUND_NETWORKS": "127.0.0.1/32", "ROBOT_HOSTS": "127.0.0.1",
        "RATE_PER_KEY": "60000", "WEB_WORKERS": "2", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    with (
        receiving() as receiver,
        live_desk(**given) as live,
        django_db_blocker.unblock(),
        orm_at(live.chosen),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(settings, "ROBOT_HOSTS", ["127.0.0.1"])
        patch.setattr(settings, "OUTBOUND_NETWORKS", [ip_network("127.0.0.1/32")])
        at = desk()
        robot(receiver, of=at.liaison)
        yield Scene(live, at, Client(live.stack.address, at.token, at.project.code), receiver)


def check(filed: list[Filed], prefix: str, allowed: set[str]) -> None:
    """Each key has one ticket, one event and its deliveries; nothing else was said on the way."""
    assert [each.key for each in filed if not each.number] == []
    numbers = [each.number for each in filed]
    assert len(set(numbers)) == len(numbers)
    assert Ticket.objects.filter(number__in=numbers).count() == len(numbers)
    events = TicketEvent.objects.filter(ticket__number__in=numbers, verb=Verb.SUBMIT)
    assert events.count() == len(numbers)
    stored = IdempotentRequest.objects.filter(key__startswith=f"{prefix}-", operation="tickets")
    assert sorted(stored.values_list("body__number", flat=True)) == sorted(numbers)
    assert Ticket.objects.count() == IdempotentRequest.objects.filter(operation="tickets").count()
    assert set(said_by(filed)) <= allowed


def _nothing_waits() -> bool:
    """In full a dead relay's lease runs out; here it does as soon as no relay can be sending."""
    waiting = Delivery.objects.exclude(state=State.DELIVERED)
    if "FAULT_KILLS" not in os.environ:
        long_ago = timezone.now() + timedelta(seconds=LEASE - DEADLINE - 1)
        waiting.filter(claim__isnull=False, due_at__lt=long_ago).update(due_at=timezone.now())
    return not waiting.exists()


def drained(scene: Scene, *, seconds: float) -> float:
    """The seconds until each ticket's message has arrived, and none twice but under its own id.

    They are ``seconds`` at most, or as many for each 5,000 that wait: here all go to one robot,
    which is written to by two at a time, however fast the tickets were filed.
    """
    began = time.monotonic()
    waiting = Delivery.objects.exclude(state=State.DELIVERED)
    own = Ticket.objects.filter(project=scene.at.project)
    try:
        wait_for(_nothing_waits, seconds=seconds * max(1, waiting.count() / 5000))
    except AssertionError as error:
        error.add_note(str(list(waiting.values("pk", "state", "tries", "due_at", "claim")[:20])))
        raise
    assert Delivery.objects.values("message_id").distinct().count() == Delivery.objects.count()
    assert Delivery.objects.count() == own.count()
    return time.monotonic() - began


def p99(filed: list[Filed]) -> float:
    """Of the seconds that the successful requests took."""
    return quantiles([each.seconds for each in filed], n=100)[98]


def summary(filed: list[Filed]) -> str:
    said = ", ".join(f"{number}× {what}" for what, number in said_by(filed).items()) or "201 alone"
    return f"{len(filed)} filed, each once; {said}; p99 {p99(filed):.2f} s"


def test_r1_workers_and_relays_are_killed(scene: Scene) -> None:
    load = Load(scene.client, prefix="r1", most=size("TICKETS", 60))
    most, killed = size("KILLS", 3), 0
    while killed < most:
        pids = [*scene.live.workers_of("worker"), scene.live.pid("relay")]
        kill(random.choice(pids))
        killed += 1
        time.sleep(0.4)
    filed = load.finish()
    check(filed, "r1", set())
    took = drained(scene, seconds=120)
    report(f"R1: {killed} workers and relays killed; {summary(filed)}; drained in {took:.1f} s")


def test_r2_the_web_process_is_killed(scene: Scene) -> None:
    load = Load(scene.client, prefix="r2", most=100_000)
    most = size("WEB_KILLS", 2)
    for _each in range(most):
        kill(random.choice(scene.live.workers_of("web")))
        time.sleep(1.0)
    filed = load.finish(now=True)
    check(filed, "r2", _UNANSWERED)
    report(f"R2: {most} web processes killed; {summary(filed)}")


def test_r3_many_at_once_with_one_key(scene: Scene) -> None:
    other = desk()
    stranger = Client(scene.client.address, other.token, other.project.code)
    most = size("RACES", 1)
    before = Ticket.objects.count()
    for each in range(most):
        answers = at_once(50, lambda _index, key=f"r3-{each}": scene.client.post(key))  # type: ignore[misc]  # a default binds the turn's own
        assert {status for status, _headers, _body in answers} <= {201, 409}
        numbers = {body["number"] for status, _headers, body in answers if status == 201}
        assert len(numbers) == 1
        assert scene.client.post(f"r3-{each}", title="Another")[0] == 422
        status, _headers, body = stranger.post(f"r3-{each}")
        assert (status, body["number"] in numbers) == (201, False)
    assert Ticket.objects.count() == before + 2 * most
    report(f"R3: {most} × 50 at once with one key: one ticket each; another body 422")


def _consuming(scene: Scene) -> bool:
    app = Celery(broker=scene.live.chosen.redis_url)
    app.conf.broker_transport_options = {"global_keyprefix": "zhitongche:"}
    return bool(app.control.ping(timeout=1))


def test_r6_valkey_is_killed_stays_away_and_forgets(scene: Scene) -> None:
    load = Load(scene.client, prefix="r6", most=100_000)
    most, away = size("VALKEY_KILLS", 1), size("VALKEY_AWAY", 2)
    for _each in range(most):
        scene.live.restart("valkey", signal.SIGKILL)
        time.sleep(1)
    server = scene.live.child("valkey")
    server.next_start = time.monotonic() + away + 1  # nobody starts it meanwhile
    kill(scene.live.pid("valkey"))
    time.sleep(0.5)
    server.next_start = time.monotonic() + away
    time.sleep(away)
    scene.live.pid("valkey")
    began = time.monotonic()
    wait_for(lambda: _consuming(scene), seconds=60)
    back = time.monotonic() - began
    redis.Redis.from_url(scene.live.chosen.redis_url).flushall()
    filed = load.finish(now=True)
    check(filed, "r6", set())
    drained(scene, seconds=120)
    wait_for(lambda: _consuming(scene), seconds=60)
    report(
        f"R6: Valkey killed {most} times, {away} s away, flushed; {summary(filed)}; "
        f"consuming again after {back:.1f} s"
    )


def test_r7_valkey_is_silent(scene: Scene) -> None:
    silent = size("VALKEY_SILENT", 2)
    usual = Load(scene.client, prefix="usual", most=100_000)
    time.sleep(silent)
    before = usual.finish(now=True)
    load = Load(scene.client, prefix="r7", most=100_000)
    scene.live.signal("valkey", signal.SIGSTOP)
    time.sleep(silent)
    scene.live.signal("valkey", signal.SIGCONT)
    filed = load.finish(now=True)
    check(filed, "r7", set())
    assert p99(filed) < max(1.0, 2 * p99(before) + 0.6)  # a second, on a machine that is free
    report(f"R7: Valkey silent for {silent} s; {summary(filed)}; before {p99(before):.2f} s")


def test_r8_postgresql_is_restarted(scene: Scene) -> None:
    most, worst = size("DATABASE_RESTARTS", 1), 0.0
    pids = {name: scene.live.pid(name) for name in ("beat", "worker", "relay")}
    load = Load(scene.client, prefix="r8", most=100_000)
    for each in range(most):
        time.sleep(1)
        scene.live.restart("postgresql", signal.SIGINT)
        began = time.monotonic()
        assert scene.client.file(f"probe-{each}").number
        worst = max(worst, time.monotonic() - began)
    filed = load.finish(now=True)
    connections.close_all()  # this process's own were cut too
    assert worst <= 10
    assert {name: scene.live.pid(name) for name in pids} == pids
    report(f"R8: PostgreSQL restarted {most} times; {summary(filed)}; back in {worst:.1f} s")
    check(filed, "r8", {"503 unavailable +"})
    drained(scene, seconds=120)


def test_r9_the_web_server_is_replaced(scene: Scene) -> None:
    most = size("DEPLOYS", 1)
    load = Load(scene.client, prefix="r9", most=100_000)
    for _each in range(most):
        time.sleep(1)
        scene.live.restart("web", signal.SIGTERM)
    filed = load.finish(now=True)
    check(filed, "r9", _UNANSWERED)
    drained(scene, seconds=120)
    report(f"R9: web asked to stop {most} times; {summary(filed)}")


def _referral_path(address: str) -> str:
    """A link that is alive, of another desk's ticket; nobody is written to."""
    at = desk()
    filed = Client(address, at.token, at.project.code).file("referred")
    ticket = accept(ticket=Ticket.objects.get(number=filed.number), by=at.liaison)
    referral = referred(at, ticket, to=department(email=""))
    _link, address = make_link(referral, now(), at.liaison)
    return urlsplit(address).path


def _seconds_of(client: Client, key: str) -> tuple[float, Filed]:
    """How long the slower of a look at the server's health and a filing took."""
    began = time.monotonic()
    with urlopen(f"{client.address}/healthz", timeout=30) as answer:  # noqa: S310 - our own server
        assert answer.status == 200
    looked = time.monotonic() - began
    filed = client.file(key)
    return max(looked, filed.seconds), filed


def test_r15_clients_that_send_a_byte_at_a_time(scene: Scene) -> None:
    seconds = size("SLOW_SECONDS", 3)
    paths = ["/api/v1/tickets/", "/admin/login/", "/upload/", _referral_path(scene.client.address)]

    def slowest(prefix: str) -> float:
        until = time.monotonic() + seconds
        taken: list[tuple[float, Filed]] = []
        while time.monotonic() < until:
            taken.append(_seconds_of(scene.client, f"r15-{prefix}-{len(taken)}"))
        check([filed for _seconds, filed in taken], f"r15-{prefix}", set())
        return max(each for each, _filed in taken)

    before = slowest("before")
    with slow_clients(scene.client.address, heads=200, bodies=50, paths=paths) as clients:
        during = slowest("during")
    if seconds > _LONGEST_BODY:
        assert [each.head for each in clients if each.times == 1] == []  # each was turned away
    assert during < max(1.0, 2 * before + 0.6)  # a second, on a machine that is free
    report(
        f"R15: 200 slow with headers and 50 with a body for {seconds} s; "
        f"slowest answer {during:.2f} s, before {before:.2f} s"
    )
