"""Reading rows that a caller named, or looks for by words."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from projects.record.folding import fold
from projects.record.refusals import Missing
from projects.record.text import plain

_LARGEST_ID: Final = 2**63 - 1
_MOST_DIGITS: Final = len(str(_LARGEST_ID))


def get_or_missing[Row: Model](rows: QuerySet[Row], **conditions: Any) -> Row:
    """The first of the rows, by primary key, that meets the conditions. Raises Missing."""
    row = rows.filter(**conditions).first()
    if row is None:
        raise Missing
    return row


def id_of(typed: str | None) -> int | None:
    """A row's id as somebody typed it in an address; None if it is not a valid id."""
    given = typed or ""
    if not given.isascii() or not given.isdecimal() or len(given) > _MOST_DIGITS:
        return None
    found = int(given)
    return found if found <= _LARGEST_ID else None


def typed_row[Row: Model](rows: QuerySet[Row], typed: str | None) -> Row | None:
    """The one of the rows whose id was typed in an address; None if there is none."""
    found = id_of(typed)
    return None if found is None else rows.filter(pk=found).first()


def typed_row_or_404[Row: Model](rows: QuerySet[Row], typed: str | None) -> Row:
    """The one of the rows whose id was typed in an address. Raises Http404."""
    row = typed_row(rows, typed)
    if row is None:
        raise Http404
    return row


def holding(fields: Sequence[str], typed: str) -> Q:
    """The condition that each typed word is in one of the fields; a folded field is searched so.

    Where no field is searched, every row meets it.
    """
    if not fields:
        return Q()
    words = [_holding_word(fields, word) for word in plain(typed).split()]
    return reduce(and_, words, Q())


def _holding_word(fields: Sequence[str], word: str) -> Q:
    folded = fold(word)
    found = [
        Q(**{f"{name}__contains": folded}) if name.endswith("folded")
        else Q(**{f"{name}__icontains": word}) | Q(**{f"{name}__icontains": folded})
        for name in fields
    ]  # fmt: skip
    return reduce(or_, found) if folded else Q()
