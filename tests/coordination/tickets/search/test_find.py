"""Finding a ticket by what somebody remembers of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination.tickets.kinds.vehicle_pass import VehiclePassLine
from coordination.tickets.models import Ticket, TicketSearch
from coordination.tickets.search.find import found_by
from coordination.tickets.search.grams import grams, tokens_of
from coordination.tickets.search.write import make_findable_again
from projects.register.suggest import (
    display_text,
    enterprise_from_text,
    project_from_text,
    suggest_enterprises,
    suggest_projects,
)
from tests.factories.coordination import desk, enterprise, filed, material, project, vehicle
from tests.projects.record.spelling_tables import rows_of

pytestmark = pytest.mark.django_db


def find(typed: str) -> list[str]:
    """The titles found, or a word where there was nothing to look for."""
    condition = found_by(typed)
    if condition is None:
        return ["nothing to look for"]
    return list(Ticket.objects.filter(condition).order_by("pk").values_list("title", flat=True))


def test_a_text_is_kept_in_one_form() -> None:
    assert grams("水泥厂") == {"水泥", "泥厂"}
    assert grams("水") == set()
    text, tokens = tokens_of(
        ["水泥", "厂 A"], number="20200309-000123", project_id=7, enterprise_id=8
    )
    assert text == "水泥\n厂a"
    assert tokens == ["#123", "@e8", "@p7", "厂", "厂a", "水", "水泥", "泥"]


def test_by_title_plate_number_project_and_enterprise() -> None:
    at = desk()
    one = filed(at, title="轨道一号线钢材车辆受阻", lines=[vehicle(plate="豫CDA1234")])
    two = filed(at, "material_supply", title="缺少水泥", lines=[material(item="P.O 42.5 水泥")])
    both = [one.title, two.title]
    assert find("轨道") == [one.title]
    assert find("钢材") == [one.title]
    assert find("道一号线钢") == [one.title]
    assert find("水泥") == [two.title]
    assert find("豫C·DA1234") == [one.title]
    assert find("da12") == [one.title]
    assert find(one.number) == [one.title]
    assert find(one.number[:8]) == both
    assert find(two.number[-6:]) == [two.title]
    assert find(at.project.name) == both
    assert find(at.project.code) == both
    assert find(at.enterprise.name) == both
    assert find(at.enterprise.uscc) == both
    assert find(f"{at.enterprise.name} 水泥") == [two.title]
    assert find("水泥 轨道") == []
    assert find("泥水") == []
    assert find("a") == find("（") == find("  ") == ["nothing to look for"]


def test_every_spelling_of_the_table_is_found() -> None:
    at = desk()
    for number, (stored, typed) in enumerate(rows_of("Search")):
        ticket = filed(at, title=stored)
        assert ticket.title in find(typed), (stored, typed)
        client, site = enterprise(), project(name=f"{stored}项目{number}")
        client.name = f"{stored}公司{number}"
        client.save()
        assert display_text(site) in suggest_projects(typed), typed
        found = suggest_enterprises(typed, project=None, on=timezone.localdate())
        assert display_text(client) in found, typed
        assert project_from_text(f"{stored}　项目{number}") == site
        assert enterprise_from_text(f"{typed}公司{number}") in {client, None}


def test_a_project_and_an_enterprise_are_found_in_any_spelling() -> None:
    at = desk()
    at.project.name, at.enterprise.name = "洛陽市轨道交通１号线", "示例（集团）有限公司"
    at.project.save()
    at.enterprise.save()
    ticket = filed(at)
    wide = ticket.number.replace("-", "－")
    for typed in (
        "轨道交通1号线", "轨道交通 1 号线", "洛阳市", "示例(集团)", "示例集团 轨道", wide,
        wide.replace("－", " "), at.project.code.lower().replace("-", "－"),
        " ".join((at.enterprise.uscc[:8], at.enterprise.uscc[8:])), "洛", "运 输",
    ):  # fmt: skip
        assert find(typed) == [ticket.title], typed
    assert find("轨道交通2号线") == find("洛 9") == []


def test_pairs_alone_are_not_enough() -> None:
    filed(desk(), title="一二 二三")
    assert find("一二三") == []


def test_a_project_that_changed_its_name_is_found_by_the_new_one() -> None:
    at = desk()
    ticket = filed(at)
    at.project.name = "中部云谷"
    at.project.save()
    assert find("云谷") == [ticket.title]


def test_the_row_is_written_with_the_ticket_and_erased_with_its_words() -> None:
    at = desk()
    ticket = filed(at, title="老王的车", lines=[vehicle(plate="豫C12345")])
    row = TicketSearch.objects.get(ticket=ticket)
    assert row.text == "老王的车\n豫c12345"
    Ticket.objects.filter(pk=ticket.pk).update(title="")
    VehiclePassLine.objects.filter(ticket=ticket).update(plate="")
    ticket.refresh_from_db()
    make_findable_again(ticket)
    row.refresh_from_db()
    serial = f"#{int(ticket.number[-6:])}"
    assert (row.text, row.tokens) == (
        "", sorted([serial, f"@e{ticket.enterprise_id}", f"@p{ticket.project_id}"])
    )  # fmt: skip


_MANY = 50_000


def _fill(like: Ticket, cursor: Any) -> None:
    """Many tickets at once, by who may leave their events out: only the reading is judged."""
    columns = [
        str(field.column)
        for field in Ticket._meta.local_fields
        if not field.primary_key and not field.generated
    ]
    title = "'第' || n || '批钢材运输车辆在高速路口受阻，请予协调'"
    given = {"number": "'20190101-' || lpad(n::text, 6, '0')", "title": title}
    values = ", ".join(given.get(column, f"t.{column}") for column in columns)
    filling = (
        f"INSERT INTO tickets_ticket ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of our own
        f" FROM tickets_ticket t, generate_series(1, {_MANY}) n WHERE t.id = {like.pk}"
    )
    indexing = (
        "INSERT INTO tickets_ticketsearch (ticket_id, text, tokens)"  # noqa: S608 - names of our own
        " SELECT t.id, t.title, ARRAY(SELECT substr(title, i, 2) FROM generate_series(1, 24) i)"
        " || ARRAY(SELECT substr(title, i, 1) FROM generate_series(1, 24) i)"
        " || ARRAY['#' || right(number, 6)::int, '@p' || project_id, '@e' || enterprise_id]"
        f" FROM tickets_ticket t WHERE t.id <> {like.pk}"
    )
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(filling)
    cursor.execute(indexing)
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("ANALYZE tickets_ticket, tickets_ticketsearch")


@pytest.mark.django_db(transaction=True)
def test_among_many_an_index_finds_two_characters_as_well_as_a_plate(superuser_cursor: Any) -> None:
    at = desk()
    _fill(filed(at), superuser_cursor)
    wanted = filed(at, title="格力轨道交通", lines=[vehicle(plate="豫C99999")])
    for typed in (
        "格力", "轨道交通", "格", "格力 轨道", "轨道 交通", "豫C99999", wanted.number, "31415",
        "20190101-031415", "20190101 031415",
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            condition = found_by(typed)
        assert condition is not None
        assert Ticket.objects.filter(condition).count() == 1, typed
        probe = next(each["sql"] for each in asked if "tickets_ticket" in each["sql"])
        assert scanned(probe) == set(), typed
    common = found_by("钢材")
    assert common is not None
    assert len(Ticket.objects.filter(common).order_by("-pk")[:51]) == 51


def scanned(statement: str) -> set[str]:
    """The tables that a statement reads from one end to the other."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        (plan,) = cursor.fetchone()
    return set(_read_through(plan[0]["Plan"]))


def _read_through(node: Any) -> Iterator[str]:
    by_index = "Index Cond" in node or "Bitmap" in node["Node Type"]
    if "Relation Name" in node and not by_index:
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _read_through(below)
