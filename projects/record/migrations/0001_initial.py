from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ClockOffset',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('seconds', models.BigIntegerField()),
                ('ticked_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'record_clock_offset',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_clock_offset')],
            },
        ),
    ]
