import django.contrib.postgres.fields
import django.db.models.deletion
import projects.record.sealed_fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('groups', '0001_initial'),
        ('register', '0002_districts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='message')),
                ('lane', models.CharField(editable=False, max_length=40)),
                ('order_key', models.CharField(blank=True, max_length=60, verbose_name='order')),
                ('topic', models.CharField(max_length=40, verbose_name='topic')),
                ('subject', models.CharField(blank=True, editable=False, max_length=60)),
                ('payload', models.JSONField(verbose_name='content')),
                ('files', models.JSONField(default=list, editable=False, verbose_name='enclosed files')),
                ('sealed_link', models.TextField(editable=False, null=True)),
                ('body', projects.record.sealed_fields.SealedJSONField(editable=False, null=True, verbose_name='content')),
                ('state', models.CharField(choices=[('pending', 'To be delivered'), ('delivered', 'Delivered'), ('dead', 'Given up'), ('merged', 'To be delivered in a digest')], default='pending', max_length=10, verbose_name='state')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='done with at')),
                ('claim', models.UUIDField(editable=False, null=True)),
                ('at_any_hour', models.BooleanField(default=False, editable=False, verbose_name='at any hour')),
                ('carried_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried', to='delivery.delivery', verbose_name='digest')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='sent at')),
                ('duration', models.DurationField(verbose_name='took')),
                ('is_success', models.BooleanField(verbose_name='arrived')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name="reply's status")),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='reply')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='delivery.delivery', verbose_name='delivery')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('wecom', 'WeCom group robot'), ('dingtalk', 'DingTalk group robot'), ('feishu', 'Feishu group robot')], max_length=12, verbose_name='channel')),
                ('outside', models.CharField(blank=True, editable=False, max_length=40)),
                ('shown', models.CharField(max_length=254, verbose_name='address')),
                ('sealed', models.TextField(editable=False)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='topics')),
                ('at_any_hour', models.BooleanField(default=False, verbose_name='at any hour')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('closed_because', models.CharField(blank=True, max_length=200, verbose_name='not in use because')),
                ('created_at', models.DateTimeField(verbose_name='added at')),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='destinations', to='groups.servicegroup', verbose_name='service group')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='destinations', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'notice channel',
                'verbose_name_plural': 'notice channels',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='destination',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='delivery.destination', verbose_name='notice channel'),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=40, verbose_name='topic')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('text', models.CharField(max_length=500, verbose_name='text')),
                ('link', models.CharField(blank=True, max_length=200, verbose_name='link')),
                ('created_at', models.DateTimeField(verbose_name='told at')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read at')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint_id', models.CharField(editable=False, max_length=16, unique=True, verbose_name='webhook')),
                ('description', models.CharField(blank=True, max_length=120, verbose_name='what it is for')),
                ('host', models.CharField(editable=False, max_length=253, verbose_name='host')),
                ('kept', projects.record.sealed_fields.SealedJSONField(editable=False, verbose_name='address and secrets')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='topics')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='in use')),
                ('disabled_because', models.CharField(blank=True, choices=[('enterprise', 'the enterprise disabled it'), ('desk', 'the centre disabled it'), ('gone', 'the receiver said that it is gone (410)'), ('failing', 'nothing arrived for five days')], max_length=10, verbose_name='not in use because')),
                ('disabled_note', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('disabled_at', models.DateTimeField(null=True, verbose_name='disabled at')),
                ('failing_since', models.DateTimeField(null=True, verbose_name='failing since')),
                ('created_at', models.DateTimeField(verbose_name='added at')),
                ('deleted_at', models.DateTimeField(null=True, verbose_name='deleted at')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to='register.enterprise', verbose_name='enterprise')),
            ],
            options={
                'verbose_name': 'webhook of an enterprise',
                'verbose_name_plural': 'webhooks of enterprises',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='endpoint',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='delivery.webhookendpoint', verbose_name='webhook of an enterprise'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('group__isnull', True), ('officer__isnull', False), ('outside', '')), models.Q(('group__isnull', False), ('officer__isnull', True), ('outside', '')), models.Q(('group__isnull', True), ('officer__isnull', True), models.Q(('outside', ''), _negated=True)), _connector='OR'), name='destination_has_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.UniqueConstraint(condition=models.Q(('outside', ''), _negated=True), fields=('outside', 'channel', 'shown'), name='outsider_has_an_address_once'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['officer', '-id'], name='notice_officer'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['officer'], name='notice_unread'),
        ),
        migrations.AddIndex(
            model_name='webhookendpoint',
            index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['enterprise', '-id'], name='webhook_enterprise'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disabled_at__isnull', True), ('disabled_because', ''), ('is_enabled', True)), models.Q(('disabled_at__isnull', False), ('is_enabled', False), models.Q(('disabled_because', ''), _negated=True)), _connector='OR'), name='webhook_says_why_it_is_disabled'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['lane', 'due_at', 'id'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['lane', 'order_key', 'id'], name='delivery_in_order'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', '-id'], name='delivery_state'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('destination__isnull', False), models.Q(('subject', ''), _negated=True)), fields=['subject'], name='delivery_subject'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('at_any_hour', False), ('state', 'pending'), ('tries', 0)), fields=['destination', 'id'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'merged')), fields=['destination', 'order_key'], name='delivery_merged'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('sealed_link__gt', '')), fields=['order_key'], name='delivery_link_kept'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('endpoint__isnull', False)), fields=['endpoint', '-id'], name='delivery_endpoint'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('endpoint__isnull', False)), fields=['endpoint', 'created_at'], name='delivery_span'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('body__isnull', False)), fields=['order_key'], name='delivery_said'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('body__isnull', False)), fields=['created_at'], name='delivery_kept'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('destination__isnull', False), ('endpoint__isnull', True)), models.Q(('destination__isnull', True), ('endpoint__isnull', False)), _connector='OR'), name='delivery_has_one_receiver'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('endpoint__isnull', False)), fields=('endpoint', 'subject'), name='webhook_says_it_once'),
        ),
    ]
