import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.open_choices
from django.conf import settings
from django.db import migrations, models

# The application may not delete an act. This function runs with its owner's rights, and the trigger
# of the table refuses acts that are younger than half a year; another enters each into the journal.
FORGET = """
    CREATE FUNCTION record_forget_acts(before timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        WITH gone AS (DELETE FROM public.record_act WHERE recorded_at < before RETURNING id)
        SELECT count(*) FROM gone
    $$
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                'indexes': [models.Index(fields=['of_table'], name='entries_of_a_table')],
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
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', projects.record.open_choices.OpenChoiceField(max_length=30, verbose_name='what was done')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='IP address')),
                ('about_model', models.CharField(max_length=60)),
                ('about_id', models.BigIntegerField(null=True)),
                ('about_name', models.CharField(max_length=200, verbose_name='concerning')),
                ('changes', models.JSONField(verbose_name='changes')),
                ('recorded_at', models.DateTimeField(db_index=True, verbose_name='recorded at')),
                ('officer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'act',
                'verbose_name_plural': 'acts',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['officer', '-id'], name='acts_of_an_officer'), models.Index(fields=['about_model', 'about_id', '-id'], name='acts_about_a_row'), models.Index(fields=['what', '-id'], name='acts_of_a_kind'), models.Index(fields=['address', '-id'], name='acts_from_an_address')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='act',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8e44c628b163933ff7cc5eaa6435fd8e1ad7311e', operation='UPDATE', pgid='pgtrigger_never_altered_b30a7', table='record_act', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='act',
            trigger=pgtrigger.compiler.Trigger(name='kept_for_half_a_year', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.recorded_at > clock_timestamp() - interval '180 days' + least(interval '0',\n        make_interval(secs => coalesce((SELECT seconds FROM record_clock_offset), 0)))\n    THEN\n        RAISE EXCEPTION 'acts are kept for 180 days at least';\n    END IF;\n    RETURN OLD;\n", hash='25683bf401ac126fea0049b8bcda4d3d5a1fad36', operation='DELETE', pgid='pgtrigger_kept_for_half_a_year_5f6fa', table='record_act', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='act',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='4b46287ffa804670573bff0df526ac3d26d830d1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_4c4ea', table='record_act', when='BEFORE')),
        ),
        migrations.RunSQL(FORGET, "DROP FUNCTION record_forget_acts"),
    ]
