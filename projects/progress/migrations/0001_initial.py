import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.sealed_fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('register', '0002_districts'),
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
                ('halt', models.CharField(blank=True, choices=[('holiday', 'public holiday'), ('weather', 'weather'), ('air', 'control of air pollution'), ('funds', 'funds'), ('labour', 'labour'), ('material', 'materials'), ('permit', 'formalities'), ('epidemic', 'epidemic'), ('other', 'other')], max_length=8, verbose_name='why not at work')),
                ('halted_until', models.DateField(blank=True, null=True, verbose_name='at work again on')),
                ('is_unchanged', models.BooleanField(default=False, verbose_name='reported as unchanged')),
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
            name='ReportFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('on_site', 'people on site, ten times as many or as few'), ('required', 'people required, ten times as many or as few'), ('back', 'stopped and resumed within three days'), ('falling', 'investment of the month lower than before'), ('above_plan', "investment of the month above the year's plan")], max_length=10, verbose_name='what is doubtful')),
                ('before', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='before')),
                ('after', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='reported')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('earlier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='progress.dailyreport', verbose_name='beside')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='progress.dailyreport', verbose_name='daily report')),
            ],
            options={
                'verbose_name': 'figure to be verified',
                'verbose_name_plural': 'figures to be verified',
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReportNarrative',
            fields=[
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='narrative', serialize=False, to='progress.dailyreport', verbose_name='daily report')),
                ('progress', models.TextField(blank=True, max_length=2000, verbose_name='visible progress')),
                ('problems', models.TextField(blank=True, max_length=2000, verbose_name='problems')),
                ('halt_words', models.CharField(blank=True, max_length=200, verbose_name='what stopped work')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it is amended')),
            ],
            options={
                'verbose_name': "report's text",
                'verbose_name_plural': "reports' texts",
            },
        ),
        migrations.CreateModel(
            name='Reporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', projects.record.sealed_fields.SealedCharField(max_length=40, verbose_name='name')),
                ('mobile', projects.record.sealed_fields.SealedCharField(blank=True, max_length=24, verbose_name='phone')),
                ('email', models.EmailField(blank=True, help_text='The daily link goes there. Empty: an officer hands it over.', max_length=254, verbose_name='e-mail')),
                ('named_at', models.DateTimeField(verbose_name='named at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('erased_at', models.DateTimeField(editable=False, null=True, verbose_name='erased at')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reporters', to='register.enterprise', verbose_name='enterprise')),
                ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='named by')),
                ('named_by_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.apikey', verbose_name='named with key')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reporters', to='register.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'reporter',
                'verbose_name_plural': 'reporters',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='dailyreport',
            name='reporter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='progress.reporter', verbose_name='reporter'),
        ),
        migrations.CreateModel(
            name='FlagSettlement',
            fields=[
                ('flag', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='settlement', serialize=False, to='progress.reportflag', verbose_name='figure to be verified')),
                ('outcome', models.CharField(choices=[('explained', 'it is right'), ('corrected', 'it is corrected')], max_length=10, verbose_name='finding')),
                ('note', models.CharField(max_length=200, verbose_name='note')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'settlement of a figure',
                'verbose_name_plural': 'settlements of figures',
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='reportflag',
            constraint=models.UniqueConstraint(fields=('report', 'rule'), name='one_flag_a_rule'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportflag',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5410622404c9ade3ec0c8a789060f8442e511c16', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_467ef', table='progress_reportflag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportflag',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f70673318696d69deb0faee7443630b654bb76f0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_554c2', table='progress_reportflag', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reporter',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['email'], name='reporter_email'),
        ),
        migrations.AddConstraint(
            model_name='reporter',
            constraint=models.CheckConstraint(condition=models.Q(('named_by__isnull', True), ('named_by_key__isnull', True), _connector='XOR'), name='reporter_by_officer_or_key'),
        ),
        migrations.AddConstraint(
            model_name='reporter',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), models.Q(('email', ''), _negated=True)), fields=('project', 'email'), name='one_reporter_an_address'),
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
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('api_key__isnull', True), ('officer__isnull', False), ('reporter__isnull', True)), models.Q(('api_key__isnull', False), ('officer__isnull', True), ('reporter__isnull', True)), models.Q(('api_key__isnull', True), ('officer__isnull', True), ('reporter__isnull', False)), _connector='OR'), name='report_has_one_author'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dailyreport',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='61c5424eb0516a0a11e1d50f580e379fc3487e6c', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_5a870', table='progress_dailyreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dailyreport',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='98d8d97c7d9429c4e3225e402c7d8050973dd64c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_50196', table='progress_dailyreport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flagsettlement',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8e59751a9020cc9bfd321ee5641be7ee434d6012', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_81c71', table='progress_flagsettlement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flagsettlement',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='b5913572414988c7107f766fef4f3bce1450d4d6', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_2fe5b', table='progress_flagsettlement', when='BEFORE')),
        ),
    ]
