"""A key that reads personal data masked finds none of it in any answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from coordination.amendments.amend import amend, propose_amendment
from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.intake.feed.sequence import sequence
from coordination.tickets.attachments.attach import attach
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.converse import comment
from coordination.tickets.verbs.handle import accept
from projects.access.keys import issue_key, rotate_key
from projects.access.models import ApiKey, Scope
from projects.progress.report import report
from projects.record.clock import now
from projects.record.refusals import Invalid, NotAllowed
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_act import record
from tests.coordination.intake.test_routes import MATRIX
from tests.factories.coordination import LINES, Desk, desk, filed

pytestmark = pytest.mark.django_db
# Names and numbers of persons in what is filed, said, attached and reported.
PERSONS = (
    "王五", "13700137000", "张三", "13800138000", "李四", "13900139000", "13612345678", "赵六",
    "13512345678", "钱七", "孙八", "周九", "吴十", "郑一", "13312345678", "410305198001011239",
)  # fmt: skip


# References in which a number hides, beside letters and without; and one that is no number.
REFERENCES = (
    "WX13312345678", "13312345678", "E-410305198001011239", "id410305198001011239x", "ERP-20200309",
)  # fmt: skip


def client_of(at: Desk, *scopes: Scope) -> APIClient:
    _key, token = issue_key(enterprise=at.enterprise, name="m", scopes=list(scopes), by=at.director)
    return client_with(token)


def full(at: Desk) -> list[Ticket]:
    tickets = [
        filed(at, kind, detail="找13612345678，身份证410305198001011239", external_id=reference)
        for kind, reference in zip(LINES, REFERENCES, strict=True)
    ]
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
    for name in ("吴十的身份证.txt", "郑一13312345678.txt"):
        attach(ticket=tickets[1], file=SimpleUploadedFile(name, name.encode()), by=at.key)
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
    assert (line["plate"], shown.json()["detail"]) == (
        "豫C12345", "找136****5678，身份证410305********1239",
    )  # fmt: skip
    assert shown.json()["liaison"]["mobile"] == at.liaison.mobile  # an office's number
    assert KINDS["vehicle_pass"].personal == {"driver_name", "driver_mobile"}
    worker = tickets[list(LINES).index("worker_return")]
    shown = client_of(at, Scope.READ_MASKED).get(reverse("api:ticket", args=[worker.number]))
    line = shown.json()["lines"][0]
    number = LINES["worker_return"]()["receiver_mobile"]
    assert line["receiver_mobile"] == f"{number[:3]}****{number[-4:]}"
    both = answers(at, client_of(at, Scope.READ_MASKED, Scope.READ), tickets)
    assert {**both, "now ": ""} == {**whole, "now ": ""}


def test_a_reference_that_is_no_persons_number_is_shown_as_it_is() -> None:
    at = desk()
    full(at)
    listed: Any = client_of(at, Scope.READ_MASKED).get(reverse("api:tickets"))
    assert sorted(each["external_id"] for each in listed.json()["results"]) == sorted(
        [
            "WX133****5678", "133****5678", "E-410305********1239", "id****1239x",
            "ERP-20200309",
        ]
    )  # fmt: skip


def test_nor_in_the_answer_to_what_it_does() -> None:
    at = desk()
    tickets = full(at)
    client = client_of(at, Scope.READ_MASKED, Scope.FILE, Scope.ACT)
    first, second = (each.number for each in tickets[:2])
    contact = {"name": "赵六", "mobile": "13512345678"}
    filing = {
        "kind": "vehicle_pass", "project": at.project.code, "title": "通行", "contact": contact,
        "detail": "找13612345678", "external_id": "NO13312345679",
        "lines": [LINES["vehicle_pass"]() | {"plate": "豫C55555"}],
    }  # fmt: skip
    line = [{"position": 1, "driver_name": "周九"}]
    note = {"note": "打13612345678"}
    report_in = {
        "day": f"{timezone.localdate(now())}",
        "resumed": True,
        "progress": "找13612345678",
        "reason": "打13612345678",
    }
    file = {"file": SimpleUploadedFile("吴十.txt", b"b"), **note}
    asked: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("tickets", [], filing),
        ("tickets-bulk", [], {"tickets": [{**filing, "external_id": "NO13312345678"}, {}]}),
        ("ticket-comments", [first], {"text": "请打13612345678"}),
        ("ticket-urge", [first], note),
        ("ticket-amend", [first], {"contact": {"name": "孙八"}, "lines": line, **note}),
        ("ticket-propose-amendment", [second], {"contact": contact, "reason": "找13612345678"}),
        ("ticket-attachments", [first], file),
        ("ticket-attachment-withdraw", [second, 1], {"reason": "打13612345678"}),
        ("ticket-withdraw", [first], {"reason": "打13612345678"}),
        ("project-reports", [at.project.code], report_in),
    ]
    for place, (name, args, body) in enumerate(asked):
        answer: Any = client.post(
            reverse(f"api:{name}", args=args), body,
            format="multipart" if name == "ticket-attachments" else "json",
            headers={"Idempotency-Key": f"k{place}", "If-Match": "*"},
        )  # fmt: skip
        said = answer.content.decode()
        assert answer.status_code in {200, 201, 207}, (name, said)
        assert [person for person in PERSONS if person in said] == [], name


def test_nor_by_repeating_what_a_key_that_reads_all_did() -> None:
    at = desk()
    address = reverse("api:ticket-urge", args=[filed(at).number])
    sent: Any = {"Idempotency-Key": "k", "If-Match": "*"}
    whole: Any = client_of(at, Scope.READ, Scope.ACT).post(address, {}, headers=sent)
    assert (whole.status_code, whole.json()["contact"]["name"]) == (200, "王五")
    before = record()
    masked: Any = client_of(at, Scope.READ_MASKED, Scope.ACT).post(address, {}, headers=sent)
    assert (masked.status_code, masked.json()["type"]) == (
        422, "/problems/idempotency-key-reused",
    )  # fmt: skip
    assert record() == before


def test_who_reads_masked_has_no_webhooks() -> None:
    """What they are sent is not masked."""
    at = desk()
    before = ApiKey.objects.count()
    for scopes, place in (
        ([Scope.READ_MASKED, Scope.WEBHOOKS], 1), ([Scope.WEBHOOKS, Scope.ACT, "read_masked"], 0),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            issue_key(enterprise=at.enterprise, name="a", scopes=scopes, by=at.director)
        assert [(each.path, each.code) for each in refused.value.errors] == [
            (("scopes", place), "scope")
        ]
    assert ApiKey.objects.count() == before
    key, token = issue_key(
        enterprise=at.enterprise, name="b", scopes=[Scope.READ_MASKED], by=at.director
    )
    key.scopes = [Scope.READ_MASKED, Scope.WEBHOOKS]  # as none is issued
    key.save()
    for method in ("get", "post"):
        answer: Any = getattr(client_with(token), method)(reverse("api:webhooks"))
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")
    with pytest.raises(NotAllowed):
        open_webhook(to=looked_up("https://erp.example.cn/"), by=key)
    assert not WebhookEndpoint.objects.exists()
    issue_key(
        enterprise=at.enterprise, name="c", by=at.director,
        scopes=[Scope.READ, Scope.READ_MASKED, Scope.WEBHOOKS],
    )  # fmt: skip


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
