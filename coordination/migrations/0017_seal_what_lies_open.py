"""Seal the personal data that was written before its columns were sealed."""

from django.db import migrations

from projects.record.reseal import reseal_column

COLUMNS = [
    ("coordination_eventtext", "event_id", "body"),
    ("coordination_ticket", "id", "contact_name"),
    ("coordination_ticket", "id", "contact_mobile"),
    ("coordination_vehiclepassline", "id", "driver_name"),
    ("coordination_vehiclepassline", "id", "driver_mobile"),
    ("coordination_workerreturnline", "id", "receiver"),
    ("coordination_workerreturnline", "id", "receiver_mobile"),
]


def seal_what_lies_open(_apps, schema_editor):
    for table, key, column in COLUMNS:
        reseal_column(table, key, column, using=schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ('coordination', '0016_sealed_personal_data'),
    ]

    operations = [
        # Going back leaves it sealed: the columns before were as wide as a name.
        migrations.RunPython(seal_what_lies_open),
    ]
