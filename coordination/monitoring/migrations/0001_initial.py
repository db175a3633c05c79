import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.sealed_fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('delivery', '0001_initial'),
        ('progress', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('ended_because', models.CharField(blank=True, choices=[('used', 'used'), ('replaced', 'a newer link was made'), ('revoked', 'revoked')], max_length=8, verbose_name='because')),
                ('token', projects.record.sealed_fields.SealedCharField(editable=False, max_length=64)),
                ('day', models.DateField(verbose_name='day')),
                ('made_for', models.CharField(editable=False, max_length=40)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='daily_links', to='progress.reporter', verbose_name='reporter')),
            ],
            options={
                'verbose_name': "reporter's link",
                'verbose_name_plural': "reporters' links",
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Asking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('kind', models.CharField(choices=[('asked', 'asked'), ('chased', 'chased'), ('by_hand', 'sent again by an officer'), ('shown', 'shown to an officer, who hands it over')], max_length=8, verbose_name='kind')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.delivery', verbose_name='delivery')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='askings', to='progress.reporter', verbose_name='reporter')),
            ],
            options={
                'verbose_name': 'request for a report',
                'verbose_name_plural': 'requests for reports',
                'abstract': False,
                'indexes': [models.Index(fields=['day'], name='asking_day')],
                'constraints': [models.UniqueConstraint(fields=('reporter', 'day', 'kind'), name='asked_once_of_each_kind')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='asking',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fde84313ea4ff85e59c1c7f49d18cd352dca05d2', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_1f2cf', table='monitoring_asking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='asking',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='38e6114e73e1623b2c2f11fd3c7844da420a61d3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_f07ec', table='monitoring_asking', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='dailylink',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('reporter', 'day'), name='one_link_a_reporters_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dailylink',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4734c5490dd03e9e8076d7c02e761e08430a783b', operation='DELETE', pgid='pgtrigger_never_deleted_90b94', table='monitoring_dailylink', when='BEFORE')),
        ),
    ]
