import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import projects.record.open_choices
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tickets', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_held', models.BooleanField(verbose_name='held')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'legal hold',
                'verbose_name_plural': 'legal holds',
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Purge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('erased', models.JSONField(verbose_name='erased')),
                ('before', models.DateTimeField(verbose_name='of what was recorded until')),
                ('left', models.JSONField(verbose_name='digests of what is left')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purges', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'purge',
                'verbose_name_plural': 'purges',
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', projects.record.open_choices.OpenChoiceField(max_length=10, verbose_name='personal data')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('capacity', models.CharField(blank=True, choices=[('enterprise', 'the enterprise that filed it'), ('on_behalf', "an officer on the enterprise's behalf"), ('handler', 'liaison or deputy'), ('group_lead', 'group lead'), ('assistant', 'assisting officer'), ('duty_desk', 'duty desk'), ('duty_desk_acting', 'duty desk, while nobody of the group can act'), ('director', 'director'), ('system', 'the system')], max_length=20, verbose_name='looked as')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'look at personal data',
                'verbose_name_plural': 'looks at personal data',
                'ordering': ['-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('capacity', ''), ('reason', ''), _negated=True), name='privacy_look_says_why')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e66de03bbbb9ba9ab724f358966bda108dc1bbb3', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_204f0', table='privacy_legalhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalhold',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='82dcebd6662a12ed0c73fa8717f32728e03bc972', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_1f792', table='privacy_legalhold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purge',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='faecd8bb64b2514c08875c18421945e887b7b44f', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_c40db', table='privacy_purge', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='purge',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='a9403540a78aa183db00b43523af8fcb4e5eeca0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_a7854', table='privacy_purge', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reveal',
            trigger=pgtrigger.compiler.Trigger(name='never_altered', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d22be1a748df2b4a9c34f7fb4875aa4ed0c77ac2', operation='UPDATE OR DELETE', pgid='pgtrigger_never_altered_a4fbd', table='privacy_reveal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reveal',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'cannot truncate %', TG_TABLE_NAME;", hash='c2a70ee6db0d2ebbd9f57494655f53c51dc25fdb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_104a6', table='privacy_reveal', when='BEFORE')),
        ),
    ]
