"""The verbs that say what a workbook does not: what headings mean, and what holds of all rows."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.house.imports import ImportSheet
from projects.imports.begin import begin_reading, locked
from projects.imports.models import LONGEST_STATED, Import, State
from projects.imports.reading.result import parts_of
from projects.imports.rights import require_act
from projects.imports.vocabulary import record_heading
from projects.record.clock import change
from projects.record.refusals import Checker, FieldError, Invalid
from projects.record.text import one_line


def answer_headings(
    *, of: Import, answers: Mapping[int, str], remember: Collection[int] = (), by: Any
) -> Import:
    """Say what columns of the workbook are: by their numbers, the name, or "" for not read.

    Where the unit was asked for, it follows the name: ``total_investment:亿元``.

    The workbook is then read again. Those in ``remember`` go into the vocabulary. Raises
    NotAllowed, and Invalid by the number where the sheet has no such column, or two are the same.
    """
    declared = require_act(of, by)
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


def state_for_all(*, of: Import, stated: Mapping[str, date | str | None], by: Any) -> Import:
    """Say what holds of every row without a value of its own; what is empty does so no longer.

    The workbook is then read again. Raises NotAllowed, and Invalid by the name of a column that is
    not stated for all rows in this sheet, or whose value is too long.
    """
    declared = require_act(of, by)
    with change():
        row = locked(of, State.ASKING, State.READY)
        values = {name: _written(value) for name, value in stated.items()}
        check = Checker()
        for name, value in values.items():
            check.require(name in declared.stated, name, _("The sheet has no such column."))
            check.require(
                len(value) <= LONGEST_STATED, name, _("At most 200 characters."), "max_length"
            )
        check.finish()
        said = {**row.stated, **values}
        row.stated = {name: value for name, value in said.items() if value}
        begin_reading(row)
        return row


def _written(value: date | str | None) -> str:
    return value.isoformat() if isinstance(value, date) else one_line(value or "")


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
