"""The verb that says which columns the headings of a workbook mean."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.imports.begin import begin_reading, locked
from projects.imports.models import Import, State
from projects.imports.reading.result import parts_of
from projects.imports.rights import require_import
from projects.imports.vocabulary import record_heading
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid


def answer_headings(
    *, of: Import, answers: Mapping[int, str], remember: Collection[int] = (), by: Any
) -> Import:
    """Say what columns of the workbook are: by their numbers, the name, or "" for not read.

    Where the unit was asked for, it follows the name: ``total_investment:亿元``.

    The workbook is then read again. Those in ``remember`` go into the vocabulary. Raises
    NotAllowed, and Invalid by the number where the sheet has no such column, or two are the same.
    """
    declared = require_import(of.sheet, by)
    with change():
        row = locked(of, State.ASKING, State.READY)
        known = {each["column"]: each for each in (*row.matched, *row.questions)}
        before = {int(column): name for column, name in row.answers.items()}
        _check(declared, answers, known, before)
        for column in set(remember) & answers.keys():
            record_heading(
                sheet=of.sheet, text=known[column]["heading"], key=known[column]["key"],
                column=parts_of(answers[column])[0], by=by,
            )  # fmt: skip
        row.answers |= {str(column): name for column, name in answers.items()}
        begin_reading(row)
        return row


def _check(
    declared: ImportSheet, answers: Mapping[int, str], known: Collection[int],
    before: Mapping[int, str],
) -> None:  # fmt: skip
    names = {each.name for each in declared.columns}
    meant = {column: parts_of(answer)[0] for column, answer in {**before, **answers}.items()}
    times = Counter(name for name in meant.values() if name)
    errors = []
    for column in answers:
        name = meant[column]
        if column not in known or (name and name not in names):
            errors.append(FieldError((column,), _("The sheet has no such column.")))
        elif times[name] > 1:
            message = _("Two columns cannot be the same one.")
            errors.append(FieldError((column,), message, "twice"))
    if errors:
        raise Invalid(errors)
