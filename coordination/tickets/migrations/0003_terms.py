"""The terms to begin with; the centre edits them as it sees fit."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# stage, urgency, amount, unit; each for every kind
_TERMS = (
    ("accept", "", 2, "service_hour"),
    ("answer", "", 5, "working_day"),
    ("handle", "critical", 0, "same_day"),
    ("handle", "urgent", 1, "working_day"),
    ("handle", "normal", 3, "working_day"),
    ("handle", "complex", 7, "working_day"),
    ("refer", "", 3, "working_day"),
)


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows that are there already stay as they are."""
    using = schema_editor.connection.alias
    terms = apps.get_model("tickets", "Term").objects.using(using)
    for stage, urgency, amount, unit in _TERMS:
        terms.get_or_create(
            stage=stage, kind="", urgency=urgency, defaults={"amount": amount, "unit": unit}
        )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tickets", "0002_transitions")]
    operations: ClassVar = [migrations.RunPython(enter, migrations.RunPython.noop)]
