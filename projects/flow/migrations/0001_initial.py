from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flow', models.CharField(max_length=20)),
                ('verb', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=12)),
                ('target', models.CharField(max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('flow', 'verb', 'source', 'target'), name='each_transition_once')],
            },
        ),
    ]
