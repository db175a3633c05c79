"""The ledger's pages: who sees which rows, what a figure opens, the file."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.record.clock import now
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
LEDGER: Final = reverse("admin:ledger")


def logged_in(officer: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def opened(officer: Officer, column: str, **asked: Any) -> Any:
    address = reverse("admin:ledger_entries", args=[column])
    return logged_in(officer).get(address, asked)


@pytest.fixture
def here() -> Desk:
    made = desk()
    filed(made)
    perform(
        Verb.PASS_ON, ticket=filed(made), by=made.liaison, group=made.other_group, reason="不属本组"
    )
    return made


def rows_of(officer: Officer, **asked: Any) -> dict[str, list[int]]:
    book = logged_in(officer).get(LEDGER, asked).context["book"]
    return {str(row.label): [row.figures[each] for each in book.columns] for row in book.rows}


def test_the_centre_sees_every_group(here: Desk) -> None:
    assert rows_of(here.auditor) == {
        here.group.name: [0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 0],
        here.other_group.name: [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0],
    }


@pytest.mark.parametrize("who", ["lead", "liaison"])
def test_who_serves_in_a_group_sees_its_row_alone(here: Desk, who: str) -> None:
    own = {here.group.name: [0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 0]}
    officer = getattr(here, who)
    assert rows_of(officer) == own
    assert rows_of(officer, group=here.other_group.pk) == own  # the wish is not his to have
    assert opened(officer, "after", key=here.other_group.pk).status_code == 404
    assert opened(officer, "after", key="none").status_code == 404


def test_a_figure_opens_its_tickets_and_links_those_that_he_may_open(here: Desk) -> None:
    for officer, links in ((here.lead, 1), (here.auditor, 2)):
        page = opened(officer, "filed", key=here.group.pk)
        assert len(page.context["entries"]) == 2
        assert len(re.findall(r"ticket/\d+/change", page.content.decode())) == links


def test_nonsense_is_no_page(here: Desk) -> None:
    assert opened(here.auditor, "bought").status_code == 404
    assert opened(here.auditor, "filed", key="1;--").status_code == 404
    said = logged_in(here.auditor).get(LEDGER, {"first": "2020-03-09", "last": "2020-03-01"})
    assert "The last day must not be before the first." in said.content.decode()
    assert logged_in(here.auditor).get(LEDGER, {"by": "colour", "kind": "x"}).status_code == 200
    assert Client().get(LEDGER).status_code == 302


def test_a_period_before_there_was_anything_is_empty(here: Desk) -> None:
    assert rows_of(here.auditor, first="2019-01-01", last="2019-12-31") == {}
    today = timezone.localdate(now())
    assert rows_of(here.auditor, first=today, last=today + timedelta(days=400)) != {}


def test_the_page_for_paper_holds_the_table_alone(here: Desk) -> None:
    page = logged_in(here.auditor).get(LEDGER, {"print": "1"}).content.decode()
    assert page.count("<table") == 1
    assert "<a " not in page


def test_the_file_holds_the_table_and_no_formula(here: Desk) -> None:
    here.group.name = "=1+1"
    here.group.save()
    answer = logged_in(here.auditor).get(reverse("admin:ledger_excel"))
    assert answer["Content-Disposition"].startswith('attachment; filename="ledger-')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
        words = file.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in words
    assert [int(n) for n in re.findall(r"<v>(\d+)</v></c>", row(sheet, 5))[1:-1]] == [
        0, 2, 0, 0, 1, 0, 0, 0, 1, 0, 0,
    ]  # fmt: skip


def row(sheet: str, number: int) -> str:
    found = re.search(rf'<row r="{number}".*?</row>', sheet)
    return found[0] if found else ""


def test_as_many_queries_for_one_row_as_for_many(here: Desk) -> None:
    client = logged_in(here.auditor)
    client.get(LEDGER)
    with CaptureQueriesContext(connection) as few:
        client.get(LEDGER)
    for _ in range(3):
        filed(desk())
    with CaptureQueriesContext(connection) as many:
        client.get(LEDGER)
    assert len(few) == len(many)
