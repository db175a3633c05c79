"""Who is looking: a courtesy that nothing waits for."""

import socket
from collections.abc import Iterator
from contextlib import suppress

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
def black_hole() -> Iterator[socket.socket]:
    """A server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def connected(server: socket.socket) -> int:
    """How often it was connected to since it was asked last."""
    number = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            number += 1
    return number


def test_where_nobody_answers_nothing_waits(black_hole: socket.socket) -> None:
    """It is tried once, and then left alone for a while."""
    presence = Presence(f"redis://127.0.0.1:{black_hole.getsockname()[1]}/0")
    assert presence.look(1, 2) == []
    assert connected(black_hole) == 1
    assert presence.look(1, 2) == []
    assert connected(black_hole) == 0


def test_where_nothing_listens_nothing_breaks() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert Presence(f"redis://127.0.0.1:{port}/0").look(1, 2) == []
