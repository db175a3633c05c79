"""Entity tags by RFC 9110, the answers that they spare, and compressed answers."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handle import accept
from projects.access.conditional import etag
from projects.record.clock import clock_at, now
from tests.coordination.intake.scene import client_with, filing
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


def read(at: Desk, number: str, language: str = "en", **headers: str) -> Any:
    return client_with(at.token, language).get(
        reverse("api:ticket", args=[number]), headers=headers
    )


def urge(at: Desk, ticket: Ticket, match: str) -> int:
    return client_with(at.token).post(
        reverse("api:ticket-urge", args=[ticket.number]), {"note": "请尽快"},
        headers={"Idempotency-Key": "k", "If-Match": match},
    ).status_code  # fmt: skip


@pytest.mark.parametrize(
    ("match", "status"),
    [
        ("*", 200), (' "v9" , "v1"', 200), ('"a,b", "v1"', 200), (', "v1",', 200),
        ('"v1-0123456789abcdef"', 200), ('"v1-0123456789abcdef-gzip"', 200),
        ('W/"v9", "v1"', 200), ('W/"v1"', 412), ('"v2"', 412), ('"v01"', 200), ('""', 412),
        ('"v1-zz"', 412), ('"*"', 412), ("v1", 400), ('"v1', 400), ("*, *", 400), (",", 400),
        ('w/"v1"', 400), ('"v1";"v2"', 400),
    ],
)  # fmt: skip
def test_if_match_by_the_standard(match: str, status: int) -> None:
    at = desk()
    ticket = filed(at)
    assert urge(at, ticket, match) == status
    ticket.refresh_from_db()
    assert ticket.urge_count == (status == 200)


def test_a_ticket_that_is_as_it_was_is_not_sent_again() -> None:
    at = desk()
    ticket = filed(at)
    first = read(at, ticket.number)
    tag = first["ETag"]
    for given in (tag, f"W/{tag}", f'"x", {tag}', "*", f'{tag[:-1]}-gzip"'):
        again = read(at, ticket.number, **{"If-None-Match": given})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    for given in ('"v1"', "nonsense", '"x"'):
        again = read(at, ticket.number, **{"If-None-Match": given})
        assert (again.status_code, again.json()) == (200, first.json())


def test_what_changes_without_a_new_version_has_another_tag() -> None:
    at = desk()
    ticket = filed(at)
    first = read(at, ticket.number)
    with clock_at(now() + timedelta(days=30)):
        red = read(at, ticket.number, **{"If-None-Match": first["ETag"]})
    assert (red.status_code, red.json()["light"], red.json()["version"]) == (200, "red", 1)
    assert read(at, ticket.number, "zh-hans")["ETag"] != first["ETag"]
    accept(ticket=ticket, by=at.liaison)
    changed = read(at, ticket.number, **{"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"][:5]) == (200, '"v2-x'[:4] + changed["ETag"][4])
    assert etag(2) == '"v2"'


def test_long_answers_are_compressed() -> None:
    at = desk()
    sent = {"Accept-Encoding": "gzip"}
    many = [filing(project=at.project.code)] * 20
    answer = client_with(at.token).post(
        reverse("api:tickets-bulk"), {"tickets": many}, headers={"Idempotency-Key": "k", **sent}
    )
    assert answer["Content-Encoding"] == "gzip"
    assert b'"filed":20' in gzip.decompress(answer.content)
    ticket = Ticket.objects.order_by("pk")[0]
    whole, plain = read(at, ticket.number, **sent), read(at, ticket.number)
    assert gzip.decompress(whole.content) == plain.content
    assert (whole["ETag"], whole["Vary"]) == (f'{plain["ETag"][:-1]}-gzip"', plain["Vary"])
    assert urge(at, ticket, whole["ETag"]) == 200
    unchanged = read(at, ticket.number, **{"If-None-Match": whole["ETag"], **sent})
    assert unchanged.status_code == 200  # it was urged meanwhile
    again = read(at, ticket.number, **{"If-None-Match": unchanged["ETag"], **sent})
    assert (again.status_code, again.content) == (304, b"")
    short = client_with(at.token).get(reverse("api:now"), headers=sent)
    assert not short.has_header("Content-Encoding")
    document = Client(headers=sent).get("/api/schema/")
    assert document["Content-Encoding"] == "gzip"
