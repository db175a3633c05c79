"""One status for one cause, at every address; docs/api.md has the same table."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from config.embedded import PROJECT
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.tickets.models import Ticket
from projects.access.keys import issue_key
from projects.access.models import Scope
from projects.files.limits import LARGEST_FILE
from tests.coordination.intake.scene import client_with, filing, vehicle
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
# cause -> the status, the type and, where an error names the place, its code
CAUSES: dict[str, tuple[int, str, str]] = {
    "parameter": (400, "unknown-parameter", "unknown"),
    "field": (422, "invalid", "unknown"),
    "choice": (422, "invalid", "choice"),
    "type": (422, "invalid", "type"),
    "unreadable": (400, "malformed", ""),
    "large": (413, "too-large", ""),
    "count": (422, "invalid", "count"),
    "reference": (404, "not-found", ""),
    "gone": (410, "gone", ""),
}


class Caller:
    """Sends requests with a key of its own each."""

    def __init__(self, at: Desk) -> None:
        self.at = at
        self.key, token = issue_key(
            enterprise=at.enterprise, name="all", scopes=list(Scope), by=at.director
        )
        self.client: APIClient = client_with(token)
        self.sent = 0

    def post(self, name: str, body: Any, *args: Any, **options: Any) -> Any:
        self.sent += 1
        headers = {"Idempotency-Key": f"k-{self.sent}", "If-Match": "*"}
        return self.client.post(reverse(f"api:{name}", args=args), body, headers=headers, **options)

    def get(self, name: str, *args: Any, **asked: Any) -> Any:
        return self.client.get(reverse(f"api:{name}", args=args), asked)

    def send_file(self, name: str, size: int, *args: Any, **more: str) -> Any:
        file = SimpleUploadedFile("a.txt", b"a" * size)
        return self.post(name, {"file": file, **more}, *args, format="multipart")


class Scene(Caller):
    """A ticket with a withdrawn attachment, another enterprise's, and a webhook."""

    def __init__(self) -> None:
        super().__init__(desk())
        self.code, self.number = self.at.project.code, filed(self.at).number
        self.other = desk()
        self.foreign = filed(self.other).number
        endpoint, _secret = open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=self.key)
        self.hook = endpoint.endpoint_id
        assert self.send_file("ticket-attachments", 1, self.number).status_code == 201
        withdrawn = self.post("ticket-attachment-withdraw", {"reason": "x"}, self.number, 1)
        assert withdrawn.status_code == 200

    def file(self, **changes: Any) -> Any:
        return self.post("tickets", filing(**{"project": self.code, **changes}))

    def raw(self, content: bytes) -> Any:
        return self.post("tickets", content, content_type="application/json")

    def on_a_version(self, value: str) -> Any:
        return self.client.post(
            reverse("api:ticket-urge", args=[self.number]), {},
            headers={"Idempotency-Key": f"v-{len(value)}", "If-Match": value},
        )  # fmt: skip


type Senders = dict[str, list[Callable[[], Any]]]


def of_the_contents(ask: Scene) -> Senders:
    code, number, hook, file = ask.code, ask.number, ask.hook, ask.file
    return {
        "parameter": [
            lambda: ask.get("tickets", colour="red"), lambda: ask.get("feed", since="1"),
            lambda: ask.get("project-reports", code, day="2020-03-09"),
        ],
        "field": [
            lambda: file(colour="red"), lambda: ask.post("keys", {"name": "x", "colour": 1}),
            lambda: ask.post("ticket-comments", {"text": "x", "colour": 1}, number),
            lambda: ask.post("tickets-bulk", {"tickets": [filing(project=code)], "colour": 1}),
        ],
        "choice": [
            lambda: file(urgency="none"),
            lambda: ask.post("tickets", {**filing(project=code), "kind": "none"}),
            lambda: ask.get("tickets", kind="none"), lambda: ask.get("tickets", status="none"),
            lambda: ask.get("tickets", light="blue"), lambda: ask.get("tickets", ordering="title"),
            lambda: ask.get("project-reports", code, revisions="none"),
            lambda: ask.post("keys", {"name": "x", "scopes": ["none"]}),
            lambda: ask.post("webhooks", {"url": "https://a.example", "topics": ["none"]}),
        ],
        "type": [
            lambda: file(title=[]), lambda: file(lines={}),
            lambda: ask.get("tickets", changed_since="yesterday"),
            lambda: ask.get("feed", wait="long"),
            lambda: ask.get("project-reports", code, day_from="monday"),
            lambda: ask.post("project-reports", {"day": "x", "resumed": True}, code),
            lambda: ask.post("webhook-secret", {"overlap_hours": "x"}, hook),
        ],
    }  # fmt: skip


def of_the_whole(ask: Scene) -> Senders:
    raw, on_a_version, file, number = ask.raw, ask.on_a_version, ask.file, ask.number
    return {
        "unreadable": [
            lambda: raw(b"{"), lambda: raw(b'{"title": "\\u0000"}'), lambda: on_a_version("v1"),
            lambda: ask.get("tickets", kind="\0"), lambda: on_a_version('"v1" "v2"'),
        ],
        "large": [
            lambda: raw(b" " * 1_100_000),
            lambda: ask.post("tickets-bulk", b" " * 4_300_000, content_type="application/json"),
            lambda: ask.send_file("ticket-attachments", LARGEST_FILE + 1, number),
            lambda: ask.send_file("tickets-upload", 2_200_000, kind="vehicle_pass"),
        ],
        "count": [
            lambda: file(lines=[]), lambda: file(lines=[vehicle()] * 201),
            lambda: ask.post("tickets-bulk", {"tickets": []}),
            lambda: ask.post("tickets-bulk", {"tickets": [None] * 501}),
            lambda: ask.post("ticket-lines", {"lines": [vehicle()] * 200}, number),
        ],
    }  # fmt: skip


def of_what_it_names(ask: Scene) -> Senders:
    number, hook, file = ask.number, ask.hook, ask.file
    other, foreign = ask.other, ask.foreign
    return {
        "reference": [
            lambda: file(project="none"), lambda: file(project=other.project.code),
            lambda: ask.get("tickets", project="none"),
            lambda: ask.get("tickets", project=other.project.code),
            lambda: ask.get("project", other.project.code), lambda: ask.get("ticket", foreign),
            lambda: ask.post("ticket-urge", {}, foreign), lambda: ask.get("key", "none"),
            lambda: ask.get("webhook", "none"), lambda: ask.get("bulletin", "2020-03-09"),
            lambda: ask.post("webhook-replay", {"message": "msg_none"}, hook),
            lambda: ask.get("ticket-attachment", number, 9),
        ],
        "gone": [
            lambda: ask.get("ticket-attachment", number, 1),
            lambda: ask.post("ticket-attachment-withdraw", {"reason": "x"}, number, 1),
            lambda: ask.get("feed", after=f"1-{'0' * 16}"),
        ],
    }  # fmt: skip


def test_one_cause_has_one_status_everywhere() -> None:
    ask = Scene()
    asked = of_the_contents(ask) | of_the_whole(ask) | of_what_it_names(ask)
    assert asked.keys() == CAUSES.keys()
    before = Ticket.objects.count()
    for cause, senders in asked.items():
        for place, send in enumerate(senders):
            answer = send()
            body = answer.json()
            codes = {each["code"] for each in body.get("errors", [])}
            said = (answer.status_code, body["type"].removeprefix("/problems/"))
            assert said == CAUSES[cause][:2], (cause, place, body)
            assert not CAUSES[cause][2] or codes == {CAUSES[cause][2]}, (cause, place, body)
    assert Ticket.objects.count() == before


def test_the_documentation_has_the_same_table() -> None:
    text = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| [^|]+ \| (\d{3}) `([a-z-]+)`(?:[,，] ?`([a-z-]+)`)? \|$", text, re.M)
    expected = [(str(status), kind, code) for status, kind, code in CAUSES.values()]
    assert said == expected * 2


def test_an_unknown_project_is_named_beside_every_other_mistake() -> None:
    at = desk()
    answer = Caller(at).post("tickets", filing(project="none", title="", colour="red"))
    errors = {(each["pointer"], each["code"]) for each in answer.json()["errors"]}
    assert errors == {("/project", "not-found"), ("/title", "required"), ("/colour", "unknown")}
    many = [filing(project="none", title=""), filing(project=at.project.code)]
    bulk = Caller(at).post("tickets-bulk", {"tickets": many, "all_or_nothing": True})
    assert bulk.status_code == 422
    assert {(each["pointer"], each["code"]) for each in bulk.json()["errors"]} == {
        ("/tickets/0/project", "not-found"), ("/tickets/0/title", "required"),
    }  # fmt: skip


def test_a_project_of_the_past_can_still_be_listed() -> None:
    at = desk()
    ask = Caller(at)
    assert ask.get("tickets", project=at.project.code).json()["results"] == []
    at.project.participants.update(during=("2019-01-01", "2019-12-31"))
    assert ask.get("tickets", project=at.project.code).status_code == 200
    assert ask.get("project", at.project.code).status_code == 404
