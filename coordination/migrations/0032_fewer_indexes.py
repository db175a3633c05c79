"""Indexes are dropped that another serves as well or nobody looks by, and nothing else of the keys.

Left to itself, altering the fields would make each foreign key anew, and read the tables through
for it while nobody can file.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# The model, the column, and what Django put behind both to name the index.
_NOT_NEEDED = [
    ('epidemiccontrolline', 'ticket_id', 'f899f8aa'),
    ('goodstransportline', 'ticket_id', '6fa4b045'),
    ('materialsupplyline', 'ticket_id', '319513a2'),
    ('ticket', 'enterprise_id', '64409889'),
    ('ticket', 'extension_asked_by_id', 'f6d6cb49'),
    ('ticket', 'group_id', 'dd15b41d'),
    ('ticket', 'handler_id', '74ff7e49'),
    ('ticket', 'project_id', '9f8bb258'),
    ('ticket', 'resolved_by_id', '262eca28'),
    ('ticket', 'signed_off_by_id', '1273562e'),
    ('ticketevent', 'api_key_id', 'e97f49cc'),
    ('ticketevent', 'officer_id', 'eee7b194'),
    ('ticketevent', 'ticket_id', 'bd0820c7'),
    ('vehiclepassline', 'ticket_id', 'fe0d9488'),
    ('workerreturnline', 'ticket_id', 'cd243615'),
]


def _without(model, column, mark):
    table = f'coordination_{model}'
    index = f'{table}_{column}_{mark}'
    return migrations.RunSQL(
        f'DROP INDEX "{index}"', f'CREATE INDEX "{index}" ON "{table}" ("{column}")'
    )


class Migration(migrations.Migration):

    dependencies = [
        ('coordination', '0031_many_at_once'),
        ('projects', '0006_fewer_indexes'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='ticket',
            name='status_has_its_event',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='ticketevent',
            name='continues_its_chain',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='ticketevent',
            name='status_follows',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[_without(*each) for each in _NOT_NEEDED],
            state_operations=[
                migrations.AlterField(
                    model_name='epidemiccontrolline',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.ticket', verbose_name='ticket'),
                ),
                migrations.AlterField(
                    model_name='goodstransportline',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.ticket', verbose_name='ticket'),
                ),
                migrations.AlterField(
                    model_name='materialsupplyline',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.ticket', verbose_name='ticket'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='enterprise',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='projects.enterprise', verbose_name='enterprise'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='extension_asked_by',
                    field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='group',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='coordination.servicegroup', verbose_name='service group'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='handler',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to=settings.AUTH_USER_MODEL, verbose_name='handler'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='project',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='projects.project', verbose_name='project'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='resolved_by',
                    field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='signed_off_by',
                    field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first signature'),
                ),
                migrations.AlterField(
                    model_name='ticketevent',
                    name='api_key',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.apikey', verbose_name='API key'),
                ),
                migrations.AlterField(
                    model_name='ticketevent',
                    name='officer',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer'),
                ),
                migrations.AlterField(
                    model_name='ticketevent',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='coordination.ticket', verbose_name='ticket'),
                ),
                migrations.AlterField(
                    model_name='vehiclepassline',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.ticket', verbose_name='ticket'),
                ),
                migrations.AlterField(
                    model_name='workerreturnline',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.ticket', verbose_name='ticket'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='ticketsearch',
            name='ticket',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='search', serialize=False, to='coordination.ticket', verbose_name='ticket'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticket',
            trigger=pgtrigger.compiler.Trigger(name='status_has_its_event', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', declare='DECLARE last_status TEXT; current_status TEXT;', func="\n    SELECT ticket.status, (\n            SELECT event.to_status FROM coordination_ticketevent AS event\n            WHERE event.ticket_id = ticket.id ORDER BY event.seq DESC LIMIT 1\n        ) INTO current_status, last_status\n        FROM coordination_ticket AS ticket WHERE ticket.id = NEW.id;\n    IF current_status IS DISTINCT FROM last_status THEN\n        RAISE EXCEPTION 'ticket %: status % is not what its last event says (%)',\n            NEW.id, current_status, last_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n", hash='473b6d6f3b5f3c006e554377761c07341b42153b', operation='INSERT OR UPDATE OF "status"', pgid='pgtrigger_status_has_its_event_9be87', table='coordination_ticket', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticketevent',
            trigger=pgtrigger.compiler.Trigger(name='continues_its_chain', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((\n    NEW.seq = 1 AND NEW.previous_hash = '' AND NEW.from_status = ''\n    AND (NEW.verb, NEW.to_status) IN (('submit', 'submitted'))\n) IS NOT TRUE)", declare='DECLARE previous coordination_ticketevent%ROWTYPE;', func="\n    SELECT * INTO previous FROM coordination_ticketevent\n        WHERE ticket_id = NEW.ticket_id ORDER BY seq DESC LIMIT 1;\n    IF NEW.seq <> COALESCE(previous.seq, 0) + 1\n        OR NEW.previous_hash <> COALESCE(previous.hash, '')\n        OR NEW.from_status <> COALESCE(previous.to_status, '')\n    THEN\n        RAISE EXCEPTION 'event % of ticket % does not continue its chain', NEW.seq, NEW.ticket_id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    IF (NEW.verb, NEW.from_status, NEW.to_status) NOT IN (('submit', '', 'submitted'), ('accept', 'submitted', 'in_progress'), ('fulfil', 'in_progress', 'in_progress'), ('refuse', 'in_progress', 'in_progress'), ('reconsider', 'in_progress', 'in_progress'), ('add_lines', 'in_progress', 'in_progress'), ('add_lines', 'need_info', 'need_info'), ('add_lines', 'submitted', 'submitted'), ('resolve', 'in_progress', 'resolved'), ('ask', 'in_progress', 'need_info'), ('ask', 'submitted', 'need_info'), ('supplement', 'need_info', 'in_progress'), ('supplement', 'need_info', 'submitted'), ('confirm', 'resolved', 'closed'), ('write_off', 'resolved', 'closed'), ('sign_off', 'resolved', 'resolved'), ('countersign', 'resolved', 'closed'), ('redo', 'resolved', 'in_progress'), ('reopen', 'closed', 'in_progress'), ('reopen', 'declined', 'in_progress'), ('pass_on', 'in_progress', 'submitted'), ('pass_on', 'submitted', 'submitted'), ('decline', 'need_info', 'declined'), ('decline', 'submitted', 'declined'), ('withdraw', 'in_progress', 'withdrawn'), ('withdraw', 'need_info', 'withdrawn'), ('withdraw', 'submitted', 'withdrawn'), ('duplicate', 'in_progress', 'declined'), ('duplicate', 'need_info', 'declined'), ('duplicate', 'submitted', 'declined'), ('link', 'closed', 'closed'), ('link', 'declined', 'declined'), ('link', 'in_progress', 'in_progress'), ('link', 'need_info', 'need_info'), ('link', 'resolved', 'resolved'), ('link', 'submitted', 'submitted'), ('link', 'withdrawn', 'withdrawn'), ('unlink', 'closed', 'closed'), ('unlink', 'declined', 'declined'), ('unlink', 'in_progress', 'in_progress'), ('unlink', 'need_info', 'need_info'), ('unlink', 'resolved', 'resolved'), ('unlink', 'submitted', 'submitted'), ('unlink', 'withdrawn', 'withdrawn'), ('lapse', 'need_info', 'in_progress'), ('lapse', 'need_info', 'submitted'), ('escalate', 'in_progress', 'in_progress'), ('escalate', 'submitted', 'submitted'), ('explain', 'in_progress', 'in_progress'), ('explain', 'submitted', 'submitted'), ('regrade', 'in_progress', 'in_progress'), ('regrade', 'need_info', 'need_info'), ('regrade', 'submitted', 'submitted'), ('extend', 'in_progress', 'in_progress'), ('grant', 'in_progress', 'in_progress'), ('grant', 'need_info', 'need_info'), ('grant', 'submitted', 'submitted'), ('deny', 'in_progress', 'in_progress'), ('deny', 'need_info', 'need_info'), ('deny', 'submitted', 'submitted'), ('refer', 'in_progress', 'in_progress'), ('answer_referral', 'in_progress', 'in_progress'), ('answer_referral', 'need_info', 'need_info'), ('answer_referral', 'submitted', 'submitted'), ('chase', 'in_progress', 'in_progress'), ('chase', 'need_info', 'need_info'), ('chase', 'submitted', 'submitted'), ('recall', 'in_progress', 'in_progress'), ('recall', 'need_info', 'need_info'), ('recall', 'submitted', 'submitted'), ('comment', 'closed', 'closed'), ('comment', 'declined', 'declined'), ('comment', 'in_progress', 'in_progress'), ('comment', 'need_info', 'need_info'), ('comment', 'resolved', 'resolved'), ('comment', 'submitted', 'submitted'), ('comment', 'withdrawn', 'withdrawn'), ('attach', 'in_progress', 'in_progress'), ('attach', 'need_info', 'need_info'), ('attach', 'resolved', 'resolved'), ('attach', 'submitted', 'submitted'), ('detach', 'closed', 'closed'), ('detach', 'declined', 'declined'), ('detach', 'in_progress', 'in_progress'), ('detach', 'need_info', 'need_info'), ('detach', 'resolved', 'resolved'), ('detach', 'submitted', 'submitted'), ('detach', 'withdrawn', 'withdrawn'), ('hand_over', 'in_progress', 'in_progress'), ('hand_over', 'need_info', 'need_info'), ('hand_over', 'resolved', 'resolved'), ('hand_over', 'submitted', 'submitted'), ('assist', 'in_progress', 'in_progress'), ('assist', 'need_info', 'need_info'), ('assist', 'resolved', 'resolved'), ('assist', 'submitted', 'submitted'), ('release', 'in_progress', 'in_progress'), ('release', 'need_info', 'need_info'), ('release', 'resolved', 'resolved'), ('release', 'submitted', 'submitted'), ('urge', 'in_progress', 'in_progress'), ('urge', 'submitted', 'submitted'), ('supervise', 'in_progress', 'in_progress'), ('supervise', 'need_info', 'need_info'), ('supervise', 'submitted', 'submitted')) THEN\n        RAISE EXCEPTION 'the flow has no step % from % to %',\n            NEW.verb, NEW.from_status, NEW.to_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NEW;\n", hash='a6c5eb2f7784f5a3e1a88be11a4241ed9fe0583e', operation='INSERT', pgid='pgtrigger_continues_its_chain_438b4', table='coordination_ticketevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ticketevent',
            trigger=pgtrigger.compiler.Trigger(name='status_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."seq" > 1)', constraint='CONSTRAINT', declare='DECLARE last_status TEXT; current_status TEXT;', func="\n    SELECT ticket.status, (\n            SELECT event.to_status FROM coordination_ticketevent AS event\n            WHERE event.ticket_id = ticket.id ORDER BY event.seq DESC LIMIT 1\n        ) INTO current_status, last_status\n        FROM coordination_ticket AS ticket WHERE ticket.id = NEW.ticket_id;\n    IF current_status IS DISTINCT FROM last_status THEN\n        RAISE EXCEPTION 'ticket %: status % is not what its last event says (%)',\n            NEW.ticket_id, current_status, last_status\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n", hash='a7d1065dca20c1db87abe0a97b53fdc6e77f7297', operation='INSERT', pgid='pgtrigger_status_follows_63442', table='coordination_ticketevent', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
