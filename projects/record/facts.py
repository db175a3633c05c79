"""Facts: rows that are written once and never altered.

Two protections, because neither is enough alone: triggers also stop the owner of the tables;
revoked rights stop the application even if a trigger was disabled.
"""

from typing import ClassVar, Final

import pgtrigger
from django.apps import apps
from django.db import models

# The function that enters an event's own hash into the journal instead of a digest.
BY_HASHES: Final = "record_journal_hashes"
# pgtrigger's own Protect does not know TRUNCATE.
NEVER_TRUNCATED: Final = pgtrigger.Trigger(
    name="never_truncated",
    when=pgtrigger.Before,
    level=pgtrigger.Statement,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;",
)


class Journaled(models.Model):
    """A row of which a trigger keeps a digest, so that whatever alters it otherwise is noticed.

    The application cannot delete such a row, unless the model says ``MAY_BE_DELETED``: a trigger
    then enters the deletion, too. See ``journal.py``.
    """

    MAY_BE_DELETED: ClassVar[bool] = False
    # The function of the trigger; an event's has the event's own hash for the digest.
    JOURNALED_BY: ClassVar[str] = "record_journal_rows"

    class Meta:
        abstract = True

    @classmethod
    def journal_key(cls) -> tuple[str, ...]:
        """The columns by which the journal names a row; no two rows have the same there."""
        return (str(cls._meta.pk.column),)


class Fact(Journaled):
    """A row that rejects UPDATE, DELETE and TRUNCATE. A correction is a new row."""

    class Meta:
        abstract = True
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_altered", operation=pgtrigger.Update | pgtrigger.Delete),
            NEVER_TRUNCATED,
        ]


class Reference(models.Model):
    """A table that the application may only read: migrations write it, or triggers do."""

    class Meta:
        abstract = True


def journaled_models() -> list[type[Journaled]]:
    """Every table of which the journal keeps digests, by name."""
    found = (model for model in apps.get_models() if issubclass(model, Journaled))
    return sorted(found, key=lambda model: model._meta.db_table)


def reference_models() -> list[type[models.Model]]:
    """Every table that the application's role may only read."""
    return [model for model in apps.get_models() if issubclass(model, Reference)]


def fact_models() -> list[type[models.Model]]:
    """Every table of facts: those that the application's role may not alter."""
    return [model for model in apps.get_models() if issubclass(model, Fact)]
