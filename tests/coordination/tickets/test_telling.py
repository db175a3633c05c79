"""Who hears of what, with the change and never without it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination.delivery.models import Delivery, Destination, Notice
from coordination.groups.queries import members_of
from coordination.staff.models import Officer
from coordination.tickets.filing.drafts import Draft, Submission
from coordination.tickets.filing.submit import submit_many
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.telling import MOST_ALONE, ROUTED, TOLD
from coordination.tickets.urgency import Urgency
from coordination.tickets.verbs.handle import accept
from coordination.tickets.verbs.registry import perform
from projects.flow import chain
from projects.record.clock import now
from projects.record.writing import Rows, write
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.factories.coordination import LINES, Desk, desk, filed, project

pytestmark = pytest.mark.django_db


def told_since(number: int) -> list[tuple[Officer, str]]:
    return [(each.officer, each.title) for each in Notice.objects.order_by("pk")[number:]]


def test_a_new_ticket_reaches_whoever_serves_its_project() -> None:
    at = desk()
    ticket = filed(at)
    (notice,) = Notice.objects.all()
    assert notice.officer == at.liaison
    assert notice.title == f"新工单 {ticket.number}"
    assert notice.text == f"车辆通行 · {ticket.project} · 一般"
    assert notice.link == reverse("admin:tickets_ticket_change", args=[ticket.pk])
    assert ticket.title not in notice.text
    assert notice.created_at == ticket.filed_at


def submissions(at: Desk, many: int, **kinds: Project) -> list[Submission]:
    return [
        Submission(
            kind=kind, project=project, title=f"{number}", contact_name="王五",
            contact_mobile="13800138000", lines=[LINES[kind]()],
        )
        for number in range(many) for kind, project in kinds.items()
    ]  # fmt: skip


def test_of_many_filed_at_once_one_message_is_enough() -> None:
    at = desk()
    group = Destination.objects.create(
        name="g", channel="wecom", group=at.group, shown="g", sealed="g", created_at=now()
    )
    named = submissions(at, 3, vehicle_pass=at.project, material_supply=at.project)
    filed_now = submit_many(submissions=named, enterprise=at.enterprise, by=at.key)
    numbers = [each.ticket.number for each in filed_now if isinstance(each, Draft)]
    (notice,) = Notice.objects.all()
    assert (notice.officer, notice.title) == (at.liaison, "一次新到6起工单")
    assert notice.text == f"{numbers[0]} … {numbers[-1]} · 车辆通行、重点原材料 · {at.project}"
    assert notice.link == f"{reverse('admin:tickets_ticket_changelist')}?status=submitted"
    (delivery,) = Delivery.objects.all()
    assert (delivery.destination, delivery.payload["title"]) == (group, notice.title)


def test_of_many_it_is_said_how_many_are_pressing() -> None:
    at = desk()
    named = submissions(at, 9, vehicle_pass=at.project)
    for place, urgency in ((2, Urgency.URGENT), (4, Urgency.CRITICAL), (7, Urgency.URGENT)):
        named[place] = named[place]._replace(urgency=urgency.value)
    submit_many(submissions=named, enterprise=at.enterprise, by=at.key)
    (text,) = Notice.objects.values_list("text", flat=True)
    assert text.split(" · ")[1:] == ["特急 1", "紧急 2", "车辆通行", str(at.project)]


def test_a_few_are_told_of_one_by_one() -> None:
    at = desk()
    submit_many(
        submissions=submissions(at, MOST_ALONE, vehicle_pass=at.project),
        enterprise=at.enterprise, by=at.key,
    )  # fmt: skip
    numbers = Ticket.objects.order_by("pk").values_list("number", flat=True)
    assert [title for _officer, title in told_since(0)] == [f"新工单 {each}" for each in numbers]


def test_each_hears_of_his_own_and_of_no_others() -> None:
    """Those that nobody serves go to the duty desk, together."""
    at = desk()
    alone = project()
    add_participant(
        project=alone, enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    many = submissions(at, 7, vehicle_pass=at.project, material_supply=alone)
    submit_many(submissions=many, enterprise=at.enterprise, by=at.key)
    assert {(officer, title) for officer, title in told_since(0)} == {
        (at.liaison, "一次新到7起工单"), (at.duty_desk, "一次新到7起工单"),
    }  # fmt: skip
    texts = dict(Notice.objects.values_list("officer", "text"))
    assert str(alone) not in texts[at.liaison.pk]
    assert str(at.project) not in texts[at.duty_desk.pk]


STORY: list[tuple[Verb, str, dict[str, Any], list[str]]] = [
    (Verb.ACCEPT, "liaison", {}, []),
    (Verb.COMMENT, "key", {"text": "催一下"}, ["liaison"]),
    (Verb.COMMENT, "liaison", {"text": "在办"}, []),
    (Verb.ASK, "liaison", {"question": "哪个路口"}, []),
    (Verb.SUPPLEMENT, "key", {"answer": "高速口"}, ["liaison"]),
    (
        Verb.FULFIL,
        "liaison",
        {"line": 1, "quantity": Decimal(1)},
        [],
    ),
    (Verb.RESOLVE, "liaison", {"result": "已放行"}, ["lead"]),
    (Verb.REDO, "key", {"reason": "又被拦下"}, ["liaison"]),
    (Verb.RESOLVE, "liaison", {"result": "已放行"}, ["lead"]),
    (Verb.CONFIRM, "key", {"satisfaction": 5}, ["liaison"]),
    (Verb.REOPEN, "lead", {"reason": "再次受阻"}, ["liaison"]),
    (Verb.WITHDRAW, "key", {"reason": "不再需要"}, ["liaison"]),
]


def test_a_ticket_told_from_beginning_to_end() -> None:
    at = desk()
    ticket = filed(at)
    for verb, who, inputs, heard in STORY:
        before = Notice.objects.count()
        perform(verb, ticket=ticket, by=getattr(at, who), **inputs)
        title = str(TOLD[verb].title) if verb in TOLD else ""
        assert [officer for officer, _title in told_since(before)] == [
            getattr(at, name) for name in heard
        ], verb
        assert not heard or title


def test_passed_on_everyone_of_the_other_group_hears_it() -> None:
    at = desk()
    ticket = filed(at)
    before = Notice.objects.count()
    perform(Verb.PASS_ON, ticket=ticket, reason="属地", group=at.other_group, by=at.liaison)
    everyone = set(members_of(at.other_group, now()))
    assert {at.other_lead, at.other_liaison} <= everyone
    assert {officer for officer, _title in told_since(before)} == everyone


def test_the_groups_chat_hears_of_new_tickets() -> None:
    at = desk()
    chat = Destination.objects.create(
        name="群", channel="wecom", group=at.group, shown="qyapi.weixin.qq.com", sealed="x",
        topics=[ROUTED.code], created_at=now(),
    )  # fmt: skip
    ticket = filed(at)
    accept(ticket=ticket, by=at.liaison)
    (row,) = Delivery.objects.all()
    assert (row.destination, row.order_key, row.topic) == (chat, f"ticket:{ticket.pk}", ROUTED.code)


def test_where_the_event_is_not_written_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    at = desk()
    ticket = filed(at)
    counts = (Notice.objects.count(), TicketEvent.objects.count())

    def fail(*tables: Rows, **options: Any) -> None:
        write(*tables, **options)
        assert (Notice.objects.count(), TicketEvent.objects.count()) == (
            counts[0] + 1, counts[1] + 1,
        )  # fmt: skip
        raise ZeroDivisionError

    monkeypatch.setattr(chain, "write", fail)
    with pytest.raises(ZeroDivisionError):
        perform(Verb.COMMENT, ticket=ticket, text="x", by=at.key)
    assert (Notice.objects.count(), TicketEvent.objects.count()) == counts


def test_telling_costs_a_verb_two_queries() -> None:
    at = desk()
    ticket = filed(at)
    with CaptureQueriesContext(connection) as quiet:
        perform(Verb.COMMENT, ticket=ticket, text="x", by=at.liaison)
    with CaptureQueriesContext(connection) as heard:
        perform(Verb.COMMENT, ticket=ticket, text="x", by=at.key)
    written = [each["sql"] for each in heard if "notice" in each["sql"]]
    asked = [each["sql"] for each in heard if "destination" in each["sql"]]
    assert (len(written), len(asked)) == (1, 1)
    assert not [each for each in quiet if "notice" in each["sql"]]
    assert Ticket.objects.count() == 1
