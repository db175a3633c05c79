"""Several threads, each on a database connection of its own, let go at one instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from django.db import connection, connections


@dataclass(frozen=True)
class Outcome[Result]:
    """What one thread came to: a result, or what it raised."""

    result: Result | None = None
    error: Exception | None = None


def race[Result](*actions: Callable[[], Result], seconds: float = 120) -> list[Outcome[Result]]:
    """Run every action at once, and say how each ended, in the order given.

    Needs ``django_db(transaction=True)``: connections see only what others have committed.
    """
    gate = Barrier(len(actions), timeout=seconds)

    def run(action: Callable[[], Result]) -> Outcome[Result]:
        try:
            connections["default"].ensure_connection()
            gate.wait()
            return Outcome(result=action())
        except Exception as error:  # noqa: BLE001 - the loser's error is what the test asks for
            return Outcome(error=error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions, timeout=seconds))


def somebody_waits() -> bool:
    """Whether a connection waits for a lock; not from pg_stat_activity, fixed in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        (found,) = cursor.fetchone()
    return bool(found)


def on_its_own_connection(action: Callable[[], object]) -> object:
    """The action's result; its connection is closed."""
    try:
        return action()
    finally:
        connections.close_all()
