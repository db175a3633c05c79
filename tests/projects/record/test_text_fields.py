"""Whatever people type is read by a field that knows its type."""

from collections.abc import Iterator
from typing import Final

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from coordination.parties.models import Department
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from projects.record.folding import fold
from projects.record.text_fields import FoldedField, ReadAsTyped
from projects.register.models import Batch, Enterprise, Project

# Plain texts that nobody types in: made or chosen by the program, or read by its own rules.
NOT_TYPED: Final = {
    "coordination/audit": {"anchor_hash", "part"},
    "coordination/bulletins": {
        "hash", "block", "paragraph", "sha256", "verb", "from_status", "to_status", "text_digest",
        "previous_hash", "salt", "status", "email",
    },
    "coordination/delivery": {
        "endpoint_id", "host", "outside", "shown", "sealed", "closed_because", "lane", "order_key",
        "topic", "subject", "sealed_link", "detail", "title", "text", "link",
    },
    "coordination/groups": {"code", "name", "reason"},  # a slug; and the revisions' copies
    "coordination/monitoring": {"digest", "token", "made_for"},
    "coordination/parties": {"email"},
    "coordination/referrals": {"digest"},
    "coordination/staff": {"username", "email", "password", "name", "reason", "key"},
    "coordination/tickets": {
        "asked_from", "status_before", "sha256", "hash", "previous_hash", "text", "text_digest",
        "verb", "from_status", "to_status", "salt",
        "unit", "unit_filed",  # set from what was read
        "external_id",  # kept as the other system writes it
    },
    "coordination/workbench": {"query", "error", "digest"},
    "projects/investment": {"digest"},
    "projects/access": {"key_id", "secret_hash", "operation", "key", "fingerprint"},
    "projects/progress": {"email"},
    "projects/record": {
        "of_table", "key", "digest", "hash", "previous_hash", "about_model", "about_name",
    },
    "projects/imports": {
        "sheet", "sha256", "problem", "plan_hash", "key", "column", "chosen_sheet",
    },
    "projects/flow": {"flow", "verb", "source", "target"},
    "projects/register": {
        "code", "name", "geographic_code",  # of districts, by a migration
        "uscc", "reason", "folded",  # the revisions' copies
    },
}  # fmt: skip


def plain_texts() -> Iterator[tuple[str, str]]:
    """Room and name of each text field that takes what it is given."""
    for model in apps.get_models():
        room = "/".join(model.__module__.split(".")[:2])
        if room.split("/")[0] not in {"projects", "coordination"}:
            continue
        for field in model._meta.local_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            is_read = isinstance(field, ReadAsTyped | FoldedField | ArrayField)
            if is_text and not is_read and not field.choices:
                yield room, field.name


def test_every_text_is_read_as_typed_or_has_a_reason() -> None:
    found: dict[str, set[str]] = {}
    for room, name in plain_texts():
        found.setdefault(room, set()).add(name)
    assert found == NOT_TYPED


BLANK: Final = "\u200b\u202e\x1b\n\u3000"


@pytest.mark.parametrize(
    ("model", "name"),
    [(Ticket, "title"), (Enterprise, "name"), (Project, "name"), (Project, "code"),
     (Batch, "name"), (Officer, "name"), (Department, "name")],
)  # fmt: skip
def test_a_text_that_nobody_sees_is_blank(model: type[models.Model], name: str) -> None:
    row = model(**{name: BLANK})
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    with pytest.raises(ValidationError) as refused:
        field.clean(getattr(row, name), row)
    assert [each.code for each in refused.value.error_list] == ["blank"]


@pytest.mark.django_db
def test_what_is_written_and_looked_for_is_read_too() -> None:
    made = Department.objects.create(name="示例\u200b第１\n局")
    made.refresh_from_db()
    assert (made.name, made.folded) == ("示例第1 局", "示例第1局")
    assert Department.objects.get(name="示例第１　局") == made
    Department.objects.filter(pk=made.pk).update(name="示例第\u202e２局")
    made.refresh_from_db()
    assert made.name == "示例第2局"


@pytest.mark.django_db
def test_every_department_to_begin_with_is_found() -> None:
    assert [each for each in Department.objects.all() if each.folded != fold(each.name)] == []


def test_a_migration_knows_plain_texts_alone() -> None:
    for model in (Ticket, Officer, Enterprise):
        for field in model._meta.local_fields:
            if isinstance(field, ReadAsTyped | FoldedField):
                _name, path, _args, options = field.deconstruct()
                assert path.rpartition(".")[2] in {"CharField", "TextField", "SealedCharField"}
                assert "validators" not in options
