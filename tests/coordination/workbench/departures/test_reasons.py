"""The reason that was asked for is kept and shown, whatever happens to whom."""

import pytest

from coordination.groups.models import GroupRevision
from coordination.groups.revise import record_group
from coordination.staff.models import OfficerRevision, Role
from coordination.tickets.flow import Verb
from coordination.tickets.queries_words import text_of
from coordination.tickets.verbs.registry import perform
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import Closing, Kind, close_group, relieve_officer
from tests.coordination.workbench.departures.test_relieve import relief
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.mark.parametrize("kind", list(Kind))
def test_the_reason_is_kept_whatever_happens(at: Desk, kind: Kind) -> None:
    given = {"group": at.other_group, "role": Role.GROUP_LEAD, "to": To.LEAVE, "reason": "退休"}
    count = OfficerRevision.objects.count()
    relieve_officer(relief=relief(at, kind=kind, **given), by=at.director)
    last = OfficerRevision.objects.latest("pk")
    assert (last.officer, last.reason, last.by) == (at.liaison, "退休", at.director)
    assert OfficerRevision.objects.count() == count + 1


def test_a_group_keeps_the_reason_of_its_closing(at: Desk) -> None:
    close_group(closing=Closing(group=at.group, to=To.LEAVE, reason="撤并"), by=at.director)
    last = GroupRevision.objects.latest("pk")
    assert (last.group, last.reason, last.by) == (at.group, "撤并", at.director)
    at.group.refresh_from_db()
    at.group.is_active = True
    record_group(group=at.group, changed=["is_active"], by=at.director)
    assert GroupRevision.objects.latest("pk").reason == ""


def test_a_ticket_given_alone_does_not_say_why_an_officer_leaves(at: Desk) -> None:
    mine = perform(Verb.ACCEPT, ticket=filed(at), by=at.deputy)
    relieve_officer(relief=relief(at, officer=at.deputy, reason="退休"), by=at.director)
    event = mine.events.select_related("text").get(verb=Verb.HAND_OVER)
    assert text_of(event) == {}
    assert OfficerRevision.objects.latest("pk").reason == "退休"
