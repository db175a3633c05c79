"""The verb that says which columns the headings of a workbook mean."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.imports.begin import begin_reading, locked
from projects.imports.models import Import, State
from projects.imports.rights import require_import
from projects.imports.vocabulary import record_heading
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid


def answer_headings(
    *, of: Import, answers: Mapping[int, str], remember: Collection[int] = (), by: Any
) -> Import:
    """Say what columns of the workbook are: by their indexes, the name, or "" for not read.

    The workbook is then read again. Those in ``remember`` go into the vocabulary. Raises
    NotAllowed, and Invalid by index where the sheet has no such column, or two are the same one.
    """
    declared = require_import(of.sheet, by)
    with change():
        row = locked(of, State.ASKING, State.READY)
        headings = _headings(row)
        _check(declared, answers, headings)
        for column in set(remember) & answers.keys():
            record_heading(sheet=of.sheet, text=headings[column], column=answers[column], by=by)
        row.answers |= {str(column): name for column, name in answers.items()}
        begin_reading(row)
        return row


def _headings(row: Import) -> dict[int, str]:
    """The headings of all columns that the import knows of."""
    return {each["column"]: each["heading"] for each in (*row.matched, *row.questions)}


def _check(declared: ImportSheet, answers: Mapping[int, str], headings: Mapping[int, str]) -> None:
    names = {each.name for each in declared.columns}
    times = Counter(name for name in answers.values() if name)
    errors = []
    for column, name in answers.items():
        if column not in headings or (name and name not in names):
            errors.append(FieldError((column,), _("The sheet has no such column.")))
        elif times[name] > 1:
            message = _("Two columns cannot be the same one.")
            errors.append(FieldError((column,), message, "twice"))
    if errors:
        raise Invalid(errors)
