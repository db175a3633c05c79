"""Several threads, each on a database connection of its own, let go at one instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from django.db import connections


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
