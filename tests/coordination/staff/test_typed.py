"""A form that is sent twice is done once, and the browser learns that it was done."""

from typing import Any, Final

import pytest
from django.core.cache import cache
from django.test import Client

from coordination.tickets.models import Ticket, TicketEvent
from tests.factories.coordination import Desk, desk, filed

ID: Final = "0123456789abcdef" * 2
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def signed_in(who: Any) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(who)
    return client


def comment(client: Client, pk: int, text: str = "已联系", given: str = ID) -> Any:
    address = f"/admin/tickets/ticket/{pk}/do/comment/"
    return client.post(
        address, {"text": text, "version": Ticket.objects.get(pk=pk).version, "typed_id": given}
    )


def test_sent_twice_done_once(at: Desk) -> None:
    ticket, client = filed(at), signed_in(at.liaison)
    before = TicketEvent.objects.count()
    first = comment(client, ticket.pk)
    assert (first.status_code, first.cookies["typed_done"].value) == (302, ID)
    second = comment(client, ticket.pk)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert second.cookies["typed_done"].value == ID
    assert TicketEvent.objects.count() == before + 1
    assert "前一次提交已经办理" in client.get(second["Location"]).content.decode()
    comment(client, ticket.pk, given="f" * 32)
    assert TicketEvent.objects.count() == before + 2


def test_what_was_refused_may_be_sent_again(at: Desk) -> None:
    ticket, client = filed(at), signed_in(at.liaison)
    refused = comment(client, ticket.pk, text="")
    assert (refused.status_code, "typed_done" in refused.cookies) == (200, False)
    assert comment(client, ticket.pk).status_code == 302


def test_an_id_is_of_one_officer(at: Desk) -> None:
    ticket = filed(at)
    before = TicketEvent.objects.count()
    for who in (at.liaison, at.lead):
        comment(signed_in(who), ticket.pk)
    assert TicketEvent.objects.count() == before + 2


def test_while_the_first_is_under_way(at: Desk) -> None:
    ticket, client = filed(at), signed_in(at.liaison)
    cache.add(f"typed:{at.liaison.pk}:{ID}", "", 60)
    before = TicketEvent.objects.count()
    answer = comment(client, ticket.pk)
    assert (answer.status_code, "typed_done" in answer.cookies) == (302, False)
    assert TicketEvent.objects.count() == before


@pytest.mark.parametrize("given", ["", "x" * 32, "0" * 31, "0" * 33, "٠" * 32])
def test_what_is_no_id_has_no_effect(at: Desk, given: str) -> None:
    ticket, client = filed(at), signed_in(at.liaison)
    before = TicketEvent.objects.count()
    answers = [comment(client, ticket.pk, given=given) for _each in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert not any("typed_done" in each.cookies for each in answers)
    assert TicketEvent.objects.count() == before + 2


def test_the_key_is_of_the_officer_who_asks(at: Desk) -> None:
    found = [signed_in(who).get("/admin/typed/").json() for who in (at.liaison, at.lead)]
    assert [each["officer"] for each in found] == [at.liaison.pk, at.lead.pk]
    assert len({each["key"] for each in found}) == 2
    assert signed_in(at.liaison).get("/admin/typed/").json()["key"] == found[0]["key"]
    outside = Client().get("/admin/typed/")
    assert (outside.status_code, outside["Location"]) == (302, "/admin/login/?next=/admin/typed/")
