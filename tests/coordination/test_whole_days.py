"""A day is a whole day, and what has passed is refused in the same words everywhere."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.groups.models import Leave
from coordination.groups.serve import take_leave
from coordination.tickets.models import Ticket
from projects.access.keys import issue_key
from projects.access.models import ApiKey
from projects.record.clock import clock_at
from projects.record.days import PAST, beginning_of, end_of
from projects.record.refusals import Invalid
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed, haul, material, party, vehicle

pytestmark = pytest.mark.django_db

TODAY = date(2020, 3, 10)
NOON = beginning_of(TODAY) + timedelta(hours=12)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
DAY = timedelta(days=1)


def as_(at: Desk) -> Client:
    client = Client()
    client.force_login(at.director, backend="coordination.staff.roles.RoleBackend")
    return client


@pytest.mark.parametrize(("first", "last"), [(TODAY, TODAY), (YESTERDAY, TODAY), (TODAY, TOMORROW)])
def test_a_pass_may_be_of_one_day(first: date, last: date) -> None:
    with clock_at(NOON):
        filed(desk(), lines=[vehicle(valid_from=first, valid_to=last)])
    assert Ticket.objects.count() == 1


def test_what_has_wholly_passed_is_refused_in_the_same_words() -> None:
    with clock_at(NOON):
        at, gone = desk(), NOON - DAY
        before = {"load_from": gone - DAY, "load_to": gone, "unload_from": gone}
        for kind, values, field in (
            ("vehicle_pass", {"lines": [vehicle(valid_from=YESTERDAY, valid_to=YESTERDAY)]},
             "valid_to"),
            ("worker_return", {"lines": [party(departs_at=gone, arrives_at=NOON)]}, "arrives_at"),
            ("material_supply", {"lines": [material(needed_by=YESTERDAY)]}, "needed_by"),
            ("goods_transport", {"lines": [haul(**before, unload_to=NOON)]}, "unload_to"),
            ("epidemic_control", {"needed_by": YESTERDAY}, "needed_by"),
            ("vehicle_pass", {"needed_by": NOON - timedelta(seconds=1)}, "needed_by"),
        ):  # fmt: skip
            with pytest.raises(Invalid) as refused:
                filed(at, kind, **values)
            found = [(each.path[-1], each.code, each.message) for each in refused.value.errors]
            assert found == [(field, "date-order", PAST)], kind
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("typed", [TODAY, "2020-03-10", "２０２０年３月１０日"])
def test_needed_today_is_needed_by_its_end(typed: Any) -> None:
    with clock_at(NOON):
        ticket = filed(desk(), needed_by=typed)
    ticket.refresh_from_db()
    assert ticket.needed_by == end_of(TODAY)


def test_the_api_and_the_form_read_a_day_alike() -> None:
    with clock_at(NOON):
        at = desk()
        line = {name: str(value) for name, value in vehicle().items()}
        body = {
            "kind": "vehicle_pass", "project": at.project.code, "title": "受阻",
            "contact": {"name": "王五", "mobile": "13700137000"}, "needed_by": "2020-03-10",
            "lines": [line],
        }  # fmt: skip
        answer = client_with(at.token).post(
            reverse("api:tickets"), body, format="json", headers={"Idempotency-Key": "k"}
        )
        assert answer.json()["needed_by"] == "2020-03-10T23:59:59+08:00"
        typed = {f"lines-0-{name}": value for name, value in line.items()} | {
            "project": at.project.code, "enterprise": at.enterprise.name, "title": "受阻",
            "urgency": "normal", "contact_name": "王五", "contact_mobile": "13700137000",
            "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "needed_by": "2020-03-10",
        }  # fmt: skip
        page = reverse("admin:tickets_ticket_add") + "?kind=vehicle_pass"
        for plate, clock, expected in (
            ("豫C11111", "", end_of(TODAY)), ("豫C22222", "14:30", NOON + timedelta(hours=2.5)),
        ):  # fmt: skip
            given = typed | {"needed_by_time": clock, "lines-0-plate": plate}
            assert as_(at).post(page, given).status_code == 302
            assert Ticket.objects.latest("pk").needed_by == expected
        past = as_(at).post(page, typed | {"needed_by_time": "08:00"})
        assert past.context["filing"].head.errors == {"needed_by": [str(PAST)]}
        assert 'value="08:00"' in past.content.decode()


def test_a_leave_that_ends_on_a_day_ends_with_it() -> None:
    with clock_at(NOON):
        at = desk()
        leave = take_leave(officer=at.liaison, start=TOMORROW, end=TOMORROW, by=at.lead)
        typed = {"officer": at.deputy.pk, "start": "2020-03-11", "end": "2020-03-12"}
        assert as_(at).post(reverse("admin:groups_leave_add"), typed).status_code == 302
        today = {"officer": at.helper.pk, "start": "2020-03-10T08:00", "end": "2020-03-10"}
        assert as_(at).post(reverse("admin:groups_leave_add"), today).status_code == 302
        over = {"officer": at.lead.pk, "start": "2020-03-08", "end": "2020-03-09"}
        assert as_(at).post(reverse("admin:groups_leave_add"), over).status_code == 200
    assert (leave.during.lower, leave.during.upper) == (
        beginning_of(TOMORROW), beginning_of(TOMORROW + DAY),
    )  # fmt: skip
    ends = {row.officer: row.during.upper for row in Leave.objects.all()}
    assert ends == {
        at.liaison: beginning_of(TOMORROW + DAY), at.deputy: beginning_of(TOMORROW + 2 * DAY),
        at.helper: beginning_of(TOMORROW),
    }  # fmt: skip


def test_a_key_that_ends_on_a_day_ends_with_it() -> None:
    with clock_at(NOON):
        at = desk()
        typed = {"enterprise": at.enterprise.name, "name": "系统", "expires_at": "2020-03-10",
                 "scopes": ["read"]}  # fmt: skip
        assert as_(at).post(reverse("admin:access_apikey_add"), typed).status_code == 200
        assert ApiKey.objects.latest("pk").expires_at == end_of(TODAY)
        with pytest.raises(Invalid) as refused:
            issue_key(enterprise=at.enterprise, name="x", expires_at=NOON, by=at.director)
    assert [each.message for each in refused.value.errors] == [PAST]


def test_a_filter_to_a_day_includes_it() -> None:
    moments = [end_of(YESTERDAY), beginning_of(TODAY), end_of(TODAY), beginning_of(TOMORROW)]
    with clock_at(NOON - 2 * DAY):
        at = desk()
    numbers = []
    for moment in moments:
        with clock_at(moment):
            numbers.append(filed(at, needed_by=moment + 3 * DAY).number)

    def found(**asked: str) -> list[str]:
        answer = client_with(at.token).get(reverse("api:tickets"), asked).json()
        return sorted(each["number"] for each in answer["results"])

    with clock_at(moments[-1]):
        assert found(filed_to="2020-03-10") == numbers[:3]
        assert found(filed_from="2020-03-10", filed_to="2020-03-10") == numbers[1:3]
        assert found(filed_to="2020-03-10T00:00:00+08:00") == numbers[:1]
        assert found(needed_by="2020-03-13") == numbers[:3]
        assert found(needed_by="2020-03-12") == numbers[:1]
