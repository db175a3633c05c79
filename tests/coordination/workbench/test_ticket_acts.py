"""The acts on a ticket's page: the likeliest as buttons, all others in a menu, and why some not."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.amendments.flow import AmendmentVerb
from coordination.referrals.flow import ReferralVerb
from coordination.tickets.flow import Verb
from tests.coordination.workbench.test_ticket_pages import address, after, as_
from tests.factories.coordination import Desk, desk, filed, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def offered(page: Any) -> tuple[list[str], list[list[str]], dict[str, str]]:
    """The buttons, the groups of the menu that can be done, and why the others cannot."""
    acts = page.context["acts"]
    able = [[each.verb for each in group.actions if not each.barred] for group in acts.groups]
    why = {each.verb: each.barred for each in acts.every if each.barred}
    return [each.verb for each in acts.first], [group for group in able if group], why


def test_the_three_likeliest_are_buttons_and_the_menu_has_the_rest(at: Desk) -> None:
    page = as_(at.liaison).get(address(filed(at)))
    assert offered(page) == (
        [Verb.ACCEPT, Verb.ASK, Verb.PASS_ON],
        [
            [Verb.ADD_LINES],
            [AmendmentVerb.AMEND, Verb.LINK, Verb.COMMENT, Verb.ATTACH, Verb.ASSIST],
            [Verb.DECLINE, Verb.DUPLICATE],
        ],
        {
            Verb.FULFIL: "It is not accepted yet.", Verb.RESOLVE: "It is not accepted yet.",
            Verb.EXTEND: "It is not accepted yet.", ReferralVerb.REFER: "It is not accepted yet.",
        },
    )  # fmt: skip
    assert page.context["acts"].main == Verb.ACCEPT
    shown = page.content.decode()
    assert (
        shown.count("z-button z-primary") - shown.count('type="submit" class="z-button z-pri') == 1
    )


def test_each_absent_act_says_why_and_each_limited_one_how_often(at: Desk) -> None:
    """By its bar, by what it requires, or by the ticket's state."""
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    after(Verb.ASK, ticket, at.liaison, question="几点出发？")
    liaison, key = at.liaison, at.key
    assert offered(as_(liaison).get(address(ticket)))[2] == dict.fromkeys(
        [Verb.FULFIL, Verb.RESOLVE, Verb.ASK, Verb.PASS_ON, Verb.EXTEND, ReferralVerb.REFER],
        "The enterprise's answer is awaited.",
    ) | {Verb.ACCEPT: "It is accepted already."}
    after(Verb.SUPPLEMENT, ticket, key, answer="八点")
    after(Verb.EXTEND, ticket, liaison, amount=1, reason="未回函")
    after(AmendmentVerb.PROPOSE, ticket, key, changes={"title": "另一标题"}, reason="写错")
    page = as_(liaison).get(address(ticket))
    assert offered(page)[2] == {
        Verb.ACCEPT: "It is accepted already.", Verb.DECLINE: "It is accepted already.",
        Verb.EXTEND: "An extension was asked for or granted already.",
        Verb.RESOLVE: "An amendment is proposed: adopt or reject it first.",
    }  # fmt: skip
    (ask,) = [each for each in page.context["acts"].every if each.verb == Verb.ASK]
    assert (ask.used, ask.barred) == ("used 1 of 2", "")
    after(Verb.ASK, ticket, liaison, question="哪条路？")
    after(Verb.SUPPLEMENT, ticket, key, answer="310国道")
    assert offered(as_(liaison).get(address(ticket)))[2][Verb.ASK] == (
        "Two questions were asked about this ticket; there is no third."
    )
    assert Verb.GRANT in offered(as_(at.lead).get(address(ticket)))[0]


def test_who_resolved_it_learns_who_writes_it_off(at: Desk) -> None:
    ticket = after(Verb.ACCEPT, filed(at), at.lead)
    after(Verb.RESOLVE, ticket, at.lead, result="好", reasons={1: "改道"})
    first, _menu, why = offered(as_(at.lead).get(address(ticket)))
    assert first == [Verb.REDO, Verb.COMMENT, Verb.ATTACH]
    assert why[Verb.WRITE_OFF] == "You resolved it, so the duty desk writes it off."
    assert offered(as_(at.duty_desk).get(address(ticket)))[0][0] == Verb.WRITE_OFF


def test_a_colleague_learns_who_handles_it(at: Desk) -> None:
    ticket = after(Verb.ACCEPT, filed(at), at.liaison)
    other = officer(group=at.group)
    acts = as_(other).get(address(ticket)).context["acts"]
    assert acts.note == f"Handled by {at.liaison}."


@pytest.mark.parametrize(
    ("who", "most"), [("liaison", 38), ("lead", 39), ("duty_desk", 30), ("auditor", 27)]
)
def test_a_page_asks_so_many_questions_of_the_database(at: Desk, who: str, most: int) -> None:
    """However long its history is, once his look at the contact is on record."""
    ticket = filed(at)
    client = as_(getattr(at, who))
    client.get(address(ticket))
    with CaptureQueriesContext(connection) as first:
        client.get(address(ticket))
    for text in ("一", "二", "三"):
        after(Verb.COMMENT, ticket, at.deputy, text=text)
    with CaptureQueriesContext(connection) as later:
        client.get(address(ticket))
    assert len(later) == len(first) <= most


def test_the_place_in_a_short_queue_is_told_without_counting(at: Desk) -> None:
    tickets = [filed(at) for _ in range(3)]
    client = as_(at.liaison)
    with CaptureQueriesContext(connection) as asked:
        place = client.get(f"{address(tickets[1])}?status=submitted").context["place"]
    assert (place.number, place.total) == (2, 3)
    assert (place.before, place.after) == (tickets[2].pk, tickets[0].pk)
    assert not [each for each in asked if "COUNT(*)" in each["sql"] and "tickets_" in each["sql"]]
    elsewhere = client.get(f"{address(tickets[1])}?status=closed").context["place"]
    assert (elsewhere.number, elsewhere.total) == (0, 0)
