"""What is done beside a block is done in turn, and done when the block is left, however it is."""

import threading
import time
from collections.abc import Callable

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
