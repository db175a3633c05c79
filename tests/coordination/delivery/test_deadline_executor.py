"""What never ends is waited for so long, and never piles up."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest

from coordination.delivery.deadline_executor import DeadlineExecutor
from tests.bed.stack import wait_for

_names = (f"executor-{number}" for number in count())


@pytest.fixture
def end() -> Iterator[threading.Event]:
    """Until it is set, nothing that waits for it ends."""
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def name() -> str:
    return next(_names)


def left_behind(name: str) -> int:
    return sum(each.name == name for each in threading.enumerate())


def test_what_it_gives_or_raises_is_passed_on(name: str) -> None:
    executor = DeadlineExecutor(name, most=1)
    assert executor.run("a", lambda: 7, deadline=60) == 7
    with pytest.raises(LookupError, match="no"):
        executor.run("a", partial(_raise, LookupError("no")), deadline=60)
    assert executor.run("a", lambda: 8, deadline=60) == 8


def _raise(error: Exception) -> None:
    raise error


def test_it_is_waited_for_no_longer(name: str, end: threading.Event) -> None:
    executor, began = DeadlineExecutor(name, most=2), time.monotonic()
    for _each in range(3):
        with pytest.raises(TimeoutError):
            executor.run("a", end.wait, deadline=0.1)
    assert 0.3 <= time.monotonic() - began < 30
    assert left_behind(name) == 1  # they waited for the same
    assert executor.run("b", lambda: 7, deadline=60) == 7


def test_what_ended_late_is_not_done_again(name: str, end: threading.Event) -> None:
    executor, done = DeadlineExecutor(name, most=1, keeps_late=True), list[int]()

    def act() -> int:
        end.wait()
        done.append(1)
        return len(done)

    with pytest.raises(TimeoutError):
        executor.run("a", act, deadline=0.1)
    end.set()
    wait_for(lambda: left_behind(name) == 0)
    assert executor.run("a", act, deadline=60) == 1
    assert executor.run("a", act, deadline=60) == 2  # asked for once, and forgotten


def test_what_failed_late_is_done_again(name: str, end: threading.Event) -> None:
    executor = DeadlineExecutor(name, most=1, keeps_late=True)

    def fail() -> None:
        end.wait()
        raise LookupError

    with pytest.raises(TimeoutError):
        executor.run("a", fail, deadline=0.1)
    end.set()
    wait_for(lambda: left_behind(name) == 0)
    assert executor.run("a", lambda: 7, deadline=60) == 7


def test_so_many_are_left_behind_and_no_more(name: str, end: threading.Event) -> None:
    executor = DeadlineExecutor(name, most=3)
    for number in range(3):
        with pytest.raises(TimeoutError):
            executor.run(number, end.wait, deadline=0.05)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        executor.run("another", end.wait, deadline=60)
    assert time.monotonic() - began < 30  # at once
    assert left_behind(name) == 3
    end.set()
    wait_for(lambda: not left_behind(name))
    assert executor.run("another", lambda: 7, deadline=60) == 7
