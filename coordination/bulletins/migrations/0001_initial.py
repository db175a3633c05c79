import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ServicePeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='during')),
            ],
            options={
                'verbose_name': 'service period',
                'verbose_name_plural': 'service periods',
            },
        ),
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(choices=[('weekly', 'Weekly bulletin')], default='weekly', max_length=10, verbose_name='series')),
                ('cut_off', models.DateTimeField(verbose_name='cut-off')),
                ('edition', models.PositiveSmallIntegerField(default=1, verbose_name='edition')),
                ('blocks', models.JSONField(verbose_name='blocks')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('built_at', models.DateTimeField(verbose_name='built at')),
            ],
            options={
                'verbose_name': 'bulletin',
                'verbose_name_plural': 'bulletins',
                'ordering': ['-cut_off', '-edition'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('series', 'cut_off', 'edition'), name='one_bulletin_per_cut_off')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulletin',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eb6566298e96247008b153a0b73b6a7ff4c4b735', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_bf821', table='bulletins_bulletin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulletin',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='8545b621dd0f8f17e8230d9fbb41dec42807651c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_deea2', table='bulletins_bulletin', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='serviceperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('during', '&&')], name='service_periods_apart', violation_error_message='Service periods may not overlap.'),
        ),
        migrations.CreateModel(
            name='SealedCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.CharField(max_length=40, verbose_name='block')),
                ('schema', models.PositiveSmallIntegerField(verbose_name='schema')),
                ('moment', models.DateTimeField(verbose_name='up to')),
                ('totals', models.JSONField(verbose_name='totals')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'sealed count',
                'verbose_name_plural': 'sealed counts',
                'ordering': ['block', 'schema', 'moment'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('block', 'schema', 'moment'), name='one_sealed_count_per_moment')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedcount',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ecadbe717492ecacdb4ce91acb0b4f0d2baa9f67', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_7b319', table='bulletins_sealedcount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedcount',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='cd41fe7f4c07f0d13052bc1baac17647f0a4e828', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_87c71', table='bulletins_sealedcount', when='BEFORE')),
        ),
    ]
