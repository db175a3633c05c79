import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.sealed_fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('delivery', '0001_initial'),
        ('parties', '0002_departments'),
        ('tickets', '0004_ticket_number'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('due_is_provisional', models.BooleanField(default=False, verbose_name='provisional')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('verdict', models.CharField(blank=True, choices=[('done', 'Done'), ('partly', 'Done in part'), ('cannot', 'Cannot be done')], max_length=8, verbose_name='outcome')),
                ('answerer_name', projects.record.sealed_fields.SealedCharField(blank=True, max_length=40, verbose_name='answered by')),
                ('answerer_phone', projects.record.sealed_fields.SealedCharField(blank=True, max_length=30, verbose_name='phone')),
                ('recalled_at', models.DateTimeField(null=True, verbose_name='recalled at')),
                ('answer_event', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referral_answered', to='tickets.ticketevent', verbose_name='ticket event')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='parties.department', verbose_name='department')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='referral', to='tickets.ticketevent', verbose_name='ticket event')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'referral',
                'verbose_name_plural': 'referrals',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Chase',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='chase', serialize=False, to='tickets.ticketevent', verbose_name='ticket event')),
                ('step', models.CharField(choices=[('reminded', 'Reminder before the answer is due'), ('overdue', 'The answer is overdue'), ('by_hand', 'Chased by an officer')], max_length=8, verbose_name='step')),
                ('day', models.DateField(verbose_name='day')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chases', to='referrals.referral', verbose_name='referral')),
            ],
            options={
                'verbose_name': 'chasing',
                'verbose_name_plural': 'chasings',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReferralLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('ended_because', models.CharField(blank=True, choices=[('used', 'used'), ('replaced', 'a newer link was made'), ('revoked', 'revoked')], max_length=8, verbose_name='because')),
                ('delivery', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.delivery', verbose_name='delivery')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='referrals.referral', verbose_name='referral')),
            ],
            options={
                'verbose_name': "referral's link",
                'verbose_name_plural': "referrals' links",
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('answered_at', None), ('recalled_at', None)), fields=['department', 'due_at'], name='referral_department_due'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('answered_at', None), ('recalled_at', None)), fields=['due_at', 'ticket'], name='referral_due'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None), ('recalled_at', None)), fields=('ticket', 'department'), name='department_asked_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at', None), ('recalled_at', None), _connector='OR'), name='answered_or_recalled'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='04451036987e149675a7032883848b5881030769', operation='DELETE', pgid='pgtrigger_never_deleted_fb44f', table='referrals_referral', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='chase',
            constraint=models.UniqueConstraint(condition=models.Q(('step', 'by_hand'), _negated=True), fields=('referral', 'step'), name='each_chasing_step_once'),
        ),
        migrations.AddConstraint(
            model_name='chase',
            constraint=models.UniqueConstraint(condition=models.Q(('step', 'by_hand')), fields=('referral', 'day'), name='chased_by_hand_once_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='chase',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8c1b2a7b7ee2368a762e83c9303ca5ad475f595b', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_d4221', table='referrals_chase', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='chase',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='bfa955a70a4505686a8821d7c8c7baa660149050', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_f4996', table='referrals_chase', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='referrallink',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('referral',), name='one_link_opens_a_referral'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referrallink',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0d4f447931e89cd58f39b1f1583bb8cc980dbb8d', operation='DELETE', pgid='pgtrigger_never_deleted_00db8', table='referrals_referrallink', when='BEFORE')),
        ),
    ]
