"""Rows read by SQL written by hand are those that Django reads."""

from typing import Any

import pytest
from django.db.models import Model

from coordination.tickets.models import Ticket
from projects.access.models import ApiKey
from projects.record.reading import columns_of, row_of, rows
from projects.register.models import Project
from tests.factories.coordination import desk, filed

pytestmark = pytest.mark.django_db


def values_of(row: Model) -> dict[str, Any]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [Ticket, ApiKey, Project])
def test_a_whole_row_is_the_one_of_django(model: type[Model]) -> None:
    filed(desk())
    table = model._meta.db_table
    found = rows(f'SELECT {columns_of(model, "here")} FROM "{table}" AS here ORDER BY id', [])  # noqa: S608 - names of our own
    read = [values_of(row_of(model, each)) for each in found]
    assert read == [values_of(each) for each in model._default_manager.order_by("pk")]
    assert read


def test_what_was_not_asked_is_read_when_it_is_needed(django_assert_num_queries: Any) -> None:
    ticket = filed(desk())
    only = ("id", "number", "contact_name")
    statement = f"SELECT {columns_of(Ticket, 'here', only)} FROM tickets_ticket AS here"  # noqa: S608 - names of our own
    (found,) = rows(statement, [])
    row = row_of(Ticket, found, only)
    with django_assert_num_queries(0):
        assert (row.pk, row.number) == (ticket.pk, ticket.number)
        assert row.contact_name == ticket.contact_name
    with django_assert_num_queries(1):
        assert row.title == ticket.title
    assert not row._state.adding
