import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('register', '0001_initial'),
        ('tickets', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedPending',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='tickets.ticketevent', verbose_name='ticket event')),
                ('enterprise', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.enterprise', verbose_name='enterprise')),
            ],
            options={
                'verbose_name': 'event without a position',
                'verbose_name_plural': 'events without a position',
            },
        ),
        migrations.CreateModel(
            name='FeedEntry',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='position')),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.enterprise', verbose_name='enterprise')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='feed_entry', to='tickets.ticketevent', verbose_name='ticket event')),
            ],
            options={
                'verbose_name': 'feed entry',
                'verbose_name_plural': 'feed entries',
                'ordering': ['position'],
                'abstract': False,
                'indexes': [models.Index(fields=['enterprise', 'position'], name='feed_enterprise')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feedentry',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='03b3e5a5006c515afc6e1a30cbbf1e6384a1c3f1', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_f1d21', table='intake_feedentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feedentry',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f55817f3d9ffd6f18031b7e67bc6942a7f630f91', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_486e8', table='intake_feedentry', when='BEFORE')),
        ),
    ]
