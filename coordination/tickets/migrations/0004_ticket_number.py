"""The sequence behind ticket numbers: no two alike, gaps allowed."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tickets", "0003_terms")]
    operations: ClassVar = [
        migrations.RunSQL("CREATE SEQUENCE ticket_number", "DROP SEQUENCE ticket_number")
    ]
