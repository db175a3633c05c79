"""Pages about an enterprise, a project, a group, an officer: what each shows, and to whom."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.webhooks.endpoints import looked_up, open_webhook
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from projects.access.keys import issue_key, revoke_key
from projects.access.models import Scope
from projects.progress.admin_panels import DAYS
from projects.progress.report import report
from projects.record.clock import clock_at, now
from tests.coordination.workbench.test_ticket_pages import as_
from tests.factories.coordination import Desk, desk, filed, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    return desk()


PAGES: dict[str, Callable[[Desk], Any]] = {
    "register_enterprise": lambda at: at.enterprise,
    "register_project": lambda at: at.project,
    "groups_servicegroup": lambda at: at.group,
    "staff_officer": lambda at: at.liaison,
}


def page(at: Desk, who: Officer, name: str) -> Any:
    return as_(who).get(reverse(f"admin:{name}_change", args=[PAGES[name](at).pk]))


def panels(at: Desk, who: Officer, name: str) -> dict[str, Any]:
    return {each["name"]: each["context"] for each in page(at, who, name).context["panels"]}


@pytest.mark.parametrize(
    ("name", "who", "shown"),
    [
        ("register_enterprise", "liaison", ["participations", "tickets"]),
        ("register_enterprise", "duty_desk", ["participations", "tickets", "keys", "webhooks"]),
        ("register_enterprise", "auditor", ["participations", "tickets", "keys", "webhooks"]),
        (
            "register_project",
            "liaison",
            ["service", "leaders", "served", "reports", "reporters", "investment", "timeline"],
        ),
        ("groups_servicegroup", "lead", ["members", "tickets"]),
        ("groups_servicegroup", "system_admin", []),
        ("staff_officer", "lead", ["serving", "tickets"]),
        ("staff_officer", "security_admin", []),
    ],
)
def test_who_sees_which_panels(at: Desk, name: str, who: str, shown: list[str]) -> None:
    assert list(panels(at, getattr(at, who), name)) == shown


def test_an_enterprise(at: Desk) -> None:
    ticket = filed(at)
    filed(at, contact_name="赵六")
    key, _token = issue_key(
        enterprise=at.enterprise, name="ERP", scopes=list(Scope), by=at.director
    )
    over, _token = issue_key(
        enterprise=at.enterprise, name="旧", scopes=list(Scope), by=at.director
    )
    revoke_key(key=over, by=at.director)
    open_webhook(to=looked_up("https://erp.example.cn/hooks"), by=key)
    found = panels(at, at.duty_desk, "register_enterprise")
    assert [each.project for each in found["participations"]["present"]] == [at.project]
    assert found["tickets"]["numbers"]["open"] == 2
    assert [(name, mobile) for name, mobile, _ticket in found["tickets"]["contacts"]] == [
        ("赵**", "137****7000"), ("王**", "137****7000"),
    ]  # fmt: skip
    assert [each.name for each in found["keys"]["keys"]] == ["ERP", at.key.name]
    assert (found["keys"]["number"], found["keys"]["ended"]) == (2, 1)
    assert found["webhooks"]["endpoints"] == [WebhookEndpoint.objects.get()]
    text = page(at, at.duty_desk, "register_enterprise").content.decode()
    assert ("13700137000" in text, "王五" in text, ticket.number in text) == (False, False, True)


def test_a_lead_of_another_group_sees_no_ticket_of_it(at: Desk) -> None:
    filed(at)
    found = panels(at, at.other_lead, "register_enterprise")["tickets"]
    assert (found["numbers"]["open"], found["contacts"]) == (0, [])


def test_a_project(at: Desk) -> None:
    filed(at)
    today = timezone.localdate(now())
    with clock_at(now()):
        for back, on_site in ((40, 1), (2, 10), (1, 20)):
            report(
                project=at.project, day=today - timedelta(days=back), resumed=True,
                workers_on_site=on_site, by=at.liaison,
            )  # fmt: skip
        report(
            project=at.project, day=today - timedelta(days=2), resumed=True, workers_on_site=15,
            reason="更正", by=at.liaison,
        )  # fmt: skip
    hand_over(
        project=at.project, group=at.other_group, liaison=at.other_liaison, reason="调整",
        by=at.duty_desk,
    )  # fmt: skip
    found = panels(at, at.duty_desk, "register_project")
    assert [each.workers_on_site for each in found["reports"]["reports"]] == [20, 15]
    drawn = str(found["reports"]["curve"])
    assert re.findall(r"(\d+) on site<", drawn) == ["15", "20"]
    assert drawn.count(": not reported<") == DAYS - 2
    assert [each.liaison for each in found["served"]["assignments"]] == [
        at.other_liaison, at.liaison,
    ]  # fmt: skip
    assert found["service"]["numbers"]["open"] == 1


def test_a_group_and_an_officer(at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    members = panels(at, at.lead, "groups_servicegroup")["members"]
    assert {row.officer: number for row, number, _away in members["present"]} == {
        at.lead: 0, at.liaison: 1, at.deputy: 0,
    }  # fmt: skip
    assert members["projects"] == 1
    found = panels(at, at.lead, "staff_officer")
    assert [each.group for each in found["serving"]["memberships"]] == [at.group]
    assert (found["serving"]["own"], found["serving"]["deputy"]) == (1, 0)
    assert [each for each, *_rest in found["tickets"]["tickets"]] == [ticket]
    other = panels(at, at.other_lead, "staff_officer")
    assert other["tickets"]["tickets"] == []


@pytest.mark.parametrize("name", PAGES)
def test_as_many_queries_for_many_as_for_one(at: Desk, name: str) -> None:
    client, row = as_(at.duty_desk), PAGES[name](at)
    counts = []
    filed(at)
    for _round in range(2):
        client.get(reverse(f"admin:{name}_change", args=[row.pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"admin:{name}_change", args=[row.pk]))
        counts.append(len(queries))
        filed(at), filed(at), officer("liaison", at.group), officer("liaison", at.group)
    assert counts[0] == counts[1]
