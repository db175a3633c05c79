import django.contrib.postgres.fields
import django.db.models.deletion
import projects.access.models
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
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=16, unique=True, verbose_name='key id')),
                ('secret_hash', models.CharField(editable=False, max_length=64, verbose_name='SHA-256 of the secret')),
                ('name', models.CharField(help_text="What uses this key, for example a system's name.", max_length=60, verbose_name='name')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read'), ('read_masked', 'Read, with personal data masked'), ('file', 'File tickets'), ('act', 'Act on tickets, report progress'), ('keys', "Manage the enterprise's keys"), ('webhooks', 'Manage webhooks')], max_length=20), default=projects.access.models.usual_scopes, size=None, verbose_name='may be used to')),
                ('created_at', models.DateTimeField(verbose_name='issued at')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used at')),
                ('per_minute', models.PositiveIntegerField(blank=True, help_text='Empty: as for every key. 0: without a limit.', null=True, verbose_name='requests a minute')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                ('created_by_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.apikey', verbose_name='issued with the key')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to='register.enterprise', verbose_name='enterprise')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='access.apikey', verbose_name='replaces')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='IdempotentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('operation', models.CharField(max_length=120, verbose_name='operation')),
                ('key', models.CharField(max_length=255, verbose_name='idempotency key')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='SHA-256 of the request')),
                ('recorded_at', models.DateTimeField(db_index=True, verbose_name='recorded at')),
                ('status', models.PositiveSmallIntegerField(default=0, verbose_name='status')),
                ('headers', models.JSONField(default=dict, verbose_name='headers')),
                ('body', models.JSONField(null=True, verbose_name='body')),
                ('enterprise', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='register.enterprise', verbose_name='enterprise')),
            ],
            options={
                'verbose_name': 'idempotent request',
                'verbose_name_plural': 'idempotent requests',
                'constraints': [models.UniqueConstraint(fields=('enterprise', 'operation', 'key'), name='one_answer_per_idempotency_key')],
            },
        ),
        migrations.CreateModel(
            name='KeyRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('reason', models.CharField(choices=[('secret', 'Wrong secret'), ('expired', 'Expired'), ('revoked', 'Revoked'), ('scope', 'Not in its scope')], max_length=10, verbose_name='reason')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('last_at', models.DateTimeField(verbose_name='last at')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='access.apikey', verbose_name='API key')),
            ],
            options={
                'verbose_name': 'refused use of a key',
                'verbose_name_plural': 'refused uses of keys',
                'constraints': [models.UniqueConstraint(fields=('key', 'day', 'reason'), name='one_row_per_refusal')],
            },
        ),
    ]
