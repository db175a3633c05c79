"""A block of a bulletin: its count, its equations and its tables, declared once.

A room lists its blocks in its ``room.py``; registering the room adds them to ``BLOCKS``, which the
bulletin's builder, API and pages read. A changed rule is a new block of the same name with the next
schema, registered beside the older one, because an issue is recounted and shown by the schemas with
which it was built.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from projects.house.equations import Equation
from projects.house.outline import OVERALL, Chapter
from projects.house.sentences import Sentence
from projects.house.totals import Totals, added

type Text = str | Promise
type Path = tuple[str, ...]
type Figures = dict[str, Any]


@dataclass(frozen=True)
class Period:
    """The time after ``start``, up to and including ``end``."""

    start: datetime
    end: datetime

    @property
    def day(self) -> date:
        """The day on which it ends, in the centre's time zone."""
        return timezone.localdate(self.end)


class Audience(StrEnum):
    """Who may see a block or a table: enterprises see ALL, the staff see both."""

    ALL = "all"
    STAFF = "staff"

    def sees(self, other: "Audience") -> bool:
        """Whether this audience may see what was declared for the other."""
        return other == Audience.ALL or self == Audience.STAFF


class Format(StrEnum):
    """How a figure is written. All but counts are JSON strings, so that no decimal is lost."""

    COUNT = "count"
    MONEY = "money"  # two decimal places
    RATE = "rate"  # percent, one decimal place
    QUANTITY = "quantity"  # exact
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One figure of each row: its name in the JSON, title, unit and format.

    ``link`` takes a bulletin's period, or a board's view, and the row's key, and returns the
    address of the counted rows. ``words`` says in words what the codes of a text mean, ``says``
    what a count without a unit counts, ``light`` which light it is a count of. A rank is printed
    only where the office prints ranks.
    """

    name: str
    title: Text
    format: Format = Format.COUNT
    unit: str = ""
    is_nullable: bool = False
    says: Text = ""
    link: Callable[[Any, Path], str] | None = None
    words: Mapping[str, Text] | None = None
    light: str = ""
    is_rank: bool = False

    def write(self, value: Any) -> str:
        """The figure as a face shows it."""
        return str(self.words.get(value, value) if self.words else value)


@dataclass
class Shape:
    """The JSON object or list that holds a block's figures, as its tables declare it.

    ``other`` is the shape below any key that is not in ``fields``. ``name`` is the API document's
    name for a shape that is used in several places.
    """

    fields: "dict[str, Shape | Column]"
    is_list: bool = False
    is_nullable: bool = False
    is_optional: bool = False
    name: str = ""
    other: "Shape | None" = None
    sometimes: set[str] = field(default_factory=set)  # fields that not every schema has

    def join(self, older: "Shape") -> None:
        """Also what figures by an older schema have; what one of the two lacks is not required."""
        self.sometimes |= older.sometimes | (self.fields.keys() ^ older.fields.keys())
        for step, theirs in older.fields.items():
            ours = self.fields.setdefault(step, theirs)
            if ours is not theirs and isinstance(ours, Shape) and isinstance(theirs, Shape):
                ours.join(theirs)

    def within(self, path: Path) -> "Shape":
        """The shape at the path, made where it is missing. Raises TypeError at a column."""
        shape = self
        for key in path:
            inner = shape.fields.setdefault(key, Shape({}))
            if not isinstance(inner, Shape):
                raise TypeError(key)
            shape = inner
        return shape

    def add(self, columns: Iterable[Column]) -> None:
        """Add these figures to the fields."""
        self.fields.update((column.name, column) for column in columns)


@dataclass(frozen=True)
class Line:
    """One row of a table with its figures, which are None where there is nothing to show.

    A fixed row is in every bulletin; charts compare the others.
    """

    titles: tuple[Text, ...]
    figures: Figures | None
    key: Path
    is_fixed: bool = False
    is_total: bool = False


def _figures_at(figures: Figures, path: Path) -> Any:
    for key in path:
        figures = figures[key]
    return figures


@dataclass(frozen=True)
class Row:
    """One row, whose figures are the object at ``at``, without the columns in ``lacks``."""

    title: Text = ""
    at: Path = ()
    is_nullable: bool = False
    is_total: bool = False
    lacks: frozenset[str] = frozenset()

    def lines(self, figures: Figures) -> Iterator[Line]:
        """Its only line."""
        yield Line((self.title,), _figures_at(figures, self.at), self.at, True, self.is_total)

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add this row's figures to the shape."""
        inner = shape.within(self.at)
        inner.is_nullable = inner.is_nullable or self.is_nullable
        inner.add(column for column in columns if column.name not in self.lacks)


@dataclass(frozen=True)
class Listed:
    """A row for each object of the list at ``at``.

    Each object has a ``key`` and a ``title`` beside the columns' figures.
    """

    at: Path
    key: Column
    title: Column

    def lines(self, figures: Figures) -> Iterator[Line]:
        """A line for each object, in the list's order."""
        for row in _figures_at(figures, self.at):
            yield Line((row[self.title.name],), row, (row[self.key.name],))

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add these rows' figures to the shape."""
        inner = shape.within(self.at)
        inner.is_list = True
        inner.add((self.key, self.title, *columns))


@dataclass(frozen=True)
class Keyed:
    """A row for each object that lies ``levels`` keys below ``at``.

    ``titles`` returns the titles of the known rows by their keys. These come first, in that order,
    then the others, each beside the rows with which it shares its first key; ``title`` makes their
    titles, which are otherwise their keys. ``name`` is the API document's name for such an object.
    """

    name: str
    titles: Callable[[], Mapping[Path, tuple[Text, ...]]]
    levels: int = 1
    at: Path = ()
    title: Callable[[Path], tuple[Text, ...]] = tuple

    def lines(self, figures: Figures) -> Iterator[Line]:
        """A line for each object that the figures have."""
        known, rows = self.titles(), dict(_by_keys(_figures_at(figures, self.at), self.levels))
        keys = [*(key for key in known if key in rows), *sorted(rows.keys() - known.keys())]
        place = {first: order for order, (first, *_rest) in reversed([*enumerate(keys)])}
        for key in sorted(keys, key=lambda each: place[each[0]]):
            yield Line(known.get(key) or self.title(key), rows[key], key)

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add each known row and any other one to the shape; each may be missing."""
        declared: Shape | None = shape.within(self.at)
        for _level in range(self.levels):  # by another table
            declared = declared and declared.other
        row = declared or Shape({}, is_optional=True, name=self.name)
        row.add(columns)
        others = [row]  # index: how many more keys lead to the row
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
            yield from (((key, *rest), row) for rest, row in _by_keys(value, levels - 1))


@dataclass(frozen=True)
class Table:
    """Columns, rows and sentences, from which every format of a bulletin is drawn.

    ``headings`` are those of the rows' titles. ``equations`` must hold in every row. ``chart`` is
    the column of rates that is drawn as bars, without fixed rows. With ``in_words`` the sentences
    give every figure and no grid is drawn; such a table's sentences are printed below its title if
    it has one. ``total`` is the title of a last row with the sums of the others, for columns of
    counts. The sentences of a table are a paragraph of the bulletin; ``heading`` is what it is
    about, and ``says`` adds sentences that take more than one row's figures. One that
    ``is_appendix`` is printed after the text. ``row_link`` is the address of what a row is about,
    made as a column's ``link`` is. ``rank_rule`` is how its ranks are given, printed
    with them.
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
    row_link: Callable[[Any, Path], str] | None = None
    heading: Text = ""
    says: Callable[[Figures], Iterable[str]] | None = None
    is_appendix: bool = False
    total: Text = ""
    rank_rule: Callable[[Figures], str] | None = None

    def lines(self, figures: Figures) -> Iterator[Line]:
        """Its rows with their figures; last their sums, where it has a ``total``."""
        lines = [line for row in self.rows for line in row.lines(figures)]
        yield from lines
        if self.total and lines:
            sums = {
                column.name: sum((line.figures or {}).get(column.name, 0) for line in lines)
                for column in self.columns
            }
            yield Line((self.total,), sums, (), is_fixed=True, is_total=True)


@dataclass(frozen=True)
class Mark:
    """The projects that a figure counted, from which an enterprise is shown its own.

    ``rows`` takes the period's end and returns rows with a ``project``, as recorded up to then.
    """

    name: str
    help: str
    rows: Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Imbalance:
    """An equation that does not hold in the row ``key``, with the values of its two sides."""

    equation: Equation
    key: Path
    left: Any
    right: Any


@dataclass(frozen=True)
class Carried:
    """Totals over all history, and how they are carried forward from an earlier moment.

    ``at`` counts what was recorded up to a moment; ``change`` says by how much that differs
    between a period's start and end, and looks only at what was recorded in it. ``figures`` are
    the block's, by the totals at the period's end.
    """

    at: Callable[[datetime], Totals]
    change: Callable[[Period], Totals]
    figures: Callable[[Period, Totals], Figures]

    def count(self, period: Period) -> Figures:
        """The figures, counted from nothing."""
        return self.figures(period, self.at(period.end))

    def forward(self, totals: Totals, period: Period) -> Totals:
        """The totals at the period's end, by those at its start."""
        return added(totals, self.change(period))


@dataclass(frozen=True)
class Block:
    """One part of a bulletin, by one version of its rules.

    ``place`` orders the blocks of a bulletin. ``count`` uses only what was recorded up to the
    period's end, and counts from nothing; a block whose totals over all history can be carried
    forward says how in ``carried``. ``equations`` are those of the whole block, beside those of
    its tables. ``chapter`` is where it is printed, and ``steps`` are sentences for the chapter of
    next steps that follow from the figures. One that ``is_weekly`` compares weeks, and is in no
    extra issue.
    """

    name: str
    place: int
    count: Callable[[Period], Figures]
    tables: tuple[Table, ...]
    equations: tuple[Equation, ...] = ()
    marks: tuple[Mark, ...] = ()
    audience: Audience = Audience.ALL
    schema: int = 1
    carried: Carried | None = None
    chapter: Chapter = OVERALL
    steps: Callable[[Figures], Iterable[str]] | None = None
    is_weekly: bool = False

    def imbalances(self, figures: Figures) -> Iterator[Imbalance]:
        """Every equation that does not hold for these figures."""
        checks: list[tuple[Equation, Path, Figures]]
        checks = [(equation, (), figures) for equation in self.equations]
        for table in self.tables:
            for line in table.lines(figures):
                if line.figures is not None:
                    checks += [(item, line.key, line.figures) for item in table.equations]
        for equation, key, row in checks:
            values = equation.values(row)
            if values is not None and values[0] != values[1]:
                yield Imbalance(equation, key, *values)

    def tables_for(self, audience: Audience) -> list[Table]:
        """The tables that the audience may see; none where it may not see the block."""
        if not audience.sees(self.audience):
            return []
        return [table for table in self.tables if audience.sees(table.audience)]

    def shape(self, audience: Audience) -> Shape:
        """The shape of the figures that the audience may see."""
        shape = Shape({})
        for table in self.tables_for(audience):
            for row in table.rows:
                row.declare(shape, table.columns)
        return shape

    def seen(self, figures: Figures, audience: Audience) -> Figures:
        """The figures that a table declares for the audience, in their order."""
        visible: Figures = _keep_declared(figures, self.shape(audience))
        return visible


def _keep_declared(value: Any, shape: Shape | Column) -> Any:
    if value is None or isinstance(shape, Column):
        return value
    if isinstance(value, list):
        return [_keep_declared(item, shape) for item in value]
    inner = {name: shape.fields.get(name, shape.other) for name in value}
    return {
        name: _keep_declared(value[name], inner_shape)
        for name, inner_shape in inner.items()
        if inner_shape is not None
    }
