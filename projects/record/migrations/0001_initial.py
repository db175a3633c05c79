import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('last_entry', models.BigIntegerField(verbose_name='last entry')),
                ('entries', models.PositiveIntegerField(verbose_name='entries')),
                ('previous_hash', models.CharField(blank=True, max_length=64, verbose_name='previous hash')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'anchor of the record',
                'verbose_name_plural': 'anchors of the record',
                'ordering': ['number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ClockOffset',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('seconds', models.BigIntegerField()),
                ('ticked_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'record_clock_offset',
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of_table', models.CharField(max_length=63, verbose_name='table')),
                ('key', models.CharField(max_length=80, verbose_name='row')),
                ('digest', models.CharField(max_length=64, verbose_name='digest of the row')),
            ],
            options={
                'verbose_name': 'journal entry',
                'verbose_name_plural': 'journal entries',
                'db_table': 'record_journal',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='anchor',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='77a354b9b90ee80e549316ce51665a952c65ae88', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_83b16', table='record_anchor', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='anchor',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='165d71d57e0f6c535f51ea7951c1259fc10f43df', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_36cac', table='record_anchor', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='clockoffset',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_clock_offset'),
        ),
    ]
