"""What a check of the record finds: which row, of which table, differs, and from what.

``naming.py`` says it in words.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.record.reading import rows


class Difference(models.TextChoices):
    """How a row differs from the record."""

    ALTERED = "altered", _("it was altered")
    DELETED = "deleted", _("it was deleted")
    ADDED = "added", _("it was added past the application")
    HASH = "hash", _("its content is not that of its hash")
    CHAIN = "chain", _("an event before it is missing or was altered")
    TEXT = "text", _("its text was altered")
    TEXT_DELETED = "text_deleted", _("its text was deleted without a purge")
    STANDING = "standing", _("its status, group or ranges are not what its events say")
    REVISION = "revision", _("it is not what the newest of its revisions says")
    EXITS = "exits", _("whether it left the register is not what its exits say")
    FILED = "filed", _("it is not what was filed, or last amended or purged")
    HANDLER = "handler", _("its handler is not whom its events say")
    URGENCY = "urgency", _("its urgency is not what its events say")
    DEADLINE = (
        "deadline",
        _("its deadline, or what that is reckoned from, is not what its events say"),
    )
    EVENTS = "events", _("its counts, signatures or times are not what its events say")
    SETTLED = "settled", _("its quantities are not the sum of what was met and refused")
    TOTALS = "totals", _("it is not what was recorded by then")
    FIGURES = "figures", _("its figures are not those that the record gives")
    UNPLACED = "unplaced", _("it has no place in the event feed")
    BYTES = "bytes", _("its content was deleted without a purge")
    SEAL = "seal", _("the entries of the journal that it seals were altered")
    UNCOMPARED = "uncompared", _("it could not be compared")
    TOLD = "told", _("it is not the anchor that was told")


class Finding(NamedTuple):
    """One row that differs; ``table`` is the label of its model, such as "tickets.ticket"."""

    table: str
    row: str
    difference: str


def finding(model: type[models.Model], row: Any, difference: Difference) -> Finding:
    """A finding about a row of the model."""
    return Finding(model._meta.label_lower, str(row), difference.value)


def found(statement: str, difference: Difference) -> Iterator[Finding]:
    """A finding for each (table, row) that the statement gives."""
    for table, row in rows(statement, {}):
        yield Finding(table, str(row), difference.value)
