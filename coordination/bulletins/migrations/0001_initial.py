import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.sealed_fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('cut_off', models.DateTimeField(verbose_name='cut-off')),
                ('blocks', models.JSONField(verbose_name='blocks')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('built_at', models.DateTimeField(verbose_name='built at')),
            ],
            options={
                'verbose_name': 'daily brief',
                'verbose_name_plural': 'daily briefs',
                'ordering': ['-day'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(choices=[('weekly', 'Weekly bulletin'), ('extra', 'Extra issue')], default='weekly', max_length=10, verbose_name='series')),
                ('start', models.DateTimeField(null=True, verbose_name='start')),
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
            },
        ),
        migrations.CreateModel(
            name='Face',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(choices=[('html', 'Page'), ('pdf', 'PDF'), ('docx', 'Word'), ('xlsx', 'Excel')], max_length=4, verbose_name='format')),
                ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                ('audience', models.CharField(choices=[('all', 'all'), ('staff', 'staff')], max_length=5, verbose_name='audience')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('content', models.BinaryField(verbose_name='content')),
            ],
            options={
                'verbose_name': 'published file',
                'verbose_name_plural': 'published files',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(editable=False, max_length=12, verbose_name='status')),
                ('changed_at', models.DateTimeField(editable=False, verbose_name='last changed at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('series', models.CharField(choices=[('weekly', 'Weekly bulletin'), ('extra', 'Extra issue')], editable=False, max_length=10, verbose_name='series')),
                ('edition', models.PositiveSmallIntegerField(editable=False, verbose_name='edition')),
                ('year', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='year')),
                ('number', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='number in the year')),
                ('total', models.PositiveIntegerField(editable=False, null=True, verbose_name='number in all')),
                ('day', models.DateField(editable=False, null=True, verbose_name='day of issue')),
            ],
            options={
                'verbose_name': 'issue of the bulletin',
                'verbose_name_plural': 'issues of the bulletin',
                'ordering': ['-bulletin__cut_off', '-edition'],
            },
        ),
        migrations.CreateModel(
            name='IssueEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField(verbose_name='sequence')),
                ('verb', models.CharField(max_length=20, verbose_name='verb')),
                ('from_status', models.CharField(blank=True, max_length=12, verbose_name='from')),
                ('to_status', models.CharField(max_length=12, verbose_name='to')),
                ('by_system', models.BooleanField(default=False, verbose_name='by the system')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('is_internal', models.BooleanField(default=False, verbose_name='internal')),
                ('payload', models.JSONField(default=dict, verbose_name='payload')),
                ('text_digest', models.CharField(blank=True, max_length=64, verbose_name='salted digest of the text')),
                ('previous_hash', models.CharField(blank=True, max_length=64, verbose_name='previous hash')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
            ],
            options={
                'verbose_name': 'event of an issue',
                'verbose_name_plural': 'events of issues',
                'ordering': ['issue', 'seq'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Letterhead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], max_length=10, unique=True, verbose_name='language')),
                ('office', models.CharField(max_length=100, verbose_name='office')),
                ('heading', models.CharField(max_length=80, verbose_name='heading in red')),
                ('name', models.CharField(max_length=60, verbose_name='name of the bulletin')),
                ('title', models.CharField(max_length=120, verbose_name='title of an issue')),
                ('addressees', models.CharField(max_length=200, verbose_name='addressees')),
                ('reported_to', models.CharField(blank=True, max_length=200, verbose_name='reported to')),
                ('sent_to', models.CharField(blank=True, max_length=200, verbose_name='sent to')),
                ('issued_to', models.CharField(blank=True, max_length=200, verbose_name='issued to')),
                ('shows_ranks', models.BooleanField(default=False, help_text='Ranks of districts are printed only where this is switched on.', verbose_name='prints ranks')),
                ('copies', models.PositiveSmallIntegerField(blank=True, help_text='Left out where nothing is printed.', null=True, verbose_name='printed copies')),
            ],
            options={
                'verbose_name': 'letterhead',
                'verbose_name_plural': 'letterheads',
                'ordering': ['-language'],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('formats', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word'), ('xlsx', 'Excel')], max_length=4), size=None, verbose_name='formats')),
                ('audience', models.CharField(choices=[('all', 'for everybody'), ('staff', "the staff's own")], default='all', max_length=5, verbose_name='edition')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'recipient of the bulletin',
                'verbose_name_plural': 'recipients of the bulletin',
                'ordering': ['name', 'pk'],
            },
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
            },
        ),
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
            name='Supplement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.CharField(max_length=40, verbose_name='block')),
                ('schema', models.PositiveSmallIntegerField(verbose_name='schema')),
                ('figures', models.JSONField(verbose_name='figures')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
            ],
            options={
                'verbose_name': 'supplement of an issue',
                'verbose_name_plural': 'supplements of issues',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                ('paragraph', models.CharField(max_length=80, verbose_name='paragraph')),
                ('text', models.TextField(blank=True, verbose_name='text')),
            ],
            options={
                'verbose_name': 'wording',
                'verbose_name_plural': 'wordings',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brief',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2392dc7ca41e79e9635911a327c73a7dd9462dc4', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_ea661', table='bulletins_brief', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='brief',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='fee1dd0c5eabb9225b638a48dad10e8ed5332d32', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_d1bfe', table='bulletins_brief', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(fields=('series', 'cut_off', 'edition'), name='one_bulletin_per_cut_off'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('series', 'weekly'), ('start', None)), models.Q(('series', 'extra'), ('start__isnull', False), ('start__lt', models.F('cut_off'))), _connector='OR'), name='extra_issue_has_a_start'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulletin',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eb6566298e96247008b153a0b73b6a7ff4c4b735', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_bf821', table='bulletins_bulletin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulletin',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='8545b621dd0f8f17e8230d9fbb41dec42807651c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_deea2', table='bulletins_bulletin', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='issue',
            name='bulletin',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='issue', to='bulletins.bulletin', verbose_name='bulletin'),
        ),
        migrations.AddField(
            model_name='issue',
            name='editor',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editor'),
        ),
        migrations.AddField(
            model_name='issue',
            name='reviewer',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer'),
        ),
        migrations.AddField(
            model_name='issue',
            name='signer',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signer'),
        ),
        migrations.AddField(
            model_name='face',
            name='issue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='faces', to='bulletins.issue', verbose_name='issue of the bulletin'),
        ),
        migrations.CreateModel(
            name='IssueText',
            fields=[
                ('salt', models.CharField(editable=False, max_length=32)),
                ('body', projects.record.sealed_fields.SealedJSONField(verbose_name='text')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='text', serialize=False, to='bulletins.issueevent', verbose_name='event of an issue')),
            ],
            options={
                'verbose_name': "text of an issue's event",
                'verbose_name_plural': "texts of issues' events",
            },
        ),
        migrations.AddField(
            model_name='issueevent',
            name='issue',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='bulletins.issue', verbose_name='issue of the bulletin'),
        ),
        migrations.AddField(
            model_name='issueevent',
            name='officer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('language'), name='one_recipient_per_address_and_language'),
        ),
        migrations.AddConstraint(
            model_name='sealedcount',
            constraint=models.UniqueConstraint(fields=('block', 'schema', 'moment'), name='one_sealed_count_per_moment'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedcount',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ecadbe717492ecacdb4ce91acb0b4f0d2baa9f67', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_7b319', table='bulletins_sealedcount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sealedcount',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='cd41fe7f4c07f0d13052bc1baac17647f0a4e828', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_87c71', table='bulletins_sealedcount', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='serviceperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('during', '&&')], name='service_periods_apart', violation_error_message='Service periods may not overlap.'),
        ),
        migrations.AddField(
            model_name='supplement',
            name='bulletin',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='bulletins.bulletin', verbose_name='bulletin'),
        ),
        migrations.AddField(
            model_name='supplement',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='bulletins.issueevent', verbose_name='event of an issue'),
        ),
        migrations.AddField(
            model_name='wording',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='bulletins.issueevent', verbose_name='event of an issue'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(fields=('series', 'year', 'number', 'edition'), name='one_issue_per_number_in_the_year'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(fields=('series', 'total', 'edition'), name='one_issue_per_total_number'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day', None), ('number', None), ('signer', None), ('status__in', ['discarded', 'draft', 'reviewed']), ('total', None), ('year', None)), models.Q(('day__isnull', False), ('number__isnull', False), ('signer__isnull', False), ('status__in', ['distributed', 'published']), ('year__isnull', False), models.Q(models.Q(('series', 'weekly'), ('total__isnull', False)), models.Q(('series', 'extra'), ('total', None)), _connector='OR')), _connector='OR'), name='numbered_when_published'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='status_has_its_event', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE last_status TEXT; current_status TEXT;', func="\n    SELECT thing.status, (\n            SELECT event.to_status FROM bulletins_issueevent AS event\n            WHERE event.issue_id = thing.id ORDER BY event.seq DESC LIMIT 1\n        ) INTO current_status, last_status\n        FROM bulletins_issue AS thing WHERE thing.id = NEW.id;\n    IF current_status IS DISTINCT FROM last_status THEN\n        RAISE EXCEPTION 'issue %: status % is not what its last event says (%)',\n            NEW.id, current_status, last_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n", hash='eb9789d506a5a7a06308bd6a8f1eb8abe81d4715', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_status_has_its_event_09def', table='bulletins_issue', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='717ceffae671dfeff79ee7bd70494d6bb476e4c6', operation='DELETE', pgid='pgtrigger_never_deleted_854a2', table='bulletins_issue', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='b2f75eb798f1e808e9c5545edf9030bd29904811', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_4eb79', table='bulletins_issue', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='face',
            constraint=models.UniqueConstraint(fields=('issue', 'format', 'language', 'audience'), name='one_file_per_format'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='face',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='59628b60749a0b4929f8c9e5c56af50c2a066c38', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_6aba4', table='bulletins_face', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='face',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f80480cb09d074347927e775b0fbbc3f7cc7217a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_e235f', table='bulletins_face', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='issueevent',
            constraint=models.UniqueConstraint(fields=('issue', 'seq'), name='one_event_per_step_of_an_issue'),
        ),
        migrations.AddConstraint(
            model_name='issueevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_system', False), ('officer__isnull', False)), models.Q(('by_system', True), ('officer__isnull', True)), _connector='OR'), name='event_of_an_issue_has_one_actor'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueevent',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='15a36a5af01192892ddeccc616af50c162a00a46', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_42e56', table='bulletins_issueevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueevent',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='274c757d1b3475f6fd3600cd8d59b70e0cc0e1cd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_1e352', table='bulletins_issueevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueevent',
            trigger=pgtrigger.compiler.Trigger(name='continues_its_chain', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE previous bulletins_issueevent%ROWTYPE;', func="\n    IF NEW.seq > 1 THEN\n        SELECT * INTO previous FROM bulletins_issueevent\n            WHERE issue_id = NEW.issue_id AND seq = NEW.seq - 1;\n    END IF;\n    IF NEW.seq <> COALESCE(previous.seq, 0) + 1\n        OR NEW.previous_hash <> COALESCE(previous.hash, '')\n        OR NEW.from_status <> COALESCE(previous.to_status, '')\n    THEN\n        RAISE EXCEPTION 'event % of issue % does not continue its chain',\n            NEW.seq, NEW.issue_id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    IF NOT EXISTS (\n        SELECT FROM flow_transition AS step WHERE step.flow = 'issue'\n            AND step.verb = NEW.verb AND step.source = NEW.from_status\n            AND step.target = NEW.to_status\n    ) THEN\n        RAISE EXCEPTION 'the flow has no step % from % to %',\n            NEW.verb, NEW.from_status, NEW.to_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='0b598d3e200298f2532275b656af73b398fb44f8', operation='INSERT', pgid='pgtrigger_continues_its_chain_5cdc8', table='bulletins_issueevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueevent',
            trigger=pgtrigger.compiler.Trigger(name='status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."seq" > 1)', constraint='CONSTRAINT', declare='DECLARE last_status TEXT; current_status TEXT;', func="\n    SELECT thing.status, (\n            SELECT event.to_status FROM bulletins_issueevent AS event\n            WHERE event.issue_id = thing.id ORDER BY event.seq DESC LIMIT 1\n        ) INTO current_status, last_status\n        FROM bulletins_issue AS thing WHERE thing.id = NEW.issue_id;\n    IF current_status IS DISTINCT FROM last_status THEN\n        RAISE EXCEPTION 'issue %: status % is not what its last event says (%)',\n            NEW.issue_id, current_status, last_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n", hash='fcb5aeb339bcee1add65566a743328ef9b908532', operation='INSERT', pgid='pgtrigger_status_follows_0813e', table='bulletins_issueevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='supplement',
            constraint=models.UniqueConstraint(fields=('bulletin', 'block'), name='one_supplement_per_block'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplement',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dd8244824d48dec8ecb37db8ad64170246ce5d5a', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_962fa', table='bulletins_supplement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='supplement',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='8a6484cd0417ba78ce9cc8abafe8cae34971e8a0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_049f8', table='bulletins_supplement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('event', 'language', 'paragraph'), name='one_wording_per_event'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wording',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e93bd1b0ce7c6f18ad34bba9c29af490c756039e', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_ebc59', table='bulletins_wording', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wording',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='5ae3fc275785c0842215bd3ed94edb350d78d67f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_9f166', table='bulletins_wording', when='BEFORE')),
        ),
    ]
