"""Reads an .xlsx file: which sheets it has, what their cells hold, and what belongs to them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath
from typing import Final

from projects.files.checks.archives import Budget, Member, members_of, unpacked
from projects.files.sandbox.child import CannotReadError
from projects.files.workbooks.serials import is_of_dates, is_of_months
from projects.files.workbooks.strikes import Runs, is_on
from projects.files.workbooks.wire import Found, Limits, without_controls
from projects.files.workbooks.xlsx_sheet import SheetReader, Style, place_of
from projects.files.xml_stream import local, walk

_DRAWN: Final = frozenset({"pic", "sp", "graphicFrame", "cxnSp"})
_YES: Final = frozenset({"1", "true"})


@dataclass(frozen=True)
class Relation:
    """What a part of the document refers to: the sort of thing, and the name of its part."""

    kind: str
    target: str


class Package:
    """The parts of a document, by their names in lower case, as Office finds them."""

    def __init__(self, content: bytes) -> None:
        self._content, self._budget = content, Budget()
        self._members: dict[str, Member] = {
            member.name.lower(): member for member in members_of(content, self._budget)
        }

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part, unpacked piece by piece; nothing where there is no such part."""
        member = self._members.get(name.lower())
        return iter(()) if member is None else unpacked(self._content, member, self._budget)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._members

    def relations(self, name: str) -> dict[str, Relation]:
        """What the part refers to within the document, by the id that it uses."""
        folder, found = dirname(name), dict[str, Relation]()

        def begin(_name: str, values: dict[str, str]) -> None:
            target = values.get("Target", "")
            if values.get("TargetMode") != "External" and target:
                inside = normpath(join("/", folder, target)).lstrip("/")
                kind = values.get("Type", "").rpartition("/")[2]
                found[values.get("Id", "")] = Relation(kind, inside)

        rels = join(folder, "_rels", f"{name.rpartition('/')[2]}.rels")
        if self.has(rels):
            walk(self.pieces(rels), begin=begin)
        return found


def read_xlsx(content: bytes, limits: Limits) -> list[Found]:
    """Every sheet, in the order of the workbook. Raises CannotReadError."""
    package = Package(content)
    main = [each.target for each in package.relations("").values() if each.kind == "officeDocument"]
    if len(main) != 1 or not package.has(main[0]):
        raise CannotReadError("workbook")
    relations = package.relations(main[0])
    sheets, since_1904 = _sheets(package, main[0])
    by_kind = {each.kind: each.target for each in relations.values()}
    strings = _strings(package, by_kind.get("sharedStrings", ""))
    styles = _styles(package, by_kind.get("styles", ""))
    found = []
    for number, (name, state) in sheets.items():
        relation = relations.get(number)
        if relation is None or relation.kind != "worksheet":  # a chart's own sheet, or a macro's
            continue
        reader = SheetReader(
            strings.found, strings.runs, styles, since_1904=since_1904, limits=limits
        )
        reader.found.name = without_controls(name)
        reader.found.is_hidden = state != "visible"
        limits = replace(limits, cells=reader.read(package.pieces(relation.target)))
        _add_belongings(package, relation.target, reader.found)
        found.append(reader.found)
    if not found:
        raise CannotReadError("workbook")
    return found


def _sheets(package: Package, part: str) -> tuple[dict[str, tuple[str, str]], bool]:
    """The sheets' names and states by the id of their relation; whether days count from 1904."""
    sheets, since_1904 = dict[str, tuple[str, str]](), False

    def begin(name: str, values: dict[str, str]) -> None:
        nonlocal since_1904
        if local(name) == "sheet":
            number = next((values[each] for each in values if local(each) == "id"), "")
            sheets[number] = (values.get("name", ""), values.get("state", "visible"))
        elif local(name) == "workbookPr":
            since_1904 = values.get("date1904") in _YES

    walk(package.pieces(part), begin=begin)
    return sheets, since_1904


class _Strings:
    """The texts that cells refer to by number, without the marks of pronunciation.

    ``runs`` has those of texts that are not struck through as their cell is.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        self.runs: dict[int, list[bool | None]] = {}
        self._current: list[str] = []
        self._of_current = Runs()
        self._collects = self._within_phonetic = False

    def begin(self, name: str, values: dict[str, str]) -> None:
        name = local(name)
        self._of_current.begin(name, values)
        if name == "t":
            self._collects = not self._within_phonetic
        elif name == "rPh":
            self._within_phonetic = True

    def end(self, name: str) -> None:
        name = local(name)
        if name == "t":
            self._collects = False
        elif name == "rPh":
            self._within_phonetic = False
        elif name == "si":
            if runs := self._of_current.take():
                self.runs[len(self.found)] = runs
            self.found.append("".join(self._current))
            self._current.clear()

    def text(self, piece: str) -> None:
        if self._collects:
            self._current.append(piece)
            self._of_current.add(piece)


def _strings(package: Package, part: str) -> _Strings:
    strings = _Strings()
    if package.has(part):
        walk(package.pieces(part), begin=strings.begin, end=strings.end, text=strings.text)
    return strings


def _styles(package: Package, part: str) -> list[Style]:
    """What each style says of its cells."""
    codes, fonts, within = dict[int, str](), list[bool](), ""
    styles = list[tuple[int, int]]()  # number of the format, and of the font

    def begin(name: str, values: dict[str, str]) -> None:
        nonlocal within
        name = local(name)
        if name == "numFmt":
            codes.setdefault(int(values["numFmtId"]), values.get("formatCode", ""))
        elif name in {"fonts", "cellXfs", "cellStyleXfs"}:
            within = name
        elif name == "xf" and within == "cellXfs":
            styles.append((int(values.get("numFmtId", "0")), int(values.get("fontId", "0"))))
        elif name == "font" and within == "fonts":
            fonts.append(False)
        elif name == "strike" and within == "fonts":
            fonts[-1] = is_on(values)

    if package.has(part):
        walk(package.pieces(part), begin=begin)
    return [
        Style(
            is_of_dates(number, codes.get(number, "")),
            font < len(fonts) and fonts[font],
            is_of_months(number, codes.get(number, "")),
        )
        for number, font in styles
    ]


def _add_belongings(package: Package, part: str, found: Found) -> None:
    """Where the sheet has comments, and whether it has pictures."""

    def begin(name: str, values: dict[str, str]) -> None:
        name = local(name)
        if name in {"comment", "threadedComment"} and "ref" in values:
            found.comments.append(list(place_of(values["ref"])))
        elif name in _DRAWN:
            found.has_drawings = True

    for relation in package.relations(part).values():
        if relation.kind in {"comments", "threadedComment", "drawing"}:
            walk(package.pieces(relation.target), begin=begin)
