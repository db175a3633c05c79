"""The queue's page: views, filters, pages, a verb for many, and one ticket in its queue."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from coordination.workbench.models import SavedView
from tests.factories.coordination import Desk, desk, filed

QUEUE = reverse("admin:tickets_ticket_changelist")
MANY = reverse("admin:ticket_bulk")
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def shown(answer: Any) -> list[int]:
    return [row.ticket.pk for row in answer.context["rows"]]


def page_of(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def test_it_opens_with_ones_own_and_shows_all_when_asked(at: Desk) -> None:
    ticket = filed(at)
    assert shown(as_(at.liaison).get(QUEUE)) == [ticket.pk]
    assert shown(as_(at.deputy).get(QUEUE)) == []
    assert shown(as_(at.deputy).get(f"{QUEUE}?status=")) == [ticket.pk]
    assert shown(as_(at.lead).get(QUEUE)) == [ticket.pk]
    assert shown(as_(at.other_lead).get(f"{QUEUE}?status=")) == []


def test_a_part_is_the_list_alone(at: Desk) -> None:
    filed(at)
    part = as_(at.liaison).get(QUEUE, headers={"X-Part": "1"}).content.decode()
    assert "<html" not in part
    assert 'id="many"' in part


@pytest.mark.parametrize("query", ["", "?status=&q=受阻", "?status=open&order=oldest"])
@pytest.mark.parametrize("who", ["liaison", "duty_desk"])
def test_as_many_queries_for_three_as_for_one(at: Desk, who: str, query: str) -> None:
    filed(at)
    client = as_(getattr(at, who))
    client.get(QUEUE + query)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE + query)
    filed(at)
    filed(at)
    with CaptureQueriesContext(connection) as three:
        client.get(QUEUE + query)
    assert len(three) == len(one)
    counted = [each["sql"] for each in three if "COUNT(" in each["sql"]]
    assert not [sql for sql in counted if "LIMIT" not in sql]  # the bell counts to a hundred


@pytest.mark.parametrize("address", ["?after=x", "?before=99999999999999999999999", "?after=-1"])
def test_nonsense_in_an_address_is_no_error(at: Desk, address: str) -> None:
    ticket = filed(at)
    assert shown(as_(at.liaison).get(QUEUE + address)) == [ticket.pk]


def test_a_view_is_kept_and_removed(at: Desk) -> None:
    client = as_(at.liaison)
    kept = {"name": "急件", "query": "urgency=urgent&nonsense=1", "is_default": "on"}
    answer = client.post(reverse("admin:ticket_save_view"), kept)
    assert answer["location"] == f"{QUEUE}?urgency=urgent"
    view = SavedView.objects.get()
    assert (view.officer, view.query, view.is_default) == (at.liaison, "urgency=urgent", True)
    assert client.get(QUEUE).context["queue"].query == "urgency=urgent"
    gone = reverse("admin:ticket_remove_view", args=[view.pk])
    assert as_(at.lead).post(gone).status_code == 404
    assert SavedView.objects.count() == 1
    client.post(gone)
    assert SavedView.objects.count() == 0


def test_many_are_asked_then_done_with_a_word_for_each(at: Desk) -> None:
    one, two = filed(at), filed(at)
    perform(Verb.ACCEPT, ticket=two, by=at.lead)
    picks = {"verb": "accept", "pick": [f"{one.pk}:1", f"{two.pk}:2"]}
    client = as_(at.lead)
    asked = client.post(MANY, picks)
    assert [each.pk for each in asked.context["chosen"]] == [two.pk, one.pk]
    assert [each for _ticket, each in asked.context["whose"]] == [None, at.liaison]
    assert list(asked.context["form"].fields) == ["handler"]
    assert list(as_(at.liaison).post(MANY, picks).context["form"].fields) == []
    assert TicketEvent.objects.count() == 3
    done = client.post(MANY, picks | {"confirmed": "1"})
    assert [bool(each.refusal) for each in done.context["outcomes"]] == [True, False]
    found = Ticket.objects.get(pk=one.pk)
    assert (found.status, found.handler) == (Status.IN_PROGRESS, at.liaison)
    assert "1 of 2 done" in done.content.decode()


def test_many_need_their_words_first(at: Desk) -> None:
    ticket = filed(at)
    given = {"verb": "comment", "pick": f"{ticket.pk}:1", "confirmed": "1", "text": " "}
    answer = as_(at.liaison).post(MANY, given)
    assert answer.context["outcomes"] is None
    assert answer.context["form"].errors == {"text": ["This field is required."]}
    assert TicketEvent.objects.count() == 1


def test_too_long_a_text_and_too_many_tickets_are_refused_before_any_is_changed(at: Desk) -> None:
    ticket = filed(at)
    given = {"verb": "urge", "pick": f"{ticket.pk}:1", "confirmed": "1", "note": "催" * 5001}
    answer = as_(at.director).post(MANY, given)
    assert list(answer.context["form"].errors) == ["note"]
    assert answer.context["form"]["note"].value() == given["note"]
    picks = [f"{ticket.pk}:1", *(f"{10**9 + number}:1" for number in range(100))]
    answer = as_(at.director).post(MANY, {**given, "note": "", "pick": picks})
    assert "At most 100 tickets at once." in answer.content.decode()
    assert TicketEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "verbs"),
    [
        ("liaison", ["accept", "pass_on", "comment", "resolve"]),
        ("lead", ["accept", "pass_on", "comment", "resolve", "write_off"]),
        ("director", ["comment", "urge", "write_off"]),
    ],
)
def test_for_many_each_role_is_offered_its_own_verbs(at: Desk, who: str, verbs: list[str]) -> None:
    filed(at)
    bulk = as_(getattr(at, who)).get(f"{QUEUE}?status=").context["bulk"]
    assert [verb for verb, _label, _key in bulk] == verbs


@pytest.mark.parametrize("given", [{"verb": "decline"}, {"verb": "accept", "pick": "x:1"}])
def test_nonsense_for_many_is_not_there(at: Desk, given: dict[str, str]) -> None:
    assert as_(at.liaison).post(MANY, given).status_code == 404


def test_an_auditor_chooses_nothing(at: Desk) -> None:
    ticket = filed(at)
    client = as_(at.auditor)
    assert client.get(QUEUE).context["bulk"] == []
    given = {"verb": "comment", "pick": f"{ticket.pk}:1", "confirmed": "1", "text": "x"}
    assert client.post(MANY, given).status_code == 403
    assert TicketEvent.objects.count() == 1


def test_a_ticket_knows_its_neighbours_in_the_queue(at: Desk) -> None:
    one, two, three = filed(at), filed(at), filed(at)
    context = as_(at.liaison).get(f"{page_of(two)}?status=open").context
    assert (context["place"].before, context["place"].after) == (three.pk, one.pk)
    alone = as_(at.liaison).get(page_of(two)).context
    assert alone["place"] is None


def test_opening_a_ticket_marks_it_seen(at: Desk) -> None:
    ticket = filed(at)
    client = as_(at.liaison)
    assert [row.is_unread for row in client.get(QUEUE).context["rows"]] == [True]
    client.get(page_of(ticket))
    assert [row.is_unread for row in client.get(QUEUE).context["rows"]] == [False]


def test_a_stale_form_says_what_happened_and_keeps_what_was_typed(at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.ACCEPT, ticket=ticket, by=at.lead)
    perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="内部", internal=True)
    perform(Verb.COMMENT, ticket=ticket, by=at.lead, text="请补充说明")
    address = reverse("admin:ticket_do", args=[ticket.pk, "comment"])
    answer = as_(at.liaison).post(address, {"version": 1, "text": "打字很久"})
    (opened,) = [action for action in answer.context["acts"].able if action.is_open]
    assert opened.form["text"].value() == "打字很久"
    assert [entry.words for entry in answer.context["meanwhile"]] == [[], ["请补充说明"]]
    page = answer.content.decode()
    assert "changed by someone else" in page
    assert 'name="version" value="3"' in page
    before = TicketEvent.objects.count()
    as_(at.liaison).post(address, {"version": 3, "text": "打字很久"})
    assert TicketEvent.objects.count() == before + 1


def test_who_else_is_looking(at: Desk) -> None:
    ticket = filed(at)
    address = reverse("admin:ticket_looking", args=[ticket.pk])
    assert as_(at.liaison).get(address).json() == {"names": [], "version": 1}
    assert as_(at.lead).get(address).json() == {"names": [str(at.liaison)], "version": 1}
    assert as_(at.other_lead).get(address).status_code == 404


def test_what_else_is_open_around_it(at: Desk) -> None:
    ticket, beside, ended = filed(at), filed(at), filed(at)
    perform(Verb.DECLINE, ticket=ended, by=at.liaison, reason="不属受理范围")
    panels = {
        each.name: each.context for each in as_(at.liaison).get(page_of(ticket)).context["panels"]
    }
    near = panels["neighbours"]["neighbours"]
    assert (near.of_project, near.of_enterprise) == ([beside], [])
