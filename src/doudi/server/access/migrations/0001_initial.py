"""The tables of access, as first made."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("login", models.CharField(max_length=60, unique=True)),
                ("display_name", models.CharField(max_length=60)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("language", models.CharField(default="zh", max_length=2)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("password_changed_at", models.DateTimeField(null=True)),
                ("activation_hash", models.CharField(blank=True, max_length=128)),
                ("activation_until_at", models.DateTimeField(null=True)),
                ("totp_sealed", models.BinaryField(null=True)),
                ("totp_pending_sealed", models.BinaryField(null=True)),
                ("totp_step", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_sm3", models.CharField(max_length=64, unique=True)),
                ("failures", models.IntegerField(default=0)),
                ("window_at", models.DateTimeField()),
                ("locked_until_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Glass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opening_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("from_region", models.IntegerField()),
                ("user_id", models.BigIntegerField()),
                ("login", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=200)),
                ("ticket", models.CharField(max_length=60)),
                ("broken_at", models.DateTimeField()),
                ("review_due_at", models.DateTimeField()),
                ("reviewed_by", models.BigIntegerField(null=True)),
                ("reviewer_login", models.CharField(blank=True, max_length=60)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=12)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "review_due_at"], name="access_glass_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by__isnull", True),
                            models.Q(("reviewed_by", models.F("user_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="access_glass_not_by_oneself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                ("region_code", models.BigIntegerField()),
                ("facility_id", models.IntegerField(null=True)),
                ("place_name", models.CharField(blank=True, max_length=100)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("granted_by", models.BigIntegerField()),
                ("ended_by", models.BigIntegerField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OldPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hash", models.CharField(max_length=128)),
                ("set_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("user_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["facility_id", "until_at"], name="access_opening_facility"),
                    models.Index(fields=["user_id", "until_at"], name="access_opening_user"),
                    models.Index(fields=["person_id"], name="access_opening_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("facility_id", 0), ("kind", "break_glass")),
                            models.Q(
                                models.Q(("kind", "break_glass"), _negated=True), ("facility_id__gt", 0)
                            ),
                            _connector="OR",
                        ),
                        name="access_opening_by_facility_or_glass",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=80)),
                ("region", models.IntegerField()),
                ("content_sealed", models.BinaryField()),
                ("content_sm3", models.CharField(max_length=64)),
                ("amount_fen", models.BigIntegerField(null=True)),
                ("summary", models.CharField(max_length=200)),
                ("proposed_by", models.BigIntegerField()),
                ("proposer_login", models.CharField(max_length=60)),
                ("proposed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decider_login", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "state"], name="access_proposal_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            models.Q(("state__in", ("approved", "refused")), _negated=True),
                            _connector="OR",
                        ),
                        name="access_proposal_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ("approved", "refused")),
                            ),
                            models.Q(("decided_at__isnull", False), ("state", "withdrawn")),
                            models.Q(("decided_at__isnull", False), ("state", "expired")),
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state", "proposed"),
                            ),
                            _connector="OR",
                        ),
                        name="access_proposal_states",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("started_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, max_length=20)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.grant"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Spent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("budget", models.CharField(max_length=60)),
                ("seconds", models.IntegerField()),
                ("window_at", models.DateTimeField()),
                ("used", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_id", "budget", "seconds", "window_at"), name="access_spent_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("secret_sm3", models.CharField(max_length=64, unique=True)),
                ("issued_by", models.BigIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.BigIntegerField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.grant"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["user", "from_date"], name="access_grant_user"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facility_id__isnull", False), ("role", "window")),
                    models.Q(models.Q(("role", "window"), _negated=True), ("facility_id__isnull", True)),
                    _connector="OR",
                ),
                name="access_grant_window_at_facility",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("granted_by", models.F("user")), _negated=True),
                name="access_grant_not_by_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                ),
                name="access_grant_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["user"], name="access_session_open"
            ),
        ),
    ]
