"""The history becomes a chain: hashes for what is there, then the constraints, then the append-only triggers."""

from types import SimpleNamespace

import django.db.models.deletion
from django.db import migrations, models

import cases.audit.commit
from cases.audit import chain, sql


def chain_what_is_there(apps, schema_editor):
    """Give every event written before its place in its case's chain, and every reporter a salt of their own."""
    Case, Event = apps.get_model("cases", "Case"), apps.get_model("cases", "Event")
    for case in Case.objects.only("number").iterator():
        previous, last = chain.GENESIS, ""
        for event in Event.objects.filter(case=case).order_by("seq").iterator():
            event.stream, event.case_number = chain.case_stream(case.number), case.number
            event.prev_hash = previous
            event.hash = previous = last = chain.event_hash(chain.content_of(SimpleNamespace(**vars(event))))
            event.save(update_fields=["stream", "case_number", "prev_hash", "hash"])
        Case.objects.filter(pk=case.pk).update(head_hash=last)
    for reporter in apps.get_model("cases", "Reporter").objects.only("pk").iterator():
        reporter.salt = cases.audit.commit.new_salt()
        reporter.save(update_fields=["salt"])


def install_triggers(apps, schema_editor):
    sql.install(schema_editor.connection)


def remove_triggers(apps, schema_editor):
    sql.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0002_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="chain")),
                ("last_seq", models.PositiveIntegerField(default=0, verbose_name="last event")),
                ("head_hash", models.CharField(blank=True, max_length=64, verbose_name="hash of the last event")),
            ],
            options={"verbose_name": "chain", "verbose_name_plural": "chains"},
        ),
        migrations.CreateModel(
            name="Tree",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("log", models.CharField(max_length=32, verbose_name="name of the log")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="leaves")),
                ("peaks", models.JSONField(default=list, verbose_name="complete subtrees")),
            ],
            options={
                "verbose_name": "history tree",
                "verbose_name_plural": "history tree",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_history_tree")],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("size", models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name="leaves")),
                ("root", models.CharField(max_length=64, verbose_name="root")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("key", models.CharField(max_length=16, verbose_name="key")),
                ("signature", models.CharField(max_length=128, verbose_name="signature")),
            ],
            options={
                "verbose_name": "head of the history",
                "verbose_name_plural": "heads of the history",
                "ordering": ("size",),
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                (
                    "index",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="place in the tree"
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaf", to="cases.event"
                    ),
                ),
                ("stream", models.CharField(max_length=60, verbose_name="chain")),
                ("seq", models.PositiveIntegerField(verbose_name="number in the chain")),
                ("hash", models.CharField(max_length=64, verbose_name="hash")),
            ],
            options={"verbose_name": "leaf", "verbose_name_plural": "leaves", "ordering": ("index",)},
        ),
        migrations.AddField(
            model_name="case",
            name="head_hash",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=64, verbose_name="hash of the last event"
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="version",
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="format"),
        ),
        migrations.AddField(
            model_name="event",
            name="stream",
            field=models.CharField(default="", editable=False, max_length=60, verbose_name="chain"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="event",
            name="case_number",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="case"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="event",
            name="letters_issued",
            field=models.JSONField(blank=True, default=list, verbose_name="letters issued"),
        ),
        migrations.AddField(
            model_name="event",
            name="sealed",
            field=models.JSONField(blank=True, default=dict, verbose_name="commitments to sealed content"),
        ),
        migrations.AddField(
            model_name="event",
            name="prev_hash",
            field=models.CharField(default="", editable=False, max_length=64, verbose_name="hash before"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="event",
            name="hash",
            field=models.CharField(default="", editable=False, max_length=64, verbose_name="hash"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reporter",
            name="salt",
            field=models.CharField(
                default=cases.audit.commit.new_salt,
                editable=False,
                help_text="Kept with the identity; the history holds only a salted hash of it.",
                max_length=64,
                verbose_name="salt of the commitment",
            ),
        ),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="event",
            name="case",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="cases.case",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("STEP", "Step"),
                    ("NOTE", "Note"),
                    ("UPLOAD", "Upload"),
                    ("LETTER", "Letter"),
                    ("DEADLINE", "Deadline"),
                    ("DUTY", "Assignment"),
                    ("READING", "Reading"),
                    ("EXPORT", "Export"),
                    ("ACCOUNT", "Account"),
                    ("REFDATA", "Reference data"),
                    ("SEALED", "Sealed identity"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="seq",
            field=models.PositiveIntegerField(verbose_name="number in the chain"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("case__isnull", True)), fields=["case_number"], name="event_about_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("stream", "seq"), name="event_number_once_per_stream"),
        ),
        migrations.RunPython(install_triggers, remove_triggers),
    ]
