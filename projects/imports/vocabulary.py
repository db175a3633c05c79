"""Verbs of the vocabulary: what headings of other people's sheets mean."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.house.rooms import import_sheets
from projects.imports.models import LONGEST_KEY, LONGEST_TEXT, Heading
from projects.imports.reading.vocabulary import key_of
from projects.record.acts import ADDED, CHANGED, REMOVED, record_act
from projects.record.clock import change, now
from projects.record.refusals import Checker, NotAllowed
from projects.record.text import one_line


def record_heading(*, sheet: str, text: str, column: str = "", key: str = "", by: Any) -> Heading:
    """Say which column of a sheet a heading means, from now on; without one, that it is not read.

    ``key`` is the one by which the reader asked for it; without it, the heading's in a sheet about
    this year.
    Of a long heading the beginning is kept, to be shown. Replaces what was said of the same
    heading. Raises NotAllowed, and Invalid where there is no such sheet or column, or the heading
    has neither letters nor digits, or is too long to be compared.
    """
    if not by.has_perm("imports.add_heading"):
        raise NotAllowed(_("Your role does not allow this."))
    declared = import_sheets().get(sheet)
    key = key or key_of(text, timezone.localdate(now()).year)
    check = Checker()
    check.require(declared, "sheet", _("There is no such sheet."))
    check.require(key, "text", _("This field is required."), "required")
    check.require(
        len(key) <= LONGEST_KEY, "text", _("This heading is too long to be remembered."),
        "max_length",
    )  # fmt: skip
    check.require(_is_column(declared, column), "column", _("The sheet has no such column."))
    check.finish()
    text = one_line(text)[:LONGEST_TEXT]
    with change() as at:
        before = Heading.objects.select_for_update().filter(sheet=sheet, key=key).first()
        if before is None:
            row = Heading.objects.create(
                sheet=sheet, text=text, key=key, column=column, by=by, recorded_at=at
            )
            record_act(ADDED, about=row, changes={"column": (None, column)}, by=by)
            return row
        if before.column != column:
            record_act(CHANGED, about=before, changes={"column": (before.column, column)}, by=by)
        before.text, before.column, before.by, before.recorded_at = text, column, by, at
        before.save()
        return before


def _is_column(declared: ImportSheet | None, column: str) -> bool:
    return declared is None or not column or column in {each.name for each in declared.columns}


def remove_heading(*, heading: Heading, by: Any) -> None:
    """Forget what a heading means. Raises NotAllowed."""
    if not by.has_perm("imports.delete_heading"):
        raise NotAllowed(_("Your role does not allow this."))
    with change():
        record_act(REMOVED, about=heading, changes={"column": (heading.column, None)}, by=by)
        Heading.objects.filter(pk=heading.pk).delete()
