"""The unique index begins with the enterprise: one of its own is not needed. The key stays."""

import django.db.models.deletion
from django.db import migrations, models

_INDEX = 'projects_idempotentrequest_enterprise_id_bf60d6c0'


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0005_limits_of_keys'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX "{_INDEX}"',
                    f'CREATE INDEX "{_INDEX}" ON "projects_idempotentrequest" ("enterprise_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='idempotentrequest',
                    name='enterprise',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.enterprise', verbose_name='enterprise'),
                ),
            ],
        ),
    ]
