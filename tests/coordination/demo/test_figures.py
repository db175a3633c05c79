"""The figures that Luoyang published for 9 March 2020, counted from the rows of the data set."""

import shlex
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils.timezone import localdate

from coordination.bulletins.models import Bulletin
from coordination.bulletins.week import week_to
from coordination.demo.keys import logins, project_code
from coordination.demo.load import load
from coordination.demo.management.commands.demo import ticket_line
from coordination.demo.people import PASSWORD
from coordination.groups.models import Assignment
from coordination.groups.queries import group_of, unserved
from coordination.staff.models import Officer, Role
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketEvent
from projects.access.keys import issue_key
from projects.access.models import ApiKey
from projects.flow.chain import altered
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience, Shape
from projects.house.sheets import with_unit
from projects.progress.models import DailyReport
from projects.record.clock import now
from projects.register.counted import CLASS
from projects.register.models import Enterprise, Project, ProjectRevision
from tests.coordination.demo.luoyang import luoyang as loaded
from tests.coordination.staff.scene import sign_in
from tests.factories.bulletins import draft_of, drawn, in_force

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
COUNTED = (
    Project,
    ProjectRevision,
    Enterprise,
    DailyReport,
    Assignment,
    Officer,
    TicketEvent,
    ApiKey,
)


@pytest.fixture(scope="module")
def luoyang(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The data set, committed, with its bulletin built; a token to read it with."""
    with django_db_blocker.unblock(), loaded():
        in_force(draft_of(CUT_OFF))
        owner = Enterprise.objects.get(participations__project__code=project_code())
        _key, token = issue_key(
            enterprise=owner, name="test", by=Officer.objects.get(username="dutydesk")
        )
        yield token


@pytest.fixture
def bulletin(luoyang: str, db: None, client: Client) -> dict[str, Any]:
    """As the API gives it."""
    headers = {"Authorization": f"Bearer {luoyang}"}
    answer = client.get("/api/v1/bulletins/2020-03-09/", headers=headers)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_the_register_adds_up_to_the_first_batch(bulletin: dict[str, Any]) -> None:
    register = bulletin["figures"]["register"]
    wanted = {"projects": 515, "total_investment": "4851.00", "annual_investment": "1572.00"}
    assert {name: register[name] for name in wanted} == wanted
    grown = {"projects": 60, "total_investment": "578.00", "annual_investment": "202.00"}
    assert {name: register["year_on_year"][name] for name in grown} == grown


def test_resumption_is_what_was_published(bulletin: dict[str, Any]) -> None:
    resumption = bulletin["figures"]["resumption"]
    assert (resumption["planned"], resumption["resumed"], resumption["rate"]) == (331, 313, "94.6")
    provincial = resumption["provincial"]
    assert (provincial["planned"], provincial["resumed"], provincial["rate"]) == (100, 97, "97.0")


def test_investment_stands_beside_the_published_plan(bulletin: dict[str, Any]) -> None:
    """The plan of the year is what was published; all else of it is an example."""
    investment = bulletin["figures"]["investment"]
    names = ("annual_plan", "quarter_target", "quarter_actual", "quarter_rate", "rate")
    assert {name: investment[name] for name in (*names, "time_progress")} == {
        "annual_plan": "1572.00", "quarter_target": "311.71", "quarter_actual": "229.38",
        "quarter_rate": "73.6", "rate": "14.6", "time_progress": "18.9",
    }  # fmt: skip
    lights = [investment[name] for name in ("green", "yellow", "red", "unlit")]
    assert sum(lights) == investment["projects"] == 515
    assert min(lights[:3]) > 50
    assert sum(float(row["annual_plan"]) for row in investment["by_district"]) == pytest.approx(
        1572, abs=0.1
    )


def test_the_districts_add_up(bulletin: dict[str, Any]) -> None:
    rows = bulletin["figures"]["resumption"]["by_district"]
    assert len(rows) == 17
    assert sum(row["planned"] for row in rows) == 331
    assert sum(row["resumed"] for row in rows) == 313
    assert {"code", "name", "planned", "resumed", "rate", "rank"} <= set(rows[0])


def test_every_project_is_served_one_to_one(bulletin: dict[str, Any]) -> None:
    assert bulletin["figures"]["coverage"] == {
        "projects": 515, "served": 515, "unserved": 0, "broken": 0,
        "reasons": {  # no assignment is broken
            "group_out_of_service": None, "group_empty": None, "liaison_inactive": None,
            "liaison_role": None, "liaison_moved": None, "on_leave": None,
        },
    }  # fmt: skip
    assert not unserved(now()).exists()
    loads = [Assignment.objects.filter(group__ordinal=ordinal).count() for ordinal in range(1, 6)]
    assert sum(loads) == 515
    assert min(loads) >= 90


def test_the_tickets_reconcile_and_reach_what_was_published(bulletin: dict[str, Any]) -> None:
    figures = bulletin["figures"]
    assert set(figures["tickets"]) == set(KINDS)
    for row in figures["tickets"].values():
        left = row["open_before"] + row["filed"] + row["reopened"] - row["ended"]
        assert left == row["open_after"]
        assert row["open_after"] > 0
    assert figures["tickets"]["vehicle_pass"]["cumulative_settled"] >= 60
    assert figures["people_returned"]["cumulative"] >= 700
    assert len(bulletin["hash"]) == 64


def test_the_figures_are_the_same_bytes_each_time(bulletin: dict[str, Any]) -> None:
    """A change of this hash is a change of what the demonstration's data set counts to.

    So it changes with every block that comes, and with nothing else.
    """
    assert bulletin["hash"] == "86049ab45ace73d86540ad5abf04342fb2e12a8f387d54c78c48528f9024e35b"


def test_nobody_is_named(luoyang: str, db: None) -> None:
    assert Bulletin.objects.get().blocks["named"]["figures"] == {
        "given": 0, "annulled": 0, "named": 0, "corrected": 0, "tickets": [], "corrections": [],
        "withdrawn": [],
    }  # fmt: skip


def places_of(value: Any) -> set[tuple[str, ...]]:
    """Where each figure of a block stands; what is in a list stands below a star."""
    if isinstance(value, Shape) and value.is_list:
        return {("*", *rest) for rest in places_of(Shape(value.fields))}
    if isinstance(value, list):
        return {("*", *rest) for each in value for rest in places_of(each)}
    inner = value.fields if isinstance(value, Shape) else value
    if not isinstance(inner, dict):
        return {()}
    return {(name, *rest) for name, each in inner.items() for rest in places_of(each)}


def test_each_figure_is_declared_and_each_declared_one_is_there(bulletin: dict[str, Any]) -> None:
    figures = bulletin["figures"]
    offered = [block for block in BLOCKS.newest() if block.audience == Audience.ALL]
    assert list(figures) == [block.name for block in offered]
    for block in offered:
        declared = places_of(block.shape(Audience.ALL))
        found = places_of(figures[block.name])
        # A reason or a unit that nothing has is null instead of what is declared below it.
        null = {each for each in found for below in declared - found if below[: len(each)] == each}
        found -= null
        declared = {each for each in declared if not any(each[: len(n)] == n for n in null)}
        if block.name == "late":  # no report came late
            assert figures["late"] == {"corrections": []}
            continue
        if block.name == "year":  # each month is a row of its own
            months = {each[:2] for each in found}
            assert months == {("months", "2020-02"), ("months", "2020-03")}
            names = {column.name for table in block.tables for column in table.columns}
            declared = {(*month, name) for month in months for name in names}
        if block.name == "quantities":  # any other unit is a row of its own, with the same columns
            rows = {each[:2] for each in declared}
            others = {each for each in found if each[:2] not in rows}
            columns = {each[2] for each in declared}
            assert others == {(*each[:2], name) for each in others for name in columns}
            declared = {each for each in declared if each[:2] in {row[:2] for row in found}}
            found -= others
        assert found == declared, block.name


def test_each_declared_figure_is_drawn(luoyang: str, db: None) -> None:
    blocks = Bulletin.objects.get().blocks
    sheets = list(drawn(blocks, week_to(CUT_OFF)).sheets())
    tables = [
        table for block in BLOCKS.newest() for table in block.tables
        if not table.in_words and any(table.lines(blocks[block.name]["figures"]))
    ]  # fmt: skip
    assert sorted(sheet.title for sheet in sheets) == sorted(
        with_unit(table.title, table.unit) for table in tables
    )
    # No district is in a class, and a column of words that has none is not printed.
    widths = {
        with_unit(table.title, table.unit): sum(column.name != CLASS for column in table.columns)
        for table in tables
    }
    assert {sheet.title: len(sheet.headings) for sheet in sheets} == widths
    empty = [
        (sheet.name, row.titles, sheet.headings.index(heading))
        for sheet in sheets
        for row in sheet.rows
        for heading, cell in zip(sheet.headings, row.cells, strict=True)
        if cell.value is None
    ]
    ranks = [("resumption", ("其中：省重点项目",), 4), ("resumption", ("合计",), 4)]
    ranks += [("investment", ("其中：省重点项目",), 7), ("investment", ("合计",), 7)]
    kinds = ("重点原材料", "物资运输", "疫情防控")
    unresolved = [  # nothing of which it could be a rate
        *(("handling", (kind,), 4) for kind in kinds), ("handling", ("协调服务第三组",), 4),
    ]  # fmt: skip
    assert empty == ranks + unresolved  # the ranks are of no district


def test_whatever_was_not_published_is_marked_as_an_example(luoyang: str, db: None) -> None:
    plain = Project.objects.filter(is_example=False)
    assert plain.count() == 8
    assert set(Project.objects.exclude(pk__in=plain).values_list("is_example", flat=True)) == {True}
    assert not Project.objects.filter(is_example=True).exclude(name__contains="示例").exists()
    unmarked = Enterprise.objects.exclude(name__contains="示例")
    assert [enterprise.name for enterprise in unmarked] == ["忠旺铝业"]
    cloud = Project.objects.get(name="中国移动洛阳中部云谷")
    assert cloud.resumed_on == date(2020, 2, 23)


def test_every_state_is_there_and_no_chain_is_broken(luoyang: str, db: None) -> None:
    statuses = set(Ticket.objects.values_list("status", flat=True))
    assert statuses == {
        "submitted", "in_progress", "need_info", "resolved", "closed", "declined", "withdrawn",
    }  # fmt: skip
    events = TicketEvent.objects.order_by("ticket", "seq").select_related("text")
    assert list(altered(events.iterator())) == []


def test_one_officer_per_role_logs_in(luoyang: str, db: None) -> None:
    roles = set()
    for username, _title in logins():
        assert sign_in(username, PASSWORD).status_code == 302
        roles.add(Officer.objects.get(username=username).role)
    assert roles == set(Role)


def test_the_printed_line_files_a_ticket(luoyang: str, db: None, client: Client) -> None:
    words = shlex.split(ticket_line("http://testserver", luoyang, localdate(now())))
    headers = dict(word.split(": ", 1) for word in words if ": " in word and word[0] != "{")
    headers["Idempotency-Key"] = "as-a-shell-would-fill-in"
    answer = client.post(
        words[2].removeprefix("http://testserver"), words[-1], headers.pop("Content-Type"),
        headers=headers,
    )  # fmt: skip
    assert answer.status_code == 201, answer.content.decode()
    ticket = Ticket.objects.get(number=answer.json()["number"])
    assert ticket.group is not None
    assert ticket.handler is not None
    printed = [username for username, _title in logins()]
    assert ticket.handler.username in printed  # whoever it reaches can log in and work it
    lead = Officer.objects.get(role="group_lead", username__in=printed)
    assert group_of(lead, now()) == ticket.group


def test_loading_again_changes_nothing(luoyang: str, db: None) -> None:
    before = [model._default_manager.count() for model in COUNTED]
    assert load() is False
    assert [model._default_manager.count() for model in COUNTED] == before


def test_production_refuses_the_data_set(db: None, settings: LazySettings) -> None:
    settings.DEMO_CLOCK = False
    before = Officer.objects.count()
    with pytest.raises(ImproperlyConfigured, match="DEMO_CLOCK"):
        load()
    assert Officer.objects.count() == before
