import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('register', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=12, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('ordinal', models.PositiveSmallIntegerField(unique=True, verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='in service')),
            ],
            options={
                'verbose_name': 'service group',
                'verbose_name_plural': 'service groups',
                'ordering': ['ordinal'],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'leave',
                'verbose_name_plural': 'leaves',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('officer', '='), ('during', '&&')], name='one_leave_at_a_time', violation_error_message='This officer is already on leave at that time.')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='during')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='groups.servicegroup', verbose_name='service group')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('officer', '='), ('during', '&&')], name='one_group_at_a_time', violation_error_message='This officer already serves in a group at that time.')],
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
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('project', '='), ('during', '&&')], name='served_one_to_one', violation_error_message='Another assignment already covers that time.'), models.CheckConstraint(condition=models.Q(('deputy', models.F('liaison')), _negated=True), name='deputy_is_another')],
            },
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
    ]
