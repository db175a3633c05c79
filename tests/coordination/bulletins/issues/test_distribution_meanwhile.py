"""What distribution refuses, what it is named, and what happens while recipients change."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.conf import LazySettings
from django.test import Client

from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.distribution import file_name
from coordination.bulletins.issues.sent import send_failed_again
from coordination.bulletins.models import IssueEvent, Recipient
from coordination.bulletins.recipients import change_recipient, outsider_of
from coordination.delivery.announce import Message
from coordination.delivery.channels import close_destination
from coordination.delivery.models import Delivery, Destination, State
from coordination.delivery.outside import mail_to
from coordination.delivery.topics import TEST
from coordination.staff.models import Role
from projects.record.clock import change, clock_at
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.mailbox import Mailbox, taking_mail
from tests.bed.races import on_its_own_connection, somebody_waits
from tests.bed.stack import wait_for
from tests.coordination.bulletins.issues.test_distribution import (
    CUT_OFF,
    EVENING,
    LATER,
    NEXT_DAY,
    SHOWN,
    drain,
    mail_of,
    recipient,
)
from tests.factories.bulletins import draft_of, signed
from tests.factories.coordination import director, officer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    with clock_at(EVENING):
        yield


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    with taking_mail(settings) as made:
        yield made


def meanwhile(act: Callable[[], object], then: Callable[[], object]) -> None:
    """Do the second while the first is not committed; it waits for it."""
    done, may_commit = Event(), Event()

    def first() -> None:
        with clock_at(EVENING), change():
            act()
            done.set()
            may_commit.wait(60)

    def second() -> None:
        with clock_at(EVENING):
            then()

    with ThreadPoolExecutor(2) as pool:
        acting = pool.submit(on_its_own_connection, first)
        try:
            assert done.wait(20)
            sending = pool.submit(on_its_own_connection, second)
            wait_for(lambda: sending.done() or somebody_waits())
        finally:
            may_commit.set()
        acting.result()
        sending.result()


def test_a_recipient_that_is_changed_meanwhile_is_mailed_where_it_is_now(mailbox: Mailbox) -> None:
    moved, left = recipient("old@city.example.cn"), recipient("left@city.example.cn")
    issue = signed(draft_of(CUT_OFF))

    def edit() -> None:
        for row, email in ((moved, "new@city.example.cn"), (left, left.email)):
            change_recipient(
                recipient=row, name=row.name, email=email, language="zh-hans", formats=["pdf"],
                audience="all", is_active=row == moved, by=director(),
            )  # fmt: skip

    meanwhile(edit, lambda: verbs.distribute(issue=issue))
    drain()
    assert [mail["To"] for mail in mailbox.messages] == ["new@city.example.cn"]


@pytest.mark.parametrize("whose", ["officer", "recipient"])
def test_a_channel_that_is_closed_meanwhile_is_sent_nothing(mailbox: Mailbox, whose: str) -> None:
    person = officer(Role.LIAISON)
    issue = signed(draft_of(CUT_OFF))
    if whose == "officer":
        closed = mail_of(person, "liaison@centre.example.gov.cn")
    else:
        recipient()
        mail_to(outsider_of(Recipient.objects.get()), Message(TEST, "甲", "乙"), EVENING)
        closed = Destination.objects.get()
        Delivery.objects.all().delete()
    meanwhile(
        lambda: close_destination(destination=closed, by=director()),
        lambda: verbs.distribute(issue=issue),
    )
    assert Delivery.objects.count() == 0


def test_a_replaced_edition_is_not_sent_again(mailbox: Mailbox) -> None:
    recipient("nobody@example.com")
    first = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    Delivery.objects.update(state=State.DEAD, settled_at=NEXT_DAY)
    correction = verbs.supersede(issue=first, reason="表1有误", by=director())
    browser = Client()
    browser.force_login(director())
    page = f"/admin/bulletins/issue/{first.pk}/change/"
    assert 'id="send-again"' in browser.get(page).content.decode()  # nothing newer is signed yet
    with clock_at(LATER):
        signed(correction)
    assert 'id="send-again"' not in browser.get(page).content.decode()
    before = list(Delivery.objects.order_by("pk").values())
    with pytest.raises(NotAllowed, match="已有更新的版次签发"):
        send_failed_again(issue=first, by=director())
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_a_name_of_a_file_holds_nothing_that_a_disk_refuses() -> None:
    issue = signed(draft_of(CUT_OFF))
    assert file_name(issue, "pdf", "zh-hans") == f"{SHOWN}.pdf"
    assert file_name(issue, "pdf", "en") == "Weekly-bulletin-No.-1-(March-9,-2020).pdf"


def test_a_format_that_no_mail_encloses_is_refused() -> None:
    issue = signed(draft_of(CUT_OFF))
    events = IssueEvent.objects.count()
    with pytest.raises(Invalid) as refused:
        verbs.distribute(issue=issue, formats=["html"])
    assert [each.path for each in refused.value.errors] == [("formats",)]
    assert (IssueEvent.objects.count(), Delivery.objects.count()) == (events, 0)
