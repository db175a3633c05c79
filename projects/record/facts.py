"""Facts: rows that are written once and never altered.

Two protections, because neither is enough alone: triggers also stop the owner of the tables;
revoked rights stop the application even if a trigger was disabled.
"""

from typing import ClassVar, Final

import pgtrigger
from django.apps import apps
from django.db import models

# pgtrigger's own Protect does not know TRUNCATE.
NEVER_TRUNCATED: Final = pgtrigger.Trigger(
    name="never_truncated",
    when=pgtrigger.Before,
    level=pgtrigger.Statement,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;",
)


class Fact(models.Model):
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


def reference_models() -> list[type[models.Model]]:
    """Every table that the application's role may only read."""
    return [model for model in apps.get_models() if issubclass(model, Reference)]


def fact_models() -> list[type[models.Model]]:
    """Every table of facts: those that the application's role may not alter."""
    return [model for model in apps.get_models() if issubclass(model, Fact)]
