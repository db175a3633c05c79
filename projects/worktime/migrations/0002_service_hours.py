"""The hours of service to begin with, in Shanghai's time; the centre edits them as it sees fit."""

from datetime import time
from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17)))


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Morning and afternoon."""
    rows = apps.get_model("worktime", "ServiceHours").objects.using(schema_editor.connection.alias)
    for opens, closes in HOURS:
        rows.create(opens=opens, closes=closes)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("worktime", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enter, migrations.RunPython.noop)]
