"""What each officer finds on his desk."""

import pytest
from django.test import Client
from django.urls import reverse

from coordination.staff.models import Officer
from tests.factories.coordination import Desk, desk, filed, officer, project

LIST = reverse("admin:tickets_ticket_changelist")
ALL = f"{LIST}?status="
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def test_the_desk_of_a_liaison(at: Desk) -> None:
    ticket = filed(at)
    found = as_(at.liaison).get(reverse("admin:index")).context["desk"]
    assert (found.mine.tickets, found.in_group.tickets) == ([ticket], [ticket])
    assert found.unserved is None
    assert found.counts[0][2] == 1
    other = as_(at.other_liaison).get(reverse("admin:index")).context["desk"]
    assert (other.mine.tickets, other.in_group.tickets) == ([], [])


def test_the_desk_of_the_centre(at: Desk) -> None:
    ticket = filed(at)
    page = as_(at.duty_desk).get(reverse("admin:index"))
    found = page.context["desk"]
    assert (found.mine, found.unserved.tickets) == (None, [])
    assert found.open_anywhere.tickets == [ticket]
    assert "1/1" in page.content.decode()
    project()
    assert "1/2" in as_(at.duty_desk).get(reverse("admin:index")).content.decode()


def test_an_officer_in_no_group_has_an_empty_desk(at: Desk) -> None:
    filed(at)
    found = as_(officer()).get(reverse("admin:index")).context["desk"]
    assert (found.mine.tickets, found.in_group.tickets) == ([], [])
