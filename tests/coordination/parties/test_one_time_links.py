"""One-time links by a second user, a reporter's link to one form, beside referrals."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, models
from django.db.models import Q
from django.utils import translation
from pytest_django import Settings

from coordination.delivery.announce import Message
from coordination.delivery.models import Delivery, State
from coordination.delivery.outside import Letter, Outsider, write_to
from coordination.parties.models import LinkEnd, OneTimeLink
from coordination.parties.one_time_links import end_links, find_link, make_link, require_open
from projects.house.rooms import Topic
from projects.record.refusals import Gone, Missing, Text
from tests.bed.races import race
from tests.bed.tables import create_tables, drop_tables

AT: Final = datetime(2020, 3, 2, 1, tzinfo=UTC)
LIFE: Final = timedelta(days=1)
TOPIC: Final = Topic("toy.form", "Form", can_be_chosen=False)
MESSAGES: Final[dict[str, Text]] = {LinkEnd.USED: "received", LinkEnd.REVOKED: "not asked"}


class Form(models.Model):
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    links: Any  # the related manager

    class Meta:
        app_label = "forms"

    def __str__(self) -> str:
        return str(self.pk)


class FormLink(OneTimeLink):
    objects: ClassVar[models.Manager[Any]] = models.Manager()
    form = models.ForeignKey(Form, models.PROTECT, related_name="links")

    class Meta(OneTimeLink.Meta):
        app_label = "forms"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form"], condition=Q(ended_at=None), name="one_link_opens_a_form"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


@pytest.fixture
def form(owner_cursor: psycopg.Cursor[Any]) -> Iterator[Form]:
    create_tables(owner_cursor, (Form, FormLink))
    yield Form.objects.create()
    drop_tables(owner_cursor, (Form, FormLink))


def made(form: Form, at: datetime = AT) -> tuple[FormLink, str]:
    """A new link, and its token."""
    link, address = make_link(
        form.links, route="referral", order_key="form:1", expires_at=at + LIFE, at=at, by=None
    )
    return link, address.rstrip("/").rpartition("/")[2]


def mailed(link: FormLink, address: str) -> Delivery:
    message = Message(topic=TOPIC, title="t", text="t", order_key="form:1")
    outsider = Outsider("reporter:1", "张工", "reporter@example.com")
    delivery = write_to(outsider, Letter(message, address), AT)
    assert delivery is not None
    link.delivery = delivery
    link.save(update_fields=["delivery"])
    return delivery


def refused(token: str, at: datetime) -> str:
    """The message with which the link of this token is refused."""
    with pytest.raises(Gone) as refusal:
        require_open(find_link(FormLink.objects.all(), token), at, MESSAGES)
    with translation.override("zh-hans"):
        return str(refusal.value.message)


def test_only_the_hash_of_the_token_is_stored(form: Form, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://desk.example.com/"
    link, address = make_link(
        form.links, route="referral", order_key="form:1", expires_at=AT + LIFE, at=AT, by=None
    )
    assert address.startswith("https://desk.example.com/referral/")
    token = address.rstrip("/").rpartition("/")[2]
    assert len(token) == 43  # 256 bits
    assert FormLink.objects.values().get() == {
        "id": link.pk, "form_id": form.pk, "digest": hashlib.sha256(token.encode()).hexdigest(),
        "made_at": AT, "made_by_id": None, "expires_at": AT + LIFE, "delivery_id": None,
        "ended_at": None, "ended_because": "",
    }  # fmt: skip


def test_a_link_is_open_until_it_expires(form: Form) -> None:
    link, token = made(form)
    assert find_link(FormLink.objects.all(), token) == link
    require_open(link, AT + LIFE - timedelta(microseconds=1), MESSAGES)
    assert refused(token, AT + LIFE) == "链接已过期，请联系经办人重新获取。"


@pytest.mark.parametrize("guess", ["", "x", "A" * 43, "A" * 5000, "é" * 43])
def test_a_guess_finds_no_link(form: Form, guess: str) -> None:
    _link, token = made(form)
    for wrong in (guess, token[:-1], f"{token}A"):
        with pytest.raises(Missing):
            find_link(FormLink.objects.all(), wrong)


def test_a_new_link_replaces_the_open_one(form: Form) -> None:
    _first, old = made(form)
    _other, other = made(Form.objects.create())
    second, new = made(form, AT + LIFE / 2)
    assert refused(old, AT) == "已向贵单位发送新的链接，请使用新链接。"
    for token in (new, other):
        require_open(find_link(FormLink.objects.all(), token), AT + LIFE / 2, MESSAGES)
    ended = FormLink.objects.exclude(ended_at=None).values_list("ended_at", "ended_because")
    assert list(ended) == [(AT + LIFE / 2, LinkEnd.REPLACED)]
    assert second.expires_at == AT + LIFE * 1.5


@pytest.mark.parametrize(
    ("because", "message"), [(LinkEnd.USED, "received"), (LinkEnd.REVOKED, "not asked")]
)
def test_an_ended_link_is_refused_and_its_mail_given_up(
    form: Form, settings: Settings, because: LinkEnd, message: str
) -> None:
    settings.EMAIL_OFFERED = True
    link, token = made(form)
    delivery = mailed(link, f"https://desk.example.com/{token}/")
    assert delivery.sealed_link
    end_links(form.links, because, order_key="form:1", at=AT)
    assert refused(token, AT) == message
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sealed_link) == (State.DEAD, "")
    end_links(form.links, LinkEnd.REPLACED, order_key="form:1", at=AT + LIFE)
    assert FormLink.objects.values_list("ended_at", "ended_because").get() == (AT, because)


def test_a_link_is_never_deleted(form: Form) -> None:
    link, _token = made(form)
    with pytest.raises(DatabaseError):
        link.delete()
    assert FormLink.objects.get() == link


def test_of_links_made_at_once_one_is_open(form: Form) -> None:
    outcomes = race(*[partial(made, form)] * 4)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert [error for error in errors if not isinstance(error, IntegrityError)] == []
    assert FormLink.objects.filter(ended_at=None).count() == 1
