"""The steps of an issue's flow that the database allows."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# (verb, from, to)
STEPS = (
    ("draft", "", "draft"),
    ("edit", "draft", "draft"),
    ("review", "draft", "reviewed"),
    ("send_back", "reviewed", "draft"),
    ("publish", "reviewed", "published"),
    ("distribute", "published", "distributed"),
    ("supersede", "distributed", "distributed"),
    ("supersede", "published", "published"),
    ("discard", "draft", "discarded"),
    ("supplement", "distributed", "distributed"),
    ("supplement", "published", "published"),
)


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Allow each step."""
    model = apps.get_model("flow", "Transition")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        model(flow="issue", verb=verb, source=source, target=target)
        for verb, source, target in STEPS
    )


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Allow them no more."""
    rows = apps.get_model("flow", "Transition").objects.using(schema_editor.connection.alias)
    rows.filter(flow="issue").delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("bulletins", "0001_initial"), ("flow", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enter, remove)]
