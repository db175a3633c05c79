"""A board ready to be rendered: the widgets of all rooms for one view.

The page, the wall and the workbook are made of this, so that all of them say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.house.blocks import Format, Text
from projects.house.charts import bar
from projects.house.rooms import widgets
from projects.house.sheets import Cell, Sheet, SheetRow, sheet_of
from projects.house.widgets import Picture, Reading, Tile, View, Widget


@dataclass(frozen=True)
class DrawnTile:
    """A tile with what it says."""

    tile: Tile
    reading: Reading


@dataclass(frozen=True)
class GridCell:
    """A cell of a short grid; ``bar`` is drawn beside the text."""

    cell: Cell
    is_text: bool
    bar: SafeString


@dataclass(frozen=True)
class GridRow:
    """A row of a short grid."""

    row: SheetRow
    cells: list[GridCell]


@dataclass(frozen=True)
class Grid:
    """Some columns of a sheet, shown in place of a drawing."""

    headings: list[tuple[str, bool]]  # and whether the column holds words
    rows: list[GridRow]


@dataclass(frozen=True)
class Face:
    """One of the pictures that take turns in a place: its words, and the address that shows it."""

    words: Text
    address: str
    is_shown: bool


@dataclass(frozen=True)
class DrawnPicture:
    """A picture with its whole sheet, and either its drawing or its grid.

    ``faces`` are those that take turns with it, with itself; none where it is alone.
    """

    picture: Picture
    sheet: Sheet
    drawing: SafeString
    grid: Grid | None
    note: str
    links: Mapping[str, str]
    faces: Sequence[Face] = ()


@dataclass(frozen=True)
class Board:
    """Everything on a board, in its places."""

    view: View
    tiles: list[DrawnTile]
    to_do: list[DrawnTile]
    pictures: list[DrawnPicture]

    def picture(self, name: str) -> DrawnPicture | None:
        """The picture of this name; None where there is none."""
        return next((each for each in self.pictures if each.picture.name == name), None)


def board_of(view: View) -> Board:
    """Count and draw every widget that belongs on this board."""
    here = [widget for widget in widgets() if view.whose in widget.whose]
    tiles: list[DrawnTile] = []
    pictures: list[DrawnPicture] = []
    for widget in here:
        if isinstance(widget, Tile):
            tiles += _tile(widget, view)
        elif not widget.turn:
            pictures += _picture(widget, view)
        elif widget == (faces := _faces(widget.turn, here))[0]:
            pictures += _in_turn(faces, view)
    return Board(
        view,
        [each for each in tiles if not each.tile.is_to_do],
        [each for each in tiles if each.tile.is_to_do],
        pictures,
    )


def _tile(tile: Tile, view: View) -> list[DrawnTile]:
    if view.is_public and not tile.is_public:
        return []
    reading = tile.read(view)
    if reading is None:
        return []
    return [DrawnTile(tile, _without_links(reading) if view.is_public else reading)]


def _without_links(reading: Reading) -> Reading:
    """The same for a wall, on which nothing is opened."""
    return replace(
        reading, note_link="", figures=tuple(replace(each, link="") for each in reading.figures)
    )


def _faces(turn: str, here: Sequence[Widget]) -> list[Picture]:
    """The pictures that take turns in this place, in their order."""
    return [each for each in here if isinstance(each, Picture) and each.turn == turn]


def _in_turn(faces: Sequence[Picture], view: View) -> list[DrawnPicture]:
    """The one that the address asks for; the first that has something to show, where it has not."""
    asked = {view.asked.get(faces[0].turn), view.asked.get("only")}
    for picture in sorted(faces, key=lambda each: each.name not in asked):
        for found in _picture(picture, view):
            return [replace(found, faces=_to_faces(faces, picture, view))]
    return []


def _to_faces(faces: Sequence[Picture], shown: Picture, view: View) -> list[Face]:
    if view.is_public or len(faces) == 1:
        return []
    kept = {name: value for name, value in view.asked.items() if name != "only"}
    return [
        Face(
            each.face, f"?{urlencode({**kept, each.turn: each.name})}#picture-{each.name}",
            each == shown,
        )
        for each in faces
    ]  # fmt: skip


def _picture(picture: Picture, view: View) -> list[DrawnPicture]:
    if view.is_public and not picture.wall:
        return []
    figures = picture.count(view)
    if figures is None:
        return []
    sheet = sheet_of(picture.name, picture.table, figures, None if view.is_public else view)
    drawing = picture.draw(sheet, view) if picture.draw is not None else SafeString()
    grid = None if picture.draw is not None else _grid(picture, sheet, view)
    links = {} if view.is_public else picture.links(view)
    return [DrawnPicture(picture, sheet, drawing, grid, picture.note(view), links)]


def _grid(picture: Picture, sheet: Sheet, view: View) -> Grid:
    on_wall = view.is_public and picture.on_wall
    names = (on_wall or picture.shown) or tuple(each.name for each in sheet.columns)
    columns = {each.name: place for place, each in enumerate(sheet.columns)}
    places = [columns[name] for name in names]
    most = max(
        (row.cells[columns[picture.bar]].value or 0 for row in sheet.rows if not row.is_total),
        default=0,
    ) if picture.bar else 0  # fmt: skip
    rows = []
    for row in sheet.rows:
        cells = [
            GridCell(
                row.cells[place],
                sheet.texts[place],
                _bar(row, place, most)
                if sheet.columns[place].name == picture.bar
                else SafeString(),
            )
            for place in places
        ]
        rows.append(GridRow(row, cells))
    return Grid([(sheet.headings[place], sheet.texts[place]) for place in places], rows)


def _bar(row: SheetRow, place: int, most: int) -> SafeString:
    if row.is_total:
        return SafeString()
    number = row.cells[place].value or 0
    return bar(number, number, most)


def tiles_sheet(board: Board) -> list[list[Any]]:
    """The tiles as rows of a table: title, figure, unit, of how many, note."""
    return [
        [
            str(drawn.tile.title) + (f" · {figure.name}" if figure.name else ""),
            figure.text, figure.unit, figure.of,
            drawn.reading.note if place == 0 else "",
        ]
        for drawn in (*board.tiles, *board.to_do)
        for place, figure in enumerate(drawn.reading.figures)
    ]  # fmt: skip


def tile_headings() -> list[str]:
    """Above the columns of ``tiles_sheet``."""
    return [_("figure"), _("value"), _("unit"), _("of"), _("remark")]


def value_of(cell: Cell, kind: Format) -> Any:
    """A cell as a workbook keeps it: counts and rates as numbers, everything else as text."""
    if cell.value is None:
        return cell.text
    if kind == Format.COUNT:
        return int(cell.value)
    return float(cell.value) if kind == Format.RATE else cell.text
