"""Whatever the verb: where its event cannot be written, nothing of it is."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import VERBS, perform
from projects.flow import chain
from projects.record.writing import Rows, write
from tests.coordination.tickets.test_flow import MAY, TARGETS, bring, make_ready, ripen
from tests.coordination.tickets.verb_inputs import inputs_for
from tests.factories.addresses import our_models
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[Any]]:
    """Every row of the desk's tables."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in our_models()
    }


@pytest.fixture
def unwritable(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From its call on, the disk is full as soon as an event was written."""

    def fail(*tables: Rows, **options: Any) -> None:
        write(*tables, **options)
        raise DatabaseError("the disk is full")

    return lambda: monkeypatch.setattr(chain, "write", fail)


@pytest.mark.parametrize("verb", VERBS)
def test_no_event_no_change(verb: Verb, unwritable: Any) -> None:
    at = desk()
    who = min(MAY[verb])
    attaching = (who,) if verb is Verb.DETACH else ()
    ticket: Ticket = ripen(verb, bring(at, next(iter(TARGETS[verb])), attaching=attaching), at)
    make_ready(verb, ticket, at)
    actor = getattr(at, who)
    inputs = inputs_for(verb, at) | ({"attachment": 1} if attaching else {})
    before = everything()
    unwritable()
    with pytest.raises(DatabaseError, match="the disk is full"), transaction.atomic():
        perform(verb, ticket=ticket, by=actor, **inputs)
    assert everything() == before


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_verb_gives_is_what_it_has_written(verb: Verb) -> None:
    """Nothing is read again for the answer, and a verb moves no column that it does not write."""
    at = desk()
    who = min(MAY[verb])
    attaching = (who,) if verb is Verb.DETACH else ()
    ticket = ripen(verb, bring(at, next(iter(TARGETS[verb])), attaching=attaching), at)
    make_ready(verb, ticket, at)
    inputs = inputs_for(verb, at) | ({"attachment": 1} if attaching else {})
    given = perform(verb, ticket=ticket, by=getattr(at, who), **inputs)
    found = Ticket.objects.get(pk=ticket.pk)
    columns = [each.attname for each in Ticket._meta.concrete_fields if not each.generated]
    assert {name: getattr(given, name) for name in columns} == {
        name: getattr(found, name) for name in columns
    }


def test_no_event_no_ticket(unwritable: Any) -> None:
    at = desk()
    before = everything()
    unwritable()
    with pytest.raises(DatabaseError, match="the disk is full"), transaction.atomic():
        filed(at)
    assert everything() == before
