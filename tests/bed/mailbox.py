"""A real mail server on this machine, and what it took."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as Parsed
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from config.embedded import free_port


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


@contextmanager
def taking_mail(settings: Any, mailbox: Mailbox | None = None) -> Iterator[Mailbox]:
    """The server, to which the desk's mail goes for as long as the block runs."""
    made = mailbox or Mailbox()
    server = Controller(made, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    try:
        yield made
    finally:
        server.stop()


def words_of(mail: Parsed) -> str:
    """The plain text of a mail."""
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()
