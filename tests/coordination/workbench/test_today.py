"""The first page: what waits for each officer, by the same conditions as the queue's filter."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import take_on
from coordination.tickets.verbs.registry import perform
from coordination.tickets.waiting import reasons, viewpoint_of
from coordination.workbench.desk.queries import SHOWN, desk_of
from coordination.workbench.desk.queries import Desk as Page
from coordination.workbench.queue.filters import parse_queue
from coordination.workbench.queue.seen import mark_seen
from projects.progress.report import report
from projects.record.clock import clock_at, now
from projects.register.registration import add_participant
from projects.worktime.calendar import SHANGHAI, day_of
from tests.factories.coordination import Desk, desk, filed, project
from tests.factories.coordination import officer as officer_in

FIRST = reverse("admin:index")
pytestmark = pytest.mark.django_db


TUESDAY = datetime(2020, 3, 10, 10, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Iterator[Desk]:
    """A desk on a working day at ten, at which the clock stands."""
    with clock_at(TUESDAY):
        yield desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def waits_for(who: Officer) -> dict[str, list[Ticket]]:
    """The sections with their tickets, checked against the queue's filter of each reason."""
    found = desk_of(who)
    shown = {each.waiting.code: [row.ticket for row in each.rows] for each in found.sections}
    for code, rows in shown.items():
        assert in_queue(code, who) == {each.pk for each in rows}
    assert in_queue("me", who) == {each.pk for rows in shown.values() for each in rows}
    return shown


def in_queue(code: str, who: Officer) -> set[int]:
    rows = parse_queue({"waiting": code}, who)
    found = rows.rows()
    assert found is not None
    offered = {
        value for each in rows.filters if each.name == "waiting" for value, _ in each.choices
    }
    return set(found.values_list("pk", flat=True)) if code in offered else set()


def with_others(who: Officer) -> dict[str, int]:
    return {each.code: number for each, number in desk_of(who).others}


def sections(at: Desk) -> dict[str, list[str]]:
    """The reasons that each has, without those who have none."""
    names = {
        "lead": at.lead, "liaison": at.liaison, "deputy": at.deputy, "other_lead": at.other_lead,
        "duty_desk": at.duty_desk, "director": at.director, "auditor": at.auditor,
    }  # fmt: skip
    found = {name: list(waits_for(who)) for name, who in names.items()}
    return {name: codes for name, codes in found.items() if codes}


def accepted(at: Desk) -> Ticket:
    return perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)


def resolved(at: Desk, *, by: Officer) -> Ticket:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=by)
    perform(Verb.FULFIL, ticket=ticket, line=1, quantity=Decimal(1), by=by)
    return perform(Verb.RESOLVE, ticket=ticket, result="已放行", by=by)


def test_a_ticket_waits_for_its_handler_by_its_clock(at: Desk) -> None:
    with clock_at(TUESDAY + timedelta(hours=7.5)):  # to be accepted tomorrow
        ticket = filed(at)
        assert sections(at) == {"liaison": ["accept"]}
    assert ticket.accept_due is not None
    due = timezone.localtime(ticket.accept_due)
    assert due.date() == TUESDAY.date() + timedelta(days=1)
    with clock_at(due.replace(hour=0, minute=0)):
        assert sections(at) == {"liaison": ["due-today"]}
    with clock_at(due):
        assert sections(at) == {"liaison": ["due-today"]}
    with clock_at(due + timedelta(minutes=1)):
        assert sections(at) == {"liaison": ["overdue"], "lead": ["group-overdue"]}
        assert waits_for(at.liaison) == {"overdue": [ticket]}


def test_an_extension_waits_for_the_lead_until_it_is_decided(at: Desk) -> None:
    ticket = accepted(at)
    perform(Verb.EXTEND, ticket=ticket, amount=1, reason="外省通行证", by=at.liaison)
    assert sections(at).pop("lead") == ["extension"]
    assert with_others(at.liaison) == {"extension-asked": 1}
    ticket.refresh_from_db()
    assert ticket.due_at is not None
    with clock_at(ticket.due_at + timedelta(days=2)):  # it does not vanish with the deadline
        assert waits_for(at.lead) == {"extension": [ticket]}
    perform(Verb.GRANT, ticket=ticket, by=at.lead)
    assert ("lead" in sections(at), with_others(at.liaison)) == (False, {})


def test_a_decision_is_shown_with_what_was_said(at: Desk) -> None:
    ticket = accepted(at)
    perform(Verb.EXTEND, ticket=ticket, amount=1, reason="找13800138000换证", by=at.liaison)
    other = resolved(at, by=at.liaison)
    page = as_(at.lead).get(FIRST)
    shown = {
        each.ticket.pk: (each.asked, each.verb, each.refusal, each.at_once)
        for section in page.context["sections"]
        for each in section.rows
    }
    assert shown == {
        ticket.pk: ("申请延期1个工作日：找138****8000换证", Verb.GRANT, Verb.DENY, True),
        other.pk: ("已放行", Verb.WRITE_OFF, Verb.REDO, False),
    }
    assert f"#act-{Verb.DENY}" in page.content.decode()


def test_what_a_lead_asks_for_waits_for_the_director(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.lead)
    perform(Verb.EXTEND, ticket=ticket, amount=1, reason="外省通行证", by=at.lead)
    assert waits_for(at.director) == {"extension": [ticket]}
    assert "extension" not in waits_for(at.lead)


def test_what_is_resolved_waits_for_whoever_may_write_it_off(at: Desk) -> None:
    ticket = resolved(at, by=at.liaison)
    assert sections(at) == {"lead": ["write-off"]}
    assert with_others(at.liaison) == {"resolved": 1}
    own = resolved(at, by=at.lead)
    assert waits_for(at.lead) == {"write-off": [ticket]}
    assert waits_for(at.duty_desk) == {"write-off": [own]}
    assert with_others(at.lead) == {"resolved": 1}


def test_what_was_overdue_waits_for_two_signatures(at: Desk) -> None:
    ticket = resolved(at, by=at.liaison)
    Ticket.objects.filter(pk=ticket.pk).update(ever_red=True)
    (row,) = desk_of(at.lead).sections[0].rows
    assert row.verb == Verb.SIGN_OFF
    ticket.refresh_from_db()
    perform(Verb.SIGN_OFF, ticket=ticket, follow_up="企业满意", by=at.lead)
    assert sections(at) == {"duty_desk": ["countersign"], "director": ["countersign"]}
    assert with_others(at.lead) == {"signed": 1}


def test_a_decision_that_is_barred_is_not_offered(at: Desk) -> None:
    """The centre sends back what waits for its second signature, not what waits for the first."""
    own = resolved(at, by=at.lead)
    (section,) = as_(at.duty_desk).get(FIRST).context["sections"]
    assert [(each.verb, each.refusal, each.refuse) for each in section.rows] == [
        (Verb.WRITE_OFF, "", "")
    ]
    Ticket.objects.filter(pk=own.pk).update(ever_red=True)
    own.refresh_from_db()
    perform(Verb.SIGN_OFF, ticket=own, follow_up="企业满意", by=at.duty_desk)
    (section,) = as_(at.director).get(FIRST).context["sections"]
    assert [(each.verb, each.refusal) for each in section.rows] == [(Verb.COUNTERSIGN, Verb.REDO)]


def test_an_answer_waits_until_it_is_seen(at: Desk) -> None:
    ticket = accepted(at)
    mark_seen(ticket=ticket, by=at.liaison)
    perform(Verb.ASK, ticket=ticket, question="哪个路口", by=at.liaison)
    assert with_others(at.liaison) == {"enterprise": 1}
    ticket.refresh_from_db()
    mark_seen(ticket=ticket, by=at.liaison)
    with clock_at(TUESDAY + timedelta(hours=1)):
        perform(Verb.SUPPLEMENT, ticket=ticket, answer="高速口", by=at.key)
        ticket.refresh_from_db()
        assert waits_for(at.liaison) == {"answered": [ticket]}
        mark_seen(ticket=ticket, by=at.liaison)
        assert waits_for(at.liaison) == {}


def test_what_was_passed_on_twice_waits_for_the_duty_desk_until_accepted(at: Desk) -> None:
    ticket = filed(at)
    for who, to in ((at.liaison, at.other_group), (at.other_lead, at.group)):
        ticket = perform(Verb.PASS_ON, ticket=ticket, reason="属地", group=to, by=who)
    assert waits_for(at.duty_desk) == {"third-transfer": [ticket]}
    perform(Verb.ACCEPT, ticket=ticket, by=at.lead)
    assert waits_for(at.duty_desk) == {}


def test_what_no_group_has_waits_for_the_duty_desk(at: Desk) -> None:
    bare = project()
    add_participant(
        project=bare, enterprise=at.enterprise, role="owner", start=day_of(now()), by=at.director
    )
    ticket = filed(at, project=bare)
    assert waits_for(at.duty_desk) == {"due-today": [ticket]}
    (matter,) = [each for each in desk_of(at.duty_desk).matters if each.code == "unserved"]
    assert (matter.number, matter.address) == (1, "admin:workbench_unserved")
    assert [each.code for each in desk_of(at.liaison).matters] == []
    coverage = desk_of(at.duty_desk).coverage
    assert coverage is not None
    assert (coverage.served, coverage.projects) == (1, 2)
    take_on(project=bare, group=at.group, liaison=at.liaison, by=at.duty_desk)
    assert [each for each in desk_of(at.duty_desk).matters if each.code == "unserved"] == []


def test_a_report_that_is_missing_is_said_to_whoever_serves(at: Desk) -> None:
    site = project(planned_resumption=day_of(now()) - timedelta(days=9), phase="continuing")
    take_on(project=site, group=at.group, liaison=at.liaison, by=at.duty_desk)

    def missing(who: Officer) -> list[int]:
        return [each.number for each in desk_of(who).matters if each.code == "unreported"]

    everybody = (at.liaison, at.lead, at.duty_desk, at.other_lead, at.auditor)
    assert [missing(who) for who in everybody] == [[1], [1], [1], [], []]
    page = as_(at.liaison).get(reverse("unreported"))
    assert [each.pk for each, *_rest in page.context["shown"]] == [site.pk]
    report(project=site, day=page.context["day"], resumed=True, by=at.liaison)
    assert missing(at.liaison) == []
    assert "应报项目均已报送。" in as_(at.liaison).get(reverse("unreported")).content.decode()


def test_a_section_shows_the_most_pressing_and_counts_all(at: Desk) -> None:
    tickets = [filed(at) for _each in range(SHOWN + 2)]
    (section,) = desk_of(at.liaison).sections
    assert [row.ticket for row in section.rows] == tickets[:SHOWN]
    assert section.total == SHOWN + 2
    page = as_(at.liaison).get(FIRST).content.decode()
    assert f"?waiting={section.waiting.code}" in page
    assert f"共{SHOWN + 2}起，全部查看" in page


def test_the_numbers_are_of_his_own_tickets(at: Desk) -> None:
    filed(at)
    own: Page = desk_of(at.liaison)
    assert (own.numbers.open, own.numbers.projects) == (1, 1)
    lights = own.numbers.red + own.numbers.yellow + own.numbers.green
    assert lights == 1
    assert desk_of(at.deputy).numbers.open == 0
    assert desk_of(at.lead).numbers.open == 1
    assert desk_of(at.director).numbers.projects is None
    assert desk_of(officer_in()).numbers.open == 0


@pytest.mark.parametrize("who", ["liaison", "lead", "duty_desk", "director", "auditor"])
def test_as_many_queries_for_three_as_for_one(at: Desk, who: str) -> None:
    officer = getattr(at, who)
    filed(at), resolved(at, by=at.liaison)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            desk_of(officer)
        counts.append(len(queries))
        filed(at), accepted(at), resolved(at, by=at.liaison)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["system_admin", "security_admin"])
def test_an_administrator_is_led_to_the_menu(at: Desk, who: str) -> None:
    filed(at)
    page = as_(getattr(at, who)).get(FIRST).content.decode()
    assert "可办理的事项见左侧菜单。" in page
    assert "运输车辆受阻" not in page


def test_accepting_takes_one_click(at: Desk) -> None:
    ticket = filed(at)
    client = as_(at.liaison)
    page = client.get(FIRST).content.decode()
    address = reverse("admin:ticket_do", args=[ticket.pk, Verb.ACCEPT])
    assert f'action="{address}?waiting=' in page
    values: dict[str, Any] = {"version": ticket.version}
    assert client.post(address, values).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"


def test_the_viewpoint_of_nobody_owns_nothing(at: Desk) -> None:
    filed(at)
    view = viewpoint_of(at.auditor, now())
    found = {
        each.code for each in reasons() if Ticket.objects.filter(each.condition(view)).exists()
    }
    assert found == set()
