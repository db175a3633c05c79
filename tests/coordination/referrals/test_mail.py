"""A department's letter, at a real mail server, and an answer by the link in it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from coordination.delivery.models import Delivery, State
from coordination.delivery.relay import Relay
from coordination.delivery.replay import replay
from coordination.referrals.models import Referral
from projects.record.refusals import NotAllowed
from tests.bed.mailbox import Mailbox, taking_mail, words_of
from tests.coordination.referrals.scene import MAIL, SAID, TRAFFIC, department, referred
from tests.factories.coordination import desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    settings.PUBLIC_URL = "https://desk.example.gov.cn/"
    with taking_mail(settings) as made:
        yield made


def send_at_any_hour() -> None:
    """Send what is written, though the test may run at night."""
    Delivery.objects.update(at_any_hour=True, due_at=F("created_at"))
    Relay().drain()


def test_a_letter_arrives_and_its_link_answers(mailbox: Mailbox, client: Client) -> None:
    at = desk()
    row = referred(at)
    send_at_any_hour()
    (mail,) = mailbox.messages
    said = words_of(mail)
    assert mail["To"] == MAIL
    assert said.splitlines()[0] == f"{TRAFFIC}："
    assert row.ticket.number in said
    assert "G30" not in said
    (path,) = re.findall(r"https://desk\.example\.gov\.cn(/referral/\S+)", said)
    letter = Delivery.objects.get()
    assert (letter.state, letter.sealed_link) == (State.DELIVERED, "")  # sent, and forgotten
    assert "/referral/" not in str(letter.payload)
    with pytest.raises(NotAllowed):  # what was one link's mail is not sent again without it
        replay(delivery=letter, by=at.director)
    assert client.post(path, SAID).status_code == 200
    assert Referral.objects.get().verdict == "done"


def test_what_the_server_refuses_keeps_its_link_sealed(mailbox: Mailbox) -> None:
    referred(desk(), to=department(email="nobody@example.com"))
    send_at_any_hour()
    letter = Delivery.objects.get()
    assert (mailbox.messages, letter.state) == ([], State.PENDING)
    assert (letter.sealed_link or "").startswith("zs2.")


def test_without_a_mail_server_an_officer_hands_the_link_over(settings: Any) -> None:
    settings.EMAIL_OFFERED = False
    row = referred(desk())
    assert (Delivery.objects.count(), row.links.count()) == (0, 0)
