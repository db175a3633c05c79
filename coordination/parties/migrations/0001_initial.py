import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField(default=100, verbose_name='order')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('folded', models.TextField(editable=False)),
                ('email', models.EmailField(blank=True, help_text='Links go there. Empty: the officer hands each link over himself.', max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name="contact's phone")),
                ('is_active', models.BooleanField(default=True, verbose_name='may be asked')),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
                'ordering': ['ordinal', 'pk'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='62b91ffa8e966cd2f7766f3b5dea6d51e498c46f', operation='DELETE', pgid='pgtrigger_never_deleted_f0820', table='parties_department', when='BEFORE')),
        ),
    ]
