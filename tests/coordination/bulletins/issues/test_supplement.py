"""Blocks that came after an issue was built are kept beside it, as of its own cut-off."""

from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from coordination.bulletins.build import build
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.issues.audit import altered_issues, wrong_issues, wrong_supplements
from coordination.bulletins.issues.queries import missing_blocks
from coordination.bulletins.issues.supplement import supplement, supplement_of
from coordination.bulletins.models import Bulletin, Issue, IssueEvent, Supplement
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.staff.models import Role
from projects.house.block_registry import BLOCKS
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import draft_in_test, in_force
from tests.factories.coordination import Desk, desk, director, filed, officer

pytestmark = pytest.mark.django_db(transaction=True)
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
OLD: Final = {"register": 1, "tickets": 1}  # what a first issue might have had
LATER: Final = CUT_OFF + timedelta(days=90)


@pytest.fixture
def at() -> Desk:
    with clock_at(CUT_OFF - timedelta(days=2)):
        made = desk()
        filed(made)
        return made


def old_issue(at: Desk) -> Issue:
    with clock_at(CUT_OFF + timedelta(hours=1)):
        issue = in_force(draft_in_test(CUT_OFF, OLD))
        filed(at)  # too late for it
    return Issue.objects.get(pk=issue.pk)


def rows() -> list[list[Any]]:
    return [
        list(each.objects.order_by("pk").values_list())
        for each in (Issue, IssueEvent, Bulletin, Supplement)
    ]


def test_it_has_the_blocks_that_the_issue_lacks_as_of_its_cut_off(at: Desk) -> None:
    issue = old_issue(at)
    before = Bulletin.objects.filter(pk=issue.bulletin_id).values().get()
    expected = {
        name: each for name, each in count_blocks(week_to(CUT_OFF)).items() if name not in OLD
    }
    with clock_at(LATER):
        done = supplement(issue=issue, by=director())
    assert supplement_of(issue.bulletin) == expected
    assert expected["handling"]["figures"]["filed"] == 1
    assert Bulletin.objects.filter(pk=issue.bulletin_id).values().get() == before
    assert (done.status, done.version) == (issue.status, issue.version + 1)
    assert missing_blocks(issue.bulletin) == {}
    number = str(issue.bulletin_id)
    assert (list(altered_issues()), list(wrong_issues()), list(wrong_supplements(number))) == (
        [],
        [],
        [],
    )


def test_a_second_one_is_refused_and_adds_nothing(at: Desk) -> None:
    issue = old_issue(at)
    with clock_at(LATER):
        supplement(issue=issue, by=director())
        before = rows()
        with pytest.raises(NotAllowed):
            supplement(issue=issue, by=director())
    assert rows() == before


@pytest.mark.parametrize("role", [Role.LIAISON, Role.GROUP_LEAD, Role.AUDITOR])
def test_whoever_does_not_edit_issues_adds_nothing(at: Desk, role: Role) -> None:
    issue, by = old_issue(at), officer(role)
    before = rows()
    with clock_at(LATER), pytest.raises(NotAllowed):
        supplement(issue=issue, by=by)
    assert rows() == before


def test_a_draft_gets_none(at: Desk) -> None:
    with clock_at(CUT_OFF + timedelta(hours=1)):
        issue = build(cut_off=CUT_OFF).issue
        before = rows()
        with pytest.raises(NotAllowed):
            supplement(issue=issue, by=director())
    assert rows() == before


def test_an_enterprise_reads_what_is_for_all(at: Desk) -> None:
    issue = old_issue(at)
    read = client_with(at.token)
    address = "/api/v1/bulletins/2020-03-09/"
    assert read.get(address).json()["supplement"] is None
    with clock_at(LATER):
        supplement(issue=issue, by=director())
    said = read.get(address).json()
    found = said["supplement"]
    assert found["figures"]["handling"]["filed"] == 1
    assert found["figures"]["tickets"] is None
    assert said["figures"]["handling"] is None
    staff = {each.name for each in BLOCKS.newest() if each.audience == "staff"}
    assert staff & found["figures"].keys() == set()
    hashes = {name: each["hash"] for name, each in found["blocks"].items() if each}
    stored = Supplement.objects.exclude(block__in=staff).values_list("block", "hash")
    assert hashes == dict(stored)


def test_what_is_altered_or_deleted_is_named(
    at: Desk, superuser_cursor: psycopg.Cursor[Any]
) -> None:
    issue = old_issue(at)
    with clock_at(LATER):
        supplement(issue=issue, by=director())
    first, second = Supplement.objects.order_by("pk")[:2]
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute(
        "UPDATE bulletins_supplement SET figures = '{}' WHERE id = %s", [first.pk]
    )
    superuser_cursor.execute("DELETE FROM bulletins_supplement WHERE id = %s", [second.pk])
    superuser_cursor.execute("SET session_replication_role = origin")
    found = [each.row for each in wrong_supplements(str(issue.bulletin_id))]
    assert found == [str(first.pk), f"{second.event_id}/{second.block}"]


def test_the_issues_page_offers_it_and_shows_what_was_added(at: Desk, client: Client) -> None:
    issue = old_issue(at)
    page, act = (
        reverse("admin:bulletins_issue_change", args=[issue.pk]),
        reverse("admin:issue_verb", args=[issue.pk, "supplement"]),
    )
    shown = reverse("admin:issue_supplement", args=[issue.pk])
    client.force_login(director())
    with clock_at(LATER):
        assert act in client.get(page).content.decode()
        assert client.get(shown).status_code == 404
        done = client.post(act, {"version": issue.version})
        assert (done.status_code, done["Location"]) == (302, page)
        after = client.get(page).content.decode()
        assert act not in after
        assert shown in after
        said = client.get(shown).content.decode()
    assert "各服务组工单办理情况" in said
    assert "补充数据：本期印发后统计" in said
