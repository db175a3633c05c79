"""A block of a bulletin: what it counts, what must hold of it, and its tables, declared once.

A room names its blocks in its ``room.py``, and registering the room registers them in ``BLOCKS``,
which the bulletin's builder, its API and its pages read. A rule that changes is a block of the same
name with the next schema, registered beside the older one: an issue is counted again, and shown, by
the schemas that it was built with.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from projects.house.equations import Equation

type Text = str | Promise
type Path = tuple[str, ...]
type Figures = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """After ``start``, up to and with ``end``."""

    start: datetime
    end: datetime

    @property
    def day(self) -> date:
        """The day on which it ends, by the clock on the wall."""
        return timezone.localdate(self.end)


class Audience(StrEnum):
    """Who may see a block or a table: an enterprise sees ALL, the staff see both."""

    ALL = "all"
    STAFF = "staff"

    def sees(self, other: "Audience") -> bool:
        """Whether it may see what was declared for the other."""
        return other == Audience.ALL or self == Audience.STAFF


class Format(StrEnum):
    """How a figure is written; all but counts are text, so that no place is lost."""

    COUNT = "count"
    MONEY = "money"  # two places
    RATE = "rate"  # percent, one place
    QUANTITY = "quantity"  # exact
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One figure of each row: its name in the JSON, its title and unit, its format.

    ``link`` gives the address of the rows behind the figure, by the period and the row's key.
    """

    name: str
    title: Text
    format: Format = Format.COUNT
    unit: str = ""
    is_nullable: bool = False
    link: Callable[[Period, Path], str] | None = None


@dataclass
class Shape:
    """What stands where in a block's figures, as its tables declare it.

    ``other`` is what stands by a key that is none of the fields. ``name`` is what the API's
    document calls the shape where the same stands in several places.
    """

    fields: "dict[str, Shape | Column]"
    is_list: bool = False
    is_nullable: bool = False
    is_optional: bool = False
    name: str = ""
    other: "Shape | None" = None

    def within(self, path: Path) -> "Shape":
        """The object at the path, made where it is missing."""
        found = self
        for step in path:
            inner = found.fields.setdefault(step, Shape({}))
            if not isinstance(inner, Shape):
                raise TypeError(step)
            found = inner
        return found

    def add(self, columns: Iterable[Column]) -> None:
        """These figures stand in it."""
        self.fields.update((column.name, column) for column in columns)


@dataclass(frozen=True)
class Line:
    """One row of a table with its figures; ``figures`` is None where there is nothing to show.

    A fixed row is there in every bulletin; the others are compared in charts.
    """

    titles: tuple[Text, ...]
    figures: Figures | None
    key: Path
    is_fixed: bool = False
    is_total: bool = False


def _at(figures: Figures, path: Path) -> Any:
    for step in path:
        figures = figures[step]
    return figures


@dataclass(frozen=True)
class Row:
    """One row, whose figures are the object at a path; without the columns that it ``lacks``."""

    title: Text = ""
    at: Path = ()
    is_nullable: bool = False
    is_total: bool = False
    lacks: frozenset[str] = frozenset()

    def lines(self, figures: Figures) -> Iterator[Line]:
        """The one line."""
        yield Line((self.title,), _at(figures, self.at), self.at, True, self.is_total)

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add to the shape what this row says of it."""
        inner = shape.within(self.at)
        inner.is_nullable = inner.is_nullable or self.is_nullable
        inner.add(column for column in columns if column.name not in self.lacks)


@dataclass(frozen=True)
class Listed:
    """A row for each object of the list at a path, by their ``key`` and named by their ``title``.

    Both stand in the object beside the columns' figures.
    """

    at: Path
    key: Column
    title: Column

    def lines(self, figures: Figures) -> Iterator[Line]:
        """A line for each, in the list's order."""
        for each in _at(figures, self.at):
            yield Line((each[self.title.name],), each, (each[self.key.name],))

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add to the shape what these rows say of it."""
        inner = shape.within(self.at)
        inner.is_list = True
        inner.add((self.key, self.title, *columns))


@dataclass(frozen=True)
class Keyed:
    """A row for each object that is found by so many keys as ``titles`` has of each known row.

    The known rows come first, in the order of ``titles``, then the others, named by their keys.
    ``name`` is what the API's document calls such an object.
    """

    name: str
    titles: Callable[[], Mapping[Path, tuple[Text, ...]]]
    levels: int = 1
    at: Path = ()

    def lines(self, figures: Figures) -> Iterator[Line]:
        """A line for each that is there."""
        known, found = self.titles(), dict(_by_keys(_at(figures, self.at), self.levels))
        for key in (*(key for key in known if key in found), *sorted(found.keys() - known.keys())):
            yield Line(known.get(key, key), found[key], key)

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add to the shape each known row and any other; each may be missing."""
        row = Shape({}, is_optional=True, name=self.name)
        row.add(columns)
        others = [row]  # by how many keys are still to come
        while len(others) < self.levels:
            others.append(Shape({}, other=others[-1]))
        shape.within(self.at).other = others[-1]
        for key in self.titles():
            for depth in range(1, self.levels):
                outer = shape.within(self.at + key[:depth])
                outer.is_optional, outer.other = True, others[self.levels - depth - 1]
            shape.within(self.at + key[:-1]).fields[key[-1]] = row


def _by_keys(figures: Figures, levels: int) -> Iterator[tuple[Path, Figures]]:
    for key, value in figures.items():
        if levels == 1:
            yield (key,), value
        else:
            yield from (((key, *rest), each) for rest, each in _by_keys(value, levels - 1))


@dataclass(frozen=True)
class Sentence:
    """The figures of a table's total row, or else of its first, in words: ``%(name)s``.

    Where the figure that it ``needs`` is undefined (null), ``otherwise`` is said.
    """

    text: Text
    needs: str = ""
    otherwise: Text = ""

    def say(self, figures: Figures) -> str:
        """With the figures in their places."""
        if self.needs and figures[self.needs] is None:
            return str(self.otherwise)
        return str(self.text) % figures


@dataclass(frozen=True)
class Table:
    """Columns by rows, with what is said of them; every face of a bulletin is drawn from it.

    ``headings`` stand above the rows' titles. ``equations`` hold in every row. ``chart`` names the
    column of rates that is drawn as bars, without fixed rows. Where ``in_words`` is set, the
    sentences say every figure and no grid is drawn. Sentences of a table in words that has a title
    stand below it, all others at the bulletin's head.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row | Listed | Keyed, ...] = (Row(),)
    title: Text = ""
    unit: str = ""
    headings: tuple[Text, ...] = ("",)
    sentences: tuple[Sentence, ...] = ()
    equations: tuple[Equation, ...] = ()
    note: Text = ""
    chart: str = ""
    in_words: bool = False
    audience: Audience = Audience.ALL

    def lines(self, figures: Figures) -> Iterator[Line]:
        """Its rows, with their figures."""
        for row in self.rows:
            yield from row.lines(figures)


@dataclass(frozen=True)
class Mark:
    """Which projects a figure counted, so that an enterprise is told of its own.

    ``rows`` gives rows with a ``project``, as they were recorded up to the period's end.
    """

    name: str
    help: str
    rows: Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Imbalance:
    """An equation that does not hold, of which row, with what its two sides come to."""

    equation: Equation
    key: Path
    left: Any
    right: Any


@dataclass(frozen=True)
class Block:
    """One part of a bulletin, by one version of its rules.

    ``place`` orders the blocks of a bulletin. ``count`` is a function of what was recorded up to
    the period's end alone. ``equations`` hold of the block as a whole.
    """

    name: str
    place: int
    count: Callable[[Period], Figures]
    tables: tuple[Table, ...]
    equations: tuple[Equation, ...] = ()
    marks: tuple[Mark, ...] = ()
    audience: Audience = Audience.ALL
    schema: int = 1

    def imbalances(self, figures: Figures) -> Iterator[Imbalance]:
        """Every equation that does not hold of these figures."""
        stated: list[tuple[Equation, Path, Figures]]
        stated = [(equation, (), figures) for equation in self.equations]
        for table in self.tables:
            for line in table.lines(figures):
                if line.figures is not None:
                    stated += [(each, line.key, line.figures) for each in table.equations]
        for equation, key, row in stated:
            values = equation.values(row)
            if values is not None and values[0] != values[1]:
                yield Imbalance(equation, key, *values)

    def tables_for(self, audience: Audience) -> list[Table]:
        """Those that the audience may see; none of a block that it may not."""
        if not audience.sees(self.audience):
            return []
        return [table for table in self.tables if audience.sees(table.audience)]

    def shape(self, audience: Audience) -> Shape:
        """What the audience may see of its figures."""
        shape = Shape({})
        for table in self.tables_for(audience):
            for row in table.rows:
                row.declare(shape, table.columns)
        return shape

    def seen(self, figures: Figures, audience: Audience) -> Figures:
        """Those of the figures that a table declares for the audience, in their order."""
        kept: Figures = _kept(figures, self.shape(audience))
        return kept


def _kept(value: Any, shape: Shape | Column) -> Any:
    if value is None or isinstance(shape, Column):
        return value
    if isinstance(value, list):
        return [_kept(each, shape) for each in value]
    inner = {name: shape.fields.get(name, shape.other) for name in value}
    return {name: _kept(value[name], each) for name, each in inner.items() if each is not None}


class BlockRegistry:
    """Every block that a room offers, in each schema that an issue may have been built with."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int], Block] = {}

    def register(self, block: Block) -> Block:
        """Offer it. Raises ValueError where its name and schema, or its place, are taken."""
        for other in self._blocks.values():
            if (other.name == block.name) != (other.place == block.place):
                raise ValueError(f"{block.name} and {other.name} share a name or a place")
        if (block.name, block.schema) in self._blocks:
            raise ValueError(f"{block.name} is registered already")
        self._blocks[block.name, block.schema] = block
        return block

    def unregister(self, block: Block) -> None:
        """Take it away again. Raises KeyError where it is not there."""
        del self._blocks[block.name, block.schema]

    def newest(self) -> list[Block]:
        """Each block by its latest schema, in their order."""
        return self.of(dict(sorted(self._blocks)))

    def of(self, schemas: Mapping[str, int]) -> list[Block]:
        """The blocks of these schemas, in their order; those that nobody offers are left out."""
        found = [self._blocks[each] for each in schemas.items() if each in self._blocks]
        return sorted(found, key=lambda block: block.place)


BLOCKS: Final = BlockRegistry()
