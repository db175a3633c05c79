"""E-mail, to a real server on this machine."""

from collections.abc import Iterator
from email.message import Message as Parsed
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from config.embedded import free_port
from coordination.delivery.channels import open_destination
from coordination.delivery.models import Attempt, Delivery, State
from coordination.delivery.relay import Relay
from projects.record.refusals import Invalid
from tests.delivery.scene import say
from tests.factories.coordination import director, officer

pytestmark = pytest.mark.django_db(transaction=True)


class Mailbox(Handler):
    """Takes everything but what is for nobody@."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Parsed] = []

    def handle_message(self, message: Parsed) -> None:
        self.messages.append(message)

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    made = Mailbox()
    server = Controller(made, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    yield made
    server.stop()


def mail_to(address: str) -> None:
    person = officer()
    open_destination(name="邮箱", channel="email", address=address, officer=person, by=director())
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
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == [
        "今日有雪", "请绕行", "", "http://127.0.0.1:8000/admin/",
    ]  # fmt: skip


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


def test_without_a_server_nobody_can_ask_for_mail(settings: Any) -> None:
    settings.EMAIL_OFFERED = False
    with pytest.raises(Invalid) as refused:
        mail_to("somebody@example.com")
    assert [error.path for error in refused.value.errors] == [("channel",)]
    assert Delivery.objects.count() == 0
