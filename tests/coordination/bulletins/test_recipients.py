"""Who is sent the bulletin outside the centre, and which edition."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.sent import send_failed_again
from coordination.bulletins.models import Recipient
from coordination.bulletins.recipients import add_recipient, audience_of, change_recipient
from coordination.delivery.models import Delivery, State
from coordination.staff.models import Role
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.mailbox import Mailbox, taking_mail
from tests.coordination.bulletins.issues.test_distribution import (
    CUT_OFF,
    EVENING,
    drain,
    enclosed,
    face,
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


def test_the_staffs_own_goes_to_the_centres_domains_alone(
    mailbox: Mailbox, settings: LazySettings
) -> None:
    settings.OWN_MAIL_DOMAINS = frozenset({"centre.example.gov.cn"})
    with pytest.raises(Invalid) as refused:
        recipient("a@other.example.gov.cn", audience="staff")
    assert [(each.path, each.code) for each in refused.value.errors] == [(("audience",), "outside")]
    assert Recipient.objects.count() == 0
    own = recipient("Leader@Centre.Example.gov.cn", audience="staff")
    issue = signed(draft_of(CUT_OFF))
    verbs.distribute(issue=issue)
    drain()
    assert [content for _n, _t, content in enclosed(mailbox.messages[0])] == [face(issue, "pdf")]
    settings.OWN_MAIL_DOMAINS = frozenset()
    assert audience_of(own) == "all"


def test_a_recipient_who_moved_is_sent_nothing_at_the_old_address() -> None:
    row = recipient()
    issue = verbs.distribute(issue=signed(draft_of(CUT_OFF)))
    change_recipient(
        recipient=row, name=row.name, email="new@city.example.cn", language="zh-hans",
        formats=["pdf"], audience="all", is_active=True, by=director(),
    )  # fmt: skip
    assert [(each.state, each.destination.is_active if each.destination else None)
            for each in Delivery.objects.all()] == [(State.DEAD, False)]  # fmt: skip
    assert send_failed_again(issue=issue, by=director()) == (0, 1)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": ""}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"formats": []}, "formats"),
        ({"formats": ["html"]}, "formats"),
        ({"language": "fr"}, "language"),
        ({"audience": "press"}, "audience"),
        ({"email": "Office@City.example.cn"}, "email"),
    ],
)
def test_a_recipient_is_entered_whole(given: dict[str, Any], path: str) -> None:
    recipient()
    values = {"email": "other@example.org"} | given
    with pytest.raises(Invalid) as refused:
        recipient(values.pop("email"), **values)
    assert [each.path for each in refused.value.errors] == [(path,)]
    assert Recipient.objects.count() == 1


def test_only_the_centre_looks_after_recipients() -> None:
    row = recipient()
    for by in (officer(Role.LIAISON), officer(Role.GROUP_LEAD), officer(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            add_recipient(name="甲", email="a@example.org", formats=["pdf"], by=by)
        with pytest.raises(NotAllowed):
            change_recipient(
                recipient=row, name="乙", email="b@example.org", language="en", formats=["pdf"],
                audience="all", is_active=True, by=by,
            )  # fmt: skip
    assert list(Recipient.objects.values_list("name", "email")) == [(row.name, row.email)]
