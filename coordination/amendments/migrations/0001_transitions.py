"""The steps that amendments add to a ticket's flow."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# verb -> (from, to)
STEPS = {
    "amend": (("need_info", "need_info"), ("submitted", "submitted"),),
    "propose_amendment": (("in_progress", "in_progress"), ("need_info", "need_info"),),
    "adopt_amendment": (("in_progress", "in_progress"), ("need_info", "need_info"),),
    "reject_amendment": (("in_progress", "in_progress"), ("need_info", "need_info"),),
}


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Allow each step."""
    model = apps.get_model("flow", "Transition")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        model(flow="ticket", verb=verb, source=source, target=target)
        for verb, steps in STEPS.items()
        for source, target in steps
    )


def remove(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Allow them no more."""
    rows = apps.get_model("flow", "Transition").objects.using(schema_editor.connection.alias)
    rows.filter(flow="ticket", verb__in=STEPS).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("flow", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enter, remove)]
