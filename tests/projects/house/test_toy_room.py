"""A room that exists in this test alone: the house shows all of it, and nothing once it is gone."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from celery.schedules import crontab
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from openpyxl import load_workbook
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from config import urls
from config.celery import timetable
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, day_to, week_to
from coordination.delivery.topics import all_choices, choices, label_of
from coordination.delivery.webhooks.topics import offered
from coordination.privacy.models import Purge
from coordination.privacy.purge import purge_due
from coordination.privacy.queries import KEPT_FOR
from coordination.staff.models import Officer
from coordination.staff.roles import RoleBackend
from coordination.tickets.flow import Verb
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.reader import TicketReader
from coordination.tickets.waiting import reasons
from coordination.workbench.board.draw import board_of
from coordination.workbench.desk.queries import desk_of
from coordination.workbench.first_day.queries import steps_for
from coordination.workbench.queue.filters import filters, parse_queue
from coordination.workbench.ticket.admin_panels import compose
from projects.house import rooms as house
from projects.house.block_registry import BRIEFS
from projects.house.blocks import Column, Row, Table
from projects.house.imports import ImportColumn, ImportSheet
from projects.house.menu import navigation
from projects.house.waiting import FirstStep, Matter, Waiting
from projects.house.widgets import Figure, Picture, Reading, Tile, View
from projects.record.audit import audit
from projects.record.backups.contents import listed_hashes
from projects.record.clock import clock_at, now
from projects.record.findings import Finding
from tests.coordination.bulletins.test_toy_block import TOYS
from tests.coordination.intake.scene import client_with
from tests.coordination.privacy.test_purge import ENDED, ended
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)


class Toy(serializers.Serializer[Any]):
    name = serializers.CharField()


class ToyList(APIView):
    @extend_schema(operation_id="list_toys", responses={200: Toy(many=True)})
    def get(self, _request: Any) -> Response:
        return Response([{"name": "小熊"}])


def toys_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("玩具房")


def count_toys() -> None:
    """The toy's periodic task."""


def erase_toys(_ticket: Ticket, _upto: datetime) -> int:
    return 3


def lost_toys() -> Iterator[Finding]:
    """The toy's comparison with the record."""
    yield Finding("tickets.ticket", "toy", "deleted")


def toy_room(**other: Any) -> house.Room:
    """A room that says everything that a room can say of itself."""
    declared: dict[str, Any] = {
        "label": "toys",
        "pages": (house.Page(house.TICKETS, 15, "玩具", "toys", "toys.view_toy"),),  # type: ignore[arg-type]  # words of the tests' own
        "panels": (
            house.Panel("tickets.ticket", 55, "toy", "toy.html", lambda *_: {"toy": "小熊"}),
        ),
        "permissions": {"liaison": house.permissions("view", "toy")},
        "timetable": (
            house.Periodic("count-toys", "toys.tasks.count", crontab(minute=7), duty=count_toys),
        ),
        "api": (path("toys/", ToyList.as_view(), name="toys"),),
        "urls": (path("admin/toys/", toys_page, name="toys"),),
        "erasers": (house.Eraser("toys", 75, erase_toys),),
        "before_relay": (count_toys,),
        "audits": (house.Audit(lost_toys),),
        "hashes": {"toys": lambda: [("小熊", "0" * 64)]},
        "names": {"toys.toy": lambda key: house.Named(f"小熊{key}")},
        "queue_filters": (
            house.Filter(
                "toy", "玩具", lambda _of: [("1", "有"), ("0", "没有")],  # type: ignore[arg-type]  # words of the tests' own
                lambda value, _of: Q() if value == "1" else Q(pk=None),
            ),
        ),
        "waits": (Waiting("toy", "玩具", 1, lambda view: view.mine(Q(pk__gt=0))),),  # type: ignore[arg-type]  # words of the tests' own
        "matters": (
            Matter("toys", "玩具", 1, lambda *_: (3, "三件玩具"), "admin:index", "看"),  # type: ignore[arg-type]  # words of the tests' own
        ),
        "first_steps": (
            FirstStep(
                "toys", 5, "玩具到位", "先有玩具。", lambda _at: (False, "一件没有"), "admin:index",  # type: ignore[arg-type]  # words of the tests' own
                "买", "toys.view_toy",  # type: ignore[arg-type]  # as above
            ),
        ),
        "topics": (house.Topic("toy.broken", "玩具坏了"),),
        "webhook_topics": (house.Topic("toy.mended", "玩具修好了"),),
        "verb_pages": house.VerbPages(
            extra_fields={Verb.ACCEPT: lambda *_: {"which_toy": forms.CharField(label="哪个玩具")}}
        ),
        "blocks": (TOYS,),
        "widgets": (
            Tile("toys", 15, "玩具数", lambda _view: Reading((Figure("7"),)), is_public=True),
            Picture(
                "toys-sold", 15, "卖出的玩具", lambda _view: {"sold": 5},
                Table(columns=(Column("sold", "卖出"),), rows=(Row("小熊"),)), wall="middle",
            ),
        ),
        "imports": (
            ImportSheet(
                "toys", "玩具", (ImportColumn("name", "名称", is_key=True),), "toys.view_toy",
                plan=lambda *_: [], carry_out=lambda *_: iter(()), undo=lambda *_: None,
                export=lambda _by: [],
            ),
        ),
        "acts": {"toy_bought": "买了玩具"},
        "guarded": frozenset({"view_toy"}),
    }  # fmt: skip
    return house.Room(**declared | other)


@contextmanager
def registered(room: house.Room) -> Iterator[None]:
    house.register(room)
    try:
        yield
    finally:
        house.unregister(room.label)


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The toy room is there, with its template, and the addresses are put together anew."""
    (tmp_path / "toy.html").write_text("<p>这里有{{ panel.toy }}</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with registered(toy_room()):
        settings.ROOT_URLCONF = assembled()
        yield


def assembled() -> ModuleType:
    """What ``config.urls`` would be if Django started now."""
    module = ModuleType("assembled")
    module.__dict__.update(vars(urls) | {"urlpatterns": urls.addresses()})
    return module


def as_(who: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client


def menu_of(at: Desk, address: str = "/admin/") -> dict[str, list[tuple[str, bool]]]:
    """Each heading with its entries, and which of them is marked."""
    request = RequestFactory().get(address)
    request.user = at.liaison
    return {
        str(section["title"]): [
            (str(item["title"]), item["active"](request)) for item in section["items"]
        ]
        for section in navigation(request)
    }


def faces(at: Desk, ticket: Ticket, settings: Settings) -> dict[str, list[str]]:
    """Everything that the house puts together from its rooms, by its names."""
    settings.ROOT_URLCONF = assembled()
    at.liaison = Officer.objects.get(pk=at.liaison.pk)  # whose permissions were not asked yet
    document = Client().get("/api/schema/?format=json").json()
    entries = [each for section in menu_of(at).values() for each in section]
    return {
        "menu": [title for title, _is_here in entries],
        "permissions": sorted(RoleBackend().get_all_permissions(at.liaison)),
        "timetable": list(timetable()),
        "duties": [each.__name__ for each in house.duties()],
        "addresses": [str(each.pattern) for each in urls.addresses()],
        "document": list(document["paths"]),
        "schemas": list(document["components"]["schemas"]),
        "panels": [each.name for each in compose(TicketReader.of(ticket, at.liaison))],
        "filters": [each.name for each in filters()],
        "waits": [each.code for each in reasons()],
        "matters": [each.code for each in desk_of(at.liaison).matters],
        "first steps": [each.step.code for each in steps_for(at.director, now())],
        "erasers": [each.name for each in house.erasers()],
        "relay": [each.__name__ for each in house.before_relay()],
        "audit": [each.row for each in audit()],
        "backup": list(listed_hashes()),
        "names": sorted(house.names()),
        "topics": [code for code, _label in choices()],
        "all topics": [code for code, _label in all_choices()],
        "webhook topics": offered(),
        "forms": list(house.merged(lambda pages: pages.extra_fields)),
        "bulletin": list(count_blocks(week_to(CUT_OFF))),
        "brief": list(count_blocks(day_to(CUT_OFF), registry=BRIEFS)),
        "imports": list(house.import_sheets()),
        "acts": [code for code, _label in house.acts()],
        "guarded": sorted(house.guarded_permissions()),
        **widgets_of(View(now(), at.director), "board"), **widgets_of(View(now()), "wall"),
    }  # fmt: skip


def widgets_of(view: View, name: str) -> dict[str, list[str]]:
    board = board_of(view)
    return {
        f"tiles of the {name}": [each.tile.name for each in board.tiles],
        f"pictures of the {name}": [each.picture.name for each in board.pictures],
    }


def test_all_of_it_is_found_and_nothing_when_it_is_gone(at: Desk, settings: Settings) -> None:
    ticket = filed(at)
    settings.ROOT_URLCONF = "config.urls"
    before = faces(at, ticket, settings)
    with registered(toy_room(briefs=(TOYS,))):
        there = faces(at, ticket, settings)
    assert {
        face: [each for each in names if each not in before[face]]
        for face, names in there.items()
    } == {
        "menu": ["玩具"], "permissions": ["toys.view_toy"], "timetable": ["count-toys"],
        "duties": ["count_toys"], "addresses": ["admin/toys/"], "document": ["/api/v1/toys/"],
        "schemas": ["BulletinToys", "BulletinToysBefore", "BulletinToysShops", "Toy"],
        "panels": ["toy"], "waits": ["toy"], "matters": ["toys"], "filters": ["toy"],
        "first steps": ["toys"], "erasers": ["toys"], "relay": ["count_toys"],
        "audit": ["toy"], "backup": ["toys"], "names": ["toys.toy"],
        "topics": ["toy.broken"], "all topics": ["toy.broken"],
        "webhook topics": ["toy.mended"], "forms": [Verb.ACCEPT], "bulletin": ["toys"],
        "brief": ["toys"], "imports": ["toys"],
        "acts": ["toy_bought"], "guarded": ["toys.view_toy"],
        "tiles of the board": ["toys"], "pictures of the board": ["toys-sold"],
        "tiles of the wall": ["toys"], "pictures of the wall": ["toys-sold"],
    }  # fmt: skip
    for face, names in before.items():
        assert [each for each in there[face] if each in names] == names, face
    assert faces(at, ticket, settings) == before


@pytest.mark.usefixtures("served")
def test_its_page_is_in_the_menu_for_whoever_it_opens_to(at: Desk) -> None:
    titles = [title for title, _is_here in menu_of(at)["工单"]]
    assert titles == ["工单", "玩具", "对账销号台账", "我的导出", "常用语"]
    marked = [entry for entries in menu_of(at, "/admin/toys/").values() for entry in entries]
    assert [title for title, is_here in marked if is_here] == ["玩具"]
    assert as_(at.liaison).get(reverse("toys")).content.decode() == "玩具房"
    page = as_(at.liaison).get("/admin/").content.decode()
    assert page.count('href="/admin/toys/"') == 1
    assert 'href="/admin/toys/"' not in as_(at.lead).get("/admin/").content.decode()


@pytest.mark.usefixtures("served")
def test_its_address_answers_and_is_described(at: Desk) -> None:
    assert client_with(at.token).get("/api/v1/toys/").json() == [{"name": "小熊"}]
    assert Client().get("/api/v1/toys/").status_code == 401
    operation = Client().get("/api/schema/?format=json").json()["paths"]["/api/v1/toys/"]["get"]
    assert operation["operationId"] == "list_toys"


@pytest.mark.usefixtures("served")
def test_its_panel_and_its_field_are_on_the_tickets_page(at: Desk) -> None:
    address = reverse("admin:tickets_ticket_change", args=[filed(at).pk])
    page = as_(at.liaison).get(address).content.decode()
    assert page.count('id="panel-toy"') == 1
    assert "<p>这里有小熊</p>" in page
    assert page.count('name="which_toy"') == 1


@pytest.mark.usefixtures("served")
def test_its_filter_narrows_the_queue(at: Desk) -> None:
    ticket = filed(at)
    found = {value: parse_queue({"toy": value}, at.liaison).rows() for value in ("1", "0")}
    assert {value: list(rows or ()) for value, rows in found.items()} == {"1": [ticket], "0": []}
    page = as_(at.liaison).get(reverse("admin:tickets_ticket_changelist")).content.decode()
    assert page.count('name="toy"') == 1


@pytest.mark.usefixtures("served")
def test_its_widgets_are_on_the_board_with_their_table_and_in_its_workbook(at: Desk) -> None:
    client = as_(at.director)
    page = client.get(reverse("board")).content.decode()
    assert page.count('id="tile-toys"') == page.count('id="picture-toys-sold"') == 1
    assert page.count('<th scope="row">小熊</th><td>5</td>') == 1
    book = client.get(f"{reverse('board_workbook')}?only=toys-sold")
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert [cell.value for cell in sheet[5]] == ["小熊", 5]
    other = {"label": "dolls", "blocks": (), "topics": (), "webhook_topics": ()}
    for words, left_out in (("widgets .*toys-sold", {}), ("sheets .*toys", {"widgets": ()})):
        with pytest.raises(ValueError, match=words):
            house.register(toy_room(**other | left_out))


def test_its_task_is_in_the_timetable() -> None:
    with registered(toy_room()):
        entry = timetable()["count-toys"]
    assert entry == {
        "task": "toys.tasks.count", "schedule": crontab(minute=7), "options": {"queue": "default"},
    }  # fmt: skip
    assert "count-toys" not in timetable()


def test_its_topics_are_called_by_their_names() -> None:
    with registered(toy_room()):
        assert [label_of(each) for each in ("toy.broken", "toy.mended")] == [
            "玩具坏了", "玩具修好了",
        ]  # fmt: skip
    assert [label_of(each) for each in ("toy.broken", "toy.mended")] == ["toy.broken", "toy.mended"]


def test_it_erases_its_words_at_a_purge() -> None:
    with clock_at(ENDED - timedelta(days=2)):
        here = desk()
    ended(here)
    with clock_at(ENDED + KEPT_FOR), registered(toy_room()):
        assert purge_due() == 1
    assert Purge.objects.get().erased["toys"] == 3


def test_it_holds_a_purge_back() -> None:
    with clock_at(ENDED - timedelta(days=2)):
        here = desk()
    ticket = ended(here)
    before = EventText.objects.filter(event__ticket=ticket).count()
    with clock_at(ENDED + KEPT_FOR):
        with registered(toy_room(holds=(lambda held: held.pk == ticket.pk,))):
            assert purge_due() == 0
        assert EventText.objects.filter(event__ticket=ticket).count() == before
        assert Purge.objects.count() == 0
        assert purge_due() == 1


def test_a_label_a_topic_and_a_block_are_one_rooms_alone() -> None:
    with registered(toy_room()):
        for other in (
            toy_room(), toy_room(label="dolls"), toy_room(label="dolls", blocks=()),
            toy_room(label="dolls", blocks=(), topics=()),
        ):  # fmt: skip
            with pytest.raises(ValueError, match="toy"):
                house.register(other)
        assert [each.label for each in house.rooms() if each.label == "dolls"] == []
    assert [each.label for each in house.rooms() if each.label == "toys"] == []
