"""An enterprise's name and code change from a day on; what was filed before keeps the old ones."""

from datetime import date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from coordination.bulletins.week import SHANGHAI
from coordination.intake.feed.sequence import sequence
from coordination.tickets.models import Ticket
from coordination.tickets.search.find import found_by
from coordination.workbench.export.rows import batches, headings
from projects.record.clock import clock_at
from projects.record.refusals import Invalid, NotAllowed, Stale
from projects.register.models import Enterprise, EnterpriseRevision
from projects.register.names import Names, called
from projects.register.registration import register_enterprise, revise_enterprise
from projects.register.revisions import wrong_enterprises
from projects.register.suggest import enterprise_from_text, suggest_enterprises
from tests.bed.races import race
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, enterprise, filed, uscc

pytestmark = pytest.mark.django_db
CODE = uscc(7_000_001)
OLD, NEW, NEWEST = "示例机械有限公司", "示例智能装备股份有限公司", "示例装备集团有限公司"
MONDAY = datetime(2020, 3, 2, 9, tzinfo=SHANGHAI)


def on(day: int) -> datetime:
    return datetime(2020, 3, day, 9, tzinfo=SHANGHAI)


@pytest.fixture
def at() -> Desk:
    """A desk whose enterprise is called OLD."""
    with clock_at(MONDAY):
        here = desk()
        here.enterprise.name = OLD
        here.enterprise.save()
    return here


def renamed(here: Desk) -> Enterprise:
    """NEW from the 4th, recorded on the 6th; NEWEST, with another code, from the 9th."""
    code = here.enterprise.uscc
    with clock_at(on(6)):
        row = revise_enterprise(
            enterprise=here.enterprise, name=f" {NEW} ", uscc=code, since=date(2020, 3, 4),
            reason="更名", by=here.duty_desk,
        )  # fmt: skip
    with clock_at(on(9)):
        row = revise_enterprise(
            enterprise=row, name=NEWEST, uscc=CODE.lower(), since=date(2020, 3, 9),
            reason="重新登记", version=row.revision, by=here.director,
        )  # fmt: skip
    here.enterprise.refresh_from_db()
    here.key.refresh_from_db()
    return row


def test_each_day_has_its_name_and_code(at: Desk) -> None:
    code = at.enterprise.uscc
    row = renamed(at)
    assert (row.name, row.uscc, row.since, row.revision) == (NEWEST, CODE, date(2020, 3, 9), 3)
    days = {day: tuple(called(row, on(day))) for day in (1, 3, 4, 8, 9, 20)}
    assert days == {
        1: (OLD, code), 3: (OLD, code), 4: (NEW, code), 8: (NEW, code), 9: (NEWEST, CODE),
        20: (NEWEST, CODE),
    }  # fmt: skip
    kept = EnterpriseRevision.objects.filter(enterprise=row).values_list(
        "name", "since", "reason", "by"
    )
    assert list(kept)[-2:] == [
        (NEW, date(2020, 3, 4), "更名", at.duty_desk.pk),
        (NEWEST, date(2020, 3, 9), "重新登记", at.director.pk),
    ]
    assert list(wrong_enterprises()) == []


def test_the_same_day_corrects_the_revision_before(at: Desk) -> None:
    row = renamed(at)
    with clock_at(on(10)):
        revise_enterprise(
            enterprise=row, name="示例装备集团", uscc=CODE, since=date(2020, 3, 9),
            reason="更正错字", by=at.director,
        )  # fmt: skip
    row.refresh_from_db()
    assert called(row, on(9)).name == "示例装备集团"
    assert called(row, on(8)).name == NEW


def test_what_is_wrong_is_named_and_nothing_changes(at: Desk) -> None:
    row = renamed(at)
    other = enterprise()
    before = (
        Enterprise.objects.filter(pk=row.pk).values().get(), EnterpriseRevision.objects.count(),
    )  # fmt: skip
    right: dict[str, Any] = {
        "name": "又一个名称", "uscc": CODE, "since": date(2020, 3, 10), "reason": "更名",
    }  # fmt: skip
    former = EnterpriseRevision.objects.filter(enterprise=row).order_by("pk").first()
    assert former is not None
    cases: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
        ({"name": " "}, [("name", "blank")]),
        ({"name": "长" * 121}, [("name", "max_length")]),
        ({"name": NEWEST, "since": date(2020, 3, 9)}, [("name", "invalid")]),
        ({"uscc": other.uscc}, [("uscc", "unique")]),
        ({"uscc": "91410305"}, [("uscc", "uscc")]),
        ({"uscc": CODE[:-1] + ("0" if CODE[-1] != "0" else "1")}, [("uscc", "uscc-check")]),
        ({"since": date(2020, 3, 8)}, [("since", "date-order")]),
        ({"since": date(2020, 3, 13)}, [("since", "date-order")]),
        ({"reason": " "}, [("reason", "required")]),
        ({"reason": "长" * 201}, [("reason", "max_length")]),
        ({"name": "", "reason": ""}, [("name", "blank"), ("reason", "required")]),
    ]
    with clock_at(on(12)):
        for wrong, expected in cases:
            with pytest.raises(Invalid) as refused:
                revise_enterprise(enterprise=row, by=at.director, **(right | wrong))
            found = [(str(each.path[0]), each.code) for each in refused.value.errors]
            assert found == expected, wrong
        with pytest.raises(NotAllowed):
            revise_enterprise(enterprise=row, by=at.liaison, **right)
        with pytest.raises(Stale):
            revise_enterprise(enterprise=row, by=at.director, version=2, **right)
        with pytest.raises(Invalid):  # it was this one's code
            register_enterprise(uscc=former.uscc, name="另一家", by=at.director)
    assert before == (
        Enterprise.objects.filter(pk=row.pk).values().get(), EnterpriseRevision.objects.count(),
    )  # fmt: skip


def test_it_is_suggested_and_found_by_every_name_it_had(at: Desk) -> None:
    old_code = at.enterprise.uscc
    with clock_at(on(3)):
        ticket = filed(at)
    row = renamed(at)
    shown = f"{CODE} {NEWEST}"
    with override("zh-hans"):
        suggested = {
            typed: suggest_enterprises(typed, project=at.project, on=date(2020, 3, 12))
            for typed in ("装备集团", "机械有限", "智能装备", old_code[:12], CODE[:12])
        }
    assert suggested == {
        "装备集团": [shown],
        "机械有限": [f"{shown} （曾用名：{OLD}）"],
        "智能装备": [f"{shown} （曾用名：{NEW}）"],
        old_code[:12]: suggested[old_code[:12]],
        CODE[:12]: [shown],
    }
    assert len(suggested[old_code[:12]]) == 1
    for typed in (NEWEST, OLD, NEW, CODE, old_code, suggested["机械有限"][0]):
        assert enterprise_from_text(typed) == row, typed
    for typed in ("机械有限", NEWEST, old_code):
        condition = found_by(typed)
        assert condition is not None
        assert list(Ticket.objects.filter(condition)) == [ticket]


def test_whoever_has_the_name_now_is_meant_before_whoever_had_it(at: Desk) -> None:
    renamed(at)
    now_called = register_enterprise(uscc=uscc(7_000_002), name=OLD, by=at.director)
    assert enterprise_from_text(OLD) == now_called


def test_tickets_pages_exports_and_feed_have_the_name_of_then(at: Desk) -> None:
    code = at.enterprise.uscc
    tickets = []
    for day in (3, 5):
        with clock_at(on(day)):
            tickets.append(filed(at))
    renamed(at)
    with clock_at(on(12)):
        tickets.append(filed(at))
        sequence()
        client = Client()
        client.force_login(at.lead)
        queue = client.get(reverse("admin:tickets_ticket_changelist") + "?status=open&order=oldest")
        pages = [
            client.get(reverse("admin:tickets_ticket_change", args=[each.pk])) for each in tickets
        ]
        feed = client_with(at.token).get(reverse("api:feed")).json()["results"]
    expected = [(OLD, code), (NEW, code), (NEWEST, CODE)]
    assert [row.enterprise for row in queue.context["rows"]] == [name for name, _ in expected]
    parties = [
        {each.name: each.context for each in page.context["panels"]}["parties"] for page in pages
    ]
    assert [tuple(each["enterprise"]) for each in parties] == expected
    assert [each["now"] and tuple(each["now"]) for each in parties] == [
        (NEWEST, CODE), (NEWEST, CODE), None,
    ]  # fmt: skip
    entries = [
        {each.name: each.context for each in page.context["panels"]}["timeline"]["entries"]
        for page in pages
    ]
    assert [each[0].who for each in entries] == [name for name, _ in expected]
    assert [each["actor"]["name"] for each in feed] == [name for name, _ in expected]
    place = headings().index(gettext("Enterprise"))
    (rows,) = batches(Ticket.objects.order_by("pk"))
    assert [(row[place], row[place + 1]) for row in rows] == expected


def test_names_of_many_cost_one_query_and_none_where_nobody_was_renamed(at: Desk) -> None:
    others = [enterprise() for _number in range(3)]
    with CaptureQueriesContext(connection) as queries:
        Names(others).at(others[0], on(3))
    assert len(queries) == 0
    rows = [renamed(at), *others]
    with CaptureQueriesContext(connection) as queries:
        names = Names(rows)
        for row in rows:
            names.at(row, on(3))
    assert len(queries) == 1


def test_the_desk_changes_it_on_a_page_and_others_do_not(at: Desk) -> None:
    address = reverse("admin:register_enterprise_revise", args=[at.enterprise.pk])
    page = reverse("admin:register_enterprise_change", args=[at.enterprise.pk])
    typed = {
        "name": NEW, "uscc": at.enterprise.uscc, "since": "2020-03-04", "reason": "更名",
        "version": at.enterprise.revision,
    }  # fmt: skip
    client = Client()
    with clock_at(on(6)):
        client.force_login(at.liaison)
        assert client.post(address, typed).status_code == 403
        client.force_login(at.duty_desk)
        wrong = client.post(address, typed | {"since": "2020-04-01"})
        assert list(wrong.context["form"].errors) == ["since"]
        assert client.post(address, typed).status_code == 302
        shown = client.get(page).content.decode()
    assert shown.count(NEW) >= 2  # the row, and its revision
    assert OLD in shown
    at.enterprise.refresh_from_db()
    assert (at.enterprise.name, at.enterprise.since) == (NEW, date(2020, 3, 4))


def test_what_was_changed_past_the_verbs_is_named(superuser_cursor: psycopg.Cursor[Any]) -> None:
    row = desk().enterprise
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute("UPDATE register_enterprise SET name = '改' WHERE id = %s", [row.pk])
    superuser_cursor.execute("SET session_replication_role = origin")
    assert list(wrong_enterprises()) == [("register.enterprise", str(row.pk), "revision")]


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_stale() -> None:
    here = desk()
    row = here.enterprise
    today = date(2020, 1, 1)

    def change_to(name: str) -> Any:
        return lambda: revise_enterprise(
            enterprise=row, name=name, uscc=row.uscc, since=today, reason="更名",
            version=row.revision, by=here.director,
        )  # fmt: skip

    outcomes = race(change_to("甲"), change_to("乙"))
    assert sorted(type(each.error).__name__ for each in outcomes) == ["NoneType", "Stale"]
    row.refresh_from_db()
    assert (row.revision, row.revisions.count()) == (2, 2)
