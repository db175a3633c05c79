"""The boards: whose figures are shown to whom, and that each opens the rows that it counts."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from coordination.groups.revise import record_group
from coordination.staff.models import Officer
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over
from coordination.tickets.verbs.registry import perform
from coordination.workbench.board.draw import Board, DrawnPicture, board_of
from coordination.workbench.board.scope import public_view
from coordination.workbench.queue.filters import parse_queue
from projects.house.sheets import Cell
from projects.progress.report import report
from projects.record.clock import clock_at, now
from projects.register.registration import revise_project
from tests.factories.coordination import Desk, desk, filed, leave_group, project

BOARD = reverse("board")
QUEUE = reverse("admin:tickets_ticket_changelist")
_LONG = {"trend", "rate", "week-by-kind", "week-by-group", "week-by-district"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Desk:
    """A desk of a month ago, whose project was planned to be at work since."""
    with clock_at(now() - timedelta(days=28)):
        made = desk()
        planned = {"planned_resumption": timezone.localdate(now())}
        revise_project(project=made.project, changes=planned, by=made.director)
        return made


def as_(who: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def shown(who: Officer, query: str = "") -> Board:
    board: Board = as_(who).get(BOARD + query).context["board"]
    return board


def picture(board: Board, name: str) -> DrawnPicture:
    found = board.picture(name)
    assert found is not None
    return found


def rows(board: Board, name: str) -> dict[str, dict[str, Cell]]:
    """The rows of a picture's table by their first titles."""
    sheet = picture(board, name).sheet
    return {row.titles[0]: sheet.named(row) for row in sheet.rows}


def values(board: Board, name: str, *columns: str) -> dict[str, tuple[Any, ...]]:
    return {
        title: tuple(cells[column].value for column in columns)
        for title, cells in rows(board, name).items()
    }


def tile(board: Board, name: str) -> list[str]:
    (found,) = [each for each in (*board.tiles, *board.to_do) if each.tile.name == name]
    return [figure.text for figure in found.reading.figures]


def working(at: Desk) -> None:
    """Tickets in every state, in time and late, in two groups, with and without a handler."""
    with clock_at(now() - timedelta(days=25)):
        late = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
        ended = filed(at)
        perform(Verb.DECLINE, ticket=ended, by=at.liaison, reason="不属于服务范围")
    done: dict[str, Any] = {"result": "已答复", "reasons": {1: "企业自行解决"}}
    perform(Verb.RESOLVE, ticket=late, by=at.liaison, **done)
    kept = perform(Verb.ACCEPT, ticket=filed(at, "material_supply"), by=at.deputy)
    perform(Verb.RESOLVE, ticket=kept, by=at.deputy, **done)
    perform(Verb.WRITE_OFF, ticket=kept, by=at.lead, follow_up="回访属实")
    with clock_at(now() - timedelta(days=24)):
        perform(Verb.ACCEPT, ticket=filed(at, urgency="urgent"), by=at.deputy)
    perform(Verb.ASK, ticket=filed(at), by=at.liaison, question="哪个路口")
    moved = filed(at)
    perform(Verb.PASS_ON, ticket=moved, by=at.liaison, reason="属地", group=at.other_group)
    day = timezone.localdate(now())
    report(project=at.project, day=day, resumed=True, by=at.liaison)


def counted_at(who: Officer, client: Client, link: str) -> int:
    """How many rows the address shows; of the queue, how many tickets it has for this officer."""
    if link.startswith(f"{QUEUE}?"):
        asked = parse_queue(dict(parse_qsl(link.partition("?")[2])), who)
        assert len(asked.query.split("&")) == link.count("=")  # every filter was taken
        found = asked.rows()
        return -1 if found is None else found.count()
    page = client.get(link)
    assert page.status_code == 200, link
    context = page.context
    if "/ledger/" in link:
        assert context["next"] is None
        return len(context["entries"])
    if link.startswith(reverse("resumption")):
        return int(context["rows"].paginator.count)
    if link.startswith(reverse("investment")):
        return int(context["number"])
    if link.startswith(reverse("admin:workbench_unserved")):
        return len(context["proposals"])
    return len(context["cl"].result_list)


def figures(board: Board) -> Iterator[tuple[str, int, str]]:
    """Each figure that has rows: where it is, its number, and the address of its rows.

    Without what is nothing in long tables: days of a trend, districts of a week.
    """
    for drawn in (*board.tiles, *board.to_do):
        for figure in drawn.reading.figures:
            number = figure.of.split(" ")[0] if figure.unit == "%" else figure.text
            if figure.link:
                yield f"{drawn.tile.name} {figure.name}", int(number), figure.link
    for each in board.pictures:
        for row in each.sheet.rows:
            for name, cell in each.sheet.named(row).items():
                is_quiet = each.picture.name in _LONG and not cell.value and not row.is_total
                if cell.link and isinstance(cell.value, int) and not is_quiet:
                    yield f"{each.picture.name} {row.titles} {name}", cell.value, cell.link


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("director", ""), ("duty_desk", "?by=officer"), ("director", "?group={group}"),
        ("lead", ""), ("liaison", "?group={group}"), ("liaison", ""),
        ("lead", "?officer={officer}"), ("auditor", "?officer={officer}"),
    ],
)  # fmt: skip
def test_each_figure_opens_as_many_rows_as_it_says(at: Desk, who: str, query: str) -> None:
    working(at)
    reader = getattr(at, who)
    asked = query.format(group=at.group.code, officer=at.deputy.pk)
    client, board = as_(reader), shown(reader, asked)
    wrong = [
        (where, number, found, link)
        for where, number, link in figures(board)
        for found in [counted_at(reader, client, link)]
        if found != number
    ]
    assert wrong == []
    page = unescape(client.get(BOARD + asked).content.decode())
    links = [link for _where, _number, link in figures(board)]
    assert [link for link in links if f'href="{link}"' not in page] == []
    assert QUEUE in {link.partition("?")[0] for link in links}


def test_the_figures_of_the_whole_city(at: Desk) -> None:
    working(at)
    board = shown(at.director)
    assert (tile(board, "coverage"), tile(board, "open")) == (["1"], ["4"])
    assert tile(board, "lights") == ["1", "0", "2"]
    assert tile(board, "punctual") == ["50.0"]
    assert tile(board, "resumed") == ["100.0"]
    kinds = values(board, "kinds", "filed", "ended", "open", "red", "yellow")
    assert kinds["In all"] == (6, 2, 4, 1, 0)
    groups = values(board, "groups", "projects", "open", "red", "kept", "done", "rate")
    assert groups == {
        at.group.name: (1, 3, 1, 1, 2, "50.0"), at.other_group.name: (0, 1, 0, 0, 0, None),
        "In all": (1, 4, 1, 1, 2, "50.0"),
    }  # fmt: skip
    days = values(board, "trend", "filed", "ended", "open")
    assert list(days.values())[-2:] == [(3, 1, 4), (3, 1, None)]
    assert [row[2] for row in days.values()][:20] == [2] * 20
    assert [each.titles[0] for each in picture(board, "overdue").sheet.rows] == ["运输车辆受阻"]
    week = values(board, "week", "this", "last", "change")
    assert week["open at the end (起)"] == (4, 2, "+2")


def test_the_last_level_of_the_trend_is_what_the_ledger_counts(at: Desk) -> None:
    """The trend goes back from what is open now; the ledger counts each moment by itself."""
    working(at)
    for who, query in ((at.director, ""), (at.director, f"?group={at.other_group.code}")):
        board = shown(who, query)
        for cells in list(rows(board, "trend").values())[-4:-1]:
            link = cells["open"].link  # a count of none opens nothing
            found = counted_at(who, as_(who), link) if link else 0
            assert found == cells["open"].value


def test_a_lead_sees_his_group_and_a_liaison_his_own(at: Desk) -> None:
    working(at)
    lead, own = shown(at.lead), shown(at.liaison)
    assert (lead.view.group, lead.view.officer) == (at.group, None)
    assert (own.view.group, own.view.officer) == (None, at.liaison)
    assert lead.to_do == own.to_do == []
    loads = values(lead, "officers", "projects", "open")
    assert loads == {
        str(at.liaison): (1, 2), str(at.deputy): (0, 1), str(at.lead): (0, 0), "In all": (1, 3),
    }  # fmt: skip
    assert (tile(own, "served"), tile(own, "open")) == (["1"], ["2"])
    assert shown(at.liaison, f"?group={at.group.code}").view.group == at.group
    assert [each.picture.name for each in own.pictures] == ["kinds"]


def test_nobody_sees_the_board_of_whom_he_may_not(at: Desk) -> None:
    refused = {
        at.lead: [f"?group={at.other_group.code}", f"?officer={at.other_liaison.pk}"],
        at.liaison: [f"?group={at.other_group.code}", f"?officer={at.deputy.pk}"],
        at.director: ["?group=none-such", "?officer=x", "?officer=99999999"],
    }
    for who, queries in refused.items():
        for query in queries:
            for address in (BOARD, reverse("board_workbook")):
                assert as_(who).get(address + query).status_code == 404, (who, query)
    assert as_(at.system_admin).get(BOARD).status_code == 403
    assert as_(at.auditor).get(BOARD).status_code == 200


def test_a_group_out_of_service_is_shown_while_it_has_work(at: Desk) -> None:
    """Open tickets, or projects, or both; marked, and to be chosen like the others."""
    ticket = filed(at)
    at.group.is_active = False
    record_group(group=at.group, changed=["is_active"], by=at.director)
    out, other = f"{at.group.name} (out of service)", at.other_group.name

    def loads() -> dict[str, tuple[Any, ...]]:
        return values(shown(at.duty_desk), "groups", "open", "projects")

    assert loads() == {out: (1, 1), other: (0, 0), "In all": (1, 1)}
    perform(Verb.WITHDRAW, ticket=ticket, by=at.key, reason="已自行解决")
    assert loads() == {out: (0, 1), other: (0, 0), "In all": (0, 1)}
    page = as_(at.duty_desk).get(BOARD).content.decode()
    assert f'href="?group={at.group.code}"' in page
    filed(at)
    hand_over(
        project=at.project, group=at.other_group, liaison=at.other_liaison, reason="撤并",
        by=at.director,
    )  # fmt: skip
    assert loads() == {other: (1, 1), "In all": (1, 1)}


def test_an_officer_who_left_is_shown_while_he_has_projects(at: Desk) -> None:
    leave_group(officer=at.liaison, by=at.director)
    assert values(shown(at.lead), "officers", "projects") == {
        str(at.lead): (0,), str(at.deputy): (0,),
        f"{at.liaison} (not of the group)": (1,), "In all": (1,),
    }  # fmt: skip


def test_the_centre_sees_what_it_has_to_act_on(at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.PASS_ON, ticket=ticket, by=at.liaison, reason="一", group=at.other_group)
    perform(Verb.PASS_ON, ticket=ticket, by=at.other_lead, reason="二", group=at.group)
    project()
    board = shown(at.duty_desk)
    to_do = {each.tile.name: each.reading.figures[0].text for each in board.to_do}
    assert to_do == {
        "unserved": "1", "without-group": "0", "countersign": "0", "third": "1",
        "late-answers": "0",
    }  # fmt: skip
    (coverage,) = [each for each in board.tiles if each.tile.name == "coverage"]
    assert (coverage.reading.note, coverage.reading.is_amiss) == ("1 without a group", True)
    assert coverage.reading.note_link == reverse("admin:workbench_unserved")


@pytest.mark.parametrize(
    ("who", "query"),
    [("lead", ""), ("duty_desk", ""), ("duty_desk", "?by=officer"), ("liaison", "")],
)
def test_as_many_queries_for_three_as_for_one(at: Desk, who: str, query: str) -> None:
    client = as_(getattr(at, who))
    filed(at)
    client.get(BOARD + query)
    with CaptureQueriesContext(connection) as one:
        client.get(BOARD + query)
    working(at)
    with CaptureQueriesContext(connection) as many:
        client.get(BOARD + query)
    assert len(many) <= len(one) + 1  # whether a red ticket was urged is asked where there is one
    assert len(one) < 60


def test_a_part_is_the_board_alone(at: Desk) -> None:
    filed(at)
    part = as_(at.director).get(BOARD, headers={"x-part": "1", "x-by-itself": "1"})
    page = part.content.decode()
    assert "<html" not in page
    assert page.count('class="b-tiles"') == 1
    assert as_(at.director).post(BOARD).status_code == 405


def test_the_workbook_has_every_table(at: Desk) -> None:
    working(at)
    client, address = as_(at.director), reverse("board_workbook")
    book = load_workbook(io.BytesIO(client.get(address).content))
    board = shown(at.director)
    assert len(book.sheetnames) == 1 + len(board.pictures)
    found = [row for row in book["Tickets by kind"].iter_rows(values_only=True) if row[0]]
    assert found[-2] == ("In all", 6, 2, 4, 1, 0)
    assert found[-1][0] == "Ended: written off, declined or withdrawn."
    answer = client.get(f"{address}?only=kinds")
    assert answer["Content-Disposition"].startswith('attachment; filename="kinds-')
    assert load_workbook(io.BytesIO(answer.content)).sheetnames == ["Tickets by kind"]
    assert client.get(f"{address}?only=none").status_code == 404


def test_typed_text_is_no_formula(at: Desk) -> None:
    with clock_at(now() - timedelta(days=25)):
        perform(Verb.ACCEPT, ticket=filed(at, title="=1+1"), by=at.liaison)
    content = as_(at.director).get(f"{reverse('board_workbook')}?only=overdue").content
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]


def test_a_table_as_csv_says_what_the_page_says(at: Desk) -> None:
    with clock_at(now() - timedelta(days=25)):
        for title in ("=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", '甲，“乙”,"丙"'):
            perform(Verb.ACCEPT, ticket=filed(at, title=title), by=at.liaison)
    client, address = as_(at.director), reverse("board_csv")
    answer = client.get(f"{address}?only=overdue")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="overdue-\d{8}-\d{4}\.csv"', answer["Content-Disposition"]
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = picture(shown(at.director), "overdue").sheet
    assert table[0] == [*sheet.row_headings, *sheet.headings]
    assert len(table) == 1 + len(sheet.rows)
    cells = {cell for row in table[1:] for cell in row}
    typed = {each for each in cells if ("1" in each and "SUM" in each) or "1+1" in each}
    assert typed == {"'=1+1", "'+1+1", "'-1+1", "'@SUM(1)", "'＝1+1"}
    assert '甲，“乙”,"丙"' in cells
    kinds = client.get(f"{address}?only=kinds").content.decode("utf-8-sig").splitlines()
    assert kinds[-1].startswith("In all,6,0,6,6,")
    week = client.get(f"{address}?only=week").content.decode("utf-8-sig").splitlines()
    assert {row.rpartition(",")[2] for row in week[1:]} <= {"0", "6", "-6"}  # plain numbers
    assert client.get(f"{address}?only=none").status_code == 404
    assert client.get(address).status_code == 404
    assert as_(at.system_admin).get(f"{address}?only=overdue").status_code == 403


def test_a_wall_has_totals_alone(at: Desk) -> None:
    """No names of persons, enterprises, projects or tickets, no addresses, nothing to do."""
    working(at)
    board = board_of(public_view(now()))
    assert board.to_do == []
    assert [each.picture.name for each in board.pictures] == [
        "map", "ranks", "trend", "kinds", "groups", "week",
    ]  # fmt: skip
    cells = [
        cell for each in board.pictures for row in each.sheet.rows for cell in row.cells
    ]  # fmt: skip
    assert [cell.link for cell in cells if cell.link] == []
    assert Ticket.objects.filter(handler=at.liaison).exists()


def test_the_projects_of_a_state(at: Desk) -> None:
    other = project(planned_resumption=timezone.localdate(now()))
    address = reverse("resumption")
    report(
        project=at.project, day=timezone.localdate(now()), resumed=True, by=at.liaison
    )  # fmt: skip
    client = as_(at.liaison)

    def found(query: str) -> list[str]:
        return [each.code for each, *_rest in client.get(address + query).context["shown"]]

    assert found("?state=planned") == sorted([at.project.code, other.code])
    assert found("?state=resumed") == [at.project.code]
    assert found("?state=waiting") == found("") == found("?state=x") == [other.code]
    assert found(f"?state=planned&group={at.group.pk}") == [at.project.code]
    assert found(f"?state=planned&officer={at.other_liaison.pk}") == []
    assert found("?state=resumed&at=2019-01-01 17:00") == []
    assert found("?district=none&state=planned") == found("?state=planned")
