"""What was sealed with a key that is lost: every page and every answer goes on without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override
from rest_framework.test import APIClient

from coordination.delivery.models import Delivery, WebhookEndpoint
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.intake.feed.sequence import sequence
from coordination.privacy.models import Purge
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR
from coordination.privacy.reveal import reveal
from coordination.staff.models import Officer
from coordination.tickets import personal
from coordination.tickets.flow import Verb
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.queries_words import is_shut, text_of, word_of
from coordination.tickets.verbs.registry import perform
from coordination.workbench.export.ask import request_export
from coordination.workbench.export.build import build_waiting
from coordination.workbench.export.queries import content_of
from coordination.workbench.queue.filters import parse_queue
from projects.record.clock import clock_at, now
from projects.record.sealed_fields import UNREADABLE
from tests.coordination.delivery.webhooks.scene import key_of
from tests.coordination.intake.scene import client_with
from tests.coordination.referrals.scene import SAID, address_of, referred
from tests.coordination.tickets.attachments.corpus import pdf, sent
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
WORDS = "已联系卡口值班员"


@contextmanager
def lost_key() -> Iterator[None]:
    """As after SECRET_KEY was changed and the old one not kept."""
    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[]):
        yield


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.fixture
def ticket(at: Desk) -> Ticket:
    """With words, a contact, a driver and a file, all sealed."""
    made = filed(at, contact_name="王五")
    perform(Verb.ACCEPT, ticket=made, by=at.liaison)
    perform(Verb.COMMENT, ticket=made, by=at.liaison, text=WORDS)
    perform(Verb.ATTACH, ticket=made, by=at.liaison, file=sent("现场.pdf", pdf()), note="见附件")
    sequence()
    return made


def as_(officer: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer, backend="coordination.staff.roles.RoleBackend")
    return client


def page_of(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def caller(at: Desk) -> APIClient:
    return client_with(key_of(at)[1])


def got(client: APIClient, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_words_are_read_in_one_way(at: Desk, ticket: Ticket) -> None:
    event = ticket.events.get(verb="comment")
    assert (text_of(event), is_shut(event), word_of(event, "text")) == (
        {"text": WORDS}, False, WORDS,
    )  # fmt: skip
    with lost_key():
        event = ticket.events.get(verb="comment")
        assert (text_of(event), is_shut(event), word_of(event, "text")) == (
            {}, True, str(UNREADABLE),
        )  # fmt: skip
        EventText.objects.filter(event=event).delete()
        event = ticket.events.get(verb="comment")
        assert (text_of(event), is_shut(event), word_of(event, "text")) == ({}, False, "")
    assert (text_of(None), is_shut(None), word_of(None, "text")) == ({}, False, "")


def test_the_tickets_page_says_it_plainly(at: Desk, ticket: Ticket) -> None:
    with lost_key(), override("en"):
        client = as_(at.liaison)
        for groups in ([], list(personal.GROUPS)):
            for group in groups:
                reveal(ticket=ticket, group=group, reason="检查", by=at.liaison)
            answer = client.get(page_of(ticket))
            assert answer.status_code == 200
            page = answer.content.decode()
            # The comment, the file's note, what was filed; the contact's name and mobile; the
            # driver's.
            assert page.count(str(UNREADABLE)) == 7
            assert WORDS not in page


def test_a_file_that_does_not_open_is_said_to_be_so(at: Desk, ticket: Ticket) -> None:
    with lost_key():
        client = as_(at.liaison)
        answer = client.get(reverse("admin:ticket_attachment", args=[ticket.pk, 1]), follow=True)
        assert answer.redirect_chain == [(page_of(ticket), 302)]
        assert [str(each) for each in answer.context["messages"]] == [str(UNREADABLE)]
        refused = caller(at).get(f"/api/v1/tickets/{ticket.number}/attachments/1/")
        assert (refused.status_code, refused["Content-Type"]) == (410, "application/problem+json")
        assert refused.json()["detail"] == str(UNREADABLE)


def test_the_api_answers_without_it(at: Desk, ticket: Ticket) -> None:
    client, path = caller(at), f"tickets/{ticket.number}"
    before = {name: got(client, f"{path}/{name}") for name in ("events", "attachments")}
    whole, feed = got(client, path), got(client, "events")
    with lost_key():
        shut = {name: got(client, f"{path}/{name}") for name in ("events", "attachments")}
        assert shut["events"]["results"] == [
            {**each, "text": {}} for each in before["events"]["results"]
        ]
        assert shut["attachments"]["results"] == [
            {**each, "name": None, "note": None} for each in before["attachments"]["results"]
        ]
        assert got(client, "events") == {
            **feed, "results": [{**each, "text": {}} for each in feed["results"]],
        }  # fmt: skip
        lines = [{**each, "driver_name": None, "driver_mobile": None} for each in whole["lines"]]
        assert got(client, path) == {
            **whole, "contact": {"name": None, "mobile": None}, "lines": lines
        }  # fmt: skip


def test_an_export_is_built(at: Desk, ticket: Ticket) -> None:
    job = request_export(queue=parse_queue(QueryDict("status=").dict(), at.liaison), by=at.liaison)
    with lost_key(), override("zh-hans"):
        assert build_waiting() == 1
        job.refresh_from_db()
        book = openpyxl.load_workbook(BytesIO(b"".join(content_of(job))))
        assert book.active is not None
        heads, row = book.active.values
        shown = dict(zip(heads, row, strict=True))
        assert (shown["编号"], shown["联系人"], shown["手机"]) == (
            ticket.number, str(UNREADABLE), str(UNREADABLE),
        )  # fmt: skip


def test_a_referral_is_shown_to_both_sides(at: Desk) -> None:
    open_one, answered = referred(at), referred(at)
    link = address_of(open_one)
    post = {**SAID, "name": "李四", "phone": "0379-63930000"}
    assert Client().post(address_of(answered), post).status_code == 200
    with lost_key(), override("en"):
        answer: Any = as_(at.liaison).get(page_of(answered.ticket))
        (panel,) = [each for each in answer.context["panels"] if each.name == "referrals"]
        (row,) = panel.context["rows"]
        assert (row.matter, row.answer, row.answerer) == (str(UNREADABLE),) * 3
        assert SAID["answer"] not in answer.content.decode()
        asked_of = Client(headers={"accept-language": "en"}).get(link)
        assert (asked_of.status_code, str(UNREADABLE) in asked_of.content.decode()) == (200, True)


def test_what_nobody_can_open_is_erased_all_the_same(at: Desk, ticket: Ticket) -> None:
    perform(Verb.WITHDRAW, ticket=ticket, by=at.key, reason="不需要了")
    with lost_key(), clock_at(now() + KEPT_FOR * 2):
        assert purge_due() == 1
    assert Purge.objects.filter(ticket=ticket).exists()
    ticket.refresh_from_db()
    assert (ticket.contact_name, ticket.contact_mobile) == ("", "")
    assert not EventText.objects.filter(event__ticket=ticket).exists()


def test_a_webhook_is_listed_and_can_be_begun_anew(at: Desk) -> None:
    key, token = key_of(at)
    hook, _secret = open_webhook(to=looked_up("https://erp.example.cn/hook"), by=key)
    filed(at)
    sequence()
    client, path = client_with(token), f"webhooks/{hook.endpoint_id}"
    with lost_key():
        assert got(client, path)["url"] is None
        assert [each["is_kept"] for each in got(client, f"{path}/deliveries")["results"]] == [True]
        before = list(WebhookEndpoint.objects.values())
        tag = {"If-Match": client.get(f"/api/v1/{path}/")["ETag"]}
        given = {"url": "https://erp.example.cn/new"}
        changed = client.patch(f"/api/v1/{path}/", given, headers=tag)
        rotated = client.post(f"/api/v1/{path}/secret/", {}, headers={"Idempotency-Key": "k"})
        assert (changed.status_code, rotated.status_code) == (409, 409)
        assert list(WebhookEndpoint.objects.values()) == before
        assert client.delete(f"/api/v1/{path}/", headers=tag).status_code == 204
    assert WebhookEndpoint.objects.get().deleted_at is not None
    assert set(Delivery.objects.filter(endpoint=hook).values_list("state", flat=True)) == {"dead"}
