"""What a board shows: tiles and pictures, each declared once by the room that counts its figures.

A room lists its widgets in its ``room.py``. A picture is drawn from the same table from which its
data table and its sheet of a workbook are made, so the three cannot differ. Nothing in here imports
a model: a widget counts for a :class:`View`, and its links are addresses as text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.safestring import SafeString

from projects.house.blocks import Figures, Table, Text
from projects.house.sheets import Sheet


class Whose(StrEnum):
    """Whose figures a board shows: everybody's, one group's, or one officer's."""

    ALL = "all"
    GROUP = "group"
    OFFICER = "officer"


EVERYBODY: Final = frozenset(Whose)
ALL_ALONE: Final = frozenset({Whose.ALL})
OF_MANY: Final = frozenset({Whose.ALL, Whose.GROUP})
DISTRICTS: Final = "districts"  # the turn of the maps of districts


@dataclass(frozen=True)
class View:
    """One look at a board: the moment, whose figures are counted, and who reads them.

    ``group`` and ``officer`` are None on the board of everybody. ``projects`` is a query of the
    ids of the projects that the group or the officer serves; None means every project. ``reader``
    is None on a wall, where nobody is asked who he is: figures have no links there. ``asked`` are
    the parameters of the page's address, by which a widget may divide its figures otherwise.
    """

    at: datetime
    reader: Any = None
    group: Any = None
    officer: Any = None
    projects: Any = None
    asked: Mapping[str, str] = field(default_factory=dict, compare=False)
    _counted: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def whose(self) -> Whose:
        """Which kind of board it is."""
        if self.officer is not None:
            return Whose.OFFICER
        return Whose.GROUP if self.group is not None else Whose.ALL

    @property
    def is_public(self) -> bool:
        """Whether it hangs on a wall: aggregates only, and no addresses."""
        return self.reader is None

    def once[Counted](self, name: str, count: Callable[["View"], Counted]) -> Counted:
        """What ``count`` gives, counted once for all widgets of this board."""
        if name not in self._counted:
            self._counted[name] = count(self)
        found: Counted = self._counted[name]
        return found


@dataclass(frozen=True)
class Figure:
    """One figure of a tile, as text with its unit, and the address of the rows that it counts.

    ``of`` says of how many it is; ``light`` is the light whose shape and colour it has; ``name``
    is its title in the data table, where the tile has several.
    """

    text: str
    unit: str = ""
    of: str = ""
    link: str = ""
    light: str = ""
    name: Text = ""


@dataclass(frozen=True)
class Reading:
    """What a tile says: its figures, a note below them, and whether that is amiss.

    Where the note has a number, ``note_link`` is the address of the rows that it counts.
    """

    figures: tuple[Figure, ...]
    note: str = ""
    note_link: str = ""
    is_amiss: bool = False


@dataclass(frozen=True)
class Tile:
    """One or a few figures at the head of a board; ``read`` returns None where it says nothing.

    ``place`` orders the tiles. Only what ``is_public`` is shown on a wall. A tile that is
    ``to_do`` counts what somebody must act on, and stands in the second row.
    """

    name: str
    place: int
    title: Text
    read: Callable[[View], Reading | None]
    whose: frozenset[Whose] = EVERYBODY
    is_public: bool = False
    is_to_do: bool = False


@dataclass(frozen=True)
class Picture:
    """A table of figures, shown as a drawing or as a short grid, with the whole table beside it.

    ``count`` returns the figures that ``table`` declares; None where there is nothing to show.
    ``draw`` makes the drawing of the table's sheet; without it the columns in ``shown`` are a grid,
    all of them where none is named, with the column ``bar`` drawn as bars. ``span`` is its width
    in twelfths of the board. ``wall`` is the place that it takes on a wall, which shows aggregates
    alone; without one it is not shown there, and ``on_wall`` is what ``shown`` is there. ``note``
    stands beside the title; ``links`` are further addresses there, by their words.

    Pictures of the same ``turn`` take turns in one place: the board shows the one whose name the
    address has for it, the first by itself, and the ``face`` of each to choose from.
    """

    name: str
    place: int
    title: Text
    count: Callable[[View], Figures | None]
    table: Table
    span: int = 4
    draw: Callable[[Sheet, View], SafeString] | None = None
    shown: tuple[str, ...] = ()
    bar: str = ""
    note: Callable[[View], str] = lambda _view: ""
    whose: frozenset[Whose] = EVERYBODY
    wall: str = ""
    on_wall: tuple[str, ...] = ()
    links: Callable[[View], Mapping[str, str]] = lambda _view: {}
    turn: str = ""
    face: Text = ""


type Widget = Tile | Picture
