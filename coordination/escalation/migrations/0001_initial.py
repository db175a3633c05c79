import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tickets', '0004_ticket_number'),
    ]

    operations = [
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='escalation', serialize=False, to='tickets.ticketevent', verbose_name='ticket event')),
                ('run', models.PositiveSmallIntegerField(verbose_name="deadline's number")),
                ('level', models.CharField(choices=[('L0', 'Reminder before the deadline'), ('L1', 'Written urging (催办通知书)'), ('L2', 'Written supervision (督办函)'), ('L3', 'Named in the bulletin'), ('L4', 'Talk with the official in charge (约谈)')], max_length=2, verbose_name='level')),
                ('annulled_before', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('due', models.DateTimeField(verbose_name='deadline')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'escalation',
                'verbose_name_plural': 'escalations',
                'ordering': ['ticket', 'run', 'level'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Annulment',
            fields=[
                ('escalation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='annulment', serialize=False, to='escalation.escalation', verbose_name='escalation')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annulments', to='tickets.ticketevent', verbose_name='ticket event')),
            ],
            options={
                'verbose_name': 'annulment of a step',
                'verbose_name_plural': 'annulments of steps',
                'ordering': ['escalation'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='escalation',
            index=models.Index(fields=['level', 'recorded_at'], name='escalation_level'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(fields=('ticket', 'run', 'level', 'annulled_before'), name='each_level_once_for_a_deadline'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='escalation',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cd3fd00fd18c813737f5828944ee3d4484fbdbea', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_b96f5', table='escalation_escalation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='escalation',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f30410fde094b402e9487911efc8ead66768446e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_5cc43', table='escalation_escalation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='annulment',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='73d195b3b10f3439c48d6b95bac39553838032f2', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_b8d67', table='escalation_annulment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='annulment',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='f6f5aede9ce51a8e2c4f896be31ce488057f2bdd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_8e649', table='escalation_annulment', when='BEFORE')),
        ),
    ]
