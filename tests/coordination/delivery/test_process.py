"""The relay as a process: killed in the middle of sending, stopped, and without a broker."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from config.embedded import PROJECT, find_home, find_programs, settle_ports
from config.processes import Spec, spawn, stop
from config.servers import Valkey
from coordination.delivery.models import Attempt, Delivery, State
from coordination.delivery.relay import LEASE
from tests.bed.running import Running
from tests.bed.stack import wait_for
from tests.coordination.delivery.receiver import Receiver, hang
from tests.coordination.delivery.scene import robot, say
from tests.coordination.delivery.webhooks.scene import listen, opened
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def relay_process(redis_url: str = "") -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        "PYTHONPATH": str(PROJECT), "OUTBOUND_NETWORKS": "127.0.0.1/32",
        "WEBHOOK_NETWORKS": "127.0.0.1/32",
        **({"REDIS_URL": redis_url} if redis_url else {}),
    }  # fmt: skip
    spec = Spec("relay", [sys.executable, "manage.py", "relay"], environment=environment)
    process = spawn(spec)
    try:
        yield process
    finally:
        stop(process, spec)


def is_delivered(number: int = 1) -> bool:
    return Delivery.objects.filter(state=State.DELIVERED).count() == number


def test_killed_hard_while_sending_it_is_sent_again_under_the_same_id(receiver: Receiver) -> None:
    to = robot(receiver)
    receiver.plan["/robot"].append(hang)
    say("今日有雪", to.officer)
    with relay_process() as relay:
        wait_for(lambda: len(receiver.received) == 1)
        relay.send_signal(signal.SIGKILL)
        relay.wait()
    before = Delivery.objects.get()
    assert (before.state, before.tries, before.claim is None) == (State.PENDING, 1, False)
    assert before.due_at - timezone.now() > timedelta(seconds=LEASE / 2), "its lease still runs"
    Delivery.objects.update(due_at=timezone.now())  # as when the lease has run out
    with relay_process():
        wait_for(is_delivered)
    after = Delivery.objects.get()
    assert (after.message_id, after.tries) == (before.message_id, 2)
    assert len(receiver.received) == 2
    assert Attempt.objects.count() == 1  # of the first nobody knows what came of it


def test_a_webhook_needs_no_reader_of_the_feed_and_keeps_its_id_through_a_kill(
    receiver: Receiver,
) -> None:
    """The relay gives events their places by itself; killed while it sends, it sends again."""
    at = desk()
    _endpoint, secret = listen(at, receiver)
    receiver.plan["/hook"].append(hang)
    filed(at)
    with relay_process() as relay:
        wait_for(lambda: len(receiver.at("/hook")) == 1)
        relay.send_signal(signal.SIGKILL)
        relay.wait()
    Delivery.objects.update(due_at=timezone.now())  # as when the lease has run out
    with relay_process():
        wait_for(is_delivered)
    first, second = receiver.at("/hook")
    assert opened(first, secret) == opened(second, secret)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert Delivery.objects.get().tries == 2


def test_asked_to_stop_it_finishes_what_is_under_way(receiver: Receiver) -> None:
    to = robot(receiver)
    receiver.plan["/robot"].append(hang)
    say("今日有雪", to.officer)
    with relay_process() as relay:
        wait_for(lambda: len(receiver.received) == 1)
        relay.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            relay.wait(timeout=1)
        receiver.release()
        assert relay.wait(timeout=60) == 0
    row = Delivery.objects.get()
    assert (row.claim, row.tries, row.attempts.count()) == (None, 1, 1)


def test_the_broker_may_die_and_nothing_waits_for_it(receiver: Receiver) -> None:
    to = robot(receiver)
    home = find_home(Path(tempfile.mkdtemp(prefix="zhitongche-valkey-")))
    home.chmod(0o711)
    programs, chosen = find_programs(home), settle_ports(home)
    broker = Valkey(home, programs, chosen)
    with Running(broker) as running, relay_process(chosen.redis_url):
        say("一", to.officer)
        wait_for(lambda: is_delivered(1))
        running.processes[0][1].kill()
        running.processes[0][1].wait()
        say("二", to.officer)
        wait_for(lambda: is_delivered(2))
        with Running(broker):
            say("三", to.officer)
            wait_for(lambda: is_delivered(3))
    assert [each.text.splitlines()[1] for each in receiver.received] == ["一", "二", "三"]
