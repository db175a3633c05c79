"""A key that reads personal data masked finds none of it in any answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from coordination.amendments.amend import amend, propose_amendment
from coordination.intake.feed.sequence import sequence
from coordination.tickets.attachments.attach import attach
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import accept
from projects.access.keys import issue_key, rotate_key
from projects.access.models import Scope
from projects.progress.report import report
from projects.record.clock import now
from projects.record.refusals import Invalid
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_act import record
from tests.coordination.intake.test_routes import MATRIX
from tests.factories.coordination import LINES, Desk, desk, filed

pytestmark = pytest.mark.django_db
# Names and numbers of persons in what is filed, said, attached and reported.
PERSONS = (
    "王五", "13700137000", "张三", "13800138000", "李四", "13900139000", "13612345678", "赵六",
    "13512345678", "钱七", "孙八", "周九",
)  # fmt: skip


def client_of(at: Desk, *scopes: Scope) -> APIClient:
    _key, token = issue_key(enterprise=at.enterprise, name="m", scopes=list(scopes), by=at.director)
    return client_with(token)


def full(at: Desk) -> list[Ticket]:
    tickets = [filed(at, kind, detail="找13612345678") for kind in LINES]
    for each in tickets:
        comment(ticket=each, text="请打13612345678", by=at.key)
    amend(
        ticket=tickets[0], by=at.key, note="打13612345678",
        changes={"contact_name": "赵六", "contact_mobile": "13512345678"},
        lines=[{"position": 1, "driver_name": "钱七"}],
    )  # fmt: skip
    accept(ticket=tickets[1], by=at.liaison)
    propose_amendment(
        ticket=tickets[1], by=at.key, reason="打13612345678", changes={"contact_name": "孙八"},
        lines=[{"position": 1, "receiver": "周九"}],
    )  # fmt: skip
    file = SimpleUploadedFile("13612345678.txt", b"a")
    attach(ticket=tickets[0], file=file, note="打13612345678", by=at.key)
    report(
        project=at.project, day=timezone.localdate(now()), resumed=True, progress="找13612345678",
        problems="打13612345678", by=at.key,
    )  # fmt: skip
    sequence()
    return tickets


def answers(at: Desk, client: APIClient, tickets: list[Ticket]) -> dict[str, str]:
    """Of every address that is read, by its name."""
    found = {}
    for name, route in MATRIX.items():
        if route.scopes.get("GET") != Scope.READ or route.names not in {"", "number", "code"}:
            continue
        given = {"": [""], "number": [each.number for each in tickets], "code": [at.project.code]}
        for each in given[route.names]:
            answer: Any = client.get(reverse(f"api:{name}", args=[each] if each else []))
            assert answer.status_code == 200, (name, answer.json())
            found[f"{name} {each}"] = answer.content.decode()
    return found


def test_no_person_is_in_any_answer() -> None:
    at = desk()
    tickets = full(at)
    whole = answers(at, client_of(at, Scope.READ), tickets)
    masked = answers(at, client_of(at, Scope.READ_MASKED), tickets)
    assert whole.keys() == masked.keys()
    assert {person for person in PERSONS if any(person in each for each in whole.values())} == {
        *PERSONS
    }
    for name, body in masked.items():
        assert [person for person in PERSONS if person in body] == [], name
    ticket = tickets[0]
    shown: Any = client_of(at, Scope.READ_MASKED).get(reverse("api:ticket", args=[ticket.number]))
    assert shown.json()["contact"] == {"name": "赵**", "mobile": "135****5678"}
    line = shown.json()["lines"][0]
    assert (line["driver_name"], line["driver_mobile"]) == ("钱**", "138****8000")
    assert (line["plate"], shown.json()["detail"]) == ("豫C12345", "找136****5678")
    assert shown.json()["liaison"]["mobile"] == at.liaison.mobile  # an office's number
    assert KINDS["vehicle_pass"].personal == {"driver_name", "driver_mobile"}
    worker = tickets[list(LINES).index("worker_return")]
    shown = client_of(at, Scope.READ_MASKED).get(reverse("api:ticket", args=[worker.number]))
    line = shown.json()["lines"][0]
    number = LINES["worker_return"]()["receiver_mobile"]
    assert line["receiver_mobile"] == f"{number[:3]}****{number[-4:]}"
    both = answers(at, client_of(at, Scope.READ_MASKED, Scope.READ), tickets)
    assert {**both, "now ": ""} == {**whole, "now ": ""}


def test_nor_in_the_answer_to_what_it_does() -> None:
    at = desk()
    ticket = filed(at)
    client = client_of(at, Scope.READ_MASKED, Scope.ACT)
    sent = {"Idempotency-Key": "k", "If-Match": "*"}
    answer: Any = client.post(reverse("api:ticket-urge", args=[ticket.number]), {}, headers=sent)
    assert (answer.status_code, answer.json()["contact"]["name"]) == (200, "王**")


def test_a_file_needs_the_whole_right() -> None:
    at = desk()
    ticket = full(at)[0]
    content = reverse("api:ticket-attachment", args=[ticket.number, 1])
    before = record()
    assert client_of(at, Scope.READ_MASKED).get(content).status_code == 403
    assert record()[:2] == before[:2]
    assert client_of(at, Scope.READ).get(content).status_code == 200


def test_who_reads_all_may_issue_a_key_that_reads_masked_and_not_the_other_way() -> None:
    at = desk()
    wide, _token = issue_key(
        enterprise=at.enterprise, name="a", scopes=[Scope.KEYS, Scope.READ], by=at.director
    )
    narrow, _token = issue_key(
        enterprise=at.enterprise, name="b", scopes=[Scope.KEYS, Scope.READ_MASKED], by=wide
    )
    made, _token = issue_key(
        enterprise=at.enterprise, name="c", scopes=[Scope.READ_MASKED], by=narrow
    )
    assert made.scopes == ["read_masked"]
    with pytest.raises(Invalid) as refused:
        issue_key(enterprise=at.enterprise, name="d", scopes=[Scope.READ], by=narrow)
    assert [each.path for each in refused.value.errors] == [("scopes", 0)]
    successor, _token = rotate_key(key=made, by=wide)
    assert (successor.scopes, successor.created_at - now() < timedelta(0)) == (
        ["read_masked"], True,
    )  # fmt: skip
