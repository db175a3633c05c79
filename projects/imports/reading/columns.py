"""Which column of a workbook is which: by its heading, by an officer's answer, or asked."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.headings import Headings
from projects.house.imports import ImportColumn, ImportSheet, Kind
from projects.imports.reading.heads import FEWEST
from projects.imports.reading.result import Matched, Question, Reason, answer_of, parts_of
from projects.imports.reading.units import UNITS_OF_MONEY, is_money, unit_of_heading
from projects.imports.reading.vocabulary import (
    Vocabulary,
    is_serial,
    names_another_year,
    years_in,
)
from projects.record.refusals import FieldError, Invalid


@dataclass
class Columns:
    """The columns of a workbook by their numbers.

    ``names`` are those that are read, ``questions`` what is asked, ``serials`` those with the
    sheet's own serial numbers, ``left_out`` those that an officer does not want read, ``others``
    those and the unknown ones.
    """

    names: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)  # as an officer has answered
    questions: list[Question] = field(default_factory=list)
    serials: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    others: list[Question] = field(default_factory=list)


def columns_of(
    headings: Headings[str],
    declared: ImportSheet,
    vocabulary: Vocabulary,
    answers: Mapping[int, str],
    held: Collection[int],
) -> Columns:
    """What each column is; ``held`` are those that hold something below the headings.

    Raises Invalid by ``answers`` where an answer names no column, or two name the same.
    """
    columns = Columns()
    _take_answers(columns, declared, answers)
    meant = dict[int, frozenset[str]]()
    for index in sorted(headings.parts.keys() - answers.keys()):
        parts = headings.parts[index]
        if len(parts) == 1 and is_serial(parts[0]):
            columns.serials.append(index)
            continue
        exact = (vocabulary.exact(text) for text in _readings(parts))
        meant[index] = next(filter(None, exact), frozenset())
    _match(columns, meant, held)
    taken = set(columns.names.values())
    for index, names in meant.items():
        if index in held and index not in columns.names:
            question = _question(index, headings, names, vocabulary, taken)
            columns.questions += [question] if question else []
    columns.questions += _keys_asked(
        columns, headings, declared, vocabulary, set(held) - answers.keys()
    )
    columns.questions.sort(key=lambda each: each.column)
    columns.others = list(_others(columns, headings, vocabulary, held))
    return columns


def _others(
    columns: Columns, headings: Headings[str], vocabulary: Vocabulary, held: Collection[int]
) -> Iterator[Question]:
    """The columns that are not read although they hold something."""
    asked = {each.column for each in columns.questions}
    for index in sorted(headings.parts.keys() & set(held)):
        if index not in columns.names and index not in asked and index not in columns.serials:
            key = vocabulary.key("".join(headings.parts[index]))
            yield Question(index, headings.names[index], (), Reason.UNKNOWN, key)


def _take_answers(columns: Columns, declared: ImportSheet, answers: Mapping[int, str]) -> None:
    known = {each.name for each in declared.columns}
    for index, answer in answers.items():
        name, unit = parts_of(answer)
        if not name:
            columns.left_out.append(index)
            continue
        if name not in known:
            raise _refused(index, "choice")
        if name in columns.names.values():
            raise _refused(index, "several")
        columns.names[index] = name
        if unit:
            columns.units[index] = unit


def _refused(index: int, code: str) -> Invalid:
    message = {
        "choice": _("There is no such column."),
        "several": _("Two columns cannot be the same one."),
    }[code]
    return Invalid([FieldError(("answers", index), message, code)])


def _match(columns: Columns, meant: Mapping[int, frozenset[str]], held: Collection[int]) -> None:
    """Take every column that means one thing, which no other column means as well.

    Of several that mean the same those count that hold something.
    """
    single = {index: min(names) for index, names in meant.items() if len(names) == 1}
    filled = Counter(name for index, name in single.items() if index in held)
    chosen = set(columns.names.values())
    for index, name in single.items():
        is_meant = index in held if filled[name] else name not in columns.names.values()
        if name not in chosen and filled[name] <= 1 and is_meant:
            columns.names[index] = name


def _readings(parts: Sequence[str]) -> Iterator[str]:
    """Parent and child together, then the child alone, with what years its parents name."""
    for start in range(len(parts)):
        years = "".join(f"{year}年" for year in years_in("".join(parts[:start])))
        yield years + "".join(parts[start:])


def _question(
    index: int,
    headings: Headings[str],
    names: frozenset[str],
    vocabulary: Vocabulary,
    taken: Collection[str],
) -> Question | None:
    """What is asked of a column that is not known for certain; None where nothing is."""
    heading = headings.names[index]
    texts = list(_readings(headings.parts[index]))
    key = vocabulary.key(texts[0])
    if names:
        return Question(index, heading, tuple(sorted(names)), Reason.SEVERAL, key)
    near = dict.fromkeys(name for text in texts for name in vocabulary.resembling(text))
    candidates = tuple(name for name in near if name not in taken)
    if not candidates:
        return None
    reason = Reason.YEAR if names_another_year(key) else Reason.RESEMBLES
    return Question(index, heading, candidates, reason, key)


def _keys_asked(
    columns: Columns,
    headings: Headings[str],
    declared: ImportSheet,
    vocabulary: Vocabulary,
    held: Collection[int],
) -> Iterator[Question]:
    """Where nothing identifies the rows, ask of every unknown column whether it does.

    Raises Invalid by ``file`` where none is left that may.
    """
    keys = tuple(each.name for each in declared.columns if each.is_key)
    asked = {name for question in columns.questions for name in question.candidates}
    if not keys or {*keys} & ({*columns.names.values()} | asked):
        return
    ignored = {*columns.names, *columns.serials, *(each.column for each in columns.questions)}
    others = [index for index in headings.parts if index in held and index not in ignored]
    if not others or len(columns.names) < FEWEST:
        titles = "、".join(str(declared.column(name).title) for name in keys)
        message = _("The column that identifies the rows is missing: %(title)s.")
        raise Invalid([FieldError(("file",), message % {"title": titles}, "heading")])
    for index in others:
        key = vocabulary.key("".join(headings.parts[index]))
        yield Question(index, headings.names[index], keys, Reason.KEY, key)


def matched_of(
    columns: Columns, headings: Headings[str], declared: ImportSheet, of_sheet: str
) -> dict[int, Matched]:
    """The columns that are read, each with its unit: an answer's, its heading's, the sheet's."""
    return {
        index: Matched(
            name, headings.names.get(index, ""),
            columns.units.get(index)
            or _unit(headings.parts.get(index, ()), declared.column(name), of_sheet),
        )
        for index, name in sorted(columns.names.items())
    }  # fmt: skip


def _unit(parts: Sequence[str], column: ImportColumn, of_sheet: str) -> str:
    found = next(filter(None, map(unit_of_heading, reversed(parts))), "")
    if column.kind is Kind.MONEY:
        return found or of_sheet
    return found or column.unit if column.kind in {Kind.QUANTITY, Kind.COUNT} else ""


def unit_asked(index: int, matched: Matched, column: ImportColumn, key: str) -> Question:
    """The question of a column whose unit is not known, or cannot be converted."""
    units = UNITS_OF_MONEY if column.kind is Kind.MONEY else (column.unit,)
    candidates = tuple(answer_of(column.name, each) for each in units)
    return Question(index, matched.heading, candidates, Reason.UNIT, key)


def has_usable_unit(matched: Matched, column: ImportColumn) -> bool:
    """Whether numbers of the column can be read in its unit; a missing one is not usable."""
    if column.kind is Kind.MONEY:
        return is_money(matched.unit)
    return matched.unit == column.unit or not column.unit
