"""For how long the service runs: who says so, what is refused, and the page that asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from coordination.bulletins.models import ServicePeriod
from coordination.bulletins.periods import begin_service
from coordination.staff.models import Officer, Role
from projects.record.refusals import Invalid, NotAllowed
from tests.factories.coordination import director, officer

ADD = reverse("admin:bulletins_serviceperiod_add")
pytestmark = pytest.mark.django_db


def client_of(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def periods() -> list[tuple[date, date | None]]:
    rows = ServicePeriod.objects.order_by("during")
    return [(row.during.lower, row.during.upper) for row in rows]


@pytest.mark.parametrize("role", [Role.LIAISON, Role.GROUP_LEAD, Role.AUDITOR])
def test_others_may_not_begin_it(role: Role) -> None:
    with pytest.raises(NotAllowed):
        begin_service(on=date(2020, 3, 9), by=officer(role))
    assert client_of(officer(role)).post(ADD, {"on": "2020-03-09"}).status_code == 403
    assert periods() == []


@pytest.mark.parametrize("who", [director, lambda: officer(Role.DUTY_DESK)])
def test_director_and_duty_desk_may(who: Callable[[], Officer]) -> None:
    begin_service(on=date(2020, 3, 9), by=who())
    assert periods() == [(date(2020, 3, 9), None)]


@pytest.mark.parametrize(
    ("on", "until", "field"),
    [
        (date(2021, 1, 4), date(2021, 1, 4), "until"),
        (date(2021, 1, 4), date(2021, 1, 3), "until"),
        (date(2020, 3, 1), None, "on"),
        (date(2020, 3, 30), date(2020, 5, 1), "on"),
    ],
)
def test_what_cannot_be_is_refused_by_the_field(on: date, until: date | None, field: str) -> None:
    begin_service(on=date(2020, 3, 9), until=date(2020, 4, 6))
    before = periods()
    with pytest.raises(Invalid) as refused:
        begin_service(on=on, until=until, by=director())
    assert [error.path for error in refused.value.errors] == [(field,)]
    typed: dict[str, Any] = {"on": on.isoformat(), "until": until.isoformat() if until else ""}
    answer = client_of(director()).post(ADD, typed)
    assert answer.status_code == 200
    with override("en"):
        said = [str(error.message) for error in refused.value.errors]
    assert answer.context["form"].errors == {field: said}
    assert periods() == before


def test_one_after_the_other_is_no_overlap() -> None:
    begin_service(on=date(2020, 3, 9), until=date(2020, 4, 6))
    answer = client_of(director()).post(ADD, {"on": "2020-04-06", "until": ""}, follow=True)
    with override("en"):
        assert gettext("The service period is recorded.") in answer.content.decode()
    assert periods() == [
        (date(2020, 3, 9), date(2020, 4, 6)),
        (date(2020, 4, 6), None),
    ]


def test_the_list_of_bulletins_leads_to_the_running_week() -> None:
    client = client_of(director())
    listed = client.get(reverse("admin:bulletins_issue_changelist"))
    link = next(each for each in listed.context["actions_list"])
    assert link["path"] in listed.content.decode()
    assert client.get(link["path"], follow=True).redirect_chain == [
        (reverse("admin:bulletin_preview"), 302)
    ]
