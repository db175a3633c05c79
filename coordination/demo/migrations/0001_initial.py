import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tickets', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DemoCase',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('steps', models.PositiveSmallIntegerField(default=0)),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tickets.ticket')),
            ],
            options={
                'db_table': 'demo_case',
            },
        ),
        migrations.CreateModel(
            name='DemoProgress',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('played_until', models.DateTimeField()),
                ('forward_to', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'demo_progress',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_demo_progress')],
            },
        ),
    ]
