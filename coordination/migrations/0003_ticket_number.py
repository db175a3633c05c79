from django.db import migrations


class Migration(migrations.Migration):
    """The sequence behind ticket numbers: no two alike, gaps allowed."""

    dependencies = [("coordination", "0002_served_projects")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE ticket_number", reverse_sql="DROP SEQUENCE ticket_number"
        )
    ]
