"""What becomes of duplicates whose original is declined or withdrawn; days of November 2026."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.delivery.models import Notice
from coordination.groups.models import Assignment
from coordination.privacy.models import Purge
from coordination.privacy.purge import purge_due
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import LineRefusal, Ticket, TicketEvent, TicketLink
from coordination.tickets.queries import allowed_verbs
from coordination.tickets.queries_history import changed_in
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from coordination.workbench.ledger.book import ledger
from coordination.workbench.ledger.queries import By
from coordination.workbench.ledger.span import Span
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed
from projects.worktime.calendar import SHANGHAI
from tests.bed.races import race
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


def on(day: int, hour: int = 9, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Desk:
    with clock_at(on(1)):
        return desk()


def do(verb: Verb, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> Ticket:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)
    return Ticket.objects.get(pk=ticket.pk)


def filed_on(at: Desk, moment: datetime) -> Ticket:
    with clock_at(moment):
        return filed(at)


def an_original(at: Desk, *, duplicates: int = 1) -> tuple[Ticket, list[Ticket]]:
    """Filed on Monday the 2nd, with duplicates that were accepted and then found to be such."""
    original, found = filed_on(at, on(2)), []
    for _number in range(duplicates):
        one = do(Verb.ACCEPT, filed_on(at, on(2)), at.liaison, on(2, 10))
        found.append(
            do(Verb.DUPLICATE, one, at.liaison, on(2, 11), number=original.number, reason="重复")
        )
    return original, found


def decline(at: Desk, ticket: Ticket, moment: datetime, duplicates: str = "") -> Ticket:
    return do(
        Verb.DECLINE, ticket, at.liaison, moment, reason="不属于协调范围", duplicates=duplicates
    )


def verbs_of(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("seq").values_list("verb", flat=True))


def revive(ticket: Ticket, by: Any, moment: datetime) -> Ticket:
    return do(Verb.REVIVE, ticket, by, moment, reason="仍需通行")


@pytest.mark.parametrize("said", ["", "both"])
def test_whoever_declines_the_original_must_say_what_becomes_of_them(at: Desk, said: str) -> None:
    original, (one,) = an_original(at)
    before = TicketEvent.objects.count()
    with clock_at(on(3)), pytest.raises(Invalid) as refused:
        perform(Verb.DECLINE, ticket=original, by=at.liaison, reason="不属于", duplicates=said)
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("duplicates",), "required")
    ]
    assert TicketEvent.objects.count() == before
    assert Ticket.objects.get(pk=one.pk).status == Status.DECLINED


def test_a_ticket_without_duplicates_is_declined_as_before(at: Desk) -> None:
    assert decline(at, filed_on(at, on(2)), on(3)).status == Status.DECLINED


def test_left_as_they_are_each_is_told_with_an_event(at: Desk) -> None:
    original, duplicates = an_original(at, duplicates=2)
    notices = Notice.objects.count()
    decline(at, original, on(3), "leave")
    for one in duplicates:
        event = one.events.latest("seq")
        assert (event.verb, event.from_status, event.to_status, event.by_system) == (
            "lose_original", "declined", "declined", True,
        )  # fmt: skip
        assert (event.is_internal, event.payload["ended"]) == (False, "declined")
        assert event.text.body == {
            "note": "本工单所重复的原工单未予受理或已撤回。本工单可在2026-12-03 09:00前恢复办理。"
        }
        assert Verb.REVIVE in allowed_verbs(Ticket.objects.get(pk=one.pk), at.key)
    told = Notice.objects.order_by("pk")[notices:]
    assert [row.title.split(" ", 2)[1] for row in told] == [one.number for one in duplicates]
    assert list(audit()) == []


def test_revived_with_the_decision_they_are_filed_once_more(at: Desk) -> None:
    original, duplicates = an_original(at, duplicates=2)
    given = decline(at, original, on(3), "revive")
    assert verbs_of(original) == ["submit", *["link"] * 2, "decline", *["unlink"] * 2]
    assert (given.status, TicketLink.objects.count()) == (Status.DECLINED, 0)
    for one in duplicates:
        row = Ticket.objects.get(pk=one.pk)
        assert verbs_of(one) == ["submit", "accept", "duplicate", "revive"]
        assert (row.status, row.group, row.handler) == ("submitted", at.group, at.liaison)
        assert (row.accept_due, row.due_at, row.clock_run) == (on(3, 11), None, 3)
        assert row.ended_at is None
        assert do(Verb.ACCEPT, row, at.liaison, on(3, 10)).due_at == on(6, 17)


def test_withdrawn_by_its_enterprise_they_are_told(at: Desk) -> None:
    original, (one,) = an_original(at)
    do(Verb.WITHDRAW, original, at.key, on(3), reason="已解决")
    event = one.events.latest("seq")
    assert (event.verb, event.payload["ended"]) == ("lose_original", "withdrawn")


@pytest.mark.parametrize("who", ["liaison", "deputy", "lead", "duty_desk", "key"])
def test_revived_by_whom_it_concerns(at: Desk, who: str) -> None:
    original, (one,) = an_original(at)
    decline(at, original, on(3), "leave")
    notices = Notice.objects.count()
    row = revive(one, getattr(at, who), on(4))
    assert (row.status, row.accept_due) == ("submitted", on(4, 11))
    assert verbs_of(one)[-2:] == ["lose_original", "revive"]
    assert verbs_of(original)[-1] == "unlink"
    told = {each.officer for each in Notice.objects.order_by("pk")[notices:]}
    assert told == ({at.liaison} if who != "liaison" else set())


@pytest.mark.parametrize("who", ["other_liaison", "other_lead", "director", "auditor", "system"])
def test_by_nobody_else(at: Desk, who: str) -> None:
    original, (one,) = an_original(at)
    decline(at, original, on(3), "leave")
    refused(one, getattr(at, who), on(4))


def refused(ticket: Ticket, by: Any, moment: datetime) -> None:
    before = Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()
    with clock_at(moment), pytest.raises(NotAllowed):
        perform(Verb.REVIVE, ticket=ticket, by=by, reason="仍需通行")
    assert (Ticket.objects.values().get(pk=ticket.pk), TicketEvent.objects.count()) == before


def test_not_while_its_original_is_handled_nor_once_it_was(at: Desk) -> None:
    original, (one,) = an_original(at)
    refused(one, at.key, on(3))
    original = do(Verb.ACCEPT, original, at.liaison, on(3))
    do(Verb.RESOLVE, original, at.liaison, on(4), result="已放行", reasons={1: "改道"})
    refused(one, at.key, on(4, 10))
    do(Verb.CONFIRM, original, at.key, on(5), satisfaction=5)
    refused(one, at.key, on(5, 10))


def test_not_a_ticket_that_is_no_duplicate(at: Desk) -> None:
    refused(decline(at, filed_on(at, on(2)), on(3)), at.lead, on(4))


def test_not_once_its_original_was_reopened(at: Desk) -> None:
    original, (one,) = an_original(at)
    decline(at, original, on(3), "leave")
    do(Verb.REOPEN, original, at.lead, on(4), reason="应予受理")
    refused(one, at.key, on(5))


def test_within_thirty_days_of_the_originals_end(at: Desk) -> None:
    original, (one, other) = an_original(at, duplicates=2)
    decline(at, original, on(30), "leave")  # 28 days after the duplicates themselves
    last = on(30) + timedelta(days=30) - timedelta(seconds=1)
    assert revive(one, at.key, last).status == "submitted"
    refused(other, at.key, last + timedelta(seconds=1))


def test_it_goes_to_whoever_serves_the_project_by_then(at: Desk) -> None:
    original, (one,) = an_original(at)
    decline(at, original, on(3), "leave")
    with clock_at(on(4)):
        hand_over(
            project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
            by=at.duty_desk,
        )  # fmt: skip
    row = revive(one, at.key, on(5))
    assert (row.group, row.handler) == (at.other_group, at.other_liaison)
    changes = changed_in(on(4, 10), on(6)).filter(event__verb="revive")
    assert list(changes.values_list("group", flat=True)) == [at.other_group.pk]
    book = ledger(by=By.GROUP, span=Span(on(4, 10), on(6)))
    assert book.reconciles


def test_where_nobody_serves_it_goes_to_the_duty_desk(at: Desk) -> None:
    original, (one,) = an_original(at)
    decline(at, original, on(3), "leave")
    Assignment.objects.filter(project=at.project).update(
        during=(on(1), on(4)), closed_by=at.duty_desk
    )  # fmt: skip
    row = revive(one, at.key, on(5))
    assert (row.status, row.group, row.handler) == ("submitted", None, None)


def test_a_revived_one_may_be_a_duplicate_again(at: Desk) -> None:
    original, (one, other) = an_original(at, duplicates=2)
    decline(at, original, on(3), "leave")
    one, other = (revive(each, at.key, on(4)) for each in (one, other))
    other = do(Verb.DUPLICATE, other, at.liaison, on(4, 10), number=one.number, reason="重复")
    decline(at, one, on(5), "revive")  # the chain goes on, one step after another
    other.refresh_from_db()
    assert (other.status, verbs_of(other)[-3:]) == ("submitted", ["revive", "duplicate", "revive"])


def test_another_enterprise_learns_no_number(at: Desk) -> None:
    original, (one,) = an_original(at)
    do(Verb.WITHDRAW, original, at.key, on(3), reason="已解决")
    event = one.events.latest("seq")
    assert original.number not in str((event.payload, event.text.body))


def test_its_personal_data_is_kept_while_it_may_be_revived(at: Desk) -> None:
    original, (one,) = an_original(at)
    do(Verb.ACCEPT, original, at.liaison, on(3))
    with clock_at(on(15, month=12)):
        assert purge_due() == 0
    do(Verb.WITHDRAW, original, at.key, on(16, month=12), reason="已解决")
    with clock_at(on(30, month=12)):
        assert purge_due() == 0
        assert revive(one, at.key, on(30, month=12)).contact_name
    assert Purge.objects.count() == 0


def test_once_it_cannot_be_revived_its_personal_data_is_erased(at: Desk) -> None:
    original, (one,) = an_original(at)
    decline(at, original, on(3), "leave")
    with clock_at(on(5, month=12)):
        assert purge_due() == 2
    assert {row.ticket_id for row in Purge.objects.all()} == {original.pk, one.pk}


def test_the_api_offers_it(at: Desk) -> None:
    original, (one,) = an_original(at)
    client, address = client_with(at.token), f"/api/v1/tickets/{one.number}/"
    assert "revive" not in [each["verb"] for each in client.get(address).json()["allowed_actions"]]
    decline(at, original, on(3), "leave")
    with clock_at(on(4)):
        shown = client.get(address)
        (action,) = [each for each in shown.json()["allowed_actions"] if each["verb"] == "revive"]
        assert action["required"] == ["reason"]
        headers = {"Idempotency-Key": "revive", "If-Match": shown["ETag"]}
        done = client.post(action["href"], {"reason": "仍需通行"}, headers=headers)
    assert (done.status_code, done.json()["status"], done.json()["links"]) == (200, "submitted", [])


def test_the_form_asks_and_names_them(at: Desk, client: Client) -> None:
    original, (one,) = an_original(at)
    client.force_login(at.liaison)
    with clock_at(on(3)):
        page = client.get(reverse("admin:tickets_ticket_change", args=[original.pk]))
        (form,) = [each.form for each in page.context["acts"].able if each.verb == Verb.DECLINE]
        assert one.number in form.fields["duplicates"].label
        typed = {"version": page.context["ticket"].version, "reason": "不属于"}
        address = reverse("admin:ticket_do", args=[original.pk, "decline"])
        again = client.post(address, typed)
        (form,) = [each.form for each in again.context["acts"].able if each.verb == Verb.DECLINE]
        assert list(form.errors) == ["duplicates"]
        assert client.post(address, typed | {"duplicates": "revive"}).status_code == 302
    one.refresh_from_db()
    assert one.status == Status.SUBMITTED
    with clock_at(on(3, 10)):
        shown = client.get(reverse("admin:tickets_ticket_change", args=[one.pk])).content.decode()
    assert "原工单不再办理：不予受理" in shown


@pytest.mark.django_db(transaction=True)
def test_declining_and_reviving_at_once_end_without_a_deadlock() -> None:
    here = desk()
    original, one = filed(here), filed(here)
    perform(Verb.DUPLICATE, ticket=one, by=here.liaison, number=original.number, reason="重复")
    outcomes = race(
        lambda: perform(
            Verb.DECLINE, ticket=original, by=here.liaison, reason="不属于", duplicates="revive"
        ),
        lambda: perform(Verb.REOPEN, ticket=one, by=here.lead, reason="并非同一事项"),
    )
    assert {type(each.error).__name__ for each in outcomes} <= {"NoneType", "NotAllowed"}
    one.refresh_from_db()
    assert (one.status in {"submitted", "in_progress"}, TicketLink.objects.count()) == (True, 0)
    assert verbs_of(one)[2:] in (["revive"], ["reopen"])


@pytest.mark.parametrize("then", ["revive", "leave"])
def test_the_refusals_of_a_revived_duplicate_are_taken_back_as_facts(at: Desk, then: str) -> None:
    original = filed_on(at, on(2))
    one = do(Verb.ACCEPT, filed_on(at, on(2)), at.liaison, on(2, 10))
    do(Verb.REFUSE, one, at.liaison, on(2, 11), line=1, reason="企业自行解决")
    do(Verb.DUPLICATE, one, at.liaison, on(2, 12), number=original.number, reason="重复")
    decline(at, original, on(3), then)
    if then == "leave":
        revive(one, at.lead, on(3, 10))
    line = KINDS[one.kind].lines_of(one.pk).get()
    facts = LineRefusal.objects.filter(ticket=one).order_by("event")
    assert line.refused == 0
    assert [int(fact.quantity) for fact in facts] == [1, -1]
