"""Reading one row that a caller named."""

from typing import Any

from django.db.models import Model, QuerySet

from projects.record.refusals import Missing


def get_or_missing[Row: Model](rows: QuerySet[Row], **conditions: Any) -> Row:
    """The first of the rows, by primary key, that meets the conditions. Raises Missing."""
    row = rows.filter(**conditions).first()
    if row is None:
        raise Missing
    return row
