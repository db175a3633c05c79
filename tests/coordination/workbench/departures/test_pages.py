"""The pages on which an officer or a group is taken out of service, and what they leave broken."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import assignment_of, group_of
from coordination.groups.queries_coverage import Reason
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
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


def words(text: str) -> str:
    with override("en"):
        return gettext(text)


def answers() -> list[Any]:
    return list(Assignment.objects.order_by("pk").values())


def relieving(who: Officer) -> str:
    return f"{page('officer', 'changelist')}{who.pk}/relieve/"


def closing(row: ServiceGroup) -> str:
    return f"{page('servicegroup', 'changelist')}{row.pk}/close/"


def test_it_is_shown_before_it_is_done(at: Desk) -> None:
    ticket = filed(at)
    client, typed = as_(at.lead), {"kind": "deactivate", "to": "spread", "reason": "调离"}
    assert client.get(relieving(at.liaison)).status_code == 200
    before = answers()
    shown = client.post(relieving(at.liaison), typed)
    assert shown.context["shares"] == [(at.deputy, 1, 1)]
    assert (answers(), Officer.objects.get(pk=at.liaison.pk).is_active) == (before, True)
    done = client.post(relieving(at.liaison), typed | {"confirmed": "1"})
    assert done.status_code == 302
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.liaison, Ticket.objects.get(pk=ticket.pk).handler) == (at.deputy, at.deputy)
    assert not Officer.objects.get(pk=at.liaison.pk).is_active


def test_a_replaced_deputy_is_no_project_given_to_others(at: Desk) -> None:
    officer(group=at.group)
    typed = {"kind": "deactivate", "to": "spread", "reason": "调离", "confirmed": "1"}
    done = as_(at.director).post(relieving(at.deputy), typed, follow=True)
    assert [str(each) for each in done.context["messages"]] == [
        "Done: 0 projects were given to others, 1 deputy was replaced, 0 tickets changed hands."
    ]


def test_the_reason_is_shown_with_the_revision(at: Desk) -> None:
    typed = {"to": "leave", "reason": "原因甲", "confirmed": "1"}
    as_(at.director).post(relieving(at.liaison), typed | {"kind": "deactivate"})
    as_(at.director).post(closing(at.group), typed)
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
    done = as_(at.duty_desk).post(closing(at.group), typed | {"confirmed": "1"})
    assert done.status_code == 302
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.group, ServiceGroup.objects.get(pk=at.group.pk).is_active) == (
        at.other_group, False,
    )  # fmt: skip
    assert as_(at.duty_desk).get(closing(at.group)).status_code == 403


def test_a_broken_assignment_is_shown_with_its_reason(at: Desk) -> None:
    client = as_(at.duty_desk)
    assert b'id="broken"' not in client.get(reverse("admin:index")).content
    for who in (at.liaison, at.deputy, at.lead):
        Officer.objects.filter(pk=who.pk).update(is_active=False)
    desk_page = client.get(reverse("admin:index"))
    assert b'id="broken"' in desk_page.content
    assert desk_page.context["desk"].coverage.broken == {"group_empty": 1}
    reason = words("Nobody serves in the group.")
    listed = client.get(reverse("admin:workbench_broken"))
    assert [(row.code, row.reason) for row in listed.context["rows"]] == [
        (at.project.code, Reason.GROUP_EMPTY.label)
    ]
    for shown in (listed, client.get(page("project", "change", at.project.pk))):
        assert reason in shown.content.decode()
