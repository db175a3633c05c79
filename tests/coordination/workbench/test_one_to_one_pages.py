"""The staff's pages of groups and assignments: what each role sees, and each verb's form."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from coordination.groups.models import Assignment, Leave, Membership, ServiceGroup
from coordination.groups.queries import assignment_of, group_of
from coordination.staff.models import Officer, OfficerRevision, Role
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import take_on
from projects.record.clock import now
from tests.coordination.staff.scene import sign_in
from tests.factories.addresses import admin_page
from tests.factories.coordination import PASSWORD, Desk, desk, filed, group, officer, project

ROLES = ("liaison", "lead", "duty_desk", "director", "auditor")
UNSERVED = reverse("admin:workbench_unserved")
ANSWERED = reverse("admin:workbench_answered")
ASSIGN = reverse("admin:groups_assignment_add")
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


def page(model: str, name: str, *args: Any) -> str:
    return admin_page(model, name, *args)


def hand_over_address(site: Any) -> str:
    row = assignment_of(site, now())
    assert row is not None
    return f"{page('assignment', 'changelist')}{row.pk}/hand-over/"


def answers() -> list[Any]:
    return list(Assignment.objects.order_by("pk").values())


# Who may open what


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("model", ["assignment", "servicegroup", "officer", "membership", "leave"])
def test_every_role_reads_the_lists(at: Desk, who: str, model: str) -> None:
    answer = as_(getattr(at, who)).get(page(model, "changelist"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("model", "may"),
    [
        ("assignment", {"lead", "duty_desk", "director"}),
        ("leave", {"lead", "duty_desk", "director"}),
        ("membership", {"duty_desk", "director"}),
        ("officer", {"system_admin"}),
        ("servicegroup", {"director", "system_admin"}),
    ],
)
def test_who_adds_what(at: Desk, model: str, may: set[str]) -> None:
    found = {
        who
        for who in (*ROLES, "system_admin", "security_admin")
        if as_(getattr(at, who)).get(page(model, "add")).status_code == 200
    }  # fmt: skip
    assert found == may


@pytest.mark.parametrize("who", ROLES)
def test_an_assignment_is_never_edited_or_deleted(at: Desk, who: str) -> None:
    row = assignment_of(at.project, now())
    assert row is not None
    client = as_(getattr(at, who))
    before = answers()
    shown = client.get(page("assignment", "change", row.pk))
    assert shown.status_code == 200
    assert 'name="_save"' not in shown.content.decode()
    saved = client.post(page("assignment", "change", row.pk), {"group": at.other_group.pk})
    gone = client.post(page("assignment", "delete", row.pk), {"post": "yes"})
    assert (saved.status_code, gone.status_code, answers()) == (403, 403, before)


@pytest.mark.parametrize("who", ["liaison", "auditor"])
def test_who_may_not_assign_has_no_form_of_it(at: Desk, who: str) -> None:
    client, site, before = as_(getattr(at, who)), project(), answers()
    typed = {"project": site.code, "group": at.group.pk, "liaison": at.liaison.pk}
    assert client.post(ASSIGN, typed).status_code == 403
    assert client.post(hand_over_address(at.project), typed).status_code == 403
    assert answers() == before


# Assign, hand over


def test_the_centre_assigns_what_nobody_serves(at: Desk) -> None:
    site = project()
    client = as_(at.duty_desk)
    assert str(site.code) in client.get(UNSERVED).content.decode()
    typed = {"project": site.code, "group": at.group.pk, "liaison": at.liaison.pk}
    assert client.post(ASSIGN, typed).status_code == 302
    row = assignment_of(site, now())
    assert row is not None
    assert (row.group, row.liaison, row.opened_by) == (at.group, at.liaison, at.duty_desk)
    assert str(site.code) not in client.get(UNSERVED).content.decode()


def test_a_project_that_is_served_cannot_be_chosen(at: Desk) -> None:
    before = answers()
    typed = {"project": at.project.code, "group": at.group.pk, "liaison": at.deputy.pk}
    answer = as_(at.duty_desk).post(ASSIGN, typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"__all__"}
    assert answers() == before


def test_an_officer_of_another_group_is_refused_by_his_field(at: Desk) -> None:
    before = answers()
    typed = {
        "project": project().code, "group": at.group.pk, "liaison": at.other_liaison.pk,
        "reason": "暂由其负责",
    }  # fmt: skip
    answer = as_(at.duty_desk).post(ASSIGN, typed)
    said = words("This officer does not serve in that group.")
    assert answer.context["form"].errors == {"liaison": [said]}
    assert said in answer.content.decode()
    assert "暂由其负责" in answer.content.decode()
    assert answers() == before


def test_a_group_lead_assigns_in_his_own_group_alone(at: Desk) -> None:
    site, before = project(), answers()
    typed = {"project": site.code, "group": at.other_group.pk, "liaison": at.other_liaison.pk}
    answer = as_(at.lead).post(ASSIGN, typed)
    assert answer.context["form"].non_field_errors() == [
        words("A group lead assigns only within his own group.")
    ]
    assert answers() == before
    typed = {"project": site.code, "group": at.group.pk, "liaison": at.liaison.pk}
    assert as_(at.lead).post(ASSIGN, typed).status_code == 302


def test_handing_over_takes_the_open_tickets_along(at: Desk) -> None:
    ticket = filed(at)
    typed = {
        "group": at.other_group.pk, "liaison": at.other_liaison.pk, "deputy": at.other_lead.pk,
        "reason": "分组调整",
    }  # fmt: skip
    client = as_(at.director)
    assert client.get(hand_over_address(at.project)).status_code == 200
    assert client.post(hand_over_address(at.project), typed).status_code == 302
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.group, row.liaison, row.reason) == (at.other_group, at.other_liaison, "分组调整")
    moved = Ticket.objects.get(pk=ticket.pk)
    assert (moved.group, moved.handler) == (at.other_group, at.other_liaison)


def test_handing_over_without_a_reason_changes_nothing(at: Desk) -> None:
    before = answers()
    typed = {"group": at.other_group.pk, "liaison": at.other_liaison.pk, "reason": " "}
    answer = as_(at.director).post(hand_over_address(at.project), typed)
    assert answer.context["form"].errors == {"reason": [words("Say why.")]}
    assert answers() == before


# Coverage, and who answered


def test_full_coverage_says_so(at: Desk) -> None:
    assert words("Every project is served.") in as_(at.auditor).get(UNSERVED).content.decode()


def test_only_who_may_assign_is_offered_it(at: Desk) -> None:
    project()
    link = f"{ASSIGN}?project="
    assert link in as_(at.lead).get(UNSERVED).content.decode()
    assert link not in as_(at.auditor).get(UNSERVED).content.decode()


def test_who_answered_on_a_day(at: Desk) -> None:
    day = timezone.localdate().isoformat()
    asked: dict[str, Any] = {"project": at.project.code, "day": day}
    found = as_(at.auditor).get(ANSWERED, asked).context["answers"]
    assert [(row.project, who) for row, who in found] == [(at.project, at.liaison)]


def test_nobody_answered_before_the_first_assignment(at: Desk) -> None:
    asked: dict[str, Any] = {"project": at.project.code, "day": "2019-12-31"}
    answer = as_(at.auditor).get(ANSWERED, asked)
    assert answer.context["answers"] == []
    assert words("Nobody answered for the project on that day.") in answer.content.decode()


def test_a_day_that_is_none(at: Desk) -> None:
    asked: dict[str, Any] = {"project": at.project.code, "day": "2020-02-30"}
    answer = as_(at.auditor).get(ANSWERED, asked)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"day"}


@pytest.mark.parametrize("url", [page("assignment", "changelist"), UNSERVED, ASSIGN])
def test_as_many_queries_for_three_as_for_one(at: Desk, url: str) -> None:
    def more() -> None:
        take_on(project=project(), group=at.group, liaison=officer(group=at.group), by=at.duty_desk)
        project()

    client = as_(at.duty_desk)
    more()
    client.get(url)  # whatever is read once
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
        more()
        more()
    assert counts[0] == counts[1]


# Officers, memberships, leaves


def test_an_officer_is_appointed_and_can_log_in(at: Desk) -> None:
    typed = {
        "username": "newcomer", "name": "新来的", "role": Role.LIAISON, "mobile": "13800000001",
        "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true",
    }  # fmt: skip
    assert as_(at.system_admin).post(page("officer", "add"), typed).status_code == 302
    made = Officer.objects.get(username="newcomer")
    assert (made.is_staff, made.is_superuser, made.check_password(PASSWORD)) == (True, False, True)
    assert made.role == ""
    assert sign_in("newcomer").status_code == 302


def test_an_officer_is_renamed_and_nothing_else_is_taken(at: Desk) -> None:
    shown = as_(at.system_admin).get(page("officer", "change", at.deputy.pk)).content.decode()
    assert "is_superuser" not in shown
    typed = {
        "username": at.deputy.username, "name": "副组长", "role": Role.GROUP_LEAD,
        "mobile": "", "is_superuser": "on",
    }  # fmt: skip
    answer = as_(at.system_admin).post(page("officer", "change", at.deputy.pk), typed)
    assert answer.status_code == 302
    at.deputy.refresh_from_db()
    assert (at.deputy.role, at.deputy.name) == (Role.LIAISON, "副组长")
    assert (at.deputy.is_superuser, at.deputy.is_active) == (False, True)
    last = OfficerRevision.objects.filter(officer=at.deputy).latest("pk")
    assert (last.name, last.by) == ("副组长", at.system_admin)


def test_an_inactive_officer_is_activated_again(at: Desk) -> None:
    Officer.objects.filter(pk=at.deputy.pk).update(is_active=False)
    typed = {
        "username": at.deputy.username, "name": at.deputy.name, "role": Role.LIAISON,
        "mobile": "", "is_active": "on",
    }  # fmt: skip
    answer = as_(at.system_admin).post(page("officer", "change", at.deputy.pk), typed)
    assert answer.status_code == 302
    assert Officer.objects.get(pk=at.deputy.pk).is_active


def test_who_serves_in_no_group_joins_one(at: Desk) -> None:
    newcomer = officer()
    typed = {"officer": newcomer.pk, "group": at.other_group.pk}
    assert as_(at.duty_desk).post(page("membership", "add"), typed).status_code == 302
    assert group_of(newcomer, now()) == at.other_group


def test_who_serves_elsewhere_is_not_offered_to_join(at: Desk) -> None:
    before = Membership.objects.count()
    typed = {"officer": at.deputy.pk, "group": at.other_group.pk}
    answer = as_(at.duty_desk).post(page("membership", "add"), typed)
    assert set(answer.context["form"].errors) == {"officer"}
    assert Membership.objects.count() == before


def test_leaving_the_group_asks_where_the_work_goes(at: Desk) -> None:
    row = Membership.objects.get(officer=at.deputy)
    address = f"{page('membership', 'changelist')}{row.pk}/leave-the-group/"
    assert as_(at.auditor).post(address).status_code == 403
    answer = as_(at.director).post(address)
    assert (
        answer["Location"]
        == f"{page('officer', 'changelist')}{at.deputy.pk}/relieve/?kind=leave_group"
    )
    assert group_of(at.deputy, now()) == at.group


def leave_of(who: Officer) -> dict[str, Any]:
    local = timezone.localtime()
    return {
        "officer": who.pk, "start": f"{local:%Y-%m-%dT%H:%M}",
        "end": f"{local + timedelta(days=2):%Y-%m-%dT%H:%M}", "reason": "休假",
    }  # fmt: skip


def test_a_leave_is_recorded_and_ended(at: Desk) -> None:
    client = as_(at.lead)
    assert client.post(page("leave", "add"), leave_of(at.liaison)).status_code == 302
    row = Leave.objects.get(officer=at.liaison)
    assert now() in row.during
    address = f"{page('leave', 'changelist')}{row.pk}/end-the-leave/"
    assert client.post(address).status_code == 302
    row.refresh_from_db()
    assert now() not in row.during


def test_a_lead_records_no_leave_of_another_group(at: Desk) -> None:
    answer = as_(at.lead).post(page("leave", "add"), leave_of(at.other_liaison))
    assert answer.context["form"].non_field_errors() == [
        words("This officer does not serve in your group.")
    ]
    assert Leave.objects.count() == 0


def test_the_director_keeps_the_groups(at: Desk) -> None:
    typed = {"ordinal": 99, "name": "第六组", "code": "g-six", "is_active": "on"}
    assert as_(at.director).post(page("servicegroup", "add"), typed).status_code == 302
    assert ServiceGroup.objects.get(code="g-six").name == "第六组"


def test_a_name_is_text(at: Desk) -> None:
    row = group()
    ServiceGroup.objects.filter(pk=row.pk).update(name="<script>alert(1)</script>")
    for url in (page("servicegroup", "changelist"), ASSIGN):
        text = as_(at.director).get(url).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text
