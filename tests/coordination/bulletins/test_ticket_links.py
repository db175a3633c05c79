"""Each linked figure of an issue about tickets opens as many rows as it says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
from coordination.tickets.figure_links import entries_by_group
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Figures, Period
from projects.house.sheets import sheet_of
from projects.record.clock import clock_at
from tests.coordination.tickets.verb_inputs import inputs_for
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - WEEK
HOUR: Final = timedelta(hours=1)


def done(verb: str, ticket: Any, by: Any, at: Desk, **given: Any) -> None:
    perform(verb, ticket=ticket, by=by, **{**inputs_for(verb, at), **given})


@pytest.fixture
def at() -> Desk:
    with clock_at(START - timedelta(days=20)):
        return desk()


def busy(at: Desk) -> None:
    """Two kinds and two groups, in time and late, before the week, in it and after it."""
    with clock_at(START - timedelta(days=3)):
        old, passed, settled = filed(at), filed(at), filed(at, "worker_return")
        for ticket in (old, passed, settled):
            done(Verb.ACCEPT, ticket, at.liaison, at)
        done(Verb.RESOLVE, settled, at.liaison, at)
        done(Verb.CONFIRM, settled, at.key, at, satisfaction=5)
    with clock_at(START + HOUR):
        prompt, declined, waiting = filed(at, "worker_return"), filed(at), filed(at)
        done(Verb.ACCEPT, prompt, at.liaison, at)
        done(Verb.DECLINE, declined, at.liaison, at)
        done(Verb.REOPEN, settled, at.lead, at)
    with clock_at(START + 2 * HOUR):
        done(Verb.PASS_ON, passed, at.lead, at, group=at.other_group)
        done(Verb.RESOLVE, prompt, at.liaison, at)
    with clock_at(START + timedelta(days=6)):
        done(Verb.SUPERVISE, passed, at.director, at)
        done(Verb.RESOLVE, old, at.liaison, at)
        done(Verb.CONFIRM, prompt, at.key, at, satisfaction=5)
    with clock_at(END + HOUR):
        done(Verb.ACCEPT, waiting, at.liaison, at)
        done(Verb.RESOLVE, waiting, at.liaison, at)
        filed(at)


def linked(figures: Figures, period: Period) -> Iterator[tuple[str, Any, str]]:
    for block in BLOCKS.newest():
        for table in block.tables:
            sheet = sheet_of(block.name, table, figures[block.name]["figures"], period)
            for row in sheet.rows:
                for name, cell in sheet.named(row).items():
                    if cell.link and "/ledger/" in cell.link:
                        yield f"{block.name} {row.titles} {name}", cell.value, cell.link


@pytest.mark.parametrize("end", [END, END - timedelta(days=2, minutes=7, microseconds=3)])
def test_each_figure_opens_as_many_entries_as_it_says(
    at: Desk, client: Client, end: datetime
) -> None:
    busy(at)
    period = Period(START, end)
    client.force_login(at.director)
    with clock_at(END + 2 * HOUR):
        found = list(linked(count_blocks(period), period))
        opened = [
            (where, number, len(client.get(link).context["entries"]))
            for where, number, link in found
        ]
    assert [each for each in opened if each[1] != each[2]] == []
    assert {where.split(" ")[0] for where, *_rest in opened} == {"handling", "tickets"}
    assert max(number for _where, number, _opened in opened) > 2


def test_a_lead_opens_his_own_groups_figures_and_is_refused_anothers(
    at: Desk, client: Client
) -> None:
    """In all he sees his own part, and the page says so."""
    busy(at)
    period = week_to(END)
    client.force_login(at.lead)
    with clock_at(END + 2 * HOUR):
        figures = count_blocks(period)
        moved = {
            key: (number, client.get(link))
            for key in (at.group.code, at.other_group.code, "")
            for number, link in [of_group(figures, period, key, "open_after")]
        }
    number, own = moved[at.group.code]
    assert (own.status_code, len(own.context["entries"])) == (200, number)
    assert moved[at.other_group.code][1].status_code == 403
    number, whole = moved[""]
    assert len(whole.context["entries"]) < number
    assert at.group.name in whole.context["subtitle"]


def of_group(figures: Figures, period: Period, code: str, name: str) -> tuple[int, str]:
    """A group's figure, or that of all, with its address."""
    row = figures["handling"]["figures"]
    number = row["by_group"][code][name] if code else row[name]
    return number, entries_by_group("after")(period, (code,) if code else ())


@pytest.mark.parametrize(
    "query", ["week=0001-01-01T00:00:00Z", "week=2020-03-09T17:00&since=0001-01-01T00:00:00Z"]
)
def test_a_moment_that_no_clock_shows_is_left_out(at: Desk, client: Client, query: str) -> None:
    client.force_login(at.director)
    assert client.get(f"{reverse('admin:ledger')}?{query}").status_code == 200
    assert client.get(f"{reverse('resumption')}?at=0001-01-01T00:00:00Z").status_code == 200
