"""E-mail, to a real server on this machine."""

import asyncio
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread, Timer
from typing import Any

import pytest

from coordination.delivery.channels import open_destination
from coordination.delivery.enclosures import READERS, Enclosure, extra_seconds
from coordination.delivery.models import Attempt, Delivery, State
from coordination.delivery.outbox import claim
from coordination.delivery.relay import Relay
from coordination.delivery.senders import mail
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid
from tests.bed.mailbox import Mailbox, taking_mail, words_of
from tests.bed.stack import wait_for
from tests.coordination.delivery.scene import say
from tests.factories.coordination import director, officer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with taking_mail(settings) as made:
        yield made


def mail_to(address: str) -> None:
    person = officer()
    open_destination(
        name="邮箱", channel="email", address=address, officer=person, at_any_hour=True,
        by=director(),
    )  # fmt: skip
    say("今日有雪\n请绕行", person)


def test_a_notice_arrives_as_a_mail_that_can_be_known_again(mailbox: Mailbox) -> None:
    mail_to("somebody@example.com")
    Relay().drain()
    (mail,) = mailbox.messages
    row = Delivery.objects.get()
    assert row.state == State.DELIVERED
    assert mail["Message-ID"] == f"<{row.message_id}@localhost>"
    assert mail["To"] == "somebody@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert words_of(mail).splitlines() == [
        "今日有雪", "请绕行", "", "http://127.0.0.1:8000/admin/",
    ]  # fmt: skip


def test_mails_that_are_claimed_together_arrive_each(mailbox: Mailbox) -> None:
    addresses = [f"{number}@example.com" for number in range(8)]
    for address in addresses:
        mail_to(address)
    Relay().drain()
    assert sorted(mail["To"] for mail in mailbox.messages) == addresses
    assert set(Delivery.objects.values_list("state", "tries")) == {(State.DELIVERED, 1)}


def test_what_the_server_refuses_is_tried_again(mailbox: Mailbox) -> None:
    mail_to("nobody@example.com")
    Relay().drain()
    assert mailbox.messages == []
    assert list(Attempt.objects.values_list("is_success", "status", "detail")) == [
        (False, 550, "SMTP")
    ]
    assert Delivery.objects.get().state == State.PENDING


def test_where_no_server_answers_it_waits(settings: Any, mailbox: Mailbox) -> None:
    settings.EMAIL_PORT = 1
    mail_to("somebody@example.com")
    Relay().drain()
    assert list(Attempt.objects.values_list("is_success", "detail")) == [
        (False, "ConnectionRefusedError")
    ]


def test_a_server_that_takes_its_time_is_given_up(
    settings: Any, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its lines comes within the limit of a step, and the greeting never ends."""
    monkeypatch.setattr(mail, "DEADLINE", 0.6)
    with greeting_for_ever() as port:
        settings.EMAIL_PORT = port
        mail_to("somebody@example.com")
        began = time.monotonic()
        Relay().drain()
        assert 0.5 < time.monotonic() - began < 60
    assert list(Attempt.objects.values_list("is_success", "detail")) == [(False, "TimeoutError")]
    assert Delivery.objects.get().state == State.PENDING


class Slow(Mailbox):
    """Has each mail at once, and says so when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = Event()

    async def handle_DATA(  # noqa: N802 - the server's own name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        while not self.may_answer.is_set():
            await asyncio.sleep(0.01)
        return answer


@pytest.mark.parametrize("answers_before_the_retry", [True, False])
def test_a_mail_that_takes_long_is_not_sent_a_second_time(
    settings: Any, monkeypatch: pytest.MonkeyPatch, *, answers_before_the_retry: bool
) -> None:
    monkeypatch.setattr(mail, "DEADLINE", 0.6)
    slow = Slow()
    with taking_mail(settings, slow):
        mail_to("somebody@example.com")
        Relay().drain()
        assert list(Attempt.objects.values_list("detail", flat=True)) == ["TimeoutError"]
        if answers_before_the_retry:
            slow.may_answer.set()
            wait_for(lambda: not any(each.name == "mail" for each in threading.enumerate()))
        else:
            monkeypatch.setattr(mail, "DEADLINE", 30.0)
            Timer(0.5, slow.may_answer.set).start()
        with clock_at(now() + timedelta(minutes=1)):
            Relay().drain()
        assert Delivery.objects.get().state == State.DELIVERED
        assert len(slow.messages) == 1


def test_a_mail_has_more_time_and_a_longer_lease_for_its_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = b"x" * 1_000_000
    enclosure = Enclosure(
        "tests.file", "1", "1.pdf", "application/pdf", len(content),
        hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    monkeypatch.setitem(READERS, "tests.file", lambda _key: content)
    assert extra_seconds([len(content)]) == 10
    at = now()
    mail_to("somebody@example.com")
    Delivery.objects.update(files=[enclosure.kept])
    claim(limit=1, share=1, busy={}, lease=timedelta(seconds=60), at=now())
    assert Delivery.objects.get().due_at - at >= timedelta(seconds=80)


@contextmanager
def greeting_for_ever() -> Iterator[int]:
    """A mail server that never comes to the end of its greeting."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            line, _address = server.accept()
            with line, suppress(OSError):
                while not over.wait(0.1):
                    line.sendall(b"220-welcome\r\n")

        thread = Thread(target=greet)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join()


def test_without_a_server_nobody_can_ask_for_mail(settings: Any) -> None:
    settings.EMAIL_OFFERED = False
    with pytest.raises(Invalid) as refused:
        mail_to("somebody@example.com")
    assert [error.path for error in refused.value.errors] == [("channel",)]
    assert Delivery.objects.count() == 0
