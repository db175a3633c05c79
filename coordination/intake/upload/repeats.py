"""Rows that were filed before, or stand in a workbook twice: said before they are filed again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.intake.upload.read import Book
from coordination.tickets.filing.before import filed_before, keys_of
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.models import Ticket
from coordination.tickets.queries_similar import Key
from projects.files.workbooks.notices import Notice, joined, rows_named
from projects.record.refusals import Refusal
from projects.register.models import Enterprise


def with_repeats(book: Book, outcomes: Sequence[Draft | Refusal], enterprise: Enterprise) -> Book:
    """The book, with notices of rows that a ticket holds already, and of rows that are the same.

    The first must be seen before anything is filed; the others may well be meant.
    """
    drafts = [(filing.rows, outcome) for filing, outcome in zip(book.filings, outcomes, strict=True)
              if isinstance(outcome, Draft)]  # fmt: skip
    notices = [*_filed_before(drafts, enterprise), *_twice(drafts)]
    return replace(book, notices=[*notices, *book.notices])


def _filed_before(
    drafts: Sequence[tuple[list[int], Draft]], enterprise: Enterprise
) -> Iterator[Notice]:
    rows_of, tickets = defaultdict[str, list[int]](list), dict[str, Ticket]()
    found = filed_before([draft for _rows, draft in drafts], enterprise=enterprise)
    for (rows, _draft), held in zip(drafts, found, strict=True):
        for index, ticket in held.items():
            tickets[ticket.number] = ticket
            rows_of[ticket.number].append(rows[index])
    for number, rows in sorted(rows_of.items()):
        day = date_format(timezone.localdate(tickets[number].filed_at), "DATE_FORMAT")
        message = _("Ticket %(number)s of %(day)s holds the same already.")
        message %= {"number": number, "day": day}
        yield Notice("filed-before", _place(rows), message, loses=False, warns=True)


def _twice(drafts: Sequence[tuple[list[int], Draft]]) -> Iterator[Notice]:
    rows_of = defaultdict[Key, list[int]](list)
    for rows, draft in drafts:
        for row, key in zip(rows, keys_of(draft), strict=True):
            rows_of[key].append(row)
    for rows in rows_of.values():
        if len(rows) > 1:
            message = _("These rows say the same. Each would be filed.")
            yield Notice("same-rows", _place(rows), message, loses=False)


def _place(rows: list[int]) -> str:
    return joined(rows_named(rows))
