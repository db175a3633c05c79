"""Attachments over HTTP: sent once, listed, fetched inert, withdrawn; never another's."""

import re
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from coordination.delivery.models import Delivery
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.intake.feed.sequence import sequence
from coordination.privacy.reveal import hold
from coordination.tickets.flow import Verb
from coordination.tickets.models import Attachment, AttachmentPart, Ticket
from coordination.tickets.verbs.registry import perform
from projects.access.keys import issue_key
from projects.access.models import Scope
from projects.access.request_limits import LARGEST_REQUEST
from projects.files.file_types import MEDIA_TYPES
from projects.files.sandbox.run import Turn
from projects.record.refusals import NotAllowed
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_act import record
from tests.coordination.tickets.attachments.corpus import GOOD, bad, office, pdf, png, sent
from tests.factories.coordination import Desk, desk, filed
from tests.projects.files.test_uploads import BOUNDARY, body_of

pytestmark = pytest.mark.django_db
BAD: Final = bad()


@pytest.fixture
def at() -> Desk:
    return desk()


def address(ticket: Ticket, *, number: int | None = None, withdraw: bool = False) -> str:
    if number is None:
        return reverse("api:ticket-attachments", args=[ticket.number])
    name = "ticket-attachment-withdraw" if withdraw else "ticket-attachment"
    return reverse(f"api:{name}", args=[ticket.number, number])


def post(
    at: Desk, ticket: Ticket, name: str = "a.txt", content: bytes = b"a", *, key: str = "k",
    language: str = "en", **fields: Any,
) -> Any:  # fmt: skip
    body = {"file": sent(name, content), **fields}
    return client_with(at.token, language).post(
        address(ticket), body, format="multipart", headers={"Idempotency-Key": key}
    )


def all_of_it() -> list[Any]:
    rows = [list(model.objects.order_by("pk").values()) for model in (Attachment, AttachmentPart)]
    return [*record(), *rows]


@pytest.mark.parametrize("name", GOOD)
def test_sent_listed_and_fetched_inert(at: Desk, name: str) -> None:
    ticket = filed(at)
    answer = post(at, ticket, name, GOOD[name], note="见附件")
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    assert (said["number"], said["name"], said["note"], said["state"]) == (
        1, name, "见附件", "kept",
    )  # fmt: skip
    assert said["actor"] == {"kind": "enterprise", "name": at.enterprise.name}
    assert answer["Location"] == said["href"] == address(ticket, number=1)
    client = client_with(at.token)
    assert client.get(address(ticket)).json()["results"] == [said]
    accepted = {"Accept": said["media_type"]}
    for file in (client.get(said["href"]), client.get(said["href"], headers=accepted)):
        ending = name.rpartition(".")[2]
        extension = {"JPEG": "jpg", "jfif": "jpg"}.get(ending, ending)
        assert b"".join(file.streaming_content) == GOOD[name]  # type: ignore[attr-defined]  # the answer streams
        assert {
            each: file[each]
            for each in file.headers
            if each not in {"Allow", "Vary", "X-Request-ID"}
        } == {
            "Content-Type": said["media_type"],
            "Content-Disposition": f'attachment; filename="{ticket.number}-1.{extension}"',
            "Content-Length": str(len(GOOD[name])),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
            "Content-Language": "en",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
    events = client.get(reverse("api:ticket-events", args=[ticket.number])).json()["results"]
    assert events[-1]["text"] == {"file_name": name, "note": "见附件"}


def post_as_it_is(at: Desk, ticket: Ticket, body: bytes, *, key: str = "k") -> Any:
    return client_with(at.token).generic(
        "POST", address(ticket), body,  # type: ignore[arg-type]  # bytes as they are
        headers={"Idempotency-Key": key}, content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )  # fmt: skip


def test_it_is_called_what_it_is_and_what_the_sender_calls_it(at: Desk) -> None:
    ticket = filed(at)
    for key, (head, content, name) in {
        "GBK": ('filename="行车路线.pdf"'.encode("gbk"), pdf(), "行车路线.pdf"),
        "RFC-2047": (b'filename="=?GBK?B?z9azoQ==?=.jpg"', png(), "现场.png"),
        "percents": (b'filename="%E5%9B%BE.docx"', office("xlsx"), "图.xlsx"),
    }.items():
        body = body_of(head, content)
        answer, again = (post_as_it_is(at, ticket, body, key=key) for _time in range(2))
        assert (answer.status_code, answer.json()["name"]) == (201, name), key
        assert (again.json(), again["Idempotent-Replayed"]) == (answer.json(), "true")
        kept = b"".join(client_with(at.token).get(answer["Location"]).streaming_content)  # type: ignore[attr-defined]  # the answer streams
        assert kept == content


def test_of_two_files_or_two_notes_none_is_taken(at: Desk) -> None:
    ticket = filed(at)
    before = all_of_it()
    head = 'filename="a.pdf"'.encode("gbk")
    again = body_of(head, b"a").replace(b"note", b"file", 1)
    for body, name in (
        (body_of(head, pdf(), png()), "file"), (body_of(head, pdf(), pdf()), "file"),
        (body_of(b'filename="b.pdf"', pdf(), b""), "file"), (again, "file"),
        (body_of(head, pdf()).replace(b"\r\n\r\n", b"\r\n\r\na\r\n" + (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\n'.encode()
        ), 1), "note"),
    ):  # fmt: skip
        answer = post_as_it_is(at, ticket, body)
        found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        code = {"file": "two-files", "note": "repeated"}[name]
        assert (answer.status_code, found) == (422, [(f"/{name}", code)])
    assert all_of_it() == before


def test_while_another_file_is_checked_it_is_to_be_sent_again(at: Desk) -> None:
    ticket = filed(at)
    before = all_of_it()
    with Turn():
        answer = post(at, ticket, "a.pdf", pdf())
        assert post(at, ticket, "a.txt", b"a", key="k-2").status_code == 201
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json()["type"] == "/problems/unavailable"
    assert all_of_it() != before
    assert post(at, ticket, "a.pdf", pdf()).status_code == 201


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "what",
    [
        "GIFAR",
        "macro",
        "EICAR",
        "empty",
        "a name upwards",
        "PDF with a script",
        "PDF with an address",
        "old Excel within",
        "Word with the template https://a.cn/t.dotm",
        "HEIC as JPEG",
    ],
)
def test_what_is_wrong_is_pointed_at(at: Desk, what: str, language: str) -> None:
    ticket, (name, content, code) = filed(at), BAD[what]
    before = all_of_it()
    answer = post(at, ticket, name, content, language=language)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/file", code)
    assert bool(re.search("[一-龥]", error["detail"])) == (language == "zh-hans")
    assert all_of_it() == before


def test_bodies_that_are_none(at: Desk) -> None:
    ticket, client = filed(at), client_with(at.token)
    before = all_of_it()
    headers = {"Idempotency-Key": "k"}
    asked: list[tuple[Any, int, str]] = [
        (
            client.post(address(ticket), {"file": "a"}, headers=headers), 415,
            "unsupported-media-type",
        ),
        (
            client.generic(
                "POST", address(ticket), "a", content_type="multipart/form-data", headers=headers
            ), 400, "malformed",
        ),
        (
            client.post(
                address(ticket), {"note": "a" * 3_000_000, "file": sent("a.txt", b"a")},
                format="multipart", headers=headers,
            ), 400, "malformed",
        ),
        (
            client.post(
                address(ticket), {f"f{n}": sent("a.txt", b"a") for n in range(101)},
                format="multipart", headers=headers,
            ), 400, "malformed",
        ),
        (
            client.post(address(ticket), {"note": "a"}, format="multipart", headers=headers), 422,
            "invalid",
        ),
        (
            client.post(
                address(ticket), {"file": "a", "note": "a"}, format="multipart", headers=headers
            ), 422, "invalid",
        ),
        (post(at, ticket, internal="true"), 422, "invalid"),
        (post(at, ticket, note="a\0b"), 422, "invalid"),
        (post(at, ticket, key=""), 400, "idempotency-key-missing"),
    ]  # fmt: skip
    for place, (answer, status, kind) in enumerate(asked):
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), place
    assert all_of_it() == before


class Unread:
    """A body that nobody may read."""

    def read(self, *_sizes: int) -> bytes:
        raise AssertionError("it was read")

    readline = read


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_too_large_is_not_read(at: Desk, language: str) -> None:
    ticket = filed(at)
    before = all_of_it()
    large: dict[str, Any] = {
        "wsgi.input": Unread(), "CONTENT_LENGTH": str(LARGEST_REQUEST + 1),
    }  # fmt: skip
    answer: Any = client_with(at.token, language).post(address(ticket), **large)
    said = answer.json()
    assert (answer.status_code, said["type"]) == (413, "/problems/too-large")
    assert answer["Content-Language"] == language
    page: Any = Client().post("/admin/", **{**large, "CONTENT_LENGTH": str(10**12)})
    assert (page.status_code, page["Content-Type"]) == (413, "text/html; charset=utf-8")
    assert all_of_it() == before


def test_asked_twice_attached_once(at: Desk) -> None:
    ticket = filed(at)
    first = post(at, ticket, "清单.docx", office(), note="一")
    done = all_of_it()
    again = post(at, ticket, "清单.docx", office(), note="一")  # with another boundary, even
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    changed = (
        post(at, ticket, "清单.docx", office("docx", {"a": b"b"}), note="一"),
        post(at, ticket, "另一.docx", office(), note="一"),
        post(at, ticket, "清单.docx", office(), note="二"),
    )
    for answer in changed:
        assert (answer.status_code, answer.json()["type"]) == (
            422, "/problems/idempotency-key-reused",
        )  # fmt: skip
    assert all_of_it() == done


def test_withdrawn_by_its_enterprise_alone(at: Desk) -> None:
    ticket = filed(at)
    post(at, ticket)
    perform(Verb.ATTACH, ticket=ticket, file=sent("b.txt", b"b"), by=at.liaison)
    perform(Verb.ATTACH, ticket=ticket, file=sent("c.txt", b"c"), internal=True, by=at.liaison)

    def withdraw(number: int, key: str = "w", who: Desk = at) -> Any:
        return client_with(who.token).post(
            address(ticket, number=number, withdraw=True), {"reason": "误传"},
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    before = all_of_it()
    asked = [
        (withdraw(2), 422), (withdraw(3), 404), (withdraw(4), 404), (withdraw(10**12), 404),
        (withdraw(1, who=desk()), 404),
    ]  # fmt: skip
    assert [answer.status_code for answer, _status in asked] == [status for _a, status in asked]
    assert all_of_it()[1:] == before[1:]
    answer = withdraw(1)
    assert answer.status_code == 200, answer.json()
    said = answer.json()
    assert (said["state"], said["name"], said["note"]) == ("withdrawn", None, None)
    assert withdraw(1).json() == said
    client = client_with(at.token)
    assert client.get(address(ticket, number=1)).status_code == 410
    assert withdraw(1, key="again").status_code == 410
    listed = client.get(address(ticket)).json()["results"]
    assert [(each["number"], each["state"]) for each in listed] == [(1, "withdrawn"), (2, "kept")]


def test_what_is_withdrawn_is_told_nowhere_any_more(at: Desk) -> None:
    ticket = filed(at)
    key = issue_key(enterprise=at.enterprise, name="w", scopes=list(Scope), by=at.director)[0]
    open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=key)
    post(at, ticket, "张三身份证.txt", b"a", note="本人")
    sequence()
    told = Delivery.objects.filter(topic="ticket.file_attached").get()
    assert "张三身份证.txt" in str(told.body)
    perform(Verb.DETACH, ticket=ticket, attachment=1, reason="误传", by=at.key)
    told.refresh_from_db()
    assert (told.body, told.state) == (None, "dead")
    again = post(at, ticket, "张三身份证.txt", b"a", note="本人")
    assert again["Idempotent-Replayed"] == "true"
    assert (again.json()["name"], again.json()["note"]) == (None, None)


def test_what_is_answered_again_is_not_touched_by_an_internal_file(at: Desk) -> None:
    """Which has the same number, on its own side."""
    ticket = filed(at)
    first = post(at, ticket, "行车路线.txt", b"a", note="见附图")
    perform(Verb.ATTACH, ticket=ticket, file=sent("c.txt", b"c"), internal=True, by=at.liaison)
    perform(
        Verb.DETACH, ticket=ticket, attachment=1, internal=True, reason="误传", by=at.liaison
    )  # fmt: skip
    again = post(at, ticket, "行车路线.txt", b"a", note="见附图")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()


def test_what_the_director_keeps_is_not_withdrawn(at: Desk) -> None:
    ticket = filed(at)
    post(at, ticket)
    hold(ticket=ticket, is_kept=True, reason="监察机关调取", by=at.director)
    before = all_of_it()
    with pytest.raises(NotAllowed):
        perform(Verb.DETACH, ticket=ticket, attachment=1, reason="误传", by=at.key)
    assert all_of_it() == before
    hold(ticket=ticket, is_kept=False, reason="调取结束", by=at.director)
    perform(Verb.DETACH, ticket=ticket, attachment=1, reason="误传", by=at.key)


def test_anothers_and_what_is_internal_are_not_there(at: Desk) -> None:
    ticket, stranger = filed(at), desk()
    post(at, ticket)
    perform(Verb.ATTACH, ticket=ticket, file=sent("c.txt", b"c"), internal=True, by=at.liaison)
    before = all_of_it()
    other = client_with(stranger.token)
    assert post(stranger, ticket).status_code == 404
    for url in (address(ticket), address(ticket, number=1), address(ticket, number=2)):
        assert other.get(url).status_code == 404
        assert client_with("").get(url).status_code == 401
    own = client_with(at.token)
    assert own.get(address(ticket, number=2)).status_code == 404
    assert [each["number"] for each in own.get(address(ticket)).json()["results"]] == [1]
    assert all_of_it() == before


def test_the_ticket_says_that_it_may_be_done(at: Desk) -> None:
    ticket, client = filed(at), client_with(at.token)
    url = reverse("api:ticket", args=[ticket.number])
    (may,) = [
        each for each in client.get(url).json()["allowed_actions"] if each["verb"] == "attach"
    ]
    assert may == {
        "verb": "attach", "label": "Attach a file", "href": address(ticket), "required": ["file"],
    }  # fmt: skip
    perform(Verb.WITHDRAW, ticket=ticket, by=at.key, reason="已解决")
    before = all_of_it()
    assert post(at, ticket).status_code == 409
    assert all_of_it() == before
    assert "attach" not in [each["verb"] for each in client.get(url).json()["allowed_actions"]]


def test_what_is_answered_is_what_is_described(at: Desk) -> None:
    spec: Any = Client().get("/api/schema/?format=json").json()
    operation = spec["paths"]["/api/v1/tickets/{number}/attachments/"]["post"]
    assert list(operation["requestBody"]["content"]) == ["multipart/form-data"]
    assert set(operation["responses"]) == {
        "201", "400", "401", "403", "404", "406", "409", "413", "415", "422", "429", "503",
    }  # fmt: skip
    schema = operation["responses"]["201"]["content"]["application/json"]["schema"]
    said = post(at, filed(at)).json()
    check = Draft202012Validator({**schema, "components": spec["components"]})
    assert list(check.iter_errors(said)) == []
    file = spec["paths"]["/api/v1/tickets/{number}/attachments/{attachment}/"]["get"]
    assert set(file["responses"]["200"]["content"]) == set(MEDIA_TYPES.values())
