"""Rows of fields in the form of a verb: several lines that are added at once.

The fields of a row are named ``lines_<number>_<field>``. The page's script adds and removes rows;
without it there is one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms

from coordination.tickets.lines.check import MOST_LINES

_NAMED: Final = re.compile(r"lines_(\d{1,4})_(\w+)")
_NEXT: Final = "__row__"  # in place of the number, in the row that the script copies

type Fields = Mapping[str, forms.Field]


def rows_in_order(data: Any) -> Any:
    """The data with its rows numbered from 0, whichever were removed; at most 200 of them."""
    found = [(match, name) for name in data if (match := _NAMED.fullmatch(name))]
    numbers = sorted({int(match[1]) for match, _name in found})[:MOST_LINES]
    places = {number: place for place, number in enumerate(numbers)}
    ordered = data.copy()
    for _match, name in found:
        del ordered[name]
    for match, name in found:
        if int(match[1]) in places:
            ordered.setlist(f"lines_{places[int(match[1])]}_{match[2]}", data.getlist(name))
    return ordered


def count_rows(data: Any) -> int:
    """How many rows there are; one where nothing was sent."""
    numbers = {int(match[1]) for name in data or () if (match := _NAMED.fullmatch(name))}
    return len(numbers) or 1


def names_of_row(fields: Fields, number: int | str) -> Iterator[tuple[str, str]]:
    """The line's own name of each field, and its name in the form."""
    return ((name, f"lines_{number}_{name}") for name in fields)


def fields_of_row(fields: Fields, number: int | str) -> dict[str, forms.Field]:
    """The fields of one row, by their names in the form."""
    return {full: fields[name] for name, full in names_of_row(fields, number)}


def is_of_row(name: str) -> bool:
    """Whether the field belongs to a row."""
    return _NAMED.fullmatch(name) is not None


def empty_row(fields: Fields, auto_id: str) -> Iterator[forms.BoundField]:
    """The fields of a row without a number, for the script to copy."""
    form = forms.Form(auto_id=auto_id)
    form.fields.update(fields_of_row(fields, _NEXT))
    return iter(form)
