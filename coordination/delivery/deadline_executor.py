"""Run a call that cannot be cancelled in a thread, and wait for it only until a deadline.

The system's look-up of a name and a mail library's delivery have limits for their steps, but none
for the whole. After the deadline the call is abandoned and ends by itself; the number of calls
that run at once is limited, so that abandoned ones cannot pile up.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import Any, Final

_MOST_LATE: Final = 1_000  # results that are kept


class DeadlineExecutor:
    """Runs calls of one kind, at most ``most`` at a time.

    With ``keeps_late``, a call that succeeded after it was abandoned is not made again: the next
    one with its key has its result.
    """

    def __init__(self, name: str, *, most: int, keeps_late: bool = False) -> None:
        self._name, self._most, self._keeps_late = name, most, keeps_late
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._abandoned = set[Hashable]()
        self._late: dict[Hashable, Future[Any]] = {}

    def run[T](self, key: Hashable, act: Callable[[], T], *, deadline: float) -> T:
        """Return or raise what ``act`` does; calls with the same key meanwhile share its result.

        Raises TimeoutError after ``deadline`` seconds, or at once if ``most`` calls are running.
        """
        future = self._future(key, act)
        wait([future], timeout=deadline)
        with self._lock:
            if not future.done():
                if self._keeps_late:
                    self._abandoned.add(key)
                raise TimeoutError
            if self._late.get(key) is future:  # another one that waited had abandoned it
                del self._late[key]
        result: T = future.result()
        return result

    def _future(self, key: Hashable, act: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            found = self._under_way.get(key) or self._late.pop(key, None)
            if found is not None:
                self._abandoned.discard(key)
                return found
            if len(self._under_way) >= self._most:
                raise TimeoutError
            future: Future[Any] = Future()
            # A daemon thread: the process must not wait for it at its end, and loses nothing.
            Thread(target=self._run, args=(key, act, future), name=self._name, daemon=True).start()
            self._under_way[key] = future
            return future

    def _run(self, key: Hashable, act: Callable[[], Any], future: Future[Any]) -> None:
        try:
            result = act()
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            with self._lock:
                self._forget(key)
                future.set_exception(error)
        else:
            with self._lock:
                if self._forget(key):
                    self._keep(key, future)
                future.set_result(result)

    def _forget(self, key: Hashable) -> bool:
        """The call has ended; whether it was abandoned."""
        del self._under_way[key]
        was_abandoned = key in self._abandoned
        self._abandoned.discard(key)
        return was_abandoned

    def _keep(self, key: Hashable, future: Future[Any]) -> None:
        """Until it is asked for, or so many came after it."""
        self._late[key] = future
        while len(self._late) > _MOST_LATE:
            del self._late[next(iter(self._late))]
