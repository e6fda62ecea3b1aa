"""Imports, their rows and what they changed; all of it is seen in the region of the import."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from doudi.server.kernel.security import Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0004_papers")]

    operations = [
        migrations.CreateModel(
            name="StagedImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("region", models.IntegerField()),
                ("state", models.CharField(max_length=10)),
                ("options", models.JSONField(default=dict)),
                ("file_name", models.CharField(max_length=200)),
                ("paper", models.BigIntegerField()),
                ("content_sm3", models.CharField(max_length=64)),
                ("sheet", models.CharField(blank=True, max_length=100)),
                ("layout", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("notices", models.JSONField(default=list)),
                ("problem", models.JSONField(null=True)),
                ("job", models.BigIntegerField(null=True)),
                ("rows", models.IntegerField(default=0)),
                ("new", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("unchanged", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("duplicate", models.IntegerField(default=0)),
                ("applied_rows", models.IntegerField(default=0)),
                ("uploaded_by", models.BigIntegerField()),
                ("uploaded_at", models.DateTimeField()),
                ("examined_at", models.DateTimeField(null=True)),
                ("applied_by", models.BigIntegerField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("undone_by", models.BigIntegerField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("until_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "-id"], name="imports_staged_region"),
                    models.Index(fields=["kind", "content_sm3"], name="imports_staged_content"),
                    models.Index(fields=["until_at"], name="imports_staged_until"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "uploaded",
                                    "mapped",
                                    "examining",
                                    "examined",
                                    "applying",
                                    "applied",
                                    "undoing",
                                    "undone",
                                    "refused",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="imports_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("new"), "+", models.F("changed")
                                            ),
                                            "+",
                                            models.F("unchanged"),
                                        ),
                                        "+",
                                        models.F("refused"),
                                    ),
                                    "+",
                                    models.F("duplicate"),
                                ),
                            )
                        ),
                        name="imports_counts_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "applied_rows__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("new"), "+", models.F("changed")
                                ),
                            )
                        ),
                        name="imports_applied_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("number", models.IntegerField()),
                ("row", models.IntegerField()),
                ("did", models.CharField(max_length=7)),
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.BigIntegerField()),
                (
                    "staged",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.stagedimport",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["object_kind", "object_id"], name="imports_change_object")],
                "constraints": [
                    models.UniqueConstraint(fields=("staged", "number"), name="imports_change_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("holds", models.CharField(max_length=10)),
                ("first", models.IntegerField()),
                ("last", models.IntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "staged",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="imports.stagedimport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("staged", "holds", "first"), name="imports_part_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("number", models.IntegerField()),
                ("judgement", models.CharField(max_length=10)),
                ("chosen", models.BooleanField()),
                ("decided", models.BigIntegerField(null=True)),
                (
                    "staged",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="imports.stagedimport",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["staged", "judgement", "number"], name="imports_row_judgement")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("staged", "number"), name="imports_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judgement__in", ["new", "changed", "unchanged", "refused", "duplicate"])
                        ),
                        name="imports_row_judged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("chosen", False), ("judgement__in", ["new", "changed"]), _connector="OR"
                        ),
                        name="imports_row_may_be_chosen",
                    ),
                ],
            },
        ),
        Protect.by_region("imports_stagedimport"),
        Protect.by_region("imports_stagedrow"),
        Protect.by_region("imports_stagedpart"),
        Protect.by_region("imports_importchange"),
    ]
