"""Something done in turn by another thread, while this one goes on.

For what waits on the database's connection: it is lent to the other thread, and this one asks
nothing of it before it has waited for all that it gave.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

_own = threading.local()


class Hand:
    """Does what it is given, one after the other."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread, self._given = thread, list[Future[None]]()

    def do(self, what: Callable[..., None], *values: object) -> None:
        """Begin, when what was given before is done."""
        self._given.append(self._thread.submit(what, *values))

    def wait(self) -> None:
        """For all of it, whatever became of it."""
        wait(self._given)

    def finish(self) -> None:
        """Wait for all of it. Raises the first error; what was given after that was done too."""
        self.wait()  # interrupted here, it stays to be waited for
        given, self._given = self._given, []
        while given:
            given.pop(0).result()  # no name keeps one that failed, with all that it held


@contextmanager
def beside() -> Iterator[Hand]:
    """A hand for the block, and all that it was given is done when the block is left.

    However it is left: a transaction that is undone while the hand still writes would be undone
    in part. What the block raises goes before what the hand does.
    """
    hand = Hand(_thread())
    try:
        yield hand
        hand.finish()
    finally:
        hand.wait()


def _thread() -> ThreadPoolExecutor:
    """Each thread's own, kept: to start one takes longer than what it is given to do."""
    found: ThreadPoolExecutor | None = getattr(_own, "thread", None)
    if found is None:
        found = _own.thread = ThreadPoolExecutor(1, "beside")
    return found


# A process that is forked has none of its parent's threads.
os.register_at_fork(after_in_child=lambda: vars(_own).clear())
