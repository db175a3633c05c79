import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.open_choices
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tickets', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DisplayLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Where the screen hangs, for example 值班室大屏.', max_length=40, verbose_name='name')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(editable=False, verbose_name='made at')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used at')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='taken down at')),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('revoked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken down by')),
            ],
            options={
                'verbose_name': 'display link',
                'verbose_name_plural': 'display links',
                'ordering': ['-pk'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='displaylink',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a1efef3b759a16e2c8e62f17355190002b4afdd0', operation='DELETE', pgid='pgtrigger_never_deleted_7e3db', table='workbench_displaylink', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='ExportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(blank=True, max_length=1000, verbose_name='filters')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Under way'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], default='waiting', max_length=10, verbose_name='state')),
                ('total', models.PositiveIntegerField(null=True, verbose_name='tickets in all')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='tickets written')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='bytes')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('error', models.CharField(blank=True, max_length=100, verbose_name='what went wrong')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('seen_alive_at', models.DateTimeField(null=True, verbose_name='last seen working')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='kept until')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='part')),
                ('content', models.BinaryField(verbose_name='content')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='workbench.exportjob', verbose_name='export')),
            ],
            options={
                'verbose_name': 'part of an export',
                'verbose_name_plural': 'parts of exports',
                'ordering': ['job', 'number'],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=500, verbose_name='filters')),
                ('is_default', models.BooleanField(default=False, verbose_name='opens first')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'saved view',
                'verbose_name_plural': 'saved views',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TicketSeen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(verbose_name='last changed at')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'seen ticket',
                'verbose_name_plural': 'seen tickets',
            },
        ),
        migrations.AddIndex(
            model_name='exportjob',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running', 'done'])), fields=['state', 'id'], name='export_to_do'),
        ),
        migrations.AddIndex(
            model_name='exportjob',
            index=models.Index(fields=['officer', '-id'], name='export_officer'),
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.UniqueConstraint(fields=('job', 'number'), name='one_export_part_per_number'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('officer', 'name'), name='one_view_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('officer',), name='one_view_first'),
        ),
        migrations.AddConstraint(
            model_name='ticketseen',
            constraint=models.UniqueConstraint(fields=('ticket', 'officer'), name='seen_once'),
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', projects.record.open_choices.OpenChoiceField(max_length=20, verbose_name='verb')),
                ('kind', projects.record.open_choices.OpenChoiceField(blank=True, help_text='Empty for every kind.', max_length=20, verbose_name='kind')),
                ('text', models.CharField(help_text='Put × where something is to be filled in.', max_length=200, verbose_name='phrase')),
                ('ordinal', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
            ],
            options={
                'verbose_name': 'phrase',
                'verbose_name_plural': 'phrases',
                'ordering': ['verb', 'kind', 'ordinal', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('verb', 'kind', 'text'), name='each_phrase_once', violation_error_message='There is this phrase already.')],
            },
        ),
    ]
