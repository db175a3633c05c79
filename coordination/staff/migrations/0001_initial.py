import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.recorded_at
import projects.record.sealed_fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Officer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, verbose_name='revision')),
                ('revised_at', projects.record.recorded_at.RecordedAtField(editable=False, verbose_name='revised at')),
                ('revised_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='revised because')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('folded', models.TextField(editable=False)),
                ('role', models.CharField(blank=True, choices=[('liaison', 'Liaison'), ('group_lead', 'Group lead'), ('duty_desk', 'Duty desk'), ('director', 'Director'), ('leader', 'Leader in charge'), ('district_reporter', 'District reporter'), ('auditor', 'Auditor'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator')], max_length=20, verbose_name='role')),
                ('mobile', models.CharField(blank=True, max_length=24, verbose_name='office phone')),
                ('password_set_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='password set at')),
                ('second_factor_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='second factor since')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('revised_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revised by')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'officer',
                'verbose_name_plural': 'officers',
                'ordering': ['username'],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='OfficerRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('role', models.CharField(blank=True, choices=[('liaison', 'Liaison'), ('group_lead', 'Group lead'), ('duty_desk', 'Duty desk'), ('director', 'Director'), ('leader', 'Leader in charge'), ('district_reporter', 'District reporter'), ('auditor', 'Auditor'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator')], max_length=20, verbose_name='role')),
                ('is_active', models.BooleanField(verbose_name='account is active')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'officer revision',
                'verbose_name_plural': 'officer revisions',
                'ordering': ['officer', 'recorded_at', 'pk'],
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officer',
            trigger=pgtrigger.compiler.Trigger(name='keeps_revisions', sql=pgtrigger.compiler.UpsertTriggerSql(declare="DECLARE moment timestamptz; author bigint; because text := ''; by_verb boolean;", func="\n    by_verb := TG_OP = 'INSERT' OR NEW.revision IS DISTINCT FROM OLD.revision;\n    IF TG_OP = 'UPDATE' AND (NEW.name, NEW.role, NEW.is_active) IS NOT DISTINCT FROM (OLD.name, OLD.role, OLD.is_active)\n        AND NOT (by_verb AND NEW.revised_because <> '')\n    THEN\n        RETURN NULL;\n    END IF;\n    IF by_verb THEN\n        moment := NEW.revised_at;\n        author := NEW.revised_by_id;\n        because := NEW.revised_because;\n    ELSE\n        PERFORM pg_advisory_xact_lock_shared(5919811);\n        moment := clock_timestamp() + make_interval(\n            secs => coalesce((SELECT seconds FROM record_clock_offset), 0));\n    END IF;\n    INSERT INTO staff_officerrevision (officer_id, name, role, is_active, recorded_at, by_id, reason)\n        SELECT NEW.id, NEW.name, NEW.role, NEW.is_active, greatest(moment, max(recorded_at)), author, because\n        FROM staff_officerrevision WHERE officer_id = NEW.id;\n    RETURN NULL;\n", hash='deda1a0f48daa8318537757b90f4df8d30a03a7e', operation='INSERT OR UPDATE', pgid='pgtrigger_keeps_revisions_141f0', table='staff_officer', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='officerrevision',
            index=models.Index(fields=['officer', '-recorded_at', '-id'], name='officer_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officerrevision',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='353c569fdbc783132a5e3df280b9b82e8fb06b9b', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_82043', table='staff_officerrevision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officerrevision',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='6e49e9c13fa384bf0be742bbebc05f4d62a15623', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_2e67c', table='staff_officerrevision', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
                ('key', projects.record.sealed_fields.SealedCharField(max_length=40)),
                ('last_step', models.BigIntegerField(default=-1)),
                ('recovery_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('user', 'confirmed'), name='one_second_factor')],
            },
        ),
    ]
