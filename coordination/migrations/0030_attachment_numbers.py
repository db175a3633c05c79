"""Attachments that are internal to the desk are counted by themselves; each keeps its number."""

from django.db import migrations, models

# An event of ours says for each whether it is internal, and that never changes.
AS_ITS_EVENT_SAYS = """
    UPDATE coordination_attachment AS attachment SET is_internal = TRUE
    FROM coordination_ticketevent AS event
    WHERE event.id = attachment.event_id AND event.is_internal
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coordination', '0029_api_lists'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='attachment',
            options={'ordering': ['ticket', 'is_internal', 'number'], 'verbose_name': 'attachment', 'verbose_name_plural': 'attachments'},
        ),
        migrations.RemoveConstraint(
            model_name='attachment',
            name='one_attachment_per_number',
        ),
        migrations.AddField(
            model_name='attachment',
            name='is_internal',
            field=models.BooleanField(default=False, verbose_name='internal'),
        ),
        migrations.RunSQL(AS_ITS_EVENT_SAYS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(fields=('ticket', 'is_internal', 'number'), name='one_attachment_per_number'),
        ),
    ]
