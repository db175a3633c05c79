"""Each linked figure of an issue about tickets opens as many rows as it says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.test import Client

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, WEEK, week_to
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


def test_a_lead_opens_what_his_own_group_has(at: Desk, client: Client) -> None:
    busy(at)
    period = week_to(END)
    client.force_login(at.lead)
    with clock_at(END + 2 * HOUR):
        links = {
            where: link
            for where, _number, link in linked(count_blocks(period), period)
            if where.startswith("handling") and where.endswith("moved_in")
        }
        found = {where: len(client.get(link).context["entries"]) for where, link in links.items()}
    assert len(found) == 2
    assert set(found.values()) == {0}
