"""The departments of a city to begin with; the centre edits them. Their names fold to themselves."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_DEPARTMENTS = (
    "市发展和改革委员会",
    "市自然资源和规划局",
    "市交通运输局",
    "市公安局交通警察支队",
    "市卫生健康委员会",
    "市工业和信息化局",
    "市人力资源和社会保障局",
    "市商务局",
    "市住房和城乡建设局",
    "市生态环境局",
    "市应急管理局",
    "市市场监督管理局",
    "市城市管理局",
    "市财政局",
    "市水利局",
    "市林业局",
    "市农业农村局",
    "市行政审批和政务信息管理局",
)


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows that are there already stay as they are."""
    using = schema_editor.connection.alias
    departments = apps.get_model("parties", "Department").objects.using(using)
    for ordinal, name in enumerate(_DEPARTMENTS, start=1):
        departments.get_or_create(name=name, defaults={"ordinal": ordinal, "folded": name})


class Migration(migrations.Migration):
    dependencies: ClassVar = [("parties", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(enter, migrations.RunPython.noop)]
