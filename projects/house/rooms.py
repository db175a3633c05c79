"""The values by which a room declares its parts, and the registry of all rooms.

A room is a Django app. Its module ``room.py`` builds one :class:`Room` and registers it; Django
imports that module of every installed app when it starts. Menu, permissions, timetable, addresses,
pages and the purge are put together from these values, so no list elsewhere names a room. Nothing
in here imports a model.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.house.block_registry import BLOCKS, BRIEFS, BlockRegistry
from projects.house.blocks import Block
from projects.house.imports import ImportSheet
from projects.house.waiting import FirstStep, Matter, Waiting
from projects.house.widgets import Widget


@dataclass(frozen=True)
class Section:
    """A heading of the menu."""

    order: int
    title: Promise
    icon: str  # a name of Material Symbols


TODAY: Final = Section(1, _("Today"), "task_alt")
TICKETS: Final = Section(2, _("Tickets"), "confirmation_number")
PROJECTS: Final = Section(3, _("Projects"), "apartment")
BULLETINS: Final = Section(4, _("Bulletins"), "newspaper")
SERVICE: Final = Section(5, _("Service"), "shield_person")
ADMINISTRATION: Final = Section(6, _("Administration"), "settings")


@dataclass(frozen=True)
class Page:
    """An entry of the menu, shown where the permission and ``is_shown`` allow it, if given."""

    section: Section
    order: int
    title: Promise
    address: str  # the name of a URL
    permission: str = ""
    is_shown: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True)
class Panel:
    """A part of another room's page, in its wide or its narrow column.

    ``context`` takes the page's object and the officer who opens the page, and returns the
    template's variable ``panel``; None where there is nothing to show. A ticket's page gives its
    ``TicketReader`` in place of the officer, which reads once what several panels ask.
    """

    page: str  # the model that the page is about, for example "tickets.ticket"
    order: int
    name: str
    template: str
    context: Callable[[Any, Any], Mapping[str, Any] | None]
    place: Literal["main", "side"] = "main"


@dataclass(frozen=True)
class Periodic:
    """A task of the timetable; ``schedule`` is a number of seconds or a crontab in UTC.

    ``duty`` is the work itself: it does what is due by the record's clock and not yet done. A
    demonstration whose clock is moved forward calls the duties directly, by their ``order``.
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
    """Erases a room's personal data of one object. Erasers run by ``order``.

    ``erase`` takes the object and the moment up to which recorded data is erased, and returns the
    number of erased rows.
    """

    name: str
    order: int
    erase: Callable[[Any, datetime], int]


@dataclass(frozen=True)
class Filter:
    """A filter of the queue; ``name`` is its parameter in the address.

    ``choices`` returns the (value, label) pairs for an officer, ``condition`` the Q object for a
    value and an officer. One that ``is_quiet`` is set by links of other pages, and offered in the
    queue only while it is set.
    """

    name: str
    label: Promise
    choices: Callable[[Any], Sequence[tuple[str, str | Promise]]]
    condition: Callable[[str, Any], Any]
    order: int = 100
    is_quiet: bool = False


@dataclass(frozen=True)
class VerbPages:
    """How a page asks for the inputs of a room's verbs, and how it shows their events.

    Each function in ``fields`` and ``extra_fields`` takes the object and its lines.
    """

    # input's name -> its form field; an input without one gets a text field
    fields: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    # verb -> form fields of its optional inputs
    extra_fields: Mapping[str, Callable[[Any, Any], Mapping[str, Any]]] = field(
        default_factory=dict
    )
    # verbs whose button is in a panel's row, not among the page's buttons
    in_rows: frozenset[str] = frozenset()
    # verb -> a sentence made of its event's payload
    words: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)
    # key of a payload -> the model whose primary key it holds
    named: Mapping[str, Any] = field(default_factory=dict)
    # verbs recorded by the system, shown as done by the row that ``named`` finds in the payload
    shown_as_by_named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Topic:
    """The subject of a message: a stable code, and a label for people."""

    code: str
    label: str | Promise
    can_be_chosen: bool = True  # by recipients; the other topics are always sent
    is_urgent: bool = False  # its messages leave at once, at night too


@dataclass(frozen=True)
class Audit:
    """A comparison of rows with the record; ``compare`` yields a finding for each that differs.

    One that takes long has ``parts``, so that a check that was interrupted goes on where it was:
    ``compare`` then takes one of their names. Given when the check before this one began, ``parts``
    names what is due since then; given None, everything.
    """

    compare: Callable[..., Iterator[Any]]
    parts: Callable[[datetime | None], Iterable[str]] | None = None


@dataclass(frozen=True)
class Named:
    """What people call a row, and the row whose page shows it; None where nothing does."""

    words: str
    row: Any = None


@dataclass(frozen=True)
class Room:
    """All parts of one room; a room does not have what it leaves out."""

    label: str
    pages: Sequence[Page] = ()
    panels: Sequence[Panel] = ()
    # role -> permissions of this room's models without the label, for example "view_ticket"
    permissions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    timetable: Sequence[Periodic] = ()
    api: Sequence[URLPattern] = ()  # below /api/v1/
    urls: Sequence[URLPattern] = ()  # pages outside the admin
    erasers: Sequence[Eraser] = ()
    holds: Sequence[Callable[[Any], bool]] = ()  # whether an object must not be purged
    before_relay: Sequence[Callable[[], object]] = ()  # called before it looks into the outbox
    queue_filters: Sequence[Filter] = ()
    waits: Sequence[Waiting] = ()  # why tickets wait for an officer
    matters: Sequence[Matter] = ()  # what else waits for him
    first_steps: Sequence[FirstStep] = ()  # by which an empty desk is brought into service
    topics: Sequence[Topic] = ()  # of messages to officers and departments
    webhook_topics: Sequence[Topic] = ()  # of messages to enterprises' webhooks
    # code of an error in the API -> what it means
    error_codes: Mapping[str, Promise] = field(default_factory=dict)
    # what administrators do with its rows, for the auditor's page: a stable code -> its label
    acts: Mapping[str, Promise] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()  # permissions that need a second factor at sign-in
    verb_pages: VerbPages = VerbPages()
    flows: Mapping[str, Any] = field(default_factory=dict)  # what goes through it -> its flow
    blocks: Sequence[Block] = ()  # of the bulletin, in each schema of which there are issues
    briefs: Sequence[Block] = ()  # of the daily brief, alike
    widgets: Sequence[Widget] = ()  # of the boards
    imports: Sequence[ImportSheet] = ()  # what comes in from workbooks, and goes out again
    audits: Sequence[Audit] = ()
    # what a backup lists: a name -> (what it is, its hash computed from what is stored) of each
    hashes: Mapping[str, Callable[[], Iterable[tuple[str, str]]]] = field(default_factory=dict)
    # model -> what findings call its row of that key, if not its ``str``; None where it is gone
    names: Mapping[str, Callable[[str], Named | None]] = field(default_factory=dict)


_ROOMS: dict[str, Room] = {}


def register(room: Room) -> Room:
    """Add a room. Raises ValueError where its label, or a name of one of its parts, is taken."""
    if room.label in _ROOMS:
        raise ValueError(f"the room {room.label} is registered already")
    taken = {topic.code for topic in room.topics} & topics().keys()
    taken |= {topic.code for topic in room.webhook_topics} & webhook_topics().keys()
    if taken:
        raise ValueError(f"the topics {sorted(taken)} are registered already")
    taken = {each.name for each in room.widgets} & {each.name for each in widgets()}
    if taken:
        raise ValueError(f"the widgets {sorted(taken)} are registered already")
    taken = {each.name for each in room.imports} & import_sheets().keys()
    if taken:
        raise ValueError(f"the sheets {sorted(taken)} are registered already")
    for registry, block in _blocks_of(room):
        registry.register(block)
    _ROOMS[room.label] = room
    return room


def unregister(label: str) -> None:
    """Remove a room and its blocks. Raises KeyError where there is none."""
    for registry, block in _blocks_of(_ROOMS.pop(label)):
        registry.unregister(block)


def _blocks_of(room: Room) -> list[tuple[BlockRegistry, Block]]:
    return [*((BLOCKS, each) for each in room.blocks), *((BRIEFS, each) for each in room.briefs)]


def rooms() -> tuple[Room, ...]:
    """Every room, in the order of the installed apps."""
    return tuple(_ROOMS.values())


def permissions(actions: str, *models: str) -> frozenset[str]:
    """``permissions("view add", "ticket")`` is ``{"view_ticket", "add_ticket"}``."""
    return frozenset(f"{action}_{model}" for model in models for action in actions.split())


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of a role in all rooms, for example ``{"tickets.view_ticket", ...}``."""
    return frozenset(
        f"{room.label}.{permission}"
        for room in rooms()
        for permission in room.permissions.get(role, frozenset())
    )


def guarded_permissions() -> frozenset[str]:
    """The permissions of all rooms for which an officer needs a second factor."""
    return frozenset(
        f"{room.label}.{permission}" for room in rooms() for permission in room.guarded
    )


def acts() -> list[tuple[str, Promise]]:
    """What administrators do, as (code, label)."""
    return [each for room in rooms() for each in room.acts.items()]


def panels_of(page: str) -> list[Panel]:
    """The panels that the rooms add to a page, in their order."""
    panels = (panel for room in rooms() for panel in room.panels if panel.page == page)
    return sorted(panels, key=lambda panel: panel.order)


def topics() -> dict[str, Topic]:
    """The topics of messages to officers and departments, by their codes."""
    return {topic.code: topic for room in rooms() for topic in room.topics}


def webhook_topics() -> dict[str, Topic]:
    """The topics of messages to enterprises' webhooks, by their codes."""
    return {topic.code: topic for room in rooms() for topic in room.webhook_topics}


def widgets() -> list[Widget]:
    """The widgets of all rooms, by their places."""
    every = (widget for room in rooms() for widget in room.widgets)
    return sorted(every, key=lambda widget: widget.place)


def import_sheets() -> dict[str, ImportSheet]:
    """The sheets that rooms import, by their names, in their order."""
    every = sorted((each for room in rooms() for each in room.imports), key=lambda each: each.order)
    return {each.name: each for each in every}


def first_steps() -> list[FirstStep]:
    """The steps of all rooms by which an empty desk is brought into service, in their order."""
    every = (step for room in rooms() for step in room.first_steps)
    return sorted(every, key=lambda step: step.order)


def duties() -> list[Callable[[], object]]:
    """The duties of the timetable, each once, in their order."""
    tasks = sorted(
        (task for room in rooms() for task in room.timetable), key=lambda task: task.order
    )
    return list(dict.fromkeys(task.duty for task in tasks if task.duty))


def before_relay() -> tuple[Callable[[], object], ...]:
    """What the relay calls before it looks into the outbox."""
    return tuple(function for room in rooms() for function in room.before_relay)


def flows() -> dict[str, Any]:
    """The flow of everything that has a state, by what it is called, for example "a ticket"."""
    return {name: flow for room in rooms() for name, flow in room.flows.items()}


def erasers() -> list[Eraser]:
    """All erasers in their order."""
    every = (eraser for room in rooms() for eraser in room.erasers)
    return sorted(every, key=lambda eraser: eraser.order)


def audits() -> dict[str, Audit]:
    """What the rooms compare with the record, by names such as "tickets.wrong_sums"."""
    return {
        f"{room.label}.{audit.compare.__name__}": audit for room in rooms() for audit in room.audits
    }


def names() -> dict[str, Callable[[str], Named | None]]:
    """What the rows of each model are called."""
    return {model: say for room in rooms() for model, say in room.names.items()}


def merged(pick: Callable[[VerbPages], Mapping[str, Any]]) -> dict[str, Any]:
    """One mapping of :class:`VerbPages`, merged over all rooms."""
    return {key: each for room in rooms() for key, each in pick(room.verb_pages).items()}


def is_held(obj: Any) -> bool:
    """Whether any room forbids purging the object."""
    return any(holds(obj) for room in rooms() for holds in room.holds)
