import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.open_choices
import projects.record.sealed_fields
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        ('groups', '0001_initial'),
        ('register', '0002_districts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TicketEvent',
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
                ('api_key', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.apikey', verbose_name='API key')),
                ('officer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'ticket event',
                'verbose_name_plural': 'ticket events',
                'ordering': ['ticket', 'seq'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AttachmentPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='part')),
                ('content', projects.record.sealed_fields.SealedBinaryField(verbose_name='content')),
            ],
            options={
                'verbose_name': 'part of an attachment',
                'verbose_name_plural': 'parts of attachments',
                'ordering': ['attachment', 'number'],
            },
        ),
        migrations.CreateModel(
            name='EpidemicControlLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='line')),
                ('asked', models.DecimalField(decimal_places=3, editable=False, max_digits=14, verbose_name='asked')),
                ('met', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='met')),
                ('refused', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='refused')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('outcome', models.CharField(choices=[('pending', 'Pending'), ('met', 'Met'), ('part_met', 'Partly met'), ('refused', 'Not met')], default='pending', editable=False, max_length=10, verbose_name='outcome')),
                ('outcome_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('need', models.CharField(choices=[('masks', 'Masks'), ('disinfectant', 'Disinfectant'), ('thermometers', 'Thermometers'), ('isolation_rooms', 'Isolation rooms'), ('acceptance_check', 'Check before resumption'), ('other', 'Other')], max_length=20, verbose_name='what is needed')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('unit', models.CharField(blank=True, help_text='Left empty: 只 of masks, 升 of disinfectant, 支 of thermometers.', max_length=12, verbose_name='unit')),
                ('unit_filed', models.CharField(blank=True, editable=False, max_length=12, verbose_name='unit as it was filed')),
                ('workers_on_site', models.PositiveIntegerField(verbose_name='workers on site')),
                ('isolation_rooms', models.PositiveIntegerField(default=0, verbose_name='isolation rooms there are')),
                ('site_closed_management', models.BooleanField(default=False, verbose_name='site is closed to visitors')),
                ('real_name_register', models.BooleanField(default=False, verbose_name='real-name register is kept')),
                ('daily_temperature', models.BooleanField(default=False, verbose_name='temperatures taken daily')),
            ],
            options={
                'verbose_name': 'epidemic-control line',
                'verbose_name_plural': 'epidemic-control lines',
                'ordering': ['ticket', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GoodsTransportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='line')),
                ('unit', models.CharField(editable=False, max_length=12, verbose_name='unit')),
                ('asked', models.DecimalField(decimal_places=3, editable=False, max_digits=14, verbose_name='asked')),
                ('met', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='met')),
                ('refused', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='refused')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('outcome', models.CharField(choices=[('pending', 'Pending'), ('met', 'Met'), ('part_met', 'Partly met'), ('refused', 'Not met')], default='pending', editable=False, max_length=10, verbose_name='outcome')),
                ('outcome_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('cargo', models.CharField(max_length=60, verbose_name='cargo')),
                ('tonnage', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='tonnage')),
                ('vehicles', models.PositiveIntegerField(verbose_name='number of vehicles')),
                ('route', models.CharField(max_length=200, verbose_name='route')),
                ('load_from', models.DateTimeField(verbose_name='loading from')),
                ('load_to', models.DateTimeField(verbose_name='loading until')),
                ('unload_from', models.DateTimeField(verbose_name='unloading from')),
                ('unload_to', models.DateTimeField(verbose_name='unloading until')),
                ('pass_needed', models.BooleanField(default=False, verbose_name='passes needed')),
            ],
            options={
                'verbose_name': 'cargo line',
                'verbose_name_plural': 'cargo lines',
                'ordering': ['ticket', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LineRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', projects.record.open_choices.OpenChoiceField(max_length=20, verbose_name='kind')),
                ('line', models.PositiveSmallIntegerField(verbose_name='line')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
            ],
            options={
                'verbose_name': "line's refusal",
                'verbose_name_plural': "lines' refusals",
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MaterialSupplyLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='line')),
                ('asked', models.DecimalField(decimal_places=3, editable=False, max_digits=14, verbose_name='asked')),
                ('met', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='met')),
                ('refused', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='refused')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('outcome', models.CharField(choices=[('pending', 'Pending'), ('met', 'Met'), ('part_met', 'Partly met'), ('refused', 'Not met')], default='pending', editable=False, max_length=10, verbose_name='outcome')),
                ('outcome_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('item', models.CharField(max_length=60, verbose_name='material')),
                ('specification', models.CharField(blank=True, max_length=80, verbose_name='specification')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity needed')),
                ('unit', models.CharField(max_length=12, verbose_name='unit')),
                ('unit_filed', models.CharField(blank=True, editable=False, max_length=12, verbose_name='unit as it was filed')),
                ('in_stock', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14, verbose_name='in stock')),
                ('supplier', models.CharField(blank=True, max_length=80, verbose_name='supplier')),
                ('supplier_region', models.CharField(blank=True, max_length=40, verbose_name="supplier's region")),
                ('needed_by', models.DateField(verbose_name='needed by')),
                ('shortage', models.CharField(choices=[('supplier_stopped', 'Supplier has stopped'), ('transport', 'Transport'), ('price', 'Price'), ('other', 'Other')], max_length=20, verbose_name='why it is short')),
            ],
            options={
                'verbose_name': 'material line',
                'verbose_name_plural': 'material lines',
                'ordering': ['ticket', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('accept', 'Acceptance'), ('handle', 'Handling'), ('answer', 'Answer to a question'), ('refer', 'Answer of a department')], max_length=8, verbose_name='stage')),
                ('kind', projects.record.open_choices.OpenChoiceField(blank=True, help_text='Empty for every kind that has no row of its own.', max_length=20, verbose_name='kind')),
                ('urgency', models.CharField(blank=True, choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical'), ('complex', 'Complex')], help_text='Empty for every urgency that has no row of its own.', max_length=10, verbose_name='urgency')),
                ('amount', models.PositiveSmallIntegerField(help_text='0 for the same day, otherwise at least 1.', validators=[django.core.validators.MaxValueValidator(365)], verbose_name='amount')),
                ('unit', models.CharField(choices=[('service_hour', 'service hours'), ('working_day', 'working days'), ('natural_day', 'natural days'), ('same_day', 'the same day, until 24:00')], max_length=12, verbose_name='unit')),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'ordering': ['stage', 'kind', 'urgency'],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(editable=False, verbose_name='last changed at')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended at')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('accept_due', models.DateTimeField(editable=False, null=True, verbose_name='to be accepted by')),
                ('due_at', models.DateTimeField(editable=False, null=True, verbose_name='to be resolved by')),
                ('resolved_at', models.DateTimeField(editable=False, null=True, verbose_name='resolved at')),
                ('clock_run', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ('clock_from', models.DateTimeField(editable=False, null=True)),
                ('term_amount', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('term_unit', models.CharField(blank=True, choices=[('service_hour', 'service hours'), ('working_day', 'working days'), ('natural_day', 'natural days'), ('same_day', 'the same day, until 24:00')], editable=False, max_length=12)),
                ('extension', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('extension_asked', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('pauses', django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(), default=list, editable=False, size=None)),
                ('resolved_periods', django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(), default=list, editable=False, size=None)),
                ('paused_at', models.DateTimeField(editable=False, null=True)),
                ('answer_due', models.DateTimeField(editable=False, null=True, verbose_name='to be answered by')),
                ('question_lapsed', models.BooleanField(db_default=False, default=False, editable=False)),
                ('warn_at', models.DateTimeField(editable=False, null=True)),
                ('due_is_provisional', models.BooleanField(default=False, editable=False, verbose_name='provisional')),
                ('answer_is_provisional', models.BooleanField(default=False, editable=False)),
                ('awaits_year', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('warned_count', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('ever_red', models.BooleanField(default=False, editable=False, verbose_name='was overdue')),
                ('was_surely_red', models.BooleanField(default=False, editable=False)),
                ('clock_due', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('status__in', ['in_progress', 'need_info', 'submitted'])), then=django.db.models.functions.comparison.Coalesce('due_at', 'accept_due')), default=None), output_field=models.DateTimeField(null=True, verbose_name='due'))),
                ('number', models.CharField(editable=False, max_length=20, unique=True, verbose_name='number')),
                ('kind', projects.record.open_choices.OpenChoiceField(max_length=20, verbose_name='kind')),
                ('status', models.CharField(choices=[('submitted', 'Awaiting acceptance'), ('in_progress', 'In progress'), ('need_info', 'Awaiting information'), ('resolved', 'Resolved'), ('closed', 'Written off'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], editable=False, max_length=12, verbose_name='status')),
                ('urgency', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent'), ('critical', 'Critical'), ('complex', 'Complex')], default='normal', max_length=10, verbose_name='urgency')),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('detail', models.TextField(blank=True, max_length=2000, verbose_name='detail')),
                ('contact_name', projects.record.sealed_fields.SealedCharField(max_length=40, verbose_name='contact')),
                ('contact_mobile', projects.record.sealed_fields.SealedCharField(max_length=24, verbose_name="contact's phone")),
                ('needed_by', models.DateTimeField(blank=True, null=True, verbose_name='needed by')),
                ('external_id', models.CharField(blank=True, help_text="Of the enterprise's own system; each is used once.", max_length=64, verbose_name="the enterprise's reference")),
                ('filed_at', models.DateTimeField(editable=False, verbose_name='filed at')),
                ('asked_from', models.CharField(blank=True, editable=False, max_length=12)),
                ('asked_count', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('pass_count', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('redo_count', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('urge_count', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ('supervise_count', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ('urged_at', models.DateTimeField(editable=False, null=True, verbose_name='last urged at')),
                ('signed_off_at', models.DateTimeField(editable=False, null=True, verbose_name='signed at')),
                ('amendment_proposed', models.BooleanField(db_default=False, default=False, editable=False)),
                ('satisfaction', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='satisfaction')),
            ],
            options={
                'verbose_name': 'ticket',
                'verbose_name_plural': 'tickets',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='TicketLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('related', 'related'), ('duplicate_of', 'duplicate of'), ('opened_for', 'opened for')], max_length=12, verbose_name='relation')),
                ('linked_at', models.DateTimeField(verbose_name='linked at')),
            ],
            options={
                'verbose_name': 'link of tickets',
                'verbose_name_plural': 'links of tickets',
            },
        ),
        migrations.CreateModel(
            name='VehiclePassLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='line')),
                ('unit', models.CharField(editable=False, max_length=12, verbose_name='unit')),
                ('asked', models.DecimalField(decimal_places=3, editable=False, max_digits=14, verbose_name='asked')),
                ('met', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='met')),
                ('refused', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='refused')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('outcome', models.CharField(choices=[('pending', 'Pending'), ('met', 'Met'), ('part_met', 'Partly met'), ('refused', 'Not met')], default='pending', editable=False, max_length=10, verbose_name='outcome')),
                ('outcome_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('pass_type', models.CharField(choices=[('A', 'A (inter-provincial)'), ('B', 'B (within the province)'), ('ordinary', 'Ordinary'), ('worker_coach', "Workers' coach")], max_length=12, verbose_name='pass type')),
                ('plate', models.CharField(help_text="For a combination, the tractor's.", max_length=12, verbose_name='plate')),
                ('trailer_plate', models.CharField(blank=True, help_text='For a combination only.', max_length=12, verbose_name="trailer's plate")),
                ('carrier', models.CharField(max_length=80, verbose_name='carrier')),
                ('driver_name', projects.record.sealed_fields.SealedCharField(max_length=40, verbose_name='driver')),
                ('driver_mobile', projects.record.sealed_fields.SealedCharField(max_length=24, verbose_name="driver's mobile")),
                ('cargo_category', models.CharField(max_length=40, verbose_name='cargo category')),
                ('origin', models.CharField(help_text='Its name, or its six-digit code (GB/T 2260); a county or a city.', max_length=6, verbose_name='origin')),
                ('destination', models.CharField(help_text='Its name, or its six-digit code (GB/T 2260); a county or a city.', max_length=6, verbose_name='destination')),
                ('valid_from', models.DateField(verbose_name='from day')),
                ('valid_to', models.DateField(verbose_name='to day')),
                ('blocked_checkpoint', models.CharField(blank=True, max_length=80, verbose_name='checkpoint that blocks')),
            ],
            options={
                'verbose_name': 'vehicle',
                'verbose_name_plural': 'vehicles',
                'ordering': ['ticket', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkerReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='line')),
                ('unit', models.CharField(editable=False, max_length=12, verbose_name='unit')),
                ('asked', models.DecimalField(decimal_places=3, editable=False, max_digits=14, verbose_name='asked')),
                ('met', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='met')),
                ('refused', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=14, verbose_name='refused')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added at')),
                ('outcome', models.CharField(choices=[('pending', 'Pending'), ('met', 'Met'), ('part_met', 'Partly met'), ('refused', 'Not met')], default='pending', editable=False, max_length=10, verbose_name='outcome')),
                ('outcome_reason', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('headcount', models.PositiveIntegerField(verbose_name='headcount')),
                ('origin', models.CharField(help_text='Its name, or its six-digit code (GB/T 2260); a county or a city.', max_length=6, verbose_name='origin')),
                ('departs_at', models.DateTimeField(verbose_name='departs at')),
                ('arrives_at', models.DateTimeField(verbose_name='arrives at')),
                ('mode', models.CharField(choices=[('coach', 'Coach'), ('train', 'Train'), ('carriage', 'Chartered carriage'), ('flight', 'Flight'), ('self', 'On their own')], max_length=10, verbose_name='travels by')),
                ('seats', models.PositiveIntegerField(blank=True, null=True, verbose_name='seats')),
                ('health_declared', models.BooleanField(default=False, verbose_name='health declared')),
                ('temperature_checked', models.BooleanField(default=False, verbose_name='temperature checked')),
                ('symptom_or_contact_14d', models.CharField(choices=[('none', 'None'), ('yes', 'Yes')], default='none', max_length=4, verbose_name='symptoms or contact within 14 days')),
                ('isolation_site', models.CharField(blank=True, max_length=80, verbose_name='isolation site')),
                ('receiver', projects.record.sealed_fields.SealedCharField(max_length=40, verbose_name='received by')),
                ('receiver_mobile', projects.record.sealed_fields.SealedCharField(max_length=24, verbose_name="receiver's phone")),
            ],
            options={
                'verbose_name': 'party of workers',
                'verbose_name_plural': 'parties of workers',
                'ordering': ['ticket', 'position'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Assistance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(null=True, verbose_name='until')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistances', to=settings.AUTH_USER_MODEL, verbose_name='assisting officer')),
            ],
            options={
                'verbose_name': 'assistance',
                'verbose_name_plural': 'assistances',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.ticketevent', verbose_name='ticket event')),
                ('is_internal', models.BooleanField(default=False, verbose_name='internal')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('file_type', models.CharField(choices=[('pdf', 'PDF'), ('jpg', 'JPEG'), ('png', 'PNG'), ('docx', 'Word'), ('xlsx', 'Excel'), ('txt', 'Text'), ('csv', 'CSV')], max_length=4, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('state', models.CharField(choices=[('kept', 'Kept'), ('withdrawn', 'Withdrawn'), ('erased', 'Erased')], default='kept', max_length=9, verbose_name='state')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['ticket', 'is_internal', 'number'],
            },
        ),
        migrations.CreateModel(
            name='EventText',
            fields=[
                ('salt', models.CharField(editable=False, max_length=32)),
                ('body', projects.record.sealed_fields.SealedJSONField(verbose_name='text')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='text', serialize=False, to='tickets.ticketevent', verbose_name='ticket event')),
            ],
            options={
                'verbose_name': "event's text",
                'verbose_name_plural': "events' texts",
            },
        ),
        migrations.CreateModel(
            name='Fulfilment',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='fulfilment', serialize=False, to='tickets.ticketevent', verbose_name='ticket event')),
                ('kind', projects.record.open_choices.OpenChoiceField(max_length=20, verbose_name='kind')),
                ('line', models.PositiveSmallIntegerField(verbose_name='line')),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='quantity')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'fulfilment',
                'verbose_name_plural': 'fulfilments',
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='linerefusal',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_refusals', to='tickets.ticketevent', verbose_name='ticket event'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('stage', 'kind', 'urgency'), name='one_term_for_each', violation_error_message='There is a term for these already.'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unit', 'same_day'), ('amount', 0)), models.Q(models.Q(('unit', 'same_day'), _negated=True), ('amount__range', (1, 365))), _connector='OR'), name='term_has_its_amount', violation_error_message='Enter 0 for the same day, and 1 to 365 for every other unit.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='general_term_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."kind" = \'\')', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e76f35373666ba08893b49ed3548d22cb6fa8f99', operation='DELETE', pgid='pgtrigger_general_term_stays_cad72', table='tickets_term', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='term',
            trigger=pgtrigger.compiler.Trigger(name='general_term_stays_general', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."kind" = \'\' AND (OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency")))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "stage", "kind", "urgency" rows from % table\', TG_TABLE_NAME;', hash='af01fdfd423992efa90a6d63494df03cba8c1e67', operation='UPDATE OF "stage", "kind", "urgency"', pgid='pgtrigger_general_term_stays_general_e625a', table='tickets_term', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='ticketevent',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='enterprise',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='register.enterprise', verbose_name='enterprise'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='extension_asked_by',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ticket',
            name='group',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='groups.servicegroup', verbose_name='service group'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='handler',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to=settings.AUTH_USER_MODEL, verbose_name='handler'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='project',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='register.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='resolved_by',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='signed_off_by',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first signature'),
        ),
        migrations.AddField(
            model_name='materialsupplyline',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='linerefusal',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_refusals', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='goodstransportline',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='epidemiccontrolline',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='assistance',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assistances', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='ticketlink',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_from', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='ticketlink',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_to', to='tickets.ticket', verbose_name='the other ticket'),
        ),
        migrations.AddField(
            model_name='vehiclepassline',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='workerreturnline',
            name='ticket',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='attachmentpart',
            name='attachment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='tickets.attachment', verbose_name='attachment'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.AddField(
            model_name='fulfilment',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fulfilments', to='tickets.ticket', verbose_name='ticket'),
        ),
        migrations.CreateModel(
            name='TicketSearch',
            fields=[
                ('ticket', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='search', serialize=False, to='tickets.ticket', verbose_name='ticket')),
                ('text', models.TextField(blank=True, editable=False)),
                ('tokens', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, size=None)),
            ],
            options={
                'verbose_name': 'search row',
                'verbose_name_plural': 'search rows',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['tokens'], name='ticket_search_tokens')],
            },
        ),
        migrations.AddIndex(
            model_name='ticketevent',
            index=models.Index(fields=['recorded_at', 'id'], name='event_recorded'),
        ),
        migrations.AddConstraint(
            model_name='ticketevent',
            constraint=models.UniqueConstraint(fields=('ticket', 'seq'), name='one_event_per_step'),
        ),
        migrations.AddConstraint(
            model_name='ticketevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('api_key__isnull', True), ('by_system', False), ('officer__isnull', False)), models.Q(('api_key__isnull', False), ('by_system', False), ('officer__isnull', True)), models.Q(('api_key__isnull', True), ('by_system', True), ('officer__isnull', True)), _connector='OR'), name='event_has_one_actor'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticketevent',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c3095564351a558ca06420432a230799c429e11a', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_05afb', table='tickets_ticketevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticketevent',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='09e50400d5de604ee627e91108458d8fe4136979', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_fc82e', table='tickets_ticketevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticketevent',
            trigger=pgtrigger.compiler.Trigger(name='continues_its_chain', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE previous tickets_ticketevent%ROWTYPE;', func="\n    IF NEW.seq > 1 THEN\n        SELECT * INTO previous FROM tickets_ticketevent\n            WHERE ticket_id = NEW.ticket_id AND seq = NEW.seq - 1;\n    END IF;\n    IF NEW.seq <> COALESCE(previous.seq, 0) + 1\n        OR NEW.previous_hash <> COALESCE(previous.hash, '')\n        OR NEW.from_status <> COALESCE(previous.to_status, '')\n    THEN\n        RAISE EXCEPTION 'event % of ticket % does not continue its chain',\n            NEW.seq, NEW.ticket_id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    IF NOT EXISTS (\n        SELECT FROM flow_transition AS step WHERE step.flow = 'ticket'\n            AND step.verb = NEW.verb AND step.source = NEW.from_status\n            AND step.target = NEW.to_status\n    ) THEN\n        RAISE EXCEPTION 'the flow has no step % from % to %',\n            NEW.verb, NEW.from_status, NEW.to_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='0221a068190ac0b8ad55d0e6b31c53367fe3a4c1', operation='INSERT', pgid='pgtrigger_continues_its_chain_56fbb', table='tickets_ticketevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticketevent',
            trigger=pgtrigger.compiler.Trigger(name='status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."seq" > 1)', constraint='CONSTRAINT', declare='DECLARE last_status TEXT; current_status TEXT;', func="\n    SELECT thing.status, (\n            SELECT event.to_status FROM tickets_ticketevent AS event\n            WHERE event.ticket_id = thing.id ORDER BY event.seq DESC LIMIT 1\n        ) INTO current_status, last_status\n        FROM tickets_ticket AS thing WHERE thing.id = NEW.ticket_id;\n    IF current_status IS DISTINCT FROM last_status THEN\n        RAISE EXCEPTION 'ticket %: status % is not what its last event says (%)',\n            NEW.ticket_id, current_status, last_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n", hash='08af940c9ef310580ca7d1da298493eff29ff99c', operation='INSERT', pgid='pgtrigger_status_follows_b6bcf', table='tickets_ticketevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['enterprise', '-filed_at', '-id'], name='ticket_enterprise_filed'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['enterprise', 'status', '-filed_at', '-id'], name='ticket_enterprise_state'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('clock_due__isnull', False)), fields=['enterprise', '-filed_at', '-id'], name='ticket_enterprise_clock'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['enterprise', 'changed_at', 'id'], name='ticket_enterprise_changed'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['group', 'status', '-id'], name='ticket_group_status'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['handler', 'status', '-id'], name='ticket_handler_status'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['project', 'status', '-id'], name='ticket_project_status'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('status', 'resolved')), fields=['id'], name='ticket_resolved'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('supervise_count__gt', 0)), fields=['id'], name='ticket_supervised'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('clock_due__isnull', False)), fields=['clock_due', 'id'], name='ticket_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('clock_due__isnull', False)), fields=['group', 'clock_due', 'id'], name='ticket_group_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('clock_due__isnull', False)), fields=['handler', 'clock_due', 'id'], name='ticket_handler_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('answer_due__isnull', False)), fields=['answer_due'], name='ticket_answer_due'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('awaits_year__isnull', False)), fields=['awaits_year', 'id'], name='ticket_awaits_year'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('enterprise', 'external_id'), name='one_ticket_per_reference'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('satisfaction__isnull', True), ('satisfaction__range', (1, 5)), _connector='OR'), name='satisfaction_1_to_5'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_off_at__isnull', True), ('signed_off_by__isnull', True)), models.Q(('signed_off_at__isnull', False), ('signed_off_by__isnull', False), ('status__in', ['resolved', 'closed'])), _connector='OR'), name='signature_of_what_is_resolved'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('signed_off_by__isnull', True), models.Q(('signed_off_by', models.F('resolved_by')), _negated=True), _connector='OR'), name='signed_by_another_than_resolved'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at__isnull', False), ('status', 'need_info')), models.Q(models.Q(('status', 'need_info'), _negated=True), ('paused_at__isnull', True)), _connector='OR'), name='clock_stands_while_asked'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticket',
            trigger=pgtrigger.compiler.Trigger(name='status_has_its_event', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE last_status TEXT; current_status TEXT;', func="\n    SELECT thing.status, (\n            SELECT event.to_status FROM tickets_ticketevent AS event\n            WHERE event.ticket_id = thing.id ORDER BY event.seq DESC LIMIT 1\n        ) INTO current_status, last_status\n        FROM tickets_ticket AS thing WHERE thing.id = NEW.id;\n    IF current_status IS DISTINCT FROM last_status THEN\n        RAISE EXCEPTION 'ticket %: status % is not what its last event says (%)',\n            NEW.id, current_status, last_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n", hash='323c271ddabc164bbb5afe9a77e0e040f3bed2a1', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_status_has_its_event_96816', table='tickets_ticket', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticket',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0af52ff1ad74ade61f651588a2d1ae0f75e38be6', operation='DELETE', pgid='pgtrigger_never_deleted_92864', table='tickets_ticket', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticket',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='d8b0224d5a15a3b716517cb2269f235158011639', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_9434e', table='tickets_ticket', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='materialsupplyline',
            constraint=models.UniqueConstraint(fields=('ticket', 'position'), name='materialsupplyline_one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='materialsupplyline',
            constraint=models.CheckConstraint(condition=models.Q(('met__gte', 0), ('refused__gte', 0), ('asked__gte', django.db.models.expressions.CombinedExpression(models.F('met'), '+', models.F('refused')))), name='materialsupplyline_settled_within_asked'),
        ),
        migrations.AddIndex(
            model_name='linerefusal',
            index=models.Index(fields=['kind', 'recorded_at'], include=('quantity',), name='line_refusal_kind'),
        ),
        migrations.AddConstraint(
            model_name='linerefusal',
            constraint=models.UniqueConstraint(fields=('event', 'line'), name='one_refusal_per_event_and_line'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linerefusal',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='73c8b76be048c0616f94fbf2129bdd4bb5790e92', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_0e5a6', table='tickets_linerefusal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linerefusal',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f46cd629366cfce49631591128d381389053863e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_0eacb', table='tickets_linerefusal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='goodstransportline',
            constraint=models.UniqueConstraint(fields=('ticket', 'position'), name='goodstransportline_one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='goodstransportline',
            constraint=models.CheckConstraint(condition=models.Q(('met__gte', 0), ('refused__gte', 0), ('asked__gte', django.db.models.expressions.CombinedExpression(models.F('met'), '+', models.F('refused')))), name='goodstransportline_settled_within_asked'),
        ),
        migrations.AddConstraint(
            model_name='epidemiccontrolline',
            constraint=models.UniqueConstraint(fields=('ticket', 'position'), name='epidemiccontrolline_one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='epidemiccontrolline',
            constraint=models.CheckConstraint(condition=models.Q(('met__gte', 0), ('refused__gte', 0), ('asked__gte', django.db.models.expressions.CombinedExpression(models.F('met'), '+', models.F('refused')))), name='epidemiccontrolline_settled_within_asked'),
        ),
        migrations.AddIndex(
            model_name='assistance',
            index=models.Index(condition=models.Q(('until', None)), fields=['officer'], name='assistance_in_force'),
        ),
        migrations.AddConstraint(
            model_name='assistance',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('ticket', 'officer'), name='assists_once_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assistance',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d729858abfb90e6369b1d8b7f7b69db02add462c', operation='DELETE', pgid='pgtrigger_never_deleted_586cd', table='tickets_assistance', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='ticketlink',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least('source', 'target'), django.db.models.functions.comparison.Greatest('source', 'target'), name='two_tickets_one_link'),
        ),
        migrations.AddConstraint(
            model_name='ticketlink',
            constraint=models.UniqueConstraint(condition=models.Q(('relation', 'duplicate_of')), fields=('source',), name='duplicate_of_one'),
        ),
        migrations.AddConstraint(
            model_name='ticketlink',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='never_linked_to_itself'),
        ),
        migrations.AddIndex(
            model_name='vehiclepassline',
            index=models.Index(fields=['plate', '-ticket'], name='vehicle_plate'),
        ),
        migrations.AddConstraint(
            model_name='vehiclepassline',
            constraint=models.UniqueConstraint(fields=('ticket', 'position'), name='vehiclepassline_one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='vehiclepassline',
            constraint=models.CheckConstraint(condition=models.Q(('met__gte', 0), ('refused__gte', 0), ('asked__gte', django.db.models.expressions.CombinedExpression(models.F('met'), '+', models.F('refused')))), name='vehiclepassline_settled_within_asked'),
        ),
        migrations.AddConstraint(
            model_name='workerreturnline',
            constraint=models.UniqueConstraint(fields=('ticket', 'position'), name='workerreturnline_one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='workerreturnline',
            constraint=models.CheckConstraint(condition=models.Q(('met__gte', 0), ('refused__gte', 0), ('asked__gte', django.db.models.expressions.CombinedExpression(models.F('met'), '+', models.F('refused')))), name='workerreturnline_settled_within_asked'),
        ),
        migrations.AddConstraint(
            model_name='attachmentpart',
            constraint=models.UniqueConstraint(fields=('attachment', 'number'), name='one_attachment_part_per_number'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('ticket', 'is_internal', 'number'), name='one_attachment_per_number'),
        ),
        migrations.AddIndex(
            model_name='fulfilment',
            index=models.Index(fields=['kind', 'recorded_at'], include=('quantity',), name='fulfilment_kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fulfilment',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f291dbf3a38418cb08b5cbee2c16229929763b3', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_2aece', table='tickets_fulfilment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fulfilment',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='3b93d0c717afc93530edf68b78cdb90014f33c30', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_0771e', table='tickets_fulfilment', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='StateRange',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='state_range', serialize=False, to='tickets.ticketevent', verbose_name='ticket event')),
                ('kind', projects.record.open_choices.OpenChoiceField(max_length=20, verbose_name='kind')),
                ('status', models.CharField(choices=[('submitted', 'Awaiting acceptance'), ('in_progress', 'In progress'), ('need_info', 'Awaiting information'), ('resolved', 'Resolved'), ('closed', 'Written off'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], max_length=12, verbose_name='status')),
                ('status_before', models.CharField(blank=True, max_length=12)),
                ('began_at', models.DateTimeField(verbose_name='since')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='until')),
                ('group', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.servicegroup', verbose_name='service group')),
                ('group_before', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.servicegroup')),
                ('project', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.project', verbose_name='project')),
                ('ticket', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='state_ranges', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': "range of a ticket's state",
                'verbose_name_plural': "ranges of tickets' states",
                'indexes': [models.Index(fields=['ticket', 'began_at'], name='state_ticket_began'), models.Index(fields=['began_at'], include=('kind', 'project', 'status', 'group', 'status_before', 'group_before'), name='state_began'), models.Index(models.Func(models.F('ended_at'), output_field=models.DateTimeField(), template="COALESCE(%(expressions)s, 'infinity'::timestamptz)"), condition=models.Q(('status__in', ['in_progress', 'need_info', 'resolved', 'submitted'])), name='state_open_until')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('ticket',), name='one_state_holds'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('began_at')), _connector='OR'), name='state_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='LineRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', projects.record.open_choices.OpenChoiceField(max_length=20, verbose_name='kind')),
                ('line', models.PositiveSmallIntegerField(verbose_name='line')),
                ('asked', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='asked')),
                ('unit', models.CharField(max_length=12, verbose_name='unit')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_revisions', to='tickets.ticketevent', verbose_name='ticket event')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_revisions', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': "line's revision",
                'verbose_name_plural': "lines' revisions",
                'abstract': False,
                'indexes': [models.Index(fields=['kind', 'recorded_at'], name='line_revision_kind')],
                'constraints': [models.UniqueConstraint(fields=('event', 'line'), name='one_revision_per_event_and_line')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linerevision',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c52d1b1a46ba2c69d0c529b9ab908f22d667ff57', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_392c2', table='tickets_linerevision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linerevision',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='29e14bd7777a0c51daf279d4e5999f8df71b6ad0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_b4182', table='tickets_linerevision', when='BEFORE')),
        ),
    ]
