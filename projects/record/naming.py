"""What people call the rows that a check of the record names, as each room says it of its own."""

from collections.abc import Callable
from functools import partial, reduce

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from projects.house.rooms import Named, names
from projects.record.facts import Journaled
from projects.record.findings import Difference, Finding


def named(table: str, key: str) -> Named:
    """The kind of the row and its own name; where the row is gone, what is left to say of it."""
    model = apps.get_model(table)
    say = names().get(table) or partial(by_itself, model)
    found = say(key) or Named(gettext("No. %(key)s") % {"key": key})
    return Named(f"{model._meta.verbose_name} {found.words}", found.row)


def sentence(finding: Finding) -> str:
    """What differs and how, in the reader's language."""
    return gettext("%(row)s: %(difference)s") % {
        "row": named(finding.table, finding.row).words,
        "difference": Difference(finding.difference).label,
    }  # fmt: skip


def row_of(model: type[models.Model], key: str) -> models.Model | None:
    """The row that the journal calls so, if it is there."""
    columns = model.journal_key() if issubclass(model, Journaled) else ("pk",)
    values = key.split("/")
    if len(values) != len(columns):
        return None
    rows = model._default_manager.all()
    try:
        return rows.filter(**dict(zip(columns, values, strict=True))).first()
    except (ValueError, ValidationError):  # a key that somebody made up
        return None


def by_itself(model: type[models.Model], key: str) -> Named | None:
    """Say ``str`` of the row."""
    row = row_of(model, key)
    return None if row is None else Named(str(row), row)


def through(model: type[models.Model], path: str) -> Callable[[str], Named | None]:
    """A row that is called by another, to which ``path`` leads, such as "referral.ticket"."""

    def say(key: str) -> Named | None:
        row = row_of(model, key)
        if row is None:
            return None
        other = reduce(getattr, path.split("."), row)
        found = named(other._meta.label_lower, str(other.pk))
        return Named(f"· {found.words}", found.row)

    return say
