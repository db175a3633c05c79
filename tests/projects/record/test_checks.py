"""What is checked beside something else is checked, and its refusal is told as any other."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.checks import checked_meanwhile
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db(transaction=True)


def wrong(at: Desk) -> None:
    """A status without its event: seen at commit, or when it is checked."""
    Ticket.objects.filter(enterprise=at.enterprise).update(status=Status.CLOSED)


def checked(at: Desk, write: Callable[[Desk], None], block: Callable[[], None]) -> None:
    with transaction.atomic():
        write(at)
        with checked_meanwhile():
            block()


def later_wrong(at: Desk, seen: list[str]) -> None:
    with transaction.atomic():
        with checked_meanwhile():
            pass
        wrong(at)
        seen += Ticket.objects.values_list("status", flat=True)


def nothing() -> None:
    """The block has nothing to do."""


def test_what_does_not_hold_is_raised_and_undone() -> None:
    at = desk()
    ticket = filed(at)
    with pytest.raises(IntegrityError, match="is not what its last event says"):
        checked(at, wrong, nothing)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.SUBMITTED


def test_what_holds_goes_on_and_later_writes_are_checked_at_commit() -> None:
    at = desk()
    ticket = filed(at)
    with transaction.atomic():
        with checked_meanwhile():
            pass
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.IN_PROGRESS
    seen: list[str] = []
    with pytest.raises(IntegrityError):
        later_wrong(at, seen)
    assert seen == [Status.CLOSED]  # it was not the statement that was refused
    assert Ticket.objects.get(pk=ticket.pk).status == Status.IN_PROGRESS


def test_what_the_block_raises_is_raised() -> None:
    at = desk()
    ticket = filed(at)

    def fails() -> None:
        raise LookupError

    for write in (wrong, lambda _at: None):
        with pytest.raises(LookupError):
            checked(at, write, fails)
        assert Ticket.objects.get(pk=ticket.pk).status == Status.SUBMITTED


def test_a_block_that_asks_is_answered_all_the_same() -> None:
    at, seen = desk(), list[int]()
    filed(at)
    checked(at, lambda _at: None, lambda: seen.append(Ticket.objects.count()))
    assert seen == [1]
    assert connection.is_usable()
