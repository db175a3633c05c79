import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'request for a check',
                'verbose_name_plural': 'requests for checks',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecordCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='began at')),
                ('recorded_at', models.DateTimeField(verbose_name='ended at')),
                ('rows', models.PositiveBigIntegerField(verbose_name='rows in the journal')),
                ('found', models.PositiveIntegerField(verbose_name='findings')),
                ('findings', models.JSONField(verbose_name='findings')),
                ('anchor_number', models.PositiveIntegerField(verbose_name='newest anchor')),
                ('anchor_hash', models.CharField(blank=True, max_length=64, verbose_name='hash of the newest anchor')),
            ],
            options={
                'verbose_name': 'check of the record',
                'verbose_name_plural': 'checks of the record',
                'ordering': ['-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['-began_at'], name='check_began')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordcheck',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f4802a2a787035241f4609b282ba77b7183677b', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_fc853', table='audit_recordcheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordcheck',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='57ad5e51e81b3a28863b94d948b3f362659177a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_a54a1', table='audit_recordcheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkrequest',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='036113b9de0c2646385ec459944d2ac16fda0352', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_06f99', table='audit_checkrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkrequest',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='95625743f5430a65b3c7485e2418f4dcf6bb3839', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_46be8', table='audit_checkrequest', when='BEFORE')),
        ),
    ]
