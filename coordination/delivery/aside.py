"""What knows no deadline of its own is done beside us, and waited for so long and no longer.

Nobody can cut off the system's look-up of a name, nor a mail library that is handing a mail over:
each has limits for its steps and none for the whole. What was not waited for goes on by itself
until it ends; only so many may be left behind at once, so that they never pile up.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any


class Aside:
    """One kind of thing that is done so, at most ``most`` at a time."""

    def __init__(self, name: str, *, most: int) -> None:
        self._name, self._most = name, most
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[Any]] = {}

    def do[T](self, key: Hashable, act: Callable[[], T], *, deadline: float) -> T:
        """What it gives or raises; whoever asks by the same key meanwhile waits for the same.

        Raises TimeoutError after ``deadline`` seconds, or at once where too many were left behind.
        """
        result: T = self._begun(key, act).result(timeout=deadline)
        return result

    def _begun(self, key: Hashable, act: Callable[[], Any]) -> Future[Any]:
        with self._lock:
            found = self._under_way.get(key)
            if found is not None:
                return found
            if len(self._under_way) >= self._most:
                raise TimeoutError
            made: Future[Any] = Future()
            # Nothing is lost with it, so the process need not wait for it when it ends.
            Thread(target=self._run, args=(key, act, made), name=self._name, daemon=True).start()
            self._under_way[key] = made
            return made

    def _run(self, key: Hashable, act: Callable[[], Any], made: Future[Any]) -> None:
        try:
            result = act()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._forget(key)
            made.set_exception(error)
        else:
            self._forget(key)
            made.set_result(result)

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
