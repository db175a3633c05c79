"""What is done beside a block is done in turn, and done when the block is left, however it is."""

import contextlib
import gc
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator

import pytest

from projects.record.beside import beside


def slow(seen: list[str], what: str) -> None:
    time.sleep(0.02)
    seen.append(what)


def fails() -> None:
    raise LookupError("beside")


def left_by(error: Exception, given: list[Callable[[], None]]) -> None:
    with beside() as hand:
        for each in given:
            hand.do(each)
        raise error


def test_in_turn_and_all_of_it_before_the_block_is_left() -> None:
    seen: list[str] = []
    with beside() as hand:
        for what in "abc":
            hand.do(slow, seen, what)
        assert seen != ["a", "b", "c"]
    assert seen == ["a", "b", "c"]


def test_its_first_error_is_raised_and_what_was_given_later_is_done() -> None:
    seen: list[str] = []
    with pytest.raises(LookupError, match="beside"), beside() as hand:  # noqa: PT012 - all of it
        hand.do(fails)
        hand.do(slow, seen, "later")
    assert seen == ["later"]


def test_an_error_is_raised_where_it_is_waited_for() -> None:
    seen: list[str] = []
    with beside() as hand:
        hand.do(fails)
        with pytest.raises(LookupError):
            hand.finish()
        hand.do(slow, seen, "after")
    assert seen == ["after"]


def test_what_the_block_raises_goes_first_and_nothing_goes_on_behind_it() -> None:
    seen: list[str] = []
    given = [fails, lambda: slow(seen, "done")]
    with pytest.raises(ZeroDivisionError):
        left_by(ZeroDivisionError(), given)
    assert seen == ["done"]


def interrupt(_signal: int, _frame: object) -> None:
    """As Ctrl-C, or a task that has had its time."""
    raise TimeoutError


@pytest.fixture
def _interrupts() -> Iterator[None]:
    before = signal.signal(signal.SIGUSR1, interrupt)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("_interrupts")
def test_interrupted_while_it_waits_it_waits_all_the_same() -> None:
    seen: list[str] = []
    main = threading.get_ident()
    with pytest.raises(TimeoutError), beside() as hand:  # noqa: PT012 - all of it
        hand.do(time.sleep, 0.3)
        hand.do(slow, seen, "done")
        threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGUSR1)).start()
    assert seen == ["done"]


def test_what_failed_is_not_kept() -> None:
    class Held:
        """What a hand was given."""

    def fails_with(_held: Held) -> None:
        raise LookupError

    def left() -> weakref.ref[Held]:
        held = Held()
        with contextlib.suppress(LookupError), beside() as hand:
            hand.do(fails_with, held)
        return weakref.ref(held)

    gc.disable()
    try:
        kept = left()
        with beside() as hand:  # its thread lets go of one when it takes the next
            hand.do(time.sleep, 0)
        assert kept() is None
    finally:
        gc.enable()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # that is the point of it
def test_a_forked_process_has_one_of_its_own() -> None:
    seen: list[str] = []
    with beside() as hand:
        hand.do(slow, seen, "here")
    child = os.fork()
    if not child:
        try:
            with beside() as hand:
                hand.do(slow, seen, "there")
        finally:
            os._exit(len(seen))
    gone = time.monotonic() + 10
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < gone:
        time.sleep(0.01)
    if ended == (0, 0):
        os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(ended[1]) == 2
    assert ended[0] == child


def test_each_thread_has_one_of_its_own_which_goes_with_it() -> None:
    def look(found: list[threading.Thread]) -> None:
        for _each in range(3):
            with beside() as hand:
                hand.do(lambda: found.append(threading.current_thread()))

    here: list[threading.Thread] = []
    there: list[threading.Thread] = []
    look(here)
    other = threading.Thread(target=look, args=(there,))
    other.start()
    other.join()
    assert len(set(here)) == len(set(there)) == 1
    assert here[0] is not there[0]
    there[0].join(5)
    assert (there[0].is_alive(), here[0].is_alive()) == (False, True)
