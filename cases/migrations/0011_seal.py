from django.db import migrations, models

import cases.models.letter


def give_tokens(apps, schema_editor):
    letter = apps.get_model("cases", "Letter")
    for pk in letter.objects.filter(token=None).values_list("pk", flat=True).iterator():
        letter.objects.filter(pk=pk).update(token=cases.models.letter.new_token())


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0010_given_up_task"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="unsealed_sha256",
            field=models.CharField(blank=True, max_length=64, verbose_name="SHA-256 before sealing"),
        ),
        migrations.AddField(
            model_name="letter",
            name="seal_certificate",
            field=models.CharField(blank=True, max_length=64, verbose_name="certificate of the seal (SHA-256)"),
        ),
        migrations.AddField(
            model_name="letter",
            name="token",
            field=models.CharField(editable=False, max_length=32, null=True, verbose_name="public address"),
        ),
        migrations.RunPython(give_tokens, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="letter",
            name="token",
            field=models.CharField(default=cases.models.letter.new_token, editable=False, max_length=32, unique=True, verbose_name="public address"),
        ),
    ]
