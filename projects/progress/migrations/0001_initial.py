import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('register', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('revision', models.PositiveSmallIntegerField(verbose_name='revision')),
                ('resumed', models.BooleanField(verbose_name='work resumed or started')),
                ('workers_required', models.PositiveIntegerField(blank=True, null=True, verbose_name='workers required')),
                ('workers_on_site', models.PositiveIntegerField(blank=True, null=True, verbose_name='workers on site')),
                ('month_investment', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='investment of the month so far (万元)')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('api_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.apikey', verbose_name='filed with key')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='daily_reports', to='register.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'daily report',
                'verbose_name_plural': 'daily reports',
                'ordering': ['-day', 'project', '-revision'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReportNarrative',
            fields=[
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='narrative', serialize=False, to='progress.dailyreport', verbose_name='daily report')),
                ('progress', models.TextField(blank=True, max_length=2000, verbose_name='visible progress')),
                ('problems', models.TextField(blank=True, max_length=2000, verbose_name='problems')),
            ],
            options={
                'verbose_name': "report's text",
                'verbose_name_plural': "reports' texts",
            },
        ),
        migrations.AddIndex(
            model_name='dailyreport',
            index=models.Index(fields=['day', 'project'], name='report_day_project'),
        ),
        migrations.AddIndex(
            model_name='dailyreport',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['recorded_at'], name='report_recorded', pages_per_range=16),
        ),
        migrations.AddConstraint(
            model_name='dailyreport',
            constraint=models.UniqueConstraint(fields=('project', 'day', 'revision'), name='one_report_revision'),
        ),
        migrations.AddConstraint(
            model_name='dailyreport',
            constraint=models.CheckConstraint(condition=models.Q(('officer__isnull', True), ('api_key__isnull', True), _connector='XOR'), name='report_by_officer_or_key'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dailyreport',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='61c5424eb0516a0a11e1d50f580e379fc3487e6c', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_5a870', table='progress_dailyreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dailyreport',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='98d8d97c7d9429c4e3225e402c7d8050973dd64c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_50196', table='progress_dailyreport', when='BEFORE')),
        ),
    ]
