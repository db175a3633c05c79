import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.recorded_at
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('register', '0002_districts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('revised_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='revised at')),
                ('revised_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='revised because')),
                ('code', models.SlugField(max_length=12, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('ordinal', models.PositiveSmallIntegerField(unique=True, verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='in service')),
                ('revised_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revised by')),
            ],
            options={
                'verbose_name': 'service group',
                'verbose_name_plural': 'service groups',
                'ordering': ['ordinal'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('recorded_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='recorded at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='end recorded at')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='groups.servicegroup', verbose_name='service group')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GroupRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('is_active', models.BooleanField(verbose_name='in service')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='groups.servicegroup', verbose_name='service group')),
            ],
            options={
                'verbose_name': 'group revision',
                'verbose_name_plural': 'group revisions',
                'ordering': ['group', 'recorded_at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('liaison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='liaison')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned by')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='register.project', verbose_name='project')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='groups.servicegroup', verbose_name='service group')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('recorded_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='recorded at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='end recorded at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'leave',
                'verbose_name_plural': 'leaves',
                'abstract': False,
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('officer', '='), ('during', '&&')], name='one_leave_at_a_time', violation_error_message='This officer is already on leave at that time.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leave',
            trigger=pgtrigger.compiler.Trigger(name='ending_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.ended_at IS NOT NULL\n        OR NEW.ended_at IS NULL\n        OR NOT NEW.during <@ OLD.during\n        OR (isempty(NEW.during) AND lower(OLD.during) < NEW.ended_at)\n        OR (NOT isempty(NEW.during) AND (\n            lower(NEW.during) IS DISTINCT FROM lower(OLD.during)\n            OR upper(NEW.during) IS NULL OR upper(NEW.during) < NEW.ended_at))\n        OR (to_jsonb(NEW) - 'during' - 'ended_at' - 'ended_by_id') IS DISTINCT FROM\n           (to_jsonb(OLD) - 'during' - 'ended_at' - 'ended_by_id')\n    THEN\n        RAISE EXCEPTION 'a row of % may only be ended', TG_TABLE_NAME\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='6a73aef2d38f58feeb30dd4af57b5ff388515c45', operation='UPDATE', pgid='pgtrigger_ending_only_fbd39', table='groups_leave', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leave',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f5eca9319015ce10cb5d250bf7a312f446e08ec1', operation='DELETE', pgid='pgtrigger_never_deleted_7a461', table='groups_leave', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leave',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='6fc945745b217e0ecddd153b8a50942ba83032a2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_5c2b8', table='groups_leave', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicegroup',
            trigger=pgtrigger.compiler.Trigger(name='keeps_revisions', sql=pgtrigger.compiler.UpsertTriggerSql(declare="DECLARE moment timestamptz; author bigint; because text := ''; by_verb boolean;", func="\n    by_verb := TG_OP = 'INSERT' OR NEW.revision IS DISTINCT FROM OLD.revision;\n    IF TG_OP = 'UPDATE' AND (NEW.name, NEW.is_active) IS NOT DISTINCT FROM (OLD.name, OLD.is_active)\n        AND NOT (by_verb AND NEW.revised_because <> '')\n    THEN\n        RETURN NULL;\n    END IF;\n    IF by_verb THEN\n        moment := NEW.revised_at;\n        author := NEW.revised_by_id;\n        because := NEW.revised_because;\n    ELSE\n        PERFORM pg_advisory_xact_lock_shared(5919811);\n        moment := clock_timestamp() + make_interval(\n            secs => coalesce((SELECT seconds FROM record_clock_offset), 0));\n    END IF;\n    INSERT INTO groups_grouprevision (group_id, name, is_active, recorded_at, by_id, reason)\n        SELECT NEW.id, NEW.name, NEW.is_active, greatest(moment, max(recorded_at)), author, because\n        FROM groups_grouprevision WHERE group_id = NEW.id;\n    RETURN NULL;\n", hash='fd5be358e64224d3255abb732bdf9c268af86a8f', operation='INSERT OR UPDATE', pgid='pgtrigger_keeps_revisions_9c048', table='groups_servicegroup', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('officer', '='), ('during', '&&')], name='one_group_at_a_time', violation_error_message='This officer already serves in a group at that time.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='ending_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.ended_at IS NOT NULL\n        OR NEW.ended_at IS NULL\n        OR NOT NEW.during <@ OLD.during\n        OR (isempty(NEW.during) AND lower(OLD.during) < NEW.ended_at)\n        OR (NOT isempty(NEW.during) AND (\n            lower(NEW.during) IS DISTINCT FROM lower(OLD.during)\n            OR upper(NEW.during) IS NULL OR upper(NEW.during) < NEW.ended_at))\n        OR (to_jsonb(NEW) - 'during' - 'ended_at' - 'ended_by_id') IS DISTINCT FROM\n           (to_jsonb(OLD) - 'during' - 'ended_at' - 'ended_by_id')\n    THEN\n        RAISE EXCEPTION 'a row of % may only be ended', TG_TABLE_NAME\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='6598a417e59c0cbe711b50aba6fb14a72f2ed94d', operation='UPDATE', pgid='pgtrigger_ending_only_2e74a', table='groups_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bb5edb49bcfa213b4310cca0cf8c9fc1699f1e4a', operation='DELETE', pgid='pgtrigger_never_deleted_59bf3', table='groups_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='b8efd9a1ca7f3da7d19c12a5de29adbe2a44916d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_1968a', table='groups_membership', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='grouprevision',
            index=models.Index(fields=['group', '-recorded_at', '-id'], name='group_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grouprevision',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='25827d63796579305dc31c586c73213c22f0a398', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_3c7ad', table='groups_grouprevision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grouprevision',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='2a738dda01de1a54113a7d586c08f158e24ed120', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_44e15', table='groups_grouprevision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('project', '='), ('during', '&&')], name='served_one_to_one', violation_error_message='Another assignment already covers that time.'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('deputy', models.F('liaison')), _negated=True), name='deputy_is_another'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='closing_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT upper_inf(OLD.during)\n        OR upper_inf(NEW.during)\n        OR lower(NEW.during) IS DISTINCT FROM lower(OLD.during)\n        OR (to_jsonb(NEW) - 'during' - 'closed_by_id') IS DISTINCT FROM\n           (to_jsonb(OLD) - 'during' - 'closed_by_id')\n    THEN\n        RAISE EXCEPTION 'an assignment may only be closed'\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='46be58e8d0b1afa26319a1d2c43047fcdb1c818e', operation='UPDATE', pgid='pgtrigger_closing_only_77e1d', table='groups_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c33307228948fc1cc4aefa6035ca498a0ac0923e', operation='DELETE', pgid='pgtrigger_never_deleted_1a5a7', table='groups_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='8ff1a347865a7a0c5a6e640ee60529ff1b3e67db', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_b5c01', table='groups_assignment', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Responsibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('recorded_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='recorded at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='end recorded at')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to=settings.AUTH_USER_MODEL, verbose_name='leader in charge')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='register.project', verbose_name='project')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'responsibility',
                'verbose_name_plural': 'responsibilities',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DistrictPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('recorded_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='recorded at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='end recorded at')),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.district', verbose_name='district')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='district_posts', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'district post',
                'verbose_name_plural': 'district posts',
                'abstract': False,
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('officer', '='), ('district', '='), ('during', '&&')], name='one_post_at_a_time', violation_error_message='This officer already reports for that district.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='districtpost',
            trigger=pgtrigger.compiler.Trigger(name='ending_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.ended_at IS NOT NULL\n        OR NEW.ended_at IS NULL\n        OR NOT NEW.during <@ OLD.during\n        OR (isempty(NEW.during) AND lower(OLD.during) < NEW.ended_at)\n        OR (NOT isempty(NEW.during) AND (\n            lower(NEW.during) IS DISTINCT FROM lower(OLD.during)\n            OR upper(NEW.during) IS NULL OR upper(NEW.during) < NEW.ended_at))\n        OR (to_jsonb(NEW) - 'during' - 'ended_at' - 'ended_by_id') IS DISTINCT FROM\n           (to_jsonb(OLD) - 'during' - 'ended_at' - 'ended_by_id')\n    THEN\n        RAISE EXCEPTION 'a row of % may only be ended', TG_TABLE_NAME\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='d8931c521f6bc8a88609870756b388649c08d87d', operation='UPDATE', pgid='pgtrigger_ending_only_b9665', table='groups_districtpost', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='districtpost',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3a04117a05053f04f4150a811f0aac7fbcc34adf', operation='DELETE', pgid='pgtrigger_never_deleted_da42c', table='groups_districtpost', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='districtpost',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='8112896f3422747c0665db288cadb2b3f988406b', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_3b6ed', table='groups_districtpost', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='responsibility',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('project', '='), ('during', '&&')], name='one_leader_at_a_time', violation_error_message='Another leader answers for this project then.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responsibility',
            trigger=pgtrigger.compiler.Trigger(name='ending_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.ended_at IS NOT NULL\n        OR NEW.ended_at IS NULL\n        OR NOT NEW.during <@ OLD.during\n        OR (isempty(NEW.during) AND lower(OLD.during) < NEW.ended_at)\n        OR (NOT isempty(NEW.during) AND (\n            lower(NEW.during) IS DISTINCT FROM lower(OLD.during)\n            OR upper(NEW.during) IS NULL OR upper(NEW.during) < NEW.ended_at))\n        OR (to_jsonb(NEW) - 'during' - 'ended_at' - 'ended_by_id') IS DISTINCT FROM\n           (to_jsonb(OLD) - 'during' - 'ended_at' - 'ended_by_id')\n    THEN\n        RAISE EXCEPTION 'a row of % may only be ended', TG_TABLE_NAME\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='6c9e9596b8ed0af3adedaf1c9be5ea56ad7c11ad', operation='UPDATE', pgid='pgtrigger_ending_only_42ba1', table='groups_responsibility', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responsibility',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d44446b978c7515735cae4c12490c68783f68235', operation='DELETE', pgid='pgtrigger_never_deleted_e4dd8', table='groups_responsibility', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responsibility',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='8ca670e11691b0b6420be311617cf5fa0afa0bbb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_1401e', table='groups_responsibility', when='BEFORE')),
        ),
    ]
