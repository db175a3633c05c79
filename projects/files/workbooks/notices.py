"""What of a workbook is not read, or is read otherwise than it may seem: said before it is used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.book import letters, runs
from projects.record.refusals import Text

_MOST_PLACES: Final = 12  # named one by one; a longer list ends with dots
NOTICES: Final[dict[str, Promise]] = {
    "sheet": _("The sheet “%(name)s” is not read; it holds something in %(count)s rows."),
    "hidden-sheet": _(
        "The hidden sheet “%(name)s” is not read; it holds something in %(count)s rows."
    ),
    "above": _("What stands above the headings is not read."),
    "hidden-rows": _(
        "These rows are hidden, by hand or by a filter, and are not read. Show them if they count."
    ),
    "struck": _("These rows are struck through, and are not read."),
    "hidden-columns": _("These columns are hidden. They are read."),
    "total": _("This is a total, and is not read."),
    "note": _("This is a note, and is not read."),
    "alone": _("A single cell is filled in these rows. They are taken for notes, and not read."),
    "headings-again": _("The headings stand here again; they are not read as a row."),
    "formulas-alone": _("These rows hold formulas without a result, and are not read."),
    "no-heading": _("This column has no heading. What stands in it is not read."),
    "unknown-heading": _("“%(name)s” is no heading that is known. The column is not read."),
    "comments": _("Comments are not read."),
    "drawings": _("Pictures and text boxes are not read."),
    "merged-across": _(
        "These cells are merged across columns. Their value is read for the first column alone."
    ),
    "covered": _("Merged cells cover these. What stands in them is not seen, and is not read."),
    "merged": _("Merged cells are read as the same value in each of their rows."),
    "dittos": _("These are ditto marks. They are read as the cell above, or the one to the left."),
    "formulas": _("These are formulas. What they showed when the workbook was saved is read."),
}  # fmt: skip
_RANGE: Final = re.compile(r"^(\d+|[A-Z]+):(\d+|[A-Z]+)$")
# Nothing is lost by these, so nobody needs to agree.
_HARMLESS: Final = frozenset({"merged", "dittos", "formulas", "hidden-columns"})


@dataclass(frozen=True)
class Notice:
    """One such thing; ``place`` is as Excel writes it: ``B7``, ``A3:A5``, ``5:9``, ``H:H``.

    ``loses``: something is not read. ``warns``: it is, but somebody should look at it first.
    """

    code: str
    place: str
    message: Text
    loses: bool
    sheet: str = ""
    warns: bool = False

    @property
    def must_be_seen(self) -> bool:
        """Whether nothing may be done with the workbook before this was shown."""
        return self.loses or self.warns

    @staticmethod
    def of(code: str, place: str = "", *, sheet: str = "", **values: Any) -> "Notice":
        """The notice of this code, with its message."""
        message = NOTICES[code] % values if values else NOTICES[code]
        return Notice(code, place, message, code not in _HARMLESS, sheet)


@dataclass
class Places:
    """Collects where each thing was found, so that it is said once with all its places."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, *places: str) -> None:
        """Add places of one code."""
        self.found.setdefault(code, []).extend(places)

    def notices(self, sheet: str) -> list[Notice]:
        """One notice for each code."""
        return [Notice.of(code, joined(places), sheet=sheet) for code, places in self.found.items()]


def joined(places: Iterable[str]) -> str:
    """The places in one line, the first dozen by name."""
    every = list(dict.fromkeys(places))
    more = ["…"] if len(every) > _MOST_PLACES else []
    return ", ".join(every[:_MOST_PLACES] + more)


def rows_named(rows: Iterable[int]) -> list[str]:
    """``5:9`` and ``12:12``."""
    return [f"{first}:{last}" for first, last in runs(rows)]


def columns_named(columns: Iterable[int]) -> list[str]:
    """``H:J``."""
    return [f"{letters(first)}:{letters(last)}" for first, last in runs(columns)]


def place_in_words(place: str) -> str:
    """Where a notice's place is: of ``5:9`` the rows, of ``H:H`` the column; of a cell its name."""
    return gettext(", ").join(_RANGE.sub(_of_range, each) for each in place.split(", "))


def _of_range(found: re.Match[str]) -> str:
    first, last = found.groups()
    both = first if first == last else f"{first}–{last}"
    if first.isdecimal():
        return gettext("Row {row}").format(row=both)
    return gettext("Column {column}").format(column=both)
