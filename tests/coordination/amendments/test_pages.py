"""Amending on the desk: the page of its own, the proposal with its buttons, the timeline."""

from typing import Any

import pytest
from django.db import connection
from django.forms import Select
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.amendments.flow import AmendmentVerb
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from tests.coordination.amendments.test_amend import accepted, record
from tests.factories.coordination import Desk, desk, filed, material

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page_of(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def amend_page(ticket: Ticket) -> str:
    return reverse("admin:ticket_amend", args=[ticket.pk])


def as_shown(client: Client, ticket: Ticket) -> dict[str, str]:
    """What a browser sends of the untouched page."""
    amending = client.get(amend_page(ticket)).context["amending"]
    sent: dict[str, str] = {}
    for form in (amending.head, *(form for _line, form in amending.lines)):
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                sent |= {field.html_name: "on"} if value else {}
            elif isinstance(field.field.widget, Select):
                sent[field.html_name] = value or ""
            else:
                sent[field.html_name] = str(field.field.widget.format_value(value) or "")
    return sent


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_touched_is_no_change(at: Desk, kind: str) -> None:
    ticket = filed(at, kind, detail="说明")
    client = as_(at.liaison)
    before = record(ticket)
    answer = client.post(amend_page(ticket), as_shown(client, ticket))
    assert answer.context["amending"].head.non_field_errors() == ["没有任何改动。"]
    assert record(ticket) == before


def test_an_officer_amends_on_the_enterprises_behalf(at: Desk) -> None:
    ticket = filed(at, "material_supply", lines=[material(), material(unit="Ｔ")])
    client = as_(at.lead)
    typed = as_shown(client, ticket) | {
        "own-title": "水泥短缺", "own-note": "来电更正", "own-contact_mobile": "13600136000",
        "line2-quantity": "400", "line2-unit": "kg",
    }  # fmt: skip
    assert client.post(amend_page(ticket), typed)["Location"] == page_of(ticket)
    ticket.refresh_from_db()
    lines = KINDS[ticket.kind].read_lines(ticket.pk)
    assert (ticket.title, ticket.contact_mobile, ticket.contact_name) == (
        "水泥短缺", "13600136000", "王五",
    )  # fmt: skip
    assert [(each.asked, each.unit) for each in lines] == [(380, "吨"), (280, "千克")]
    event = ticket.events.latest("seq")
    assert (event.officer, event.payload["changed"]) == (
        at.lead,
        [[None, "title"], [None, "contact_mobile"], [2, "quantity"], [2, "unit"]],
    )  # fmt: skip
    entries = client.get(page_of(ticket)).context["panels"][-1].context["entries"]
    shown = [(each.label, each.before, each.after) for each in entries[0].changes]
    assert shown == [
        ("标题", "运输车辆受阻", "水泥短缺"),
        ("联系人电话", "137****7000", "136****6000"),
        ("第 2 项 需求数量", "500", "400"),
        ("第 2 项 单位", "吨", "千克"),
    ]


def test_mistakes_are_shown_beside_their_fields(at: Desk) -> None:
    ticket = filed(at, "material_supply", lines=[material(), material()])
    client = as_(at.liaison)
    before = record(ticket)
    wrong = {"own-title": "", "line2-quantity": "100", "line2-unit": "5"}
    amending = client.post(
        amend_page(ticket), as_shown(client, ticket) | wrong
    ).context["amending"]  # fmt: skip
    assert list(amending.head.errors) == ["title"]
    assert [list(form.errors) for _line, form in amending.lines] == [[], ["in_stock", "unit"]]
    stale = client.post(amend_page(ticket), as_shown(client, ticket) | {"own-version": "9"})
    assert list(stale.context["amending"].head.errors) == ["__all__"]
    assert record(ticket) == before


def test_once_accepted_it_is_proposed_and_decided_by_two_buttons(at: Desk) -> None:
    ticket = accepted(at, "material_supply")
    desk_officer = as_(at.duty_desk)
    actions = desk_officer.get(page_of(ticket)).context["acts"].able
    links = {each.verb: each.address for each in actions if each.address}
    assert links == {AmendmentVerb.PROPOSE: amend_page(ticket)}
    typed = as_shown(desk_officer, ticket) | {"own-title": "水泥短缺", "line1-quantity": "400"}
    unsaid = desk_officer.post(amend_page(ticket), typed)
    assert list(unsaid.context["amending"].head.errors) == ["reason"]
    desk_officer.post(amend_page(ticket), typed | {"own-reason": "数量有误"})
    ticket.refresh_from_db()
    assert (ticket.amendment_proposed, ticket.title) == (True, "运输车辆受阻")

    def proposal(who: Officer) -> dict[str, Any]:
        panels = as_(who).get(page_of(ticket)).context["panels"]
        shown: dict[str, Any] = {each.name: each.context for each in panels}["proposal"]
        return shown

    shown = proposal(at.liaison)
    assert (shown["reason"], shown["who"], shown["may_decide"]) == (
        "数量有误", str(at.duty_desk), True,
    )  # fmt: skip
    assert [(each.label, each.before, each.after) for each in shown["changes"]] == [
        ("标题", "运输车辆受阻", "水泥短缺"), ("第 1 项 需求数量", "500", "400"),
    ]  # fmt: skip
    assert proposal(at.duty_desk)["may_decide"] is False
    adopt = reverse("admin:ticket_do", args=[ticket.pk, "adopt_amendment"])
    as_(at.liaison).post(adopt, {"version": ticket.version - 1})
    ticket.refresh_from_db()
    assert ticket.amendment_proposed
    as_(at.liaison).post(adopt, {"version": ticket.version})
    ticket.refresh_from_db()
    assert (ticket.title, ticket.amendment_proposed) == ("水泥短缺", False)
    assert 'id="proposal"' not in as_(at.liaison).get(page_of(ticket)).content.decode()


def test_a_rejection_needs_its_reason(at: Desk) -> None:
    ticket = accepted(at)
    perform(AmendmentVerb.PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key)
    ticket.refresh_from_db()
    reject = reverse("admin:ticket_do", args=[ticket.pk, "reject_amendment"])
    page = as_(at.liaison).post(reject, {"version": ticket.version, "reason": " "})
    (action,) = [each for each in page.context["acts"].able if each.verb == "reject_amendment"]
    assert list(action.form.errors) == ["reason"]
    as_(at.liaison).post(reject, {"version": ticket.version, "reason": "请核实"})
    ticket.refresh_from_db()
    assert not ticket.amendment_proposed


def test_whoever_may_not_amend_is_told_so(at: Desk) -> None:
    ticket = filed(at)
    assert as_(at.auditor).get(amend_page(ticket)).status_code == 403
    assert as_(at.other_liaison).get(amend_page(ticket)).status_code == 404


def test_the_page_costs_the_same_however_many_amendments_there_were(at: Desk) -> None:
    ticket = filed(at)
    client = as_(at.liaison)

    def amended(title: str) -> int:
        perform(
            AmendmentVerb.AMEND, ticket=ticket, changes={"title": title}, by=at.key,
            lines=[{"position": 1, "carrier": title}],
        )  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page_of(ticket))
        return len(queries)

    client.get(page_of(ticket))
    assert amended("甲") == amended("乙") == amended("丙")


def test_a_ticket_passed_on_shows_the_proposal_to_whoever_gets_it(at: Desk) -> None:
    ticket = accepted(at)
    perform(AmendmentVerb.PROPOSE, ticket=ticket, changes={"title": "甲"}, reason="换", by=at.key)
    perform(Verb.PASS_ON, ticket=ticket, reason="归口", group=at.other_group, by=at.lead)
    panels = as_(at.other_lead).get(page_of(ticket)).context["panels"]
    shown = {each.name: each.context for each in panels}["proposal"]
    assert shown["may_decide"] is False  # it is accepted first
