"""催办通知书 and 督办函: composed of what was recorded, the same a year later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coordination.escalation.admin_ladder import ladder_panel
from coordination.escalation.escalate import sweep
from coordination.escalation.letters import Letter, letter_events, letter_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from tests.factories.coordination import Desk, desk, filed

DUE = "该工单应于2020年3月6日（星期五）17:00前办结"
pytestmark = pytest.mark.django_db


def on(day: int, hour: int = 9) -> datetime:
    return datetime(2020, 3, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Desk:
    with clock_at(on(2)):
        return desk()


@pytest.fixture
def ticket(at: Desk) -> Ticket:
    """Accepted on Tuesday, 3 March 2020, due on the 6th at 17:00; urged and supervised."""
    with clock_at(on(3)):
        found = filed(at)
        perform(Verb.ACCEPT, ticket=found, by=at.liaison)
    with clock_at(on(4)):
        perform(Verb.URGE, ticket=found, note="请联系13800138000", by=at.duty_desk)
    for day in (9, 12):
        with clock_at(on(day)):
            sweep()
    with clock_at(on(13)):
        perform(Verb.SUPERVISE, ticket=found, instruction="请于3月14日前办结。", by=at.director)
    return Ticket.objects.get(pk=found.pk)


def letters(ticket: Ticket, reader: Any) -> list[Letter]:
    with override("zh-hans"):
        return [letter_of(ticket, event, reader) for event in letter_events(ticket)]


def test_each_urging_and_supervision_has_its_letter(at: Desk, ticket: Ticket) -> None:
    found = letters(ticket, at.liaison)
    assert [(each.title, each.number, f"{each.day}") for each in found] == [
        ("催办通知书", f"{ticket.number}-催1", "2020-03-04"),
        ("催办通知书", f"{ticket.number}-催2", "2020-03-09"),
        ("督办函", f"{ticket.number}-督1", "2020-03-12"),
        ("督办函", f"{ticket.number}-督2", "2020-03-13"),
    ]
    assert {each.to for each in found} == {at.group.name}


def test_it_says_what_was_true_when_it_was_given(at: Desk, ticket: Ticket) -> None:
    by_hand, step, second, ordered = letters(ticket, at.liaison)
    first = (
        f"你组承办的工单{ticket.number}“运输车辆受阻”（项目：{ticket.project}；"
        f"企业：{at.enterprise.name}），于2020年3月3日（星期二）09:00提交。"
    )
    hurry = "请抓紧办理，并及时向企业反馈进展；确有客观原因的，请在工单中说明超期原因。"
    assert by_hand.paragraphs == (
        first, "应于2020年3月6日（星期五）17:00前办结，还剩2天。", "附言：请联系138****8000", hurry,
    )  # fmt: skip
    assert step.paragraphs == (
        first,
        f"{DUE}，截至2020年3月9日（星期一）09:00仍未办结，已超期2天。",
        hurry,
    )
    assert second.paragraphs[1:3] == (
        f"{DUE}，截至2020年3月12日（星期四）09:00仍未办结，已超期5天。",
        "前已发出催办通知书，仍未办结，现予督办。",
    )
    assert ordered.paragraphs[2:] == (
        "督办要求：请于3月14日前办结。",
        "请组长牵头抓紧办理，并将办理结果及超期原因记入工单。",
    )


def test_a_later_handover_changes_no_letter(at: Desk, ticket: Ticket) -> None:
    before = letters(ticket, at.duty_desk)
    with clock_at(on(13) + timedelta(hours=1)):
        hand_over(
            project=ticket.project, group=at.other_group, liaison=at.other_liaison,
            reason="调整", by=at.duty_desk,
        )  # fmt: skip
    ticket.refresh_from_db()
    assert ticket.group == at.other_group
    assert letters(ticket, at.duty_desk) == before


def test_the_enterprises_urging_is_said_to_be_its_own(at: Desk) -> None:
    with clock_at(on(3)):
        found = filed(at)
        perform(Verb.URGE, ticket=found, by=at.key)
    (letter,) = letters(found, at.liaison)
    assert letter.paragraphs[1:3] == (
        "应于2020年3月3日（星期二）11:00前受理，还剩2小时0分。", "现企业提出催办。",
    )  # fmt: skip


def test_the_panel_offers_the_letters_and_the_page_prints_them(at: Desk, ticket: Ticket) -> None:
    panel = ladder_panel(ticket, at.liaison)
    assert panel is not None
    offered = [each.event.seq for each in panel["entries"] if each.letter]
    assert offered == [each.event.seq for each in letters(ticket, at.liaison)][::-1]
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(at.liaison, backend="coordination.staff.roles.RoleBackend")
    page = client.get(reverse("ticket_letter", args=[ticket.pk, offered[0]]))
    assert "<h1>督办函</h1>" in page.content.decode()
    assert "督办要求：请于3月14日前办结。" in page.content.decode()
    assert client.get(reverse("ticket_letter", args=[ticket.pk, 1])).status_code == 404
    client.force_login(at.other_lead, backend="coordination.staff.roles.RoleBackend")
    assert client.get(reverse("ticket_letter", args=[ticket.pk, offered[0]])).status_code == 404
