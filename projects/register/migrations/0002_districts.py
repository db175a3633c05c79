"""The county-level units of Luoyang, by GB/T 2260, and two functional zones without such a code."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange

SINCE = date(2000, 1, 1)
MERGED = date(2021, 3, 18)  # 孟津 absorbed 吉利; 偃师 and 孟津 became districts

# (code, name, kind, geographic code, from, until)
DISTRICTS = (
    ("410302", "老城区", "district", "", SINCE, None),
    ("410303", "西工区", "district", "", SINCE, None),
    ("410304", "瀍河回族区", "district", "", SINCE, None),
    ("410305", "涧西区", "district", "", SINCE, None),
    ("410306", "吉利区", "district", "", SINCE, MERGED),
    ("410307", "偃师区", "district", "", MERGED, None),
    ("410308", "孟津区", "district", "", MERGED, None),
    ("410311", "洛龙区", "district", "", SINCE, None),
    ("410322", "孟津县", "county", "", SINCE, MERGED),
    ("410323", "新安县", "county", "", SINCE, None),
    ("410324", "栾川县", "county", "", SINCE, None),
    ("410325", "嵩县", "county", "", SINCE, None),
    ("410326", "汝阳县", "county", "", SINCE, None),
    ("410327", "宜阳县", "county", "", SINCE, None),
    ("410328", "洛宁县", "county", "", SINCE, None),
    ("410329", "伊川县", "county", "", SINCE, None),
    ("410381", "偃师市", "city", "", SINCE, MERGED),
    ("LY-GX", "高新区", "zone", "410371", SINCE, None),
    ("LY-YB", "伊滨区", "zone", "", SINCE, None),
)


def enter(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Enter the units."""
    model = apps.get_model("register", "District")
    model.objects.using(schema_editor.connection.alias).bulk_create(
        model(
            code=code, name=name, kind=kind, geographic_code=geographic,
            valid=DateRange(since, until),
        )
        for code, name, kind, geographic, since, until in DISTRICTS
    )  # fmt: skip


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take out what was entered; refused by the database where a project lies in one."""
    model = apps.get_model("register", "District")
    codes = [row[0] for row in DISTRICTS]
    model.objects.using(schema_editor.connection.alias).filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [migrations.RunPython(enter, remove)]
