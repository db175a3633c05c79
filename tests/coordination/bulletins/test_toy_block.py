"""A room that exists in this test alone offers blocks: they are everywhere, and gone with it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coordination.bulletins.build import build, build_missing, preview, recount
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.models import Bulletin
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI, week_to
from projects.house.block_registry import BLOCKS
from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Format,
    Keyed,
    Listed,
    Mark,
    Period,
    Row,
    Table,
)
from projects.house.equations import Equation
from projects.house.sentences import Sentence
from projects.record.canonical import digest
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from projects.register.queries import register_at
from tests.coordination.intake.scene import client_with
from tests.factories.bulletins import drawn, frozen, said_of
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
BULLETIN = reverse("api:bulletin", args=["2020-03-09"])
OFFERED = [
    "register", "resumption", "starts", "workers", "investment", "coverage", "trend", "year",
    "handling",
    "tickets",
    "quantities", "people_returned", "reporting", "late",
]  # fmt: skip
STAFF = {"waiting", "named", "supervised"}  # for the staff alone
COUNTED = [*OFFERED[:3], "waiting", *OFFERED[3:], "named", "supervised"]
FIGURES: dict[str, Any] = {
    "made": 7, "sold": 5, "left": 2,
    "before": None,
    "shops": [{"id": "N", "name": "北店", "sold": 4}, {"id": "S", "name": "南店", "sold": 1}],
    "hidden": {"bear": {"cost": "1.50"}, "top": {"cost": "0.25"}},
}  # fmt: skip
SHOWN = {name: value for name, value in FIGURES.items() if name != "hidden"}


def to_toys(period: Period, key: tuple[str, ...]) -> str:
    """Where the rows behind the figure are."""
    return f"/toys/?to={period.day}&of={'/'.join(key)}"


MADE = Column("made", "toys made", unit="个", link=to_toys)
SOLD = Column("sold", "toys sold")
LEFT = Column("left", "toys left")
COUNTS = Table(
    title="Toys", unit="个", columns=(MADE, SOLD, LEFT),
    rows=(Row("this week"), Row("the week before", ("before",), is_nullable=True)),
    sentences=(Sentence("Of %(made)s toys %(sold)s were sold."),),
    equations=(Equation("made - sold = left"),), note="A toy is counted once.",
)  # fmt: skip
SHOPS = Table(
    title="Toys by shop", headings=("shop",), columns=(SOLD,),
    rows=(
        Listed(("shops",), Column("id", "id", Format.TEXT), Column("name", "name", Format.TEXT)),
    ),
)  # fmt: skip
COSTS = Table(
    title="What toys cost", headings=("toy",), audience=Audience.STAFF,
    columns=(Column("cost", "cost", Format.MONEY, "元"),),
    rows=(Keyed("ToyCost", lambda: {("bear",): ("小熊",)}, at=("hidden",)),),
)  # fmt: skip


def toys(figures: dict[str, Any] = FIGURES, **other: Any) -> Block:
    """The block, of these figures."""
    declared: dict[str, Any] = {
        "name": "toys", "place": 22, "tables": (COUNTS, SHOPS),
        "equations": (Equation("sold = shops.sold"),),
        "marks": (Mark("toy", "Toys were made for it.", register_at),),
    }  # fmt: skip
    return Block(count=lambda _period: figures, **declared | other)


TOYS = toys()
SECRET = Block(
    name="secret", place=23, count=lambda _period: {"thieves": 3}, audience=Audience.STAFF,
    tables=(
        Table(
            title="Thieves", in_words=True, columns=(Column("thieves", "thieves"),),
            sentences=(Sentence("%(thieves)s thieves were seen."),),
        ),
    ),
    marks=(Mark("robbed", "It was robbed.", register_at),),
)  # fmt: skip


@contextmanager
def room(*blocks: Block) -> Iterator[None]:
    """A room that offers these blocks, for so long."""
    with ExitStack() as gone:
        for block in blocks:
            BLOCKS.register(block)
            gone.callback(BLOCKS.unregister, block)
        yield


@pytest.fixture
def at() -> Desk:
    with clock_at(CUT_OFF - timedelta(days=2)):
        return desk()


def page_of(client: Client, at: Desk, bulletin: Bulletin) -> str:
    client.force_login(at.director)
    answer = client.get(reverse("admin:bulletins_issue_change", args=[bulletin.issue.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def document() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/schema/?format=json").json()
    return found


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]["properties"]
    return found


def answer_of(at: Desk) -> dict[str, Any]:
    found: dict[str, Any] = client_with(at.token).get(BULLETIN).json()
    return found


def test_it_is_counted_in_its_place() -> None:
    with room(SECRET, TOYS):
        counted = count_blocks(week_to(CUT_OFF))
    assert list(counted) == [*COUNTED[:2], "toys", "secret", *COUNTED[2:]]
    assert counted["toys"] == {"schema": 1, "figures": FIGURES, "hash": digest(FIGURES)}


def test_it_is_in_the_api_and_its_document(at: Desk) -> None:
    with room(toys(SHOWN)):
        row = frozen(CUT_OFF)
        said = answer_of(at)
        described = document()["components"]["schemas"]
    assert list(said["figures"]) == [*OFFERED[:2], "toys", *OFFERED[2:]]
    assert said["figures"]["toys"] == SHOWN
    assert said["blocks"]["toys"] == {"schema": 1, "hash": row.blocks["toys"]["hash"]}
    assert said["own"]["projects"][0]["toy"] is True
    assert described["BulletinFigures"]["properties"]["toys"] == {
        "oneOf": [{"$ref": "#/components/schemas/BulletinToys"}, {"type": "null"}]
    }
    count = {"type": "integer"}
    made = {**count, "description": "toys made, 个."}
    sold, left = (
        {**count, "description": f"toys {each}, a number of them."} for each in ("sold", "left")
    )
    assert described["BulletinToys"] == {
        "type": "object",
        "properties": {
            "made": made, "sold": sold, "left": left,
            "before": {
                "oneOf": [{"$ref": "#/components/schemas/BulletinToysBefore"}, {"type": "null"}]
            },
            "shops": {
                "type": "array", "items": {"$ref": "#/components/schemas/BulletinToysShops"}
            },
        },
        "required": ["before", "left", "made", "shops", "sold"],
        "description": "Part of a bulletin: toys.",
    }  # fmt: skip
    assert set(described["BulletinToysShops"]["properties"]) == {"id", "name", "sold"}
    assert described["BulletinProject"]["properties"]["toy"]["description"] == (
        "Toys were made for it."
    )


def test_what_no_table_declares_is_shown_nowhere(client: Client, at: Desk) -> None:
    with room(toys(FIGURES | {"spare": 4711})):
        row = frozen(CUT_OFF)
        said = answer_of(at)
        page = page_of(client, at, row)
    assert row.blocks["toys"]["figures"]["spare"] == 4711
    assert said["figures"]["toys"] == SHOWN
    assert "4711" not in page


def test_rows_of_a_kind_that_is_not_known_are_answered_too() -> None:
    block = toys(tables=(replace(COSTS, audience=Audience.ALL),))
    two = Table(columns=(SOLD,), rows=(Keyed("Two", lambda: {("a", "b"): ("A", "B")}, levels=2),))
    nested = {"a": {"b": {"sold": 1, "no": 2}, "c": {"sold": 3}}, "d": {"e": {"sold": 4}}}
    assert block.seen(FIGURES, Audience.ALL) == {"hidden": FIGURES["hidden"]}
    assert toys(tables=(two,)).seen(nested, Audience.ALL) == {
        "a": {"b": {"sold": 1}, "c": {"sold": 3}}, "d": {"e": {"sold": 4}},
    }  # fmt: skip
    beside = replace(two, columns=(Column("no", "no"),))
    assert toys(tables=(two, beside)).seen(nested, Audience.ALL) == nested
    lines = [(line.titles, line.key) for line in two.lines(nested)]
    assert lines == [(("A", "B"), ("a", "b")), (("a", "c"),) * 2, (("d", "e"),) * 2]


def test_it_is_on_the_page(client: Client, at: Desk) -> None:
    with room(TOYS), override("zh-hans"):
        paper = drawn(count_blocks(week_to(CUT_OFF)), week_to(CUT_OFF))
        page = page_of(client, at, frozen(CUT_OFF))
    assert said_of(paper).count("Of 7 toys 5 were sold.") == 1
    counts, shops = (sheet for sheet in paper.sheets() if sheet.name == "toys")
    assert (counts.title, counts.headings, counts.note) == (
        "Toys（个）", ("toys made（个）", "− toys sold", "= toys left"), "A toy is counted once.",
    )  # fmt: skip
    assert [(row.titles, [cell.text for cell in row.cells]) for row in counts.rows] == [
        (("this week",), ["7", "5", "2"]), (("the week before",), ["—", "—", "—"]),
    ]  # fmt: skip
    assert [(row.titles, row.cells[0].value) for row in shops.rows] == [
        (("北店",), 4), (("南店",), 1),
    ]  # fmt: skip
    for shown in ("Of 7 toys 5 were sold.", "Toys（个）", "A toy is counted once.", "北店"):
        assert page.count(shown) == 1, shown
    assert '<td><a href="/toys/?to=2020-03-09&amp;of=">7</a></td>' in page


def test_an_enterprise_sees_no_block_or_table_of_the_staff(client: Client, at: Desk) -> None:
    with room(toys(tables=(COUNTS, SHOPS, COSTS)), SECRET):
        row = frozen(CUT_OFF)
        said = answer_of(at)
        listed = client_with(at.token).get(reverse("api:bulletins")).json()["results"][0]
        described = document()["components"]["schemas"]
        titles = [titles_of(row, each) for each in (Audience.ALL, Audience.STAFF)]
        page = page_of(client, at, row)
    assert row.blocks["toys"]["figures"] == FIGURES
    for answer in (said, listed):
        assert answer["figures"]["toys"] == SHOWN
        assert set(answer["figures"]) == set(answer["blocks"]) == {*OFFERED, "toys"}
    assert set(said["own"]["projects"][0]) == {
        "code", "name", "planned", "resumed", "toy", "served", "reported",
    }  # fmt: skip
    assert set(described["BulletinFigures"]["properties"]) == {*OFFERED, "toys"}
    assert set(described["BulletinBlocks"]["properties"]) == {*OFFERED, "toys"}
    assert "hidden" not in described["BulletinToys"]["properties"]
    assert set(described["BulletinProject"]["properties"]) == set(said["own"]["projects"][0])
    assert titles == [
        ["Toys（个）", "Toys by shop"], ["Toys（个）", "Toys by shop", "What toys cost"],
    ]  # fmt: skip
    for shown in ("What toys cost", "1.50", "0.25", "3 thieves were seen."):
        assert page.count(shown) == 1, shown
        assert shown not in str(said), shown


def test_nothing_is_left_of_it_when_it_is_gone(client: Client, at: Desk) -> None:
    with room(TOYS, SECRET):
        row = frozen(CUT_OFF)
    assert list(count_blocks(week_to(CUT_OFF))) == COUNTED
    said = answer_of(at)
    assert set(said["figures"]) == set(said["blocks"]) == set(OFFERED)
    assert "toy" not in said["own"]["projects"][0]
    assert set(properties("BulletinFigures")) == set(OFFERED)
    page = page_of(client, at, row)
    assert "Toys" not in page
    assert "thieves" not in page


def titles_of(bulletin: Bulletin, audience: Audience = Audience.STAFF) -> list[str]:
    """Of the toys' tables, as they are drawn of it."""
    paper = drawn(bulletin.blocks, week_to(bulletin.cut_off), audience)
    return [sheet.title for sheet in paper.sheets() if sheet.name in {"toys", "secret"}]


@pytest.mark.django_db(transaction=True)
def test_a_new_version_stands_beside_the_old() -> None:
    newer = toys(
        {"made": 9}, schema=2, equations=(), marks=(), tables=(Table((MADE,), title="Toys anew"),)
    )
    with room(TOYS):
        before = build(cut_off=CUT_OFF)
        with room(newer):
            after = build(cut_off=CUT_OFF + timedelta(days=7))
            assert recount(before) == before.blocks
            assert recount(after) == after.blocks
            with override("zh-hans"):
                titles = [titles_of(each) for each in (before, after)]
    assert (before.blocks["toys"]["schema"], after.blocks["toys"]["schema"]) == (1, 2)
    assert titles == [["Toys（个）", "Toys by shop"], ["Toys anew"]]
    with pytest.raises(NotAllowed, match="toys"):
        recount(before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("figures", "equation", "sides"),
    [
        ({**FIGURES, "left": 3}, "made - sold = left", "2 = 3"),
        ({**FIGURES, "shops": []}, "sold = shops.sold", "5 = 0"),
        ({**FIGURES, "before": {"made": 4, "sold": 1, "left": 4}}, "made - sold = left", "3 = 4"),
    ],
)
def test_a_bulletin_that_does_not_reconcile_is_not_built(
    figures: dict[str, Any], equation: str, sides: str, client: Client
) -> None:
    with room(toys(figures)), override("en"):
        for count in (lambda: build(cut_off=CUT_OFF), preview):
            with pytest.raises(NotAllowed) as refused:
                count()
            said = str(refused.value.message)
            row = "before" if figures["before"] else "—"
            assert said == (
                f"Block toys does not reconcile: {equation} gives {sides} (row: {row})."
            )
    assert Bulletin.objects.count() == 0
    assert build(cut_off=CUT_OFF).blocks.keys() == set(COUNTED)


@pytest.mark.django_db(transaction=True)
def test_a_week_that_does_not_reconcile_keeps_no_other_from_being_built() -> None:
    week = timedelta(days=7)
    begin_service(on=date(2020, 3, 9), until=date(2020, 3, 30))
    wrong = CUT_OFF + week

    def count(period: Period) -> dict[str, Any]:
        return {**FIGURES, "left": 3} if period.end == wrong else FIGURES

    with room(replace(TOYS, count=count)), clock_at(CUT_OFF + 3 * week):
        with pytest.raises(NotAllowed, match="toys"):
            build_missing()
        assert list(Bulletin.objects.order_by("cut_off").values_list("cut_off", flat=True)) == [
            CUT_OFF, CUT_OFF + 2 * week,
        ]  # fmt: skip
        with pytest.raises(NotAllowed, match="toys"):
            build_missing()
        assert Bulletin.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        TOYS, replace(TOYS, name="dolls"), replace(TOYS, schema=2, place=27),
        replace(SECRET, place=25),
    ],
)  # fmt: skip
def test_a_name_and_a_place_are_one_blocks_alone(other: Block) -> None:
    with room(TOYS):
        with pytest.raises(ValueError, match=r"toys|dolls|secret"):
            BLOCKS.register(other)
        assert [block.name for block in BLOCKS.newest()] == [*COUNTED[:2], "toys", *COUNTED[2:]]
        assert BLOCKS.newest()[2] is TOYS
