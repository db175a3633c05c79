"""The link: opened by whoever has it, answered once, and then by nobody."""

import hashlib
from functools import partial
from typing import Final

import pytest
from django.test import Client

from config.headers import POLICY
from coordination.delivery.models import Notice
from coordination.parties.models import LinkEnd
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR
from coordination.referrals.answer import answer_by_link
from coordination.referrals.draw import draw_link
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.links import LINK_LIFETIME
from coordination.referrals.models import Referral, ReferralLink
from coordination.tickets.flow import Verb
from coordination.tickets.models import TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.record.refusals import Gone, Invalid, Missing, NotAllowed
from tests.bed.races import race
from tests.coordination.referrals.scene import (
    DAY,
    SAID,
    TRAFFIC,
    address_of,
    department,
    everything,
    on,
    referred,
    token_of,
)
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@pytest.fixture
def at(db: None) -> Desk:
    with clock_at(on(2, 8)):
        return desk()


@pytest.fixture
def row(at: Desk) -> Referral:
    with clock_at(on(2)):
        return referred(at)


def test_of_the_token_only_its_hash_is_kept(row: Referral) -> None:
    token = token_of(row)
    assert len(token) == 43  # 256 bits
    link = ReferralLink.objects.get()
    assert link.digest == hashlib.sha256(token.encode()).hexdigest()
    assert link.expires_at == row.due_at + LINK_LIFETIME
    assert token not in str(everything(row.ticket))


def test_looking_uses_nothing_up(client: Client, row: Referral) -> None:
    address, before = address_of(row), everything(row.ticket)
    with clock_at(on(3)):
        for _time in range(3):
            assert client.get(address).status_code == client.head(address).status_code == 200
        for method in ("put", "patch", "delete"):
            assert getattr(client, method)(address).status_code == 405
    assert everything(row.ticket) == before


def test_the_page_shows_what_the_department_needs_and_no_person(
    client: Client, row: Referral
) -> None:
    with clock_at(on(3)):
        page = client.get(address_of(row))
    said = page.content.decode()
    ticket = row.ticket
    needed = (TRAFFIC, ticket.number, "车辆通行", str(ticket.project), "G30")
    assert [word for word in needed if word not in said] == []
    assert "2020年3月5日（星期四）17:00 · 还剩2天" in said
    persons = ("王五", "13700137000", "张三", "13800138000", ticket.enterprise.name, ticket.title)
    assert [word for word in persons if word in said] == []
    assert {name: page[name] for name in HEADERS} == HEADERS
    assert page["Content-Security-Policy"] == POLICY
    assert page["Content-Language"] == "zh-hans"
    assert page.cookies == {}
    with clock_at(on(6)):
        english = client.get(address_of(row), headers={"accept-language": "en"})
    assert english["Content-Language"] == "en"
    assert "Thursday 5 March 2020, 17:00 · 16 h overdue" in english.content.decode()


def test_an_answer_is_taken_once_and_the_handler_is_told(
    client: Client, at: Desk, row: Referral
) -> None:
    address = address_of(row)
    given = {**SAID, "answer": "已通知\r\n卡口放行", "name": "赵六", "phone": "0379-63312345"}
    with clock_at(on(3)):
        thanks = client.post(address, given)
    assert (thanks.status_code, thanks.cookies) == (200, {})
    assert {name: thanks[name] for name in HEADERS} == HEADERS
    row.refresh_from_db()
    event = row.ticket.events.last()
    assert event is not None
    assert row.answer_event == event
    assert (event.verb, event.by_system, event.is_internal) == ("answer_referral", True, True)
    assert event.payload == {
        "referral": row.pk, "department": row.department_id, "verdict": "done",
    }  # fmt: skip
    assert event.text.body == {"answer": "已通知\n卡口放行"}
    assert (row.answered_at, row.verdict) == (on(3), "done")
    assert (row.answerer_name, row.answerer_phone) == ("赵六", "0379-63312345")
    assert ReferralLink.objects.values_list("ended_because").get() == (LinkEnd.USED,)
    (notice,) = Notice.objects.filter(topic="ticket.referred")
    assert (notice.officer, notice.title) == (
        at.liaison, f"工单 {row.ticket.number}：会办部门已答复",
    )  # fmt: skip
    before = everything(row.ticket)
    for answer in (client.get(address), client.post(address, given)):
        assert answer.status_code == 410
        assert "答复已经收到" in answer.content.decode()
        assert row.ticket.number not in answer.content.decode()
    assert everything(row.ticket) == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"answer": " "}, "answer"),
        ({"answer": "长" * 2001}, "answer"),
        ({"answer": "a\x00b"}, "answer"),
        ({"verdict": ""}, "verdict"),
        ({"verdict": "maybe"}, "verdict"),
        ({"name": "长" * 41}, "name"),
        ({"phone": "<script>"}, "phone"),
        ({"phone": "1" * 31}, "phone"),
    ],
)
def test_what_is_no_answer_is_said_by_its_field(
    client: Client, row: Referral, values: dict[str, str], field: str
) -> None:
    before = everything(row.ticket)
    with clock_at(on(3)):
        page = client.post(address_of(row), SAID | values)
        assert page.status_code == 200  # not 4xx: the log would keep a living address
        said = page.content.decode()
        assert f'id="id_{field}_error"' in said
        assert 'role="alert"' in said
        if "\0" not in values.get("answer", ""):
            with pytest.raises(Invalid) as refused:
                answer_by_link(token=token_of(row), **(SAID | values))
            assert [each.path for each in refused.value.errors] == [(field,)]
    assert everything(row.ticket) == before


def test_every_mistake_is_said_at_once(row: Referral) -> None:
    before = everything(row.ticket)
    with clock_at(on(3)), pytest.raises(Invalid) as refused:
        answer_by_link(token=token_of(row), answer="", verdict="", name="长" * 41, phone="?")
    assert [each.path[0] for each in refused.value.errors] == ["answer", "verdict", "name", "phone"]
    assert everything(row.ticket) == before


@pytest.mark.parametrize("end", ["recalled", "replaced", "expired", "withdrawn"])
def test_a_link_that_opens_nothing_says_so_and_no_more(
    client: Client, at: Desk, row: Referral, end: str
) -> None:
    address, token, moment = address_of(row), token_of(row), on(3)
    with clock_at(moment):
        if end == "recalled":
            perform(ReferralVerb.RECALL, ticket=row.ticket, referral=row, reason="x", by=at.liaison)
        elif end == "replaced":
            draw_link(referral=row.pk, by=at.liaison)
        elif end == "withdrawn":
            perform(Verb.WITHDRAW, ticket=row.ticket, reason="x", by=at.key)
        else:
            moment = row.due_at + LINK_LIFETIME
    before = everything(row.ticket)
    with clock_at(moment):
        for answer in (client.get(address), client.post(address, SAID)):
            assert answer.status_code == 410
            said = answer.content.decode()
            assert not any(word in said for word in (row.ticket.number, TRAFFIC, "G30"))
        with pytest.raises(Gone):
            answer_by_link(token=token, **SAID)
    assert everything(row.ticket) == before


@pytest.mark.parametrize("guess", ["x", "A" * 43, "A" * 5000, "％00", "..", "é" * 43])
def test_a_guess_finds_nothing(client: Client, row: Referral, guess: str) -> None:
    before = everything(row.ticket)
    for answer in (client.get(f"/referral/{guess}/"), client.post(f"/referral/{guess}/", SAID)):
        assert answer.status_code == 404
        assert row.ticket.number not in answer.content.decode()
    with pytest.raises(Missing):
        answer_by_link(token=guess, **SAID)
    assert everything(row.ticket) == before


def test_the_moment_before_it_expires_it_still_opens(client: Client, row: Referral) -> None:
    with clock_at(row.due_at + LINK_LIFETIME - DAY / 86_400):
        assert client.post(address_of(row), SAID).status_code == 200


def test_a_long_token_that_begins_like_one_is_none(client: Client, row: Referral) -> None:
    address = address_of(row).rstrip("/") + "A/"
    assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_answers_at_once_one_is_taken() -> None:
    row = referred(desk())
    token = token_of(row)
    outcomes = race(*[partial(answer_by_link, token=token, **SAID)] * 4)
    assert sorted(type(each.error).__name__ for each in outcomes) == ["Gone"] * 3 + ["NoneType"]
    assert TicketEvent.objects.filter(verb="answer_referral").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_beside_a_recall_has_one_end() -> None:
    at = desk()
    for _round in range(3):
        row = referred(at)
        token = token_of(row)
        race(
            lambda row=row: perform(  # type: ignore[misc]  # a default binds the round's own
                ReferralVerb.RECALL, ticket=row.ticket, referral=row, reason="x", by=at.lead
            ),
            partial(answer_by_link, token=token, **SAID),
        )
        ended = row.ticket.events.filter(verb__in=["answer_referral", "recall"])
        assert ended.count() == 1
        row.refresh_from_db()
        assert (row.answered_at is None) != (row.recalled_at is None)


def test_who_handles_it_draws_a_link_where_no_mail_reaches(client: Client, at: Desk) -> None:
    with clock_at(on(2)):
        row = referred(at, to=department(email=""))
        assert not ReferralLink.objects.exists()
        for stranger, refusal in (
            (at.other_liaison, Missing), (at.auditor, NotAllowed), (at.duty_desk, NotAllowed),
        ):  # fmt: skip
            with pytest.raises(refusal):
                draw_link(referral=row.pk, by=stranger)
        assert not ReferralLink.objects.exists()
        _row, first = draw_link(referral=row.pk, by=at.liaison)
        _row, second = draw_link(referral=row.pk, by=at.lead)
        assert [
            client.get("/" + each.split("/", 3)[3]).status_code for each in (first, second)
        ] == [410, 200]
        assert list(ReferralLink.objects.order_by("pk").values_list("made_by", flat=True)) == [
            at.liaison.pk, at.lead.pk,
        ]  # fmt: skip
        perform(ReferralVerb.RECALL, ticket=row.ticket, referral=row, reason="x", by=at.liaison)
        with pytest.raises(NotAllowed):
            draw_link(referral=row.pk, by=at.liaison)
        with pytest.raises(Missing):
            draw_link(referral=row.pk + 999, by=at.liaison)


def test_who_answered_is_erased_with_the_words(at: Desk, row: Referral) -> None:
    with clock_at(on(3)):
        answer_by_link(token=token_of(row), **SAID, name="赵六", phone="0379-63312345")
        perform(Verb.WITHDRAW, ticket=row.ticket, reason="x", by=at.key)
    with clock_at(on(3) + KEPT_FOR - DAY):
        assert purge_due() == 0
    with clock_at(on(3) + KEPT_FOR):
        assert purge_due() == 1
    row.refresh_from_db()
    assert (row.answerer_name, row.answerer_phone, row.verdict) == ("", "", "done")
    assert not hasattr(row.event, "text")
