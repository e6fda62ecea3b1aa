"""Jobs and workers, with their protection: my own jobs, and jobs whose region is in scope."""

import django.db.models.functions.datetime
from django.db import migrations, models

from doudi.server.kernel.security import IN_SCOPE, Protect, forced

# Zero is nobody's number: the server's own jobs are seen through its scope, which is everywhere.
SEEN = "(user_id = nullif((SELECT doudi_user()), 0) OR {})".format(IN_SCOPE.format(region="region"))


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=120, null=True)),
                ("user_id", models.BigIntegerField()),
                ("region", models.IntegerField(default=0)),
                ("actor", models.JSONField()),
                ("payload", models.JSONField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempt", models.IntegerField(default=0)),
                ("attempt_limit", models.IntegerField()),
                ("enqueued_at", models.DateTimeField()),
                ("run_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("worker", models.CharField(blank=True, default="", max_length=80)),
                ("lease_until", models.DateTimeField(null=True)),
                ("cancel_asked_at", models.DateTimeField(null=True)),
                ("progress_done", models.BigIntegerField(default=0)),
                ("progress_total", models.BigIntegerField(default=0)),
                ("progress_zh", models.CharField(blank=True, default="", max_length=200)),
                ("progress_en", models.CharField(blank=True, default="", max_length=200)),
                ("result", models.JSONField(null=True)),
                ("result_paper", models.BigIntegerField(null=True)),
                ("error_code", models.CharField(blank=True, default="", max_length=80)),
                ("error_zh", models.CharField(blank=True, default="", max_length=400)),
                ("error_en", models.CharField(blank=True, default="", max_length=400)),
                ("error_reference", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["run_at", "id"],
                        name="kernel_job_live",
                    ),
                    models.Index(fields=["user_id", "-id"], name="kernel_job_user"),
                    models.Index(fields=["region", "-id"], name="kernel_job_region"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "user_id", "key"), name="kernel_job_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "done", "failed", "cancelled"])
                        ),
                        name="kernel_job_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="kernel_job_running_is_leased",
                    ),
                ],
            },
        ),
        forced("kernel_job", SEEN, SEEN, "SELECT, INSERT, UPDATE, DELETE"),
        Protect.plain("kernel_worker"),
    ]
