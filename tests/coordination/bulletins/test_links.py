"""Each figure of an issue opens the rows that it counted, as they were by its cut-off."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django.urls import reverse

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.paper import Paper
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from projects.house.blocks import Column, Period
from projects.house.sheets import Cell
from projects.investment.queries import Standing
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.classes import set_classes
from projects.register.models import District, PriorFiling, Project
from projects.register.registration import record_prior_filings, revise_project
from tests.factories.bulletins import drawn
from tests.factories.coordination import Desk, desk, filed, leave_group, project
from tests.projects.investment.scene import month
from tests.projects.investment.scene import planned as plan

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - WEEK
HOUR: Final = timedelta(hours=1)
LUOLONG, JIANXI, SONG = "410311", "410305", "410325"
PEOPLE: Final = {"required": "workers_required", "on_site": "workers_on_site"}
INVESTED: Final[dict[str, Callable[[Standing], Decimal | None]]] = {
    "annual_plan": lambda each: each.plan.annual, "year_actual": lambda each: each.year_actual,
    "quarter_target": lambda each: each.quarter_target,
    "quarter_actual": lambda each: each.quarter_actual,
}  # fmt: skip
MONEY: Final = {"total_investment", "annual_investment"}


def planned(code: str, day: date | None = date(2020, 3, 1), **counted: Any) -> Project:
    return project(
        district=District.objects.get(code=code), planned_resumption=day, **counted
    )  # fmt: skip


def working() -> Desk:
    """A week of everything that the linked blocks count, and what came too late for it."""
    with clock_at(START - timedelta(days=10)):
        at = desk()
        sites = [
            planned(LUOLONG, level="provincial"), planned(LUOLONG),
            planned(JIANXI, date(2020, 3, 9)), planned(SONG, phase="new_start"),
            planned(SONG, phase="new_start", level="provincial"),
            planned(JIANXI, date(2020, 6, 1), phase="new_start"),
            planned(JIANXI, None, phase="new_start"), planned("410302", date(2020, 3, 20)),
        ]  # fmt: skip
        for each in sites[:3]:
            take_on(project=each, group=at.other_group, liaison=at.other_liaison, by=at.duty_desk)
        filings = [
            {"year": 2019, "name": f"上年{n}", "total_investment": 5, "annual_investment": 2}
            for n in range(3)
        ]
        record_prior_filings(filings=filings, by=at.director)
        set_classes(
            classes={LUOLONG: "first", JIANXI: "first", SONG: "second"},
            since=date(2020, 2, 1), by=at.director,
        )  # fmt: skip
    with clock_at(START + HOUR):
        perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
        leave_group(officer=at.other_liaison, by=at.director)
    with clock_at(START + 2 * HOUR):
        for place, each in enumerate(sites[:6]):
            plan(each, at, "0.5", "1", "1", "0.5")
            month(each, at, 1, str(100 + 900 * place))
    with clock_at(END - HOUR):
        for place, (required, there) in enumerate([(10, 8), (20, 21), (5, None), (7, 7)]):
            report(
                project=sites[place], day=END.date(), resumed=place != 1,
                workers_required=required, workers_on_site=there, by=at.director,
            )  # fmt: skip
        report(project=sites[5], day=date(2020, 3, 8), resumed=True, by=at.director)
    with clock_at(END + HOUR):
        too_late(at, sites)
    return at


def too_late(at: Desk, sites: list[Project]) -> None:
    """What a list of now would show, and the issue's must not."""
    for each in sites:
        report(
            project=each, day=END.date(), resumed=each == sites[1], workers_required=100,
            workers_on_site=100, reason="更正", halt="" if each == sites[1] else "weather",
            by=at.director,
        )  # fmt: skip
    moved = {"district": District.objects.get(code="410303"), "level": "municipal"}
    for each in sites[:4]:
        revise_project(project=each, changes=moved, by=at.director)
    revise_project(project=sites[4], changes={"phase": "continuing"}, by=at.director)
    plan(sites[0], at, "2", "1", "0", "0", reason="调整")
    month(sites[1], at, 1, "1", reason="更正")
    planned(LUOLONG)
    extra = {"year": 2019, "name": "漏报", "total_investment": 1, "annual_investment": 1}
    record_prior_filings(filings=[extra], by=at.director)
    set_classes(classes={LUOLONG: "", SONG: "first"}, since=END.date(), by=at.director)
    take_on(project=sites[3], group=at.group, liaison=at.liaison, by=at.duty_desk)
    hand_over(
        project=sites[0], group=at.group, liaison=at.liaison, reason="调整", by=at.director
    )  # fmt: skip


def figures(paper: Paper) -> Iterator[tuple[str, Column | None, Cell]]:
    """Each figure with an address: where it is, its column where it is in a table, and its cell."""
    for sheet in paper.sheets():
        for row in sheet.rows:
            for column, cell in zip(sheet.columns, row.cells, strict=True):
                if cell.link:
                    yield f"{sheet.name} {row.titles} {column.name}", column, cell
    for section in paper.sections:
        for paragraph in section.paragraphs:
            for title, cell in paragraph.counted:
                yield f"{paragraph.key} {title}", None, cell


def opened(client: Client, column: Column | None, link: str) -> Any:
    """What the rows of the address say of the figure: how many they are, or what they add up to."""
    page = client.get(link)
    assert page.status_code == 200, link
    context = page.context
    asked = dict(parse_qsl(link.partition("?")[2]))
    if link.startswith(reverse("resumption")):
        assert context["asked"].state == asked["state"]
        shown = context["shown"]
        assert len(shown) == context["rows"].paginator.count
        if column is not None and column.name in PEOPLE:
            return sum(getattr(each, PEOPLE[column.name]) for _project, each, _by in shown)
        rows: list[Any] = [each for each, *_rest in shown]
    elif link.startswith(reverse("investment")):
        lines = [each["line"].standing for each in context["shown"]]
        assert len(lines) == context["number"]
        if column is not None and column.name in INVESTED:
            amounts = [INVESTED[column.name](each) or Decimal(0) for each in lines]
            return f"{sum(amounts, Decimal(0)):.2f}"
        return len(lines)
    elif "/ledger/" in link:
        return len(context["entries"])
    else:
        rows = list(context["cl"].result_list)
        assert len(rows) < 50
    if column is not None and column.name in MONEY:
        return f"{sum((getattr(each, column.name) for each in rows), Decimal(0)):.2f}"
    return len(rows)


def checked(client: Client, period: Period) -> set[str]:
    """Open each figure; the names of the blocks that have any."""
    paper = drawn(count_blocks(period), period)
    found = list(figures(paper))
    wrong = [
        (where, cell.value, said, cell.link)
        for where, column, cell in found
        for said in [opened(client, column, str(cell.link))]
        if said != cell.value
    ]
    assert wrong == []
    return {where.split(" ")[0].split(".")[0] for where, _column, _cell in found}


def test_each_figure_opens_as_many_rows_as_it_says(client: Client) -> None:
    at = working()
    client.force_login(at.director, backend="coordination.staff.roles.RoleBackend")
    assert PriorFiling.objects.count() == 4
    with clock_at(END + 2 * HOUR):
        linked = checked(client, week_to(END))
    assert linked >= {
        "register",
        "resumption",
        "starts",
        "workers",
        "reporting",
        "coverage",
        "investment",
    }


def test_a_preview_opens_what_is_recorded_to_the_instant(client: Client) -> None:
    at = working()
    client.force_login(at.director, backend="coordination.staff.roles.RoleBackend")
    end = END + HOUR + timedelta(seconds=30, microseconds=5)
    with clock_at(end):
        report(
            project=planned(LUOLONG), day=END.date(), resumed=True, workers_required=1,
            workers_on_site=1, by=at.director,
        )  # fmt: skip
    with clock_at(END + 2 * HOUR):
        assert "workers" in checked(client, Period(END, end))
