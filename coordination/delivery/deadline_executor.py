"""Run a call that cannot be cancelled in a thread, and wait for it only until a deadline.

The system's look-up of a name and a mail library's delivery have limits for their steps, but none
for the whole. After the deadline the call is abandoned and ends by itself; the number of calls
that run at once is limited, so that abandoned ones cannot pile up.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any


class DeadlineExecutor:
    """Runs calls of one kind, at most ``most`` at a time."""

    def __init__(self, name: str, *, most: int) -> None:
        self._name, self._most = name, most
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[Any]] = {}

    def run[T](self, key: Hashable, act: Callable[[], T], *, deadline: float) -> T:
        """Return or raise what ``act`` does; calls with the same key meanwhile share its result.

        Raises TimeoutError after ``deadline`` seconds, or at once if ``most`` calls are running.
        """
        result: T = self._future(key, act).result(timeout=deadline)
        return result

    def _future(self, key: Hashable, act: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            found = self._under_way.get(key)
            if found is not None:
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
            self._forget(key)
            future.set_exception(error)
        else:
            self._forget(key)
            future.set_result(result)

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
