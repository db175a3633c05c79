"""New rows of several tables in one transaction, and ids that are known before their rows."""

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models import Model

from projects.record.bulk_copy import bulk_copy

MANY: Final = 20  # rows of one table: from here on COPY is faster than INSERT

type Rows = Sequence[Model]


def sequence_of(model: type[Model]) -> str:
    """The name of the sequence that numbers the model's rows."""
    return f"{model._meta.db_table}_{model._meta.pk.column}_seq"


def reserve(*sequences: str, many: int) -> list[tuple[int, ...]]:
    """Reserve the next ``many`` numbers of each sequence, smallest first; never issued again."""
    each = ", ".join(["nextval(%s)"] * len(sequences))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {each} FROM generate_series(1, %s)",  # noqa: S608 - placeholders alone
            [*sequences, many],
        )
        return sorted(cursor.fetchall())


def write(*tables: Rows) -> None:
    """Insert the rows, table by table in the order given; each of ``tables`` is of one model.

    Joins the caller's transaction. If there are ``MANY`` rows or more, those without an id are
    not given theirs.
    """
    for rows in tables:
        if len(rows) >= MANY:
            bulk_copy(rows)
        elif rows:
            type(rows[0])._default_manager.bulk_create(rows)
