"""Referring on the staff's pages: the panel, the link shown once, the queue, the board."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.parties.models import Department
from coordination.privacy.reveal import reveal
from coordination.referrals.answer import answer_by_link
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.models import Referral, ReferralLink
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from tests.coordination.referrals.scene import (
    HEALTH,
    SAID,
    TRAFFIC,
    accepted,
    department,
    everything,
    on,
    referred,
    token_of,
)
from tests.coordination.tickets.attachments.corpus import pdf, sent
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:tickets_ticket_changelist")


@pytest.fixture
def at(db: None) -> Any:
    with clock_at(on(2)):
        yield desk()


def as_(who: Officer) -> Client:
    client = Client()
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def page_of(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def do(who: Officer, ticket: Ticket, verb: str, **typed: Any) -> Any:
    ticket.refresh_from_db()
    return as_(who).post(
        reverse("admin:ticket_do", args=[ticket.pk, verb]), {"version": ticket.version, **typed}
    )


def form_of(page: Any, verb: str) -> Any:
    (form,) = [each.form for each in page.context["acts"].able if each.verb == verb]
    return form


def test_a_liaison_refers_with_the_term_proposed(at: Desk) -> None:
    ticket, chosen = accepted(at), department()
    form = form_of(as_(at.liaison).get(page_of(ticket)), ReferralVerb.REFER)
    assert list(form.fields) == ["version", "department", "matter", "due"]
    assert form.fields["due"].initial == on(5, 17)
    answer = do(
        at.liaison,
        ticket,
        ReferralVerb.REFER,
        department=chosen.pk,
        matter="请放行",
        due="2020-03-04T12:00",
    )
    assert answer.status_code == 302
    row = Referral.objects.get()
    assert (row.department, row.due_at) == (chosen, on(4, 12))
    left = (
        form_of(as_(at.liaison).get(page_of(ticket)), ReferralVerb.REFER)
        .fields["department"]
        .queryset
    )
    assert set(left) == set(Department.objects.exclude(pk=chosen.pk))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"department": "", "matter": "请放行"}, "department"),
        ({"department": "999999", "matter": "请放行"}, "department"),
        ({"matter": " "}, "matter"),
        ({"matter": "电话13800138000"}, "matter"),
        ({"matter": "请放行", "due": "2020-02-28T12:00"}, "due"),
        ({"matter": "请放行", "due": "soon"}, "due"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(at: Desk, typed: dict[str, str], field: str) -> None:
    ticket = accepted(at)
    before = everything(ticket)
    page = do(at.liaison, ticket, ReferralVerb.REFER, **({"department": department().pk} | typed))
    assert list(form_of(page, ReferralVerb.REFER).errors) == [field]
    assert everything(ticket) == before


def test_the_panel_says_how_each_stands(at: Desk) -> None:
    row = referred(at)
    other = referred(at, row.ticket, department(HEALTH, email=""))
    said = {"answer": "已放行，联系13911112222", "name": "赵六", "phone": "0379-63312345"}
    perform(
        ReferralVerb.ANSWER_REFERRAL, ticket=row.ticket, referral=row, by=at.system, **(SAID | said)
    )
    with clock_at(on(6)):
        page = as_(at.liaison).get(page_of(row.ticket))
        shown = page.content.decode()
    (panel,) = [each.context for each in page.context["panels"] if each.name == "referrals"]
    late, answered = panel["rows"]
    assert (late.referral, late.is_overdue, late.can_be_mailed) == (other, True, False)
    assert (answered.answer, answered.answerer) == ("已放行，联系139****2222", "赵** 0379-****2345")
    assert (
        "<strong>会办答复</strong> <span>市公安局交通警察支队</span>" in shown
    )  # the timeline names it
    assert reverse("referral_link", args=[other.pk]) in shown
    with clock_at(on(6)):
        reveal(ticket=row.ticket, group="referrals", reason="电话核实", by=at.liaison)
        assert "赵六 0379-63312345" in as_(at.liaison).get(page_of(row.ticket)).content.decode()


def answered(row: Referral, *names: str) -> None:
    """The department's answer, with a file of each name."""
    with clock_at(on(3)):
        files = [sent(name, pdf()) for name in names]
        answer_by_link(token=token_of(row), **SAID, files=files)


def test_the_files_of_an_answer_stand_beside_it(at: Desk) -> None:
    row = referred(at)
    answered(row, "复函 13911112222.pdf", "附表.pdf")
    page = as_(at.auditor).get(page_of(row.ticket)).content.decode()
    for number, name in ((1, "复函 139****2222.pdf"), (2, "附表.pdf")):
        address = reverse("admin:ticket_internal_attachment", args=[row.ticket_id, number])
        shown = f'href="{address}" download>内{number}. {name}</a>'
        assert page.count(shown) == 2, name  # beside the answer, and among the attachments
        fetched: Any = as_(at.auditor).get(address)
        assert b"".join(fetched.streaming_content) == pdf()
        assert as_(at.other_liaison).get(address).status_code == 404
    assert "13911112222" not in page
    assert "附件内1、内2" in page
    (panel,) = [
        each.context
        for each in as_(at.lead).get(page_of(row.ticket)).context["panels"]
        if each.name == "attachments"
    ]
    assert [(each.who, each.may_withdraw) for each in panel["rows"]] == [("会办答复", False)] * 2
    sheet = as_(at.lead).get(reverse("admin:ticket_sheet", args=[row.ticket_id]))
    assert "附表.pdf" not in sheet.content.decode()


def test_as_many_queries_for_three_files_as_for_one(at: Desk) -> None:
    row = referred(at)
    answered(row, "a.pdf")
    client, address = as_(at.liaison), page_of(row.ticket)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    other = referred(at, row.ticket, department(HEALTH))
    answered(other, "b.pdf", "c.pdf")
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)


def test_who_only_reads_is_offered_nothing(at: Desk) -> None:
    row = referred(at)
    page = as_(at.auditor).get(page_of(row.ticket)).content.decode()
    assert TRAFFIC in page
    assert reverse("referral_link", args=[row.pk]) not in page


def test_chased_and_recalled_from_the_panel(at: Desk) -> None:
    row = referred(at)
    assert do(at.liaison, row.ticket, ReferralVerb.CHASE, referral=row.pk).status_code == 302
    before = everything(row.ticket)
    again = do(at.liaison, row.ticket, ReferralVerb.CHASE, referral=row.pk)
    assert list(form_of(again, ReferralVerb.CHASE).errors) == ["referral"]
    silent = do(at.liaison, row.ticket, ReferralVerb.RECALL, referral=row.pk, reason="")
    assert list(form_of(silent, ReferralVerb.RECALL).errors) == ["reason"]
    assert everything(row.ticket) == before
    do(at.liaison, row.ticket, ReferralVerb.RECALL, referral=row.pk, reason="已协调")
    row.refresh_from_db()
    assert row.recalled_at == on(2)


def test_a_link_is_drawn_and_shown_once(at: Desk) -> None:
    row = referred(at, to=department(email=""))
    address = reverse("referral_link", args=[row.pk])
    assert as_(at.liaison).get(address).status_code == 405
    page = as_(at.liaison).post(address)
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    link = page.context["address"]
    assert page.content.decode().count(link) == 1
    assert Client().get("/" + link.split("/", 3)[3]).status_code == 200
    assert link not in as_(at.liaison).get(page_of(row.ticket)).content.decode()
    before = ReferralLink.objects.count()
    assert as_(at.other_liaison).post(address).status_code == 404
    assert as_(at.duty_desk).post(address).status_code == 403
    assert ReferralLink.objects.count() == before


def numbers(who: Officer, query: str) -> set[int]:
    return {row.ticket.pk for row in as_(who).get(f"{QUEUE}?{query}").context["rows"]}


def test_the_queue_and_the_board_show_what_waits(at: Desk) -> None:
    late, waits = referred(at), referred(at, due=on(20), to=department(HEALTH))
    accepted(at)
    with clock_at(on(6)):
        for who in (at.liaison, at.duty_desk):
            assert numbers(who, "referral=open") == {late.ticket_id, waits.ticket_id}
            assert numbers(who, "referral=overdue") == {late.ticket_id}
        assert numbers(at.duty_desk, f"referral=late-{late.department_id}") == {late.ticket_id}
        assert len(numbers(at.duty_desk, "referral=late-x")) == 3  # no choice of his: left out
        page = as_(at.duty_desk).get(reverse("board"))
    sheet = page.context["board"].picture("departments").sheet
    assert [(row.titles[0], row.cells[0].value, row.cells[1].value) for row in sheet.rows] == [
        (TRAFFIC, 1, 1)
    ]
    (late_answers,) = [
        each.reading for each in page.context["board"].to_do if each.tile.name == "late-answers"
    ]
    assert late_answers.figures[0].text == "1"
    assert f"{QUEUE}?referral=late-{late.department_id}" in page.content.decode()
    with clock_at(on(6)):
        own = as_(at.lead).get(reverse("board")).context["board"]
    assert (own.picture("departments"), own.to_do) == (None, [])


def test_as_many_queries_for_three_as_for_one(at: Desk) -> None:
    row = referred(at)
    client, address = as_(at.liaison), page_of(row.ticket)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    names = list(Department.objects.exclude(name=TRAFFIC)[:2])
    for each in names:
        referred(at, row.ticket, department(each.name))
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)


def test_departments_are_edited_by_the_centre_and_deleted_by_nobody(at: Desk) -> None:
    row = department()
    address = reverse("admin:parties_department_change", args=[row.pk])
    typed = {
        "ordinal": 4,
        "name": TRAFFIC,
        "email": "new@example.com",
        "phone": "",
        "is_active": "",
    }
    assert as_(at.liaison).post(address, typed).status_code == 403
    assert as_(at.duty_desk).post(address, typed | {"email": "no"}).status_code == 200
    row.refresh_from_db()
    assert row.email == "jiaojing@example.com"
    assert as_(at.duty_desk).post(address, typed).status_code == 302
    row.refresh_from_db()
    assert (row.email, row.is_active) == ("new@example.com", False)
    gone = reverse("admin:parties_department_delete", args=[row.pk])
    assert as_(at.director).post(gone, {"post": "yes"}).status_code == 403
