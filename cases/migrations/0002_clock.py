import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("job", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="job")),
                ("at", models.DateTimeField(verbose_name="last run")),
            ],
            options={
                "verbose_name": "background job",
                "verbose_name_plural": "background jobs",
            },
        ),
        migrations.AddField(
            model_name="deadline",
            name="computation",
            field=models.JSONField(blank=True, default=dict, verbose_name="how it was counted"),
        ),
        migrations.AddField(
            model_name="deadline",
            name="provisional_on",
            field=models.DateField(blank=True, null=True, verbose_name="letter's date"),
        ),
        migrations.AddField(
            model_name="deadline",
            name="received_on",
            field=models.DateField(blank=True, null=True, verbose_name="receipt confirmed for"),
        ),
        migrations.AddField(
            model_name="deadlinerule",
            name="pausable",
            field=models.BooleanField(
                default=False,
                help_text="Steps pause and resume it where the workflow says so.",
                verbose_name="may be paused by hand",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="manual",
            field=models.BooleanField(default=False, verbose_name="paused by hand"),
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                ("granted_on", models.DateField(verbose_name="granted on")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "deadline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extension", to="cases.deadline"
                    ),
                ),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("to", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "status",
                    models.CharField(
                        choices=[("PENDING", "Waiting"), ("SENT", "Sent"), ("DEAD", "Given up")],
                        default="PENDING",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_try_at", models.DateTimeField(verbose_name="next attempt")),
                ("leased_until", models.DateTimeField(blank=True, null=True, verbose_name="being sent until")),
                ("error", models.TextField(blank=True, verbose_name="why it failed")),
                ("created_at", models.DateTimeField(verbose_name="written at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.officer"
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail",
                "verbose_name_plural": "e-mails",
                "ordering": ("created_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("your_turn", "A case waits for you"),
                            ("answered", "The other side has answered"),
                            ("informed", "News in a case you carry"),
                            ("half_time", "Half of the time is gone"),
                            ("three_days", "Three days before the due date"),
                            ("one_day", "One day before the due date"),
                            ("due_day", "The due date"),
                            ("overdue", "The deadline has passed"),
                            ("overdue_elsewhere", "Another institution is late"),
                            ("deadline_moved", "A deadline has changed"),
                            ("assigned", "A case was given to you"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                (
                    "delivery",
                    models.CharField(
                        choices=[("NOW", "At once"), ("DIGEST", "Daily digest"), ("OFF", "No e-mail")],
                        max_length=6,
                        verbose_name="e-mail",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="at")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="cases.case"
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="cases.mail",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="accounts.officer"
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ("-created_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("your_turn", "A case waits for you"),
                            ("answered", "The other side has answered"),
                            ("informed", "News in a case you carry"),
                            ("half_time", "Half of the time is gone"),
                            ("three_days", "Three days before the due date"),
                            ("one_day", "One day before the due date"),
                            ("due_day", "The due date"),
                            ("overdue", "The deadline has passed"),
                            ("overdue_elsewhere", "Another institution is late"),
                            ("deadline_moved", "A deadline has changed"),
                            ("assigned", "A case was given to you"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[("NOW", "At once"), ("DIGEST", "Daily digest"), ("OFF", "No e-mail")],
                        max_length=6,
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice_choices",
                        to="accounts.officer",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice choice",
                "verbose_name_plural": "notice choices",
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("your_turn", "A case waits for you"),
                            ("answered", "The other side has answered"),
                            ("informed", "News in a case you carry"),
                            ("half_time", "Half of the time is gone"),
                            ("three_days", "Three days before the due date"),
                            ("one_day", "One day before the due date"),
                            ("due_day", "The due date"),
                            ("overdue", "The deadline has passed"),
                            ("overdue_elsewhere", "Another institution is late"),
                            ("deadline_moved", "A deadline has changed"),
                            ("assigned", "A case was given to you"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="given at")),
                (
                    "deadline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="cases.deadline"
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="cases.case"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.institution"
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="accounts.officer"
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("to_on__isnull", True)), fields=["officer"], name="assignment_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_on__isnull", True)),
                        fields=("case", "institution"),
                        name="one_handler_per_institution",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True, verbose_name="hash of the secret")),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feeds",
                        to="accounts.officer",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("officer",),
                        name="one_live_feed_per_officer",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(condition=models.Q(("status", "PENDING")), fields=["next_try_at"], name="mail_pending"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("read_at__isnull", True)), fields=["officer"], name="notice_unread"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("delivery", "DIGEST"), ("mail__isnull", True)),
                fields=["officer"],
                name="notice_for_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticechoice",
            constraint=models.UniqueConstraint(fields=("officer", "kind"), name="one_choice_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("deadline", "due_on", "kind"), name="reminder_given_once"),
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
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
    ]
