"""Attachments on a ticket's page: sent by a form, listed, fetched, withdrawn."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Attachment, Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from projects.files.sandbox.run import Turn
from tests.coordination.tickets.attachments.corpus import (
    SCRIPT,
    jpeg,
    pdf,
    png,
    sent,
    template_at,
)
from tests.factories.coordination import Desk, desk, filed
from tests.projects.files.test_uploads import BOUNDARY, body_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def page_of(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def file_of(ticket: Ticket, number: int = 1) -> str:
    return reverse("admin:ticket_attachment", args=[ticket.pk, number])


def send(who: Officer, ticket: Ticket, verb: str = "attach", **typed: Any) -> Any:
    data = {"version": ticket.version, **typed}
    return as_(who).post(reverse("admin:ticket_do", args=[ticket.pk, verb]), data)


def form_of(answer: Any, verb: str) -> Any:
    (form,) = [each.form for each in answer.context["acts"].able if each.verb == verb]
    return form


def test_from_the_form_to_the_file(at: Desk) -> None:
    ticket = filed(at)
    form = as_(at.liaison).get(page_of(ticket)).content.decode()
    assert 'enctype="multipart/form-data"' in form
    file = sent("张三 13800138000.jpg", jpeg())
    assert send(at.liaison, ticket, file=file, note="现场", internal="on").status_code == 302
    page = as_(at.lead).get(page_of(ticket)).content.decode()
    inside = reverse("admin:ticket_internal_attachment", args=[ticket.pk, 1])
    assert inside in page
    assert ("张三 138****8000.jpg" in page, "13800138000" in page) == (True, False)
    answer: Any = as_(at.lead).get(inside)
    assert b"".join(answer.streaming_content) == jpeg()
    assert answer["Content-Disposition"] == f'attachment; filename="{ticket.number}-internal-1.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Length"] == str(len(jpeg()))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("liaison", True), ("deputy", True), ("lead", True), ("duty_desk", True),
        ("director", True), ("auditor", True), ("other_lead", False), ("other_liaison", False),
    ],
)  # fmt: skip
def test_whoever_knows_of_the_ticket_fetches_it(at: Desk, who: str, sees: bool) -> None:  # noqa: FBT001 - a case of the table
    ticket = perform(Verb.ATTACH, ticket=filed(at), file=sent("a.pdf", pdf()), by=at.key)
    client = as_(getattr(at, who))
    assert client.get(file_of(ticket)).status_code == (200 if sees else 404)
    assert client.get(file_of(ticket, 2)).status_code == 404
    assert Client().get(file_of(ticket)).status_code == 302


def test_a_refusal_stands_by_the_file_and_keeps_the_note(at: Desk) -> None:
    ticket = filed(at)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"file": sent("a.pdf", b"jpeg")}, "The content is not of the type"),
        ({"file": [sent("a.pdf", pdf()), sent("b.pdf", pdf())]}, "Send one file at a time"),
        ({"file": sent("a.pdf", pdf(catalog=b"/OpenAction " + SCRIPT))}, "runs a script"),
        ({"file": sent("a.docx", template_at("https://a.cn/t.dotm"))}, "would fetch a template"),
        ({"file": sent("a.pdf", b"")}, "The file is empty."),
        ({}, "Choose a file."),
        ({"file": sent("a.txt", b"a" * (10 * 1024 * 1024 + 1))}, "at most 10 MB"),
    ]
    for given, said in wrong:
        answer = send(at.liaison, ticket, note="现场", **given)
        form = form_of(answer, Verb.ATTACH)
        assert list(form.errors) == ["file"]
        assert said in form.errors["file"][0]
        assert form["note"].value() == "现场"
    assert (TicketEvent.objects.count(), Attachment.objects.count()) == (1, 0)


def test_it_is_called_what_it_is_and_what_the_sender_calls_it(at: Desk) -> None:
    """A picture of another type, under a name in the encoding of Chinese Windows."""
    ticket = filed(at)
    given = body_of('filename="卡口现场.jpg"'.encode("gbk"), png(), version=str(ticket.version))
    answer = as_(at.liaison).generic(
        "POST", reverse("admin:ticket_do", args=[ticket.pk, "attach"]), given,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )  # fmt: skip
    assert answer.status_code == 302
    assert "1. 卡口现场.png" in as_(at.lead).get(page_of(ticket)).content.decode()
    fetched: Any = as_(at.lead).get(file_of(ticket))
    assert (b"".join(fetched.streaming_content), fetched["Content-Type"]) == (png(), "image/png")


def test_while_another_file_is_checked_the_form_says_so(at: Desk) -> None:
    ticket = filed(at)
    with Turn():
        answer = send(at.liaison, ticket, file=sent("a.pdf", pdf()), note="现场")
    form = form_of(answer, Verb.ATTACH)
    assert "Other files are being read." in str(form.errors)
    assert form["note"].value() == "现场"
    assert (TicketEvent.objects.count(), Attachment.objects.count()) == (1, 0)
    assert send(at.liaison, ticket, file=sent("a.pdf", pdf())).status_code == 302


def test_withdrawn_by_the_row(at: Desk) -> None:
    ticket = perform(Verb.ATTACH, ticket=filed(at), file=sent("名单.pdf", pdf()), by=at.liaison)
    form = f'action="{reverse("admin:ticket_do", args=[ticket.pk, "detach"])}"'
    pages = {
        who: as_(getattr(at, who)).get(page_of(ticket)) for who in ("liaison", "lead", "auditor")
    }
    assert {who: form in page.content.decode() for who, page in pages.items()} == {
        "liaison": True, "lead": True, "auditor": False,
    }  # fmt: skip
    assert Verb.DETACH not in [each.verb for each in pages["lead"].context["acts"].able]
    empty = send(at.lead, ticket, "detach", attachment=1, reason="")
    assert list(form_of(empty, Verb.DETACH).errors) == ["reason"]
    assert form not in as_(at.deputy).get(page_of(ticket)).content.decode()
    others = send(at.deputy, ticket, "detach", attachment=1, reason="误传")
    assert list(form_of(others, Verb.DETACH).errors) == ["attachment"]
    assert Attachment.objects.get().state == "kept"
    assert send(at.liaison, ticket, "detach", attachment=1, reason="误传").status_code == 302
    page = as_(at.liaison).get(page_of(ticket)).content.decode()
    assert ("Withdrawn" in page, "名单.pdf" in page, form in page) == (True, False, False)
    assert as_(at.liaison).get(file_of(ticket))["Location"] == page_of(ticket)  # which says why


def test_internal_ones_are_counted_by_themselves(at: Desk) -> None:
    ticket = filed(at)
    for name, internal in (("甲.pdf", True), ("乙.pdf", False)):
        file = sent(name, pdf())
        perform(Verb.ATTACH, ticket=ticket, file=file, internal=internal, by=at.liaison)
    inside = reverse("admin:ticket_internal_attachment", args=[ticket.pk, 1])
    page = as_(at.lead).get(page_of(ticket)).content.decode()
    for shown in (
        f'href="{inside}" download>internal 1. 甲.pdf',
        f'href="{file_of(ticket)}" download>1. 乙.pdf',
        "Attachment internal 1", "Attachment 1",
    ):  # fmt: skip
        assert shown in page
    kept: Any = as_(at.lead).get(inside)
    assert kept["Content-Disposition"] == f'attachment; filename="{ticket.number}-internal-1.pdf"'
    empty = send(at.lead, ticket, "detach", attachment=1, internal="on", reason="")
    assert form_of(empty, Verb.DETACH)["internal"].value() is True
    done = send(at.lead, ticket, "detach", attachment=1, internal="on", reason="误传")
    assert done.status_code == 302
    assert [(row.is_internal, row.state) for row in Attachment.objects.order_by("pk")] == [
        (True, "withdrawn"), (False, "kept"),
    ]  # fmt: skip
    assert [as_(at.lead).get(each).status_code for each in (inside, file_of(ticket))] == [302, 200]


def test_as_many_queries_for_three_files_as_for_one(at: Desk) -> None:
    ticket = perform(Verb.ATTACH, ticket=filed(at), file=sent("a.pdf", pdf()), by=at.key)
    client = as_(at.liaison)
    client.get(page_of(ticket))
    with CaptureQueriesContext(connection) as of_one:
        client.get(page_of(ticket))
    for by in (at.key, at.lead):
        perform(Verb.ATTACH, ticket=ticket, file=sent("a.pdf", pdf()), by=by)
    with CaptureQueriesContext(connection) as of_three:
        client.get(page_of(ticket))
    assert len(of_three) == len(of_one)
    assert not [each["sql"] for each in of_three.captured_queries if '"content"' in each["sql"]]
