"""What the tests of imports share: a desk with the toy sheet, and an import that was worked on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from projects.imports.carry import confirm_import
from projects.imports.models import (
    Import,
)
from projects.imports.queries import rows_of
from projects.imports.work import do_waiting
from tests.factories.coordination import Desk, desk
from tests.projects.imports import toy


@pytest.fixture
def at() -> Iterator[Desk]:
    with toy.toy_room():
        yield desk()


def kept() -> dict[str, int]:
    return dict(toy.toys().values_list("name", "ordinal"))


def worked(of: Import) -> Import:
    do_waiting()
    of.refresh_from_db()
    return of


def done(by: Any, *rows: Any, **options: Any) -> Import:
    """The import of these rows, carried out as far as it goes."""
    of = worked(toy.sent(by, *rows))
    confirm_import(of=of, plan_hash=of.plan_hash, by=by, **options)
    return worked(of)


def outcomes(of: Import) -> list[tuple[int, str]]:
    return list(rows_of(of).values_list("number", "outcome"))


def as_(who: Any) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(who, backend="coordination.staff.roles.RoleBackend")
    return client
