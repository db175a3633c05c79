"""The departments of a city to begin with, and how long each has to answer; both are edited."""

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
_DAYS_TO_ANSWER = 3  # working days


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows that are there already stay as they are."""
    using = schema_editor.connection.alias
    departments = apps.get_model("coordination", "Department").objects.using(using)
    for ordinal, name in enumerate(_DEPARTMENTS, start=1):
        departments.get_or_create(name=name, defaults={"ordinal": ordinal})
    terms = apps.get_model("coordination", "Term").objects.using(using)
    terms.get_or_create(
        stage="refer", kind="", urgency="",
        defaults={"amount": _DAYS_TO_ANSWER, "unit": "working_day"},
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("coordination", "0022_referrals")]
    operations: ClassVar = [migrations.RunPython(enter, migrations.RunPython.noop)]
