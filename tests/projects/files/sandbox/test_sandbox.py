"""A process for strangers' files: its limits, what it knows, and that it cannot hold up others."""

from typing import Any

import pytest

from projects.files.sandbox.child import CannotReadError
from projects.files.sandbox.run import Turn, run
from projects.record.refusals import Busy

WORK = "tests.projects.files.sandbox.work"


def test_content_goes_in_as_it_is_and_an_answer_comes_out() -> None:
    content = bytes(range(256)) * 1000 + b"\n{}"
    assert run(WORK, content, what="echo", more=3) == [len(content), 3, sum(content)]


@pytest.mark.parametrize(("what", "code"), [
    ("refuse", "because"), ("fail", "damaged"), ("memory", "too-complex"), ("forever", "too-slow"),
    ("crash", "damaged"), ("write", "damaged"),
])  # fmt: skip
def test_whatever_happens_there_is_a_reason_here(what: str, code: str) -> None:
    with pytest.raises(CannotReadError) as refused:
        run(WORK, b"", what=what)
    assert refused.value.code == code
    assert run(WORK, b"a", what="echo") == [1, 0, 97]


def test_it_knows_no_secrets(monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    known = run(WORK, b"", what="environment")
    assert "SECRET_KEY" not in known
    assert set(known) <= {"PATH", "LD_LIBRARY_PATH", "LC_CTYPE"}


def test_one_at_a_time_and_the_next_is_told_to_wait() -> None:
    with Turn():
        for _again in range(2):
            with pytest.raises(Busy):
                run(WORK, b"a", what="echo")
    with pytest.raises(CannotReadError):
        run(WORK, b"", what="refuse")
    assert run(WORK, b"a", what="echo") == [1, 0, 97]
