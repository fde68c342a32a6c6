"""The reporter's columns become ciphertext; what stands in them is sealed on the way."""

from django.db import migrations, models

FIELDS = ("name", "birth", "sex", "occupation", "citizenship", "address", "phone", "email", "statement")


def seal(apps, schema_editor):
    """Seal the rows there are. Needs REPORTER_KEY_FILE when there are any."""
    from cases.sealed.box import Box, new_data_key, wrap
    from cases.sealed.keys import ring

    alias = schema_editor.connection.alias
    reporters = apps.get_model("cases", "Reporter").objects.using(alias)
    if not reporters.exists():
        return
    keys, kept = ring(), apps.get_model("cases", "SealedKey").objects.using(alias)
    for row in reporters.order_by("pk").iterator():
        if not row.salt:
            continue  # shredded
        name, key = new_data_key()
        box = Box("cases_reporter", str(row.report_id), name, key)
        kept.create(
            table=box.table, row=box.row, name=name, wrapped_with=keys.current,
            wrapped=wrap(keys.key(keys.current), keys.current, box.table, box.row, name, key),
        )
        for field in FIELDS:
            setattr(row, field, box.seal(field, getattr(row, field)))
        row.save(update_fields=FIELDS)


def unseal(apps, schema_editor):
    """Back to clear columns."""
    from cases.sealed.box import Box, unwrap
    from cases.sealed.keys import ring

    alias = schema_editor.connection.alias
    keys = None
    for kept in apps.get_model("cases", "SealedKey").objects.using(alias).filter(table="cases_reporter"):
        keys = keys or ring()
        key = unwrap(keys.key(kept.wrapped_with), kept.wrapped_with, kept.table, kept.row, kept.name, kept.wrapped)
        box = Box(kept.table, kept.row, kept.name, key)
        row = apps.get_model("cases", "Reporter").objects.using(alias).get(report_id=kept.row)
        for field in FIELDS:
            setattr(row, field, box.open(field, getattr(row, field)))
        row.save(update_fields=FIELDS)


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_drafts")]

    operations = [
        migrations.AlterField(
            model_name='reporter',
            name='address',
            field=models.TextField(verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='birth',
            field=models.TextField(verbose_name='place and date of birth'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='citizenship',
            field=models.TextField(verbose_name='citizenship'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='email',
            field=models.TextField(verbose_name='e-mail'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='name',
            field=models.TextField(verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='occupation',
            field=models.TextField(verbose_name='occupation'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='phone',
            field=models.TextField(verbose_name='telephone'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='sex',
            field=models.TextField(verbose_name='sex'),
        ),
        migrations.AlterField(
            model_name='reporter',
            name='statement',
            field=models.TextField(help_text='What the reporter said when heard.', verbose_name='statement'),
        ),
        migrations.CreateModel(
            name='SealedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40, verbose_name='table')),
                ('row', models.CharField(max_length=40, verbose_name='row')),
                ('name', models.CharField(max_length=16, verbose_name='data key')),
                ('wrapped_with', models.CharField(db_index=True, max_length=16, verbose_name='wrapped with')),
                ('wrapped', models.CharField(max_length=120, verbose_name='wrapped key')),
            ],
            options={
                'verbose_name': 'data key',
                'verbose_name_plural': 'data keys',
                'constraints': [models.UniqueConstraint(fields=('table', 'row'), name='one_data_key_per_sealed_row')],
            },
        ),
        migrations.RunPython(seal, unseal),
    ]
