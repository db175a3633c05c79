"""Something done in turn by another thread, while this one goes on.

For what waits on the database's connection: it is lent to the other thread, and nobody else asks
anything of it before the block's end.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress

_own = threading.local()


class Hand:
    """Does what it is given, one after the other."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread, self._given = thread, list[Future[None]]()

    def do(self, what: Callable[..., None], *values: object) -> None:
        """Begin, when what was given before is done."""
        self._given.append(self._thread.submit(what, *values))

    def finish(self) -> None:
        """Wait for all of it. Raises the first error; what was given after that was done too."""
        given, self._given = self._given, []
        wait(given)
        for each in given:
            each.result()


@contextmanager
def beside() -> Iterator[Hand]:
    """A hand for the block, and all that it was given is done when the block is left.

    What the block raises goes before what the hand does.
    """
    hand = Hand(_thread())
    try:
        yield hand
    except BaseException:
        with suppress(Exception):
            hand.finish()
        raise
    hand.finish()


def _thread() -> ThreadPoolExecutor:
    """Each thread's own, kept: to start one takes longer than what it is given to do."""
    found: ThreadPoolExecutor | None = getattr(_own, "thread", None)
    if found is None:
        found = _own.thread = ThreadPoolExecutor(1, "beside")
    return found
