"""Files of a mail are named in the outbox, and read where a room keeps them."""

import hashlib

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection

from coordination.delivery.enclosures import READERS, Enclosure, fitting, opened
from coordination.delivery.models import Delivery


def file(size: int, key: str = "1", kind: str = "tests.file") -> Enclosure:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return Enclosure(kind, key, f"{key}.pdf", "application/pdf", size, digest)


def read(key: str) -> bytes | None:
    if key == "broken":
        raise LookupError(key)
    if key == "away":
        raise DatabaseError
    return None if key == "gone" else b"other" if key == "altered" else key.encode()


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "tests.file", read)


@pytest.mark.parametrize(
    ("key", "kind", "is_as_named"),
    [
        ("1", "tests.file", True), ("altered", "tests.file", False), ("gone", "tests.file", False),
        ("broken", "tests.file", False), ("1", "tests.unknown", False),
    ],
)  # fmt: skip
def test_only_the_bytes_that_were_named_are_sent(key: str, kind: str, *, is_as_named: bool) -> None:
    (found,) = opened([file(1, key, kind).kept])
    assert found.is_as_named == is_as_named
    assert (found.name, found.media_type) == (f"{key}.pdf", "application/pdf")


def test_where_the_database_is_away_the_relay_tries_again_later() -> None:
    with pytest.raises(DatabaseError):
        opened([file(1, "away").kept])


def test_files_are_taken_in_their_order_as_long_as_they_fit(settings: LazySettings) -> None:
    settings.EMAIL_LARGEST_MB = 1
    room = (1_048_576 - 65_536) // 78 * 57  # base64, in lines
    assert fitting([file(room)]) == ([file(room)], [])
    assert fitting([file(room + 1)]) == ([], [file(room + 1)])
    large, small = file(room - 100, "large"), file(57, "small")
    assert fitting([small, large]) == ([small, large], [])
    assert fitting([file(room, "whole"), small, small]) == ([file(room, "whole")], [small, small])


@pytest.mark.django_db
def test_what_is_about_one_thing_is_found_by_an_index() -> None:
    about = Delivery.objects.filter(subject="issue:1").order_by()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plans = [
        about.filter(destination__isnull=False).explain(),
        about.filter(endpoint__in=[1, 2, 3]).explain(),
    ]
    assert "delivery_subject" in plans[0]
    assert "webhook_says_it_once" in plans[1]
