"""So many requests a minute, and nobody kept out where Valkey is away or silent."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.embedded import find_home, find_programs, settle_ports
from config.servers import Valkey
from projects.access import limits
from projects.access.addresses import address_of
from projects.access.keys import MOST_PER_MINUTE, issue_key, limit_key, rotate_key
from projects.access.limits import Policy, Quota, take
from projects.access.models import ApiKey, KeyRefusal, Scope
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.running import Running
from tests.bed.stack import wait_for
from tests.coordination.intake.scene import client_with, counts, filing
from tests.factories.coordination import desk

pytestmark = pytest.mark.django_db
TICKETS = reverse("api:tickets")


def said(answer: Any) -> tuple[int, str, str]:
    """Without how long it takes until all is left again, which passes while we ask."""
    left, _until = answer["RateLimit"].rsplit(";t=")
    return answer.status_code, answer["RateLimit-Policy"], left


def whole_in(answer: Any) -> int:
    return int(answer["RateLimit"].rsplit(";t=")[1])


def test_a_key_asks_so_often_and_no_more(settings: Any) -> None:
    settings.RATE_PER_KEY = 3
    at = desk()
    client, began = client_with(at.token), time.monotonic()
    answers = [client.get(TICKETS) for _each in range(3)]
    assert [said(each) for each in answers] == [
        (200, '"key";q=3;w=60', '"key";r=2'),
        (200, '"key";q=3;w=60', '"key";r=1'),
        (200, '"key";q=3;w=60', '"key";r=0'),
    ]
    passed = time.monotonic() - began
    for answer, most in zip(answers, (20, 40, 60), strict=True):
        assert most - passed <= whole_in(answer) <= most
    body, headers = filing(project=at.project.code), {"Idempotency-Key": "k-1"}
    refused = client.post(TICKETS, body, headers=headers)
    assert said(refused) == (429, '"key";q=3;w=60', '"key";r=0')
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(refused["Retry-After"]) <= 20
    assert counts() == (0, 0, 0)
    other = desk()
    assert client_with(other.token).get(TICKETS).status_code == 200


def test_a_key_has_a_limit_of_its_own(settings: Any) -> None:
    settings.RATE_PER_KEY = 3
    at = desk()
    limit_key(key=at.key, per_minute=1, by=at.duty_desk)
    client = client_with(at.token)
    assert [client.get(TICKETS).status_code for _each in range(2)] == [200, 429]
    limit_key(key=at.key, per_minute=0, by=at.duty_desk)
    free = client.get(TICKETS)
    assert (free.status_code, "RateLimit" in free) == (200, False)
    limit_key(key=at.key, per_minute=None, by=at.duty_desk)
    assert said(client_with(at.token).get(TICKETS))[1] == '"key";q=3;w=60'


def test_who_sets_a_limit_and_which() -> None:
    at = desk()
    before = list(ApiKey.objects.values())
    for by in (at.liaison, at.lead, at.auditor):
        with pytest.raises(NotAllowed):
            limit_key(key=at.key, per_minute=5, by=by)
    for number in (-1, MOST_PER_MINUTE + 1):
        with pytest.raises(Invalid) as refused:
            limit_key(key=at.key, per_minute=number, by=at.director)
        assert [error.path for error in refused.value.errors] == [("per_minute",)]
    assert list(ApiKey.objects.values()) == before


def test_a_limit_is_handed_on_with_the_key() -> None:
    at = desk()
    first, _token = issue_key(
        enterprise=at.enterprise, name="a", scopes=[Scope.KEYS, Scope.READ], per_minute=7,
        by=at.director,
    )  # fmt: skip
    made, _token = issue_key(
        enterprise=at.enterprise, name="b", scopes=[Scope.READ], per_minute=9, by=first
    )
    successor, _token = rotate_key(key=first, by=at.director)
    assert (first.per_minute, made.per_minute, successor.per_minute) == (7, 7, 7)


def test_who_has_no_key_that_opens_is_limited_by_his_address(settings: Any) -> None:
    settings.RATE_PER_ADDRESS = 3
    at = desk()
    key_id = at.token.partition(".")[0]
    wrong, nobody, none = (client_with(each) for each in (f"{key_id}.x", "nobody.x", ""))
    answers = [wrong.get(TICKETS), nobody.get(TICKETS), none.get(TICKETS), wrong.get(TICKETS)]
    assert [each.status_code for each in answers] == [401, 401, 401, 429]
    assert said(answers[3])[1:] == ('"address";q=3;w=60', '"address";r=0')
    assert KeyRefusal.objects.get().times == 1  # a flood writes nothing
    assert client_with(at.token).get(TICKETS).status_code == 200  # whoever has a key is not held up
    assert Client().get("/api/docs/").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get("/api/docs/").status_code == 200


ADDRESSES = [  # how many proxies, who connects, what the header says, and who it is
    (0, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
    (1, "127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
    (2, "127.0.0.1", "made up, 192.0.2.7, 10.0.0.1", "192.0.2.7"),
    (2, "127.0.0.1", "192.0.2.7", "192.0.2.7"),
    (1, "127.0.0.1", "", "127.0.0.1"),
    (1, "127.0.0.1", " , ", "127.0.0.1"),
    (1, "127.0.0.1", "made up", "unknown"),
    (0, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
    (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
    (0, "", "", "unknown"),
]


@pytest.mark.parametrize("given", ADDRESSES)
def test_whose_address_it_is(settings: Any, rf: Any, given: tuple[int, str, str, str]) -> None:
    settings.PROXY_COUNT, address, forwarded, found = given
    request = rf.get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == found


def test_the_bucket_fills_evenly() -> None:
    """Of sixty a minute sixty at once, then one with each second, long before the minute ends."""
    policy, began = Policy("test", 60), time.monotonic()
    given = 0
    while not _taken(policy).wait:
        given += 1
    assert 60 <= given <= 60 + 1 + time.monotonic() - began
    for _each in range(2):
        wait_for(lambda: not _taken(policy).wait)
        given += 1
    assert given <= 60 + 1 + time.monotonic() - began


def _taken(policy: Policy) -> Quota:
    quota = take(policy, "a")
    assert quota is not None
    return quota


def test_what_is_left_is_told() -> None:
    policy = Policy("test", 2)
    told = [(quota.left, quota.wait) for quota in (_taken(policy) for _each in range(3))]
    assert told[:2] == [(1, 0), (0, 0)]
    assert told[2][0] == 0
    assert 0 < told[2][1] <= 30


@dataclass
class Own:
    """A Valkey of this test's alone."""

    pid: int


@pytest.fixture
def valkey(settings: Any) -> Iterator[Own]:
    home = find_home(Path(tempfile.mkdtemp(prefix="zhitongche-valkey-")))
    home.chmod(0o711)
    chosen = settle_ports(home)
    with Running(Valkey(home, find_programs(home), chosen)) as running:
        settings.REDIS_URL, settings.RATE_PER_KEY = chosen.redis_url, 1000
        limits._script.cache_clear()
        limits._circuit._asks_again_at = 0.0
        yield Own(running.processes[0][1].pid)
        running.processes[0][1].send_signal(signal.SIGCONT)
    limits._script.cache_clear()
    limits._circuit._asks_again_at = 0.0


def filed_in(client: Any, code: str, key: str) -> tuple[int, bool, float]:
    """The status, whether it was counted, and the seconds that it took."""
    began = time.monotonic()
    answer = client.post(TICKETS, filing(project=code), headers={"Idempotency-Key": key})
    return answer.status_code, "RateLimit" in answer, time.monotonic() - began


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
def test_without_valkey_a_filing_is_filed_at_once(valkey: Own, how: signal.Signals) -> None:
    at = desk()
    client = client_with(at.token)
    usual = [filed_in(client, at.project.code, f"a-{each}") for each in range(2)]
    assert [each[:2] for each in usual] == [(201, True)] * 2
    signal.pidfd_send_signal(pidfd := os.pidfd_open(valkey.pid), how)
    first = filed_in(client, at.project.code, "b")
    after = [filed_in(client, at.project.code, f"c-{each}") for each in range(5)]
    assert [each[:2] for each in (first, *after)] == [(201, False)] * 6
    assert first[2] < 20  # a quarter of a second of it for finding out
    assert min(each[2] for each in after) < 0.25  # and then nobody asks
    if how == signal.SIGSTOP:
        signal.pidfd_send_signal(pidfd, signal.SIGCONT)
        limits._circuit._asks_again_at = time.monotonic() - 1
        assert filed_in(client, at.project.code, "d")[:2] == (201, True)


def test_while_one_asks_the_others_go_on() -> None:
    circuit = limits.Circuit(rest=60)
    asked: list[int] = []

    def away() -> int:
        asked.append(1)
        raise OSError

    assert [circuit.ask(away) for _each in range(3)] == [None] * 3
    assert asked == [1]
    circuit._asks_again_at = time.monotonic() - 1
    assert circuit.ask(lambda: circuit.ask(away)) is None  # the one within goes on without
    assert asked == [1]
    assert circuit.ask(lambda: 7) == 7
