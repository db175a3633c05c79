"""The staff's pages of tickets: what each role sees, and every verb through its form."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from coordination.privacy.models import Reveal
from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from tests.factories.coordination import Desk, desk, filed, project, vehicle

LIST = reverse("admin:tickets_ticket_changelist")
ALL = f"{LIST}?status="
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def address(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def do(who: Officer, verb: str, ticket: Ticket, **typed: Any) -> Any:
    data = {"version": ticket.version} | typed
    return as_(who).post(reverse("admin:ticket_do", args=[ticket.pk, verb]), data)


def after(verb: str, ticket: Ticket, by: Any, **inputs: Any) -> Ticket:
    return perform(verb, ticket=ticket, by=by, **inputs)


def facts(ticket: Ticket) -> tuple[Any, ...]:
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return (row, TicketEvent.objects.filter(ticket=ticket).count())


def resolved(at: Desk) -> Ticket:
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    after(Verb.FULFIL, ticket, at.liaison, line=1, quantity=Decimal(1))
    return after(Verb.RESOLVE, ticket, at.liaison, result="已放行")


def test_what_a_verb_requires_is_marked(at: Desk) -> None:
    """And what it does not require is not."""
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    marked = {}
    for who in (at.liaison, at.duty_desk):
        for action in as_(who).get(address(ticket)).context["acts"].forms:
            for name, field in action.form.fields.items() if action.form else ():
                marked[action.verb, name] = hasattr(field, "is_asked")
    assert {key: marked[key] for key in (
        ("pass_on", "reason"), ("pass_on", "group"), ("comment", "text"), ("urge", "note"),
        ("comment", "internal"), ("resolve", "result"), ("resolve", "reasons_1"),
    )} == {
        ("pass_on", "reason"): True, ("pass_on", "group"): True, ("comment", "text"): True,
        ("urge", "note"): False, ("comment", "internal"): False, ("resolve", "result"): True,
        ("resolve", "reasons_1"): True,
    }  # fmt: skip


# Who sees what


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("liaison", True), ("deputy", True), ("lead", True), ("duty_desk", True),
        ("director", True), ("auditor", True), ("other_lead", False), ("other_liaison", False),
    ],
)  # fmt: skip
def test_list_and_page_are_for_the_group_and_the_centre(at: Desk, who: str, sees: bool) -> None:  # noqa: FBT001 - a case of the table
    ticket = filed(at)
    client = as_(getattr(at, who))
    assert (ticket.number in client.get(ALL).content.decode()) is sees
    assert client.get(address(ticket)).status_code == (200 if sees else 302)
    wrote = client.post(reverse("admin:ticket_do", args=[ticket.pk, "comment"]), {"text": "x"})
    assert (wrote.status_code == 404) is not sees


def test_auditor_sees_no_button_and_can_do_nothing(at: Desk) -> None:
    ticket = filed(at)
    client = as_(at.auditor)
    acts = client.get(address(ticket)).context["acts"]
    assert (acts.every, acts.note) == ([], "")
    assert client.get(reverse("admin:tickets_ticket_add")).status_code == 403
    before = facts(ticket)
    answer = do(at.auditor, "accept", ticket)
    assert (answer.status_code, "does not allow this" in answer.content.decode()) == (403, True)
    assert facts(ticket) == before


def test_names_and_mobiles_are_masked_for_everyone(at: Desk) -> None:
    """But the contact's, for who handles the ticket."""
    ticket = filed(at)
    for who in (at.lead, at.director, at.auditor):
        page = as_(who).get(address(ticket)).content.decode()
        found = [word in page for word in ("王五", "13700137000", "张三", "13800138000")]
        assert found == [False] * 4
        assert [word in page for word in ("王**", "137****7000", "张**", "138****8000")] == [
            True
        ] * 4
    assert not Reveal.objects.exists()


def test_a_title_is_text(at: Desk) -> None:
    ticket = filed(at, title="<script>alert(1)</script>", detail="<b>x</b>")
    for url in (address(ticket), LIST, reverse("admin:index")):
        page = as_(at.liaison).get(url).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page
        assert "<b>x</b>" not in page


@pytest.mark.parametrize("who", ["liaison", "duty_desk"])
@pytest.mark.parametrize("url", [LIST, reverse("admin:index")])
def test_as_many_queries_for_three_tickets_as_for_one(at: Desk, url: str, who: str) -> None:
    filed(at)
    client = as_(getattr(at, who))
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(url)
    filed(at)
    filed(at)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


def test_as_many_queries_for_three_lines_as_for_one(at: Desk) -> None:
    one, three = filed(at), filed(at, lines=[vehicle(), vehicle(), vehicle()])
    client = as_(at.liaison)
    for ticket in (one, three):
        client.get(address(ticket))  # puts his look at the contact on record
    with CaptureQueriesContext(connection) as of_one:
        client.get(address(one))
    with CaptureQueriesContext(connection) as of_three:
        client.get(address(three))
    assert len(of_three) == len(of_one)


@pytest.mark.parametrize(
    "query",
    ["handler=me", "status=submitted", "kind=vehicle_pass", "q=受阻", "q=示例项目"],
)
def test_filters_and_search_find(at: Desk, query: str) -> None:
    ticket = filed(at)
    assert ticket.number in as_(at.liaison).get(f"{LIST}?{query}").content.decode()
    nothing = as_(at.liaison).get(f"{LIST}?status=closed").content.decode()
    assert ticket.number not in nothing


def test_nobody_deletes_or_edits(at: Desk) -> None:
    ticket = filed(at)
    before = facts(ticket)
    client = as_(at.director)
    gone = client.post(reverse("admin:tickets_ticket_delete", args=[ticket.pk]), {"post": 1})
    assert gone.status_code == 403
    client.post(address(ticket), {"title": "other", "status": "closed"})
    assert facts(ticket) == before


# Every verb


def test_accept_and_ask_and_supplement(at: Desk) -> None:
    ticket = filed(at)
    answer = do(at.liaison, "accept", ticket)
    assert (answer.status_code, answer["location"]) == (302, address(ticket))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.handler) == (Status.IN_PROGRESS, at.liaison)
    do(at.liaison, "ask", ticket, question="车辆从哪里出发？")
    ticket.refresh_from_db()
    assert ticket.status == Status.NEED_INFO
    do(at.lead, "supplement", ticket, answer="郑州")
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS
    page = as_(at.liaison).get(address(ticket)).content.decode()
    assert "车辆从哪里出发？" in page
    assert "郑州" in page


def test_decline(at: Desk) -> None:
    ticket = filed(at)
    do(at.liaison, "decline", ticket, reason="不属于服务范围")
    ticket.refresh_from_db()
    assert ticket.status == Status.DECLINED


def test_pass_on_goes_out_of_sight(at: Desk) -> None:
    ticket = filed(at)
    answer = do(at.liaison, "pass_on", ticket, reason="属他组", group=at.other_group.pk)
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.other_group, None)
    assert answer["location"] == LIST


def test_fulfil_resolve_redo(at: Desk) -> None:
    ticket = after(Verb.ACCEPT, filed(at, lines=[vehicle(), vehicle()]), at.liaison)
    do(at.liaison, "fulfil", ticket, line="1", quantity="1", note="放行")
    ticket.refresh_from_db()
    do(at.liaison, "resolve", ticket, result="一辆放行", reasons_2="未到卡口")
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED
    page = as_(at.lead).get(address(ticket)).content.decode()
    assert "未到卡口" in page
    do(at.lead, "redo", ticket, reason="再联系")
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS


def test_write_off_and_reopen(at: Desk) -> None:
    ticket = resolved(at)
    do(at.lead, "write_off", ticket, follow_up="已电话回访")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    do(at.lead, "reopen", ticket, reason="又被拦下")
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS


@pytest.mark.parametrize(("typed", "internal"), [({}, False), ({"internal": "on"}, True)])
def test_comment(at: Desk, typed: dict[str, str], internal: bool) -> None:  # noqa: FBT001 - a case of the table
    ticket = filed(at)
    do(at.lead, "comment", ticket, text="请尽快", **typed)
    event = TicketEvent.objects.get(ticket=ticket, verb=Verb.COMMENT)
    assert (event.is_internal, event.officer) == (internal, at.lead)


# Refusals


@pytest.mark.parametrize(
    ("verb", "typed", "wrong"),
    [
        ("resolve", {"result": "一辆放行", "reasons_1": ""}, "reasons_1"),
        ("resolve", {"result": " ", "reasons_1": "未到卡口"}, "result"),
        ("fulfil", {"line": "1", "quantity": "2", "note": "两辆"}, "quantity"),
        ("fulfil", {"line": "1", "quantity": "many", "note": "两辆"}, "quantity"),
        ("fulfil", {"line": "9", "quantity": "1", "note": "两辆"}, "line"),
        ("pass_on", {"reason": "属他组", "group": ""}, "group"),
        ("comment", {"text": "长" * 2001}, "text"),
    ],
)
def test_a_refusal_stands_by_its_field_and_changes_nothing(
    at: Desk, verb: str, typed: dict[str, str], wrong: str
) -> None:
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    before = facts(ticket)
    answer = do(at.liaison, verb, ticket, **typed)
    assert answer.status_code == 200
    opened = [action for action in answer.context["acts"].forms if action.is_open]
    assert [action.verb for action in opened] == [verb]
    assert list(opened[0].form.errors) == [wrong]
    for kept in typed.values():
        assert kept in answer.content.decode()
    assert facts(ticket) == before


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_stale_page_is_refused_with_what_was_typed(at: Desk, language: str) -> None:
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    before = facts(ticket)
    client = as_(at.liaison)
    answer = client.post(
        reverse("admin:ticket_do", args=[ticket.pk, "ask"]),
        {"version": ticket.version - 1, "question": "几点出发？"},
        headers={"accept-language": language},
    )
    page = answer.content.decode()
    with override(language):
        assert gettext("This was changed by someone else since you opened it.") in page
    assert "几点出发？" in page
    assert f'name="version" value="{ticket.version}"' in page
    assert facts(ticket) == before


def test_what_is_not_allowed_any_more_is_said_with_what_was_typed(at: Desk) -> None:
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    before = facts(ticket)
    answer = do(at.liaison, "decline", ticket, reason="不属于服务范围")
    assert "不属于服务范围" in answer.content.decode()
    assert facts(ticket) == before


@pytest.mark.parametrize("verb", ["confirm", "withdraw", "submit", "hand_over", "nonsense"])
def test_the_enterprises_verbs_have_no_address_here(at: Desk, verb: str) -> None:
    ticket = filed(at)
    assert do(at.lead, verb, ticket, satisfaction=5, reason="x").status_code == 404


# Filing on behalf


def filing(at: Desk, **typed: Any) -> dict[str, Any]:
    line = {f"lines-0-{name}": str(value) for name, value in vehicle().items()}
    return {
        "project": at.project.code, "enterprise": at.enterprise.name, "title": "代提交",
        "detail": "", "urgency": "urgent", "contact_name": "王五",
        "contact_mobile": "13700137000", "needed_by": "", "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0", **line,
    } | typed  # fmt: skip


def file(who: Officer, typed: dict[str, Any]) -> Any:
    return as_(who).post(reverse("admin:tickets_ticket_add") + "?kind=vehicle_pass", typed)


def test_file_on_behalf(at: Desk) -> None:
    answer = file(at.liaison, filing(at))
    ticket = Ticket.objects.get()
    assert answer["location"] == address(ticket)
    assert (ticket.title, ticket.urgency, ticket.handler) == ("代提交", "urgent", at.liaison)
    assert TicketEvent.objects.get().officer == at.liaison


def test_what_is_wrong_with_a_filing_stands_by_each_field(at: Desk) -> None:
    typed = filing(at, title="", contact_mobile="12", **{"lines-0-plate": "豫C1"})
    answer = file(at.liaison, typed)
    form = answer.context["filing"]
    assert sorted(form.head.errors) == ["contact_mobile", "title"]
    assert list(form.lines.forms[0].errors) == ["plate"]
    assert "豫C1" in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_a_filing_needs_a_line(at: Desk) -> None:
    typed = {name: value for name, value in filing(at).items() if not name.startswith("lines-0")}
    answer = file(at.liaison, typed)
    assert answer.context["filing"].head.non_field_errors() == ["Give 1 to 200 lines."]
    assert Ticket.objects.count() == 0


def test_a_project_of_someone_else(at: Desk) -> None:
    answer = file(at.liaison, filing(at, project=project().code))
    assert list(answer.context["filing"].head.errors) == ["enterprise"]
    assert Ticket.objects.count() == 0


def test_another_line_keeps_what_was_typed(at: Desk) -> None:
    answer = file(at.liaison, filing(at, more="", title=""))
    assert len(answer.context["filing"].lines.forms) == 2
    assert "豫C12345" in answer.content.decode()
    assert 'role="alert"' not in answer.content.decode()
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    "typed", [{"title": "a\x00b"}, {"lines-0-carrier": "a\x00b"}, {"lines-TOTAL_FORMS": "x"}]
)
def test_nonsense_is_refused(at: Desk, typed: dict[str, str]) -> None:
    answer = file(at.liaison, filing(at, **typed))
    assert 'role="alert"' in answer.content.decode()
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("kind", [*KINDS, "", "x"])
def test_each_kind_has_its_form(at: Desk, kind: str) -> None:
    answer = as_(at.liaison).get(reverse("admin:tickets_ticket_add"), {"kind": kind})
    assert answer.status_code == 200
    page = answer.content.decode()
    # The script looks for the boxes, so it runs when they are there.
    assert page.count('register/suggest.js" defer') == int(kind in KINDS)
    places = KINDS[kind].places if kind in KINDS else ()
    # On the first line, and on the empty one that the script copies.
    assert page.count(reverse("admin:places_suggest")) == 2 * len(places)
