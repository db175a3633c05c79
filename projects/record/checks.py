"""What PostgreSQL checks at commit, checked while Python does something else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from projects.record.beside import beside
from projects.record.prepared import own_connection

_CHECK: Final = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


@contextmanager
def checked_meanwhile() -> Iterator[None]:
    """Check all that was written in this transaction beside the block, which asks nothing of it.

    What is written after it is checked at commit, as ever. Raises IntegrityError where something
    does not hold; the transaction is over then.
    """
    with beside() as hand:
        hand.do(_check, own_connection())
        yield


def _check(database: BaseDatabaseWrapper) -> None:
    with database.wrap_database_errors:
        database.connection.execute(_CHECK)
