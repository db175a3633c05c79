"""Rows made by the hundred are those that their models make."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model

from coordination.delivery.models import Delivery, Destination, Notice
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, Ticket, TicketEvent, TicketSearch
from projects.record.clock import now
from projects.record.rows import made, relate
from tests.factories.addresses import our_models
from tests.factories.coordination import LINES, Desk, desk, filed

pytestmark = pytest.mark.django_db


def as_held(row: Model) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a row holds, and which others it knows."""
    state = row._state
    held = {name: value for name, value in row.__dict__.items() if name != "_state"}
    return held, {"adding": state.adding, "others": dict(state.fields_cache)}


def given(at: Desk) -> list[tuple[type[Model], dict[str, Any]]]:
    ticket = filed(at)
    event = TicketEvent.objects.get(ticket=ticket)
    lines = [(KINDS[kind].model, {**make(), "ticket": ticket}) for kind, make in LINES.items()]
    return [
        *lines,
        (Ticket, {"project": at.project, "enterprise": at.enterprise, "group": None}),
        (Ticket, {"project_id": at.project.pk, "handler": at.liaison, "title": "一"}),
        (TicketEvent, {"ticket": ticket, "officer": None, "api_key": at.key, "seq": 1}),
        (EventText, {"event": event, "salt": "a", "body": {"detail": "b"}}),
        (TicketSearch, {"ticket": ticket, "text": "a", "tokens": ["a"]}),
        (Notice, {"officer_id": at.liaison.pk, "title": "a"}),
        (Delivery, {"destination": Destination(pk=7), "payload": {}, "due_at": now()}),
    ]


def test_each_is_what_its_model_makes() -> None:
    for model, values in given(desk()):
        own, theirs = as_held(made(model, **values)), as_held(model(**values))
        ours = {name for name in own[0] if own[0][name] != theirs[0][name]}
        assert (own[0].keys(), own[1]) == (theirs[0].keys(), theirs[1]), model
        assert ours <= {"message_id"}, model  # drawn by chance


def test_without_a_word_every_model_makes_the_same() -> None:
    for model in our_models():
        (own, known), (theirs, others) = as_held(made(model)), as_held(model())
        chance = {name for name in own if callable(model._meta.get_field(name).default)}
        assert known == others, model
        assert {name: own[name] for name in own.keys() - chance} == {
            name: theirs[name] for name in theirs.keys() - chance
        }, model


def test_what_can_be_changed_is_each_rows_own() -> None:
    one, other = made(TicketEvent), made(TicketEvent)
    one.payload["a"] = 1
    assert (other.payload, TicketEvent().payload) == ({}, {})


@pytest.mark.parametrize("name", ["colour", "events", "ticket__number"])
def test_what_is_no_field_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        made(Ticket, **{name: Decimal(1)})


def test_rows_related_by_hand_are_as_if_set() -> None:
    at = desk()
    by_hand, as_set = Ticket(), Ticket()
    relate(by_hand, project=at.project, handler=at.liaison, group=None)
    as_set.project, as_set.handler, as_set.group = at.project, at.liaison, None
    assert as_held(by_hand) == as_held(as_set)
    with pytest.raises(KeyError):
        relate(by_hand, title=at.project)
