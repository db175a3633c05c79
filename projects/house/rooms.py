"""What the house must know of a room, said by the room itself.

A room is a Django app. Its module ``room.py`` builds one :class:`Room` and registers it; the house
imports that module of every installed app when Django starts. Menu, permissions, timetable,
addresses, pages and the purge are put together from these values, so no list elsewhere names a
room. Nothing in here knows a model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.house.blocks import BLOCKS, Block


@dataclass(frozen=True)
class Section:
    """A heading of the menu."""

    order: int
    title: Promise


TODAY: Final = Section(1, _("Today"))
TICKETS: Final = Section(2, _("Tickets"))
PROJECTS: Final = Section(3, _("Projects"))
BULLETINS: Final = Section(4, _("Bulletins"))
SERVICE: Final = Section(5, _("Service"))
ADMINISTRATION: Final = Section(6, _("Administration"))


@dataclass(frozen=True)
class Page:
    """An entry of the menu: shown to whoever has the permission, or passes ``is_shown``."""

    section: Section
    order: int
    title: Promise
    icon: str  # a name of Material Symbols
    address: str  # the name of a URL
    permission: str = ""
    is_shown: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True)
class Panel:
    """A part of another room's page, in its wide or its narrow column.

    ``context`` takes the object that the page is about and the officer who looks, and gives what
    the template calls ``panel``; None where there is nothing to show.
    """

    page: str  # the model that the page is about, for example "tickets.ticket"
    order: int
    name: str
    template: str
    context: Callable[[Any, Any], Mapping[str, Any] | None]
    place: Literal["main", "side"] = "main"


@dataclass(frozen=True)
class Periodic:
    """A task of the timetable: every so many seconds, or by a crontab in UTC.

    ``duty`` is what the task does: it finds what is due by the record's clock and was not done. A
    demonstration whose clock is moved on calls the duties itself, by their ``order``.
    """

    name: str
    task: str
    schedule: Any
    expires: float | None = None  # seconds after which a worker drops the message
    queue: str = "default"
    duty: Callable[[], object] | None = None
    order: int = 0


@dataclass(frozen=True)
class Eraser:
    """What a room erases of one object's personal data; ``erase`` says how much it was.

    It takes the object and the moment up to which recorded data is erased. Erasers run by
    ``order``.
    """

    name: str
    order: int
    erase: Callable[[Any, datetime], int]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list of another room: its name in the address, and its choices.

    ``choices`` are those of one officer; ``condition`` gives the Q object of one choice.
    """

    name: str
    label: Promise
    choices: Callable[[Any], Sequence[tuple[str, str | Promise]]]
    condition: Callable[[str, Any], Any]
    order: int = 100


@dataclass(frozen=True)
class VerbPages:
    """How a page asks for the inputs of a room's verbs, and how it tells of their events.

    Each function for a form takes the object and its lines.
    """

    # name of an input -> the field that asks for it; without one it is a text
    fields: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    # verb -> fields beside those that the verb requires
    extra_fields: Mapping[str, Callable[[Any, Any], Mapping[str, Any]]] = field(
        default_factory=dict
    )
    # verbs whose button stands in a panel's row and not among the page's own
    in_rows: frozenset[str] = frozenset()
    # verb -> what its event's payload says, in words
    words: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)
    # key of a payload -> the model whose row it names
    named: Mapping[str, Any] = field(default_factory=dict)
    # verbs recorded by the system, but said by whom the payload names
    said_by_named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Topic:
    """What a message is about: a stable code, and what people call it."""

    code: str
    label: str | Promise
    can_be_chosen: bool = True  # by whoever receives; other messages are sent without being chosen


@dataclass(frozen=True)
class Room:
    """One room's own word to the house; whatever it leaves out, it does not have."""

    label: str
    pages: Sequence[Page] = ()
    panels: Sequence[Panel] = ()
    # role -> permissions of this room's models without the label, for example "view_ticket"
    permissions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    timetable: Sequence[Periodic] = ()
    api: Sequence[URLPattern] = ()  # below /api/v1/
    urls: Sequence[URLPattern] = ()  # pages outside the admin
    erasers: Sequence[Eraser] = ()
    # each says whether an object must be kept from the purge
    holds: Sequence[Callable[[Any], bool]] = ()
    # what the relay calls before it looks into the outbox
    before_relay: Sequence[Callable[[], object]] = ()
    queue_filters: Sequence[Filter] = ()
    topics: Sequence[Topic] = ()  # of messages to officers and departments
    webhook_topics: Sequence[Topic] = ()  # of messages to enterprises' webhooks
    verb_pages: VerbPages = VerbPages()
    blocks: Sequence[Block] = ()  # of the bulletin, in each schema that an issue may have


_ROOMS: dict[str, Room] = {}


def register(room: Room) -> Room:
    """Add a room. Raises ValueError where its label, a topic or a block of it is taken."""
    if room.label in _ROOMS:
        raise ValueError(f"the room {room.label} is registered already")
    taken = {each.code for each in room.topics} & topics().keys()
    taken |= {each.code for each in room.webhook_topics} & webhook_topics().keys()
    if taken:
        raise ValueError(f"the topics {sorted(taken)} are registered already")
    for block in room.blocks:
        BLOCKS.register(block)
    _ROOMS[room.label] = room
    return room


def unregister(label: str) -> None:
    """Take a room out again, with its blocks. Raises KeyError where there is none."""
    for block in _ROOMS.pop(label).blocks:
        BLOCKS.unregister(block)


def rooms() -> tuple[Room, ...]:
    """Every room, in the order of the installed apps."""
    return tuple(_ROOMS.values())


def permissions(actions: str, *models: str) -> frozenset[str]:
    """``permissions("view add", "ticket")`` is ``{"view_ticket", "add_ticket"}``."""
    return frozenset(f"{action}_{model}" for model in models for action in actions.split())


def permissions_of(role: str) -> frozenset[str]:
    """Everything that the rooms give to a role, for example ``{"tickets.view_ticket", ...}``."""
    return frozenset(
        f"{room.label}.{each}"
        for room in rooms()
        for each in room.permissions.get(role, frozenset())
    )


def panels_of(page: str) -> list[Panel]:
    """The panels that the rooms add to a page, in their order."""
    found = (each for room in rooms() for each in room.panels if each.page == page)
    return sorted(found, key=lambda each: each.order)


def topics() -> dict[str, Topic]:
    """The topics of messages to officers and departments, by their codes."""
    return {each.code: each for room in rooms() for each in room.topics}


def webhook_topics() -> dict[str, Topic]:
    """The topics of messages to enterprises' webhooks, by their codes."""
    return {each.code: each for room in rooms() for each in room.webhook_topics}


def duties() -> list[Callable[[], object]]:
    """What the timetable does, each duty once, in order."""
    periodic = (each for room in rooms() for each in room.timetable)
    found = sorted((each for each in periodic if each.duty), key=lambda each: each.order)
    return list(dict.fromkeys(each.duty for each in found if each.duty))


def before_relay() -> tuple[Callable[[], object], ...]:
    """What the relay calls before it looks into the outbox."""
    return tuple(each for room in rooms() for each in room.before_relay)


def erasers() -> list[Eraser]:
    """All erasers in their order."""
    found = (each for room in rooms() for each in room.erasers)
    return sorted(found, key=lambda each: each.order)


def merged(pick: Callable[[VerbPages], Mapping[str, Any]]) -> dict[str, Any]:
    """One mapping of :class:`VerbPages`, of all rooms together."""
    found: dict[str, Any] = {}
    for room in rooms():
        found |= pick(room.verb_pages)
    return found


def is_held(obj: Any) -> bool:
    """Whether any room keeps the object from the purge."""
    return any(holds(obj) for room in rooms() for holds in room.holds)
