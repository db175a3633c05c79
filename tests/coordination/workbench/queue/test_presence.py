"""Who is looking: a courtesy that nothing waits for."""

import socket
from collections.abc import Iterator
from time import monotonic

import pytest

from coordination.workbench.queue.presence import Presence, also_looking
from tests.factories.coordination import desk, filed


@pytest.mark.django_db
def test_others_are_seen_and_oneself_is_not() -> None:
    at = desk()
    ticket, another = filed(at), filed(at)
    assert also_looking(ticket, at.liaison) == []
    assert also_looking(ticket, at.lead) == [at.liaison]
    assert also_looking(ticket, at.liaison) == [at.lead]
    assert also_looking(another, at.deputy) == []


@pytest.fixture
def black_hole() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_where_nobody_answers_nothing_waits(black_hole: str) -> None:
    presence = Presence(black_hole)
    began = monotonic()
    assert presence.look(1, 2) == []
    assert monotonic() - began < 3
    again = monotonic()
    assert presence.look(1, 2) == []
    assert monotonic() - again < 0.25


def test_where_nothing_listens_nothing_breaks() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert Presence(f"redis://127.0.0.1:{port}/0").look(1, 2) == []
