import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.recorded_at
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('kind', models.CharField(choices=[('district', 'District'), ('county', 'County'), ('city', 'County-level city'), ('zone', 'Functional zone')], max_length=10, verbose_name='kind')),
                ('geographic_code', models.CharField(blank=True, help_text='The statistical code of a zone that GB/T 2260 does not list.', max_length=6, verbose_name='geographic code')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='valid')),
            ],
            options={
                'verbose_name': 'district',
                'verbose_name_plural': 'districts',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='DistrictClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assigned', models.CharField(blank=True, choices=[('first', 'Class 1'), ('second', 'Class 2'), ('third', 'Class 3'), ('fourth', 'Class 4')], help_text='Empty: in no class from that day on.', max_length=8, verbose_name='class')),
                ('since', models.DateField(verbose_name='from day')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='register.district', verbose_name='district')),
            ],
            options={
                'verbose_name': 'class of a district',
                'verbose_name_plural': 'classes of districts',
                'ordering': ['district', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uscc', models.CharField(max_length=18, unique=True, verbose_name='unified social credit code')),
                ('uscc_note', models.CharField(blank=True, help_text='Some genuine early codes fail the check digit; say what it was checked with.', max_length=200, verbose_name='why an unusual code is right')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('folded', models.TextField(editable=False)),
                ('since', models.DateField(editable=False, help_text='The first day of this name and code; empty: since it was registered.', null=True, verbose_name='from day')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('revised_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='revised at')),
                ('revised_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='revised because')),
                ('revised_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revised by')),
            ],
            options={
                'verbose_name': 'enterprise',
                'verbose_name_plural': 'enterprises',
                'ordering': ['uscc'],
            },
        ),
        migrations.CreateModel(
            name='EnterpriseRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uscc', models.CharField(max_length=18, verbose_name='unified social credit code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('folded', models.TextField(editable=False)),
                ('since', models.DateField(null=True, verbose_name='from day')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='register.enterprise', verbose_name='enterprise')),
            ],
            options={
                'verbose_name': 'enterprise revision',
                'verbose_name_plural': 'enterprise revisions',
                'ordering': ['enterprise', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PriorFiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('total_investment', models.DecimalField(decimal_places=4, max_digits=12, verbose_name='total investment (亿元)')),
                ('annual_investment', models.DecimalField(decimal_places=4, max_digits=12, verbose_name='planned investment of the year (亿元)')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'filing of an earlier year',
                'verbose_name_plural': 'filings of earlier years',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('level', models.CharField(choices=[('provincial', 'Provincial key project'), ('municipal', 'Municipal key project')], max_length=12, verbose_name='level')),
                ('phase', models.CharField(choices=[('preliminary', 'Preliminary'), ('new_start', 'New start'), ('continuing', 'Continuing'), ('completing', 'Completing')], max_length=12, verbose_name='phase')),
                ('sector', models.CharField(choices=[('industry', 'Industry'), ('infrastructure', 'Infrastructure'), ('urban', 'Urban construction'), ('innovation', 'Innovation'), ('ecology', 'Ecology and environment'), ('livelihood', "People's livelihood")], max_length=16, verbose_name='sector')),
                ('total_investment', models.DecimalField(decimal_places=4, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='total investment (亿元)')),
                ('annual_investment', models.DecimalField(decimal_places=4, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='planned investment of the year (亿元)')),
                ('planned_resumption', models.DateField(blank=True, help_text='Empty where the project is not planned to resume or start.', null=True, verbose_name='planned resumption or start')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='project code')),
                ('folded', models.TextField(editable=False)),
                ('is_example', models.BooleanField(default=False, help_text='A made-up project of the demonstration.', verbose_name='example')),
                ('resumed_on', models.DateField(blank=True, editable=False, help_text='Follows from the daily reports.', null=True, verbose_name='resumed on')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('left_at', models.DateTimeField(blank=True, editable=False, help_text='Follows from its exits: empty while it is in the register.', null=True, verbose_name='left the register')),
                ('national_code', models.CharField(blank=True, default='', help_text='The code of the national platform for investment projects; empty if unknown.', max_length=24, verbose_name='national project code')),
            ],
            options={
                'verbose_name': 'project',
                'verbose_name_plural': 'projects',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='ProjectParticipant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('contractor', 'Contractor'), ('supplier', 'Supplier')], max_length=12, verbose_name='role')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='during')),
            ],
            options={
                'verbose_name': 'participant',
                'verbose_name_plural': 'participants',
            },
        ),
        migrations.CreateModel(
            name='ProjectRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('level', models.CharField(choices=[('provincial', 'Provincial key project'), ('municipal', 'Municipal key project')], max_length=12, verbose_name='level')),
                ('phase', models.CharField(choices=[('preliminary', 'Preliminary'), ('new_start', 'New start'), ('continuing', 'Continuing'), ('completing', 'Completing')], max_length=12, verbose_name='phase')),
                ('sector', models.CharField(choices=[('industry', 'Industry'), ('infrastructure', 'Infrastructure'), ('urban', 'Urban construction'), ('innovation', 'Innovation'), ('ecology', 'Ecology and environment'), ('livelihood', "People's livelihood")], max_length=16, verbose_name='sector')),
                ('total_investment', models.DecimalField(decimal_places=4, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='total investment (亿元)')),
                ('annual_investment', models.DecimalField(decimal_places=4, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='planned investment of the year (亿元)')),
                ('planned_resumption', models.DateField(blank=True, help_text='Empty where the project is not planned to resume or start.', null=True, verbose_name='planned resumption or start')),
                ('number', models.PositiveIntegerField(verbose_name='revision')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('national_code', models.CharField(blank=True, default='', help_text='The code of the national platform for investment projects; empty if unknown.', max_length=24, verbose_name='national project code')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'project revision',
                'verbose_name_plural': 'project revisions',
                'ordering': ['project', 'number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('ordinal', models.PositiveSmallIntegerField(verbose_name='batch')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
            ],
            options={
                'verbose_name': 'batch of projects',
                'verbose_name_plural': 'batches of projects',
                'ordering': ['-year', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('year', 'ordinal'), name='one_batch_per_ordinal')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='stays_in_its_year', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."year" IS DISTINCT FROM (NEW."year") OR OLD."ordinal" IS DISTINCT FROM (NEW."ordinal"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6d2353bb1820b07687c60328c3a1e0ca2223b8f1', operation='UPDATE', pgid='pgtrigger_stays_in_its_year_f284b', table='register_batch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='166aabb898cb032277380c2ab3cb1a95eec95aa3', operation='DELETE', pgid='pgtrigger_never_deleted_a82db', table='register_batch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='district',
            trigger=pgtrigger.compiler.Trigger(name='stays_what_it_is', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."kind" IS DISTINCT FROM (NEW."kind"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b8c5b4ccecd9fd3dd594ff72c9dde3dcd50e8ca2', operation='UPDATE', pgid='pgtrigger_stays_what_it_is_1a263', table='register_district', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='district',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bb7996026f35ea22aca2b03dfdbac0f6758a87cf', operation='DELETE', pgid='pgtrigger_never_deleted_f9d33', table='register_district', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='districtclass',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ae28aa0b71f46167012bb045b9d09380efd6160d', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_25d9b', table='register_districtclass', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='districtclass',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='da7755183e4c9a5f7e33e4239326e7f4ef127847', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_7ef2b', table='register_districtclass', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterprise',
            trigger=pgtrigger.compiler.Trigger(name='keeps_revisions', sql=pgtrigger.compiler.UpsertTriggerSql(declare="DECLARE moment timestamptz; author bigint; because text := ''; by_verb boolean;", func="\n    by_verb := TG_OP = 'INSERT' OR NEW.revision IS DISTINCT FROM OLD.revision;\n    IF TG_OP = 'UPDATE' AND (NEW.uscc, NEW.name, NEW.folded, NEW.since) IS NOT DISTINCT FROM (OLD.uscc, OLD.name, OLD.folded, OLD.since)\n        AND NOT (by_verb AND NEW.revised_because <> '')\n    THEN\n        RETURN NULL;\n    END IF;\n    IF by_verb THEN\n        moment := NEW.revised_at;\n        author := NEW.revised_by_id;\n        because := NEW.revised_because;\n    ELSE\n        PERFORM pg_advisory_xact_lock_shared(5919811);\n        moment := clock_timestamp() + make_interval(\n            secs => coalesce((SELECT seconds FROM record_clock_offset), 0));\n    END IF;\n    INSERT INTO register_enterpriserevision (enterprise_id, uscc, name, folded, since, recorded_at, by_id, reason)\n        SELECT NEW.id, NEW.uscc, NEW.name, NEW.folded, NEW.since, greatest(moment, max(recorded_at)), author, because\n        FROM register_enterpriserevision WHERE enterprise_id = NEW.id;\n    RETURN NULL;\n", hash='9343ba090b04e12f5220847003f63057f4fb769a', operation='INSERT OR UPDATE', pgid='pgtrigger_keeps_revisions_8d261', table='register_enterprise', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='enterpriserevision',
            index=django.contrib.postgres.indexes.GinIndex(fields=['folded'], name='enterprise_name_trgm', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='enterpriserevision',
            index=models.Index(fields=['uscc'], name='enterprise_code_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterpriserevision',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0a994f6dd821f6e8847b9d1f0add41c6ef55a1bd', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_2fba5', table='register_enterpriserevision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='enterpriserevision',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='ecfd9eae663d0eae68e435bd5b278f8d7b90cadd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_e442c', table='register_enterpriserevision', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='priorfiling',
            index=models.Index(fields=['year', 'recorded_at'], name='prior_filing_year'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priorfiling',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e2e1dcca3a94370fe1889664f5a1932675b1e4db', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_dd547', table='register_priorfiling', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='priorfiling',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='dc9a7dba5fcb41cccfe21a330dd2a3fe9657a49c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_11965', table='register_priorfiling', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='project',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.batch', verbose_name='batch'),
        ),
        migrations.AddField(
            model_name='project',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.district', verbose_name='district'),
        ),
        migrations.AddField(
            model_name='projectparticipant',
            name='enterprise',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='register.enterprise', verbose_name='enterprise'),
        ),
        migrations.AddField(
            model_name='projectparticipant',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='register.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='projectrevision',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.batch', verbose_name='batch'),
        ),
        migrations.AddField(
            model_name='projectrevision',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='projectrevision',
            name='district',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.district', verbose_name='district'),
        ),
        migrations.AddField(
            model_name='projectrevision',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='register.project', verbose_name='project'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=django.contrib.postgres.indexes.GinIndex(fields=['folded'], name='project_name_trgm', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('annual_investment__lte', models.F('total_investment'))), name='annual_within_total'),
        ),
        migrations.AddConstraint(
            model_name='projectparticipant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('project', '='), ('enterprise', '='), ('role', '='), ('during', '&&')], name='one_participation_at_a_time', violation_error_message='This enterprise already takes part in the project in this role at that time.'),
        ),
        migrations.AddConstraint(
            model_name='projectrevision',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='one_project_revision'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectrevision',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='21aae147a61a887837299f320dec1c54ab2a32d9', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_d99fb', table='register_projectrevision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectrevision',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='c576c1a7f4dc716313b4eaaecb90f8057f350e9f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_fe8c4', table='register_projectrevision', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='ProjectExit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registered_in_error', 'Registered in error'), ('merged', 'Merged as a duplicate'), ('bundled', 'Bundled into another'), ('split', 'Split into others'), ('completed', 'Left as completed')], max_length=20, verbose_name='how it left')),
                ('on', models.DateField(verbose_name='from day')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exits', to='register.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'exit of a project',
                'verbose_name_plural': 'exits of projects',
                'ordering': ['project', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('exit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='register.projectexit', verbose_name='exit of a project')),
            ],
            options={
                'verbose_name': 'return of a project',
                'verbose_name_plural': 'returns of projects',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='register.projectexit', verbose_name='exit of a project')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessions', to='register.project', verbose_name='successor')),
            ],
            options={
                'verbose_name': 'succession of a project',
                'verbose_name_plural': 'successions of projects',
                'ordering': ['exit', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='projectexit',
            index=models.Index(fields=['recorded_at', 'project'], name='project_exit_recorded'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectexit',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2c5db10bd0dec506559bdbce1c6566d5a7d59704', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_d5f9e', table='register_projectexit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectexit',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f414bf842c8a74aa7517ede13761110d5125db56', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_68704', table='register_projectexit', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectreturn',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ef97ec990399bf2e43de18394ad52e73846610ee', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_1debf', table='register_projectreturn', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectreturn',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='ddf95b7e12c0bfb4dbbfd642bc8bba6417e589c9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_5961e', table='register_projectreturn', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.UniqueConstraint(fields=('exit', 'successor'), name='one_succession'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='succession',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8c3ee38836f3e7d7cf4478348af164bc30b02b58', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_a9401', table='register_succession', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='succession',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='fed1d89fec2b15403cd29a74817ac9150b4988c3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_536b2', table='register_succession', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='NotDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'pair of different projects',
                'verbose_name_plural': 'pairs of different projects',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True), models.Q(('national_code', ''), _negated=True)), fields=('national_code',), name='one_national_code'),
        ),
        migrations.AddField(
            model_name='projectparticipant',
            name='taken_over_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.projectexit', verbose_name='exit of a project'),
        ),
        migrations.AddField(
            model_name='notduplicate',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='notduplicate',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='notduplicate',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.project', verbose_name='other project'),
        ),
        migrations.AddConstraint(
            model_name='notduplicate',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='one_not_duplicate'),
        ),
        migrations.AddConstraint(
            model_name='notduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='not_duplicate_in_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notduplicate',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2bbca6b2345d9eb49fda04b53670f2f9e1e65928', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_fa1d4', table='register_notduplicate', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notduplicate',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='c6f0a84c54cd6da3125620e5a76cb93a18541b6e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_86861', table='register_notduplicate', when='BEFORE')),
        ),
    ]
