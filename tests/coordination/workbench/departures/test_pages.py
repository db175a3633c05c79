"""The pages on which an officer or a group is taken out of service, and what they leave broken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import assignment_of, group_of
from coordination.groups.queries_coverage import Reason
from coordination.groups.serve import take_leave
from coordination.staff.models import Officer, OfficerRevision
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.handover import hand_over
from projects.record.clock import now
from tests.factories.addresses import admin_page as page
from tests.factories.coordination import Desk, desk, filed, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


CHANGED = (
    "Nothing was done: projects, open tickets or what you entered changed since this was shown. "
    "Look at it again, then confirm."
)


def words(text: str) -> str:
    with override("en"):
        return gettext(text)


def answers() -> list[Any]:
    return list(Assignment.objects.order_by("pk").values())


def relieving(who: Officer) -> str:
    return f"{page('officer', 'changelist')}{who.pk}/relieve/"


def closing(row: ServiceGroup) -> str:
    return f"{page('servicegroup', 'changelist')}{row.pk}/close/"


def confirmed(client: Client, address: str, typed: dict[str, Any], **given: Any) -> Any:
    """Confirm what the page shows of it."""
    shown = client.post(address, typed).context["plan"].mark
    return client.post(address, typed | {"confirmed": "1", "shown": shown}, **given)


def test_it_is_shown_before_it_is_done(at: Desk) -> None:
    ticket = filed(at)
    client, typed = as_(at.lead), {"kind": "deactivate", "to": "spread", "reason": "调离"}
    assert client.get(relieving(at.liaison)).status_code == 200
    before = answers()
    shown = client.post(relieving(at.liaison), typed)
    assert shown.context["shares"] == [(at.deputy, 1, 1)]
    assert (answers(), Officer.objects.get(pk=at.liaison.pk).is_active) == (before, True)
    assert f'name="shown" value="{shown.context["plan"].mark}"' in shown.content.decode()
    assert confirmed(client, relieving(at.liaison), typed).status_code == 302
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.liaison, Ticket.objects.get(pk=ticket.pk).handler) == (at.deputy, at.deputy)
    assert not Officer.objects.get(pk=at.liaison.pk).is_active


def test_a_replaced_deputy_is_no_project_given_to_others(at: Desk) -> None:
    officer(group=at.group)
    typed = {"kind": "deactivate", "to": "spread", "reason": "调离"}
    done = confirmed(as_(at.director), relieving(at.deputy), typed, follow=True)
    assert [str(each) for each in done.context["messages"]] == [
        "Done: 0 projects were given to others, 1 deputy was replaced, 0 tickets changed hands."
    ]


def test_the_reason_is_shown_with_the_revision(at: Desk) -> None:
    typed = {"to": "leave", "reason": "原因甲"}
    confirmed(as_(at.director), relieving(at.liaison), typed | {"kind": "deactivate"})
    confirmed(as_(at.director), closing(at.group), typed)
    for address in (
        page("officer", "change", at.liaison.pk), page("servicegroup", "change", at.group.pk),
    ):  # fmt: skip
        for who in (at.director, at.auditor):
            assert "原因甲" in as_(who).get(address).content.decode()


def test_a_refusal_stands_beside_its_field(at: Desk) -> None:
    typed = {"kind": "move", "to": "one", "reason": "", "confirmed": "1"}
    answer = as_(at.director).post(relieving(at.liaison), typed)
    assert answer.context["form"].errors == {
        "group": [words("Choose a group in service.")],
        "one": [words("Choose somebody else who can act now.")],
        "reason": [words("Say why.")],
    }
    assert group_of(at.liaison, now()) == at.group


def test_the_reason_is_marked_as_required(at: Desk) -> None:
    row = assignment_of(at.project, now())
    assert row is not None
    pages = (
        relieving(at.liaison),
        closing(at.group),
        f"{page('assignment', 'changelist')}{row.pk}/hand-over/",
    )
    for address in pages:
        form = as_(at.director).get(address).context["form"]
        assert form.fields["reason"].is_asked
        shown = render_to_string("record/field.html", {"field": form["reason"]})
        assert shown.count('class="z-star"') == 1, address


def a_ticket_more(at: Desk) -> None:
    filed(at)


def a_project_less(at: Desk) -> None:
    hand_over(
        project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
        by=at.director,
    )  # fmt: skip


def somebody_on_leave(at: Desk) -> None:
    take_leave(officer=at.deputy, start=now(), end=now() + timedelta(days=1), by=at.director)


def nothing(_at: Desk) -> None:
    """What was typed is another thing."""


@pytest.mark.parametrize(
    ("happens", "typed"),
    [
        (a_ticket_more, {}), (a_project_less, {}), (somebody_on_leave, {}),
        (nothing, {"to": "leave"}), (nothing, {"kind": "leave_group"}), (nothing, {"shown": ""}),
    ],
)  # fmt: skip
def test_nothing_is_done_but_what_was_shown(
    at: Desk, happens: Callable[[Desk], None], typed: dict[str, str]
) -> None:
    filed(at)
    client, given = as_(at.director), {"kind": "deactivate", "to": "spread", "reason": "调离"}
    shown = client.post(relieving(at.liaison), given).context["plan"]
    happens(at)
    before = (answers(), list(Ticket.objects.order_by("pk").values()), TicketEvent.objects.count())
    answer = client.post(
        relieving(at.liaison), given | {"confirmed": "1", "shown": shown.mark} | typed
    )
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (200, [CHANGED])
    assert before == (
        answers(),
        list(Ticket.objects.order_by("pk").values()),
        TicketEvent.objects.count(),
    )
    assert Officer.objects.get(pk=at.liaison.pk).is_active
    fresh = answer.context["plan"]
    assert f'name="shown" value="{fresh.mark}"' in answer.content.decode()
    assert (fresh.mark == shown.mark) == ("shown" in typed)
    again = given | {"confirmed": "1"} | typed | {"shown": fresh.mark}
    assert client.post(relieving(at.liaison), again).status_code == 302


def test_a_group_is_not_closed_otherwise_than_shown(at: Desk) -> None:
    client, given = as_(at.director), {"to": "spread", "reason": "撤并"}
    shown = client.post(closing(at.group), given).context["plan"]
    filed(at)
    answer = client.post(closing(at.group), given | {"confirmed": "1", "shown": shown.mark})
    assert answer.context["form"].non_field_errors() == [CHANGED]
    assert ServiceGroup.objects.get(pk=at.group.pk).is_active
    assert answer.context["plan"].tickets == 1


def test_another_reason_is_no_other_plan(at: Desk) -> None:
    client, given = as_(at.director), {"kind": "deactivate", "to": "spread", "reason": "调离"}
    shown = client.post(relieving(at.liaison), given).context["plan"].mark
    typed = given | {"reason": "退休", "confirmed": "1", "shown": shown}
    assert client.post(relieving(at.liaison), typed).status_code == 302
    assert OfficerRevision.objects.latest("pk").reason == "退休"


def test_a_lead_is_offered_what_he_may_do(at: Desk) -> None:
    form = as_(at.lead).get(relieving(at.liaison)).context["form"]
    assert [value for value, _label in form.fields["kind"].choices] == ["leave_group", "deactivate"]
    assert set(form.fields["one"].queryset) == {at.lead, at.deputy}
    answer = as_(at.lead).post(
        relieving(at.other_liaison), {"kind": "deactivate", "to": "spread", "reason": "调离"}
    )
    assert answer.context["form"].non_field_errors() == [
        words("A group lead does this only with a liaison of his own group.")
    ]


def test_a_group_is_closed_from_its_page(at: Desk) -> None:
    typed = {"to": "one", "one": at.other_group.pk, "reason": "撤并"}
    shown = as_(at.duty_desk).post(closing(at.group), typed)
    assert [row[1:] for row in shown.context["shares"]] == [(1, 0)]
    assert confirmed(as_(at.duty_desk), closing(at.group), typed).status_code == 302
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.group, ServiceGroup.objects.get(pk=at.group.pk).is_active) == (
        at.other_group, False,
    )  # fmt: skip
    assert as_(at.duty_desk).get(closing(at.group)).status_code == 403


def test_a_broken_assignment_is_shown_with_its_reason(at: Desk) -> None:
    client = as_(at.duty_desk)
    assert b'id="matter-broken"' not in client.get(reverse("admin:index")).content
    for who in (at.liaison, at.deputy, at.lead):
        Officer.objects.filter(pk=who.pk).update(is_active=False)
    desk_page = client.get(reverse("admin:index"))
    assert b'id="matter-broken"' in desk_page.content
    assert desk_page.context["desk"].coverage.broken == {"group_empty": 1}
    reason = words("Nobody serves in the group.")
    listed = client.get(reverse("admin:workbench_broken"))
    assert [(row.code, row.reason) for row in listed.context["rows"]] == [
        (at.project.code, Reason.GROUP_EMPTY.label)
    ]
    for shown in (listed, client.get(page("project", "change", at.project.pk))):
        assert reason in shown.content.decode()
