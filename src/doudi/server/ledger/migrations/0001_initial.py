"""The tables of the ledger."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """All of them."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until_entry", models.BigIntegerField(unique=True)),
                ("lines", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("fund", models.CharField(blank=True, max_length=60)),
                ("facility", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "kind", "fund", "facility"), name="ledger_account_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("region__gte", 0),
                            (
                                "region",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("region"), "/", models.Value(1000)
                                    ),
                                    "*",
                                    models.Value(1000),
                                ),
                            ),
                        ),
                        name="ledger_account_of_county",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("posted_on", models.DateField()),
                ("template", models.CharField(max_length=40)),
                ("facility", models.IntegerField(default=0)),
                ("person_id", models.BigIntegerField(null=True)),
                ("source_kind", models.CharField(blank=True, max_length=40)),
                ("source_id", models.BigIntegerField(default=0)),
                ("line_count", models.SmallIntegerField()),
                ("by_user", models.BigIntegerField()),
                ("posted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "back",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FloatLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("fund", models.CharField(max_length=60)),
                ("agreed_fen", models.BigIntegerField()),
                ("warning_fen", models.BigIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by_user", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["region", "fund", "-id"], name="ledger_float_level")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_fen__gte", 0),
                            ("warning_fen__gte", 0),
                            ("warning_fen__lte", models.F("agreed_fen")),
                        ),
                        name="ledger_float_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FloatMovement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("fund", models.CharField(max_length=60)),
                ("on_date", models.DateField()),
                ("fen", models.BigIntegerField()),
                ("voucher", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("by_user", models.BigIntegerField()),
                ("by_login", models.CharField(max_length=60)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "fund", "on_date"], name="ledger_float_movement")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("fen", 0), _negated=True), name="ledger_movement_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("region", models.IntegerField()),
                ("facility", models.IntegerField(default=0)),
                ("person_id", models.BigIntegerField(null=True)),
                ("posted_on", models.DateField()),
                ("fen", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ledger.account",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ledger.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("month", models.DateField()),
                ("state", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("by_user", models.BigIntegerField()),
                ("by_login", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed")),
                        fields=("region", "month"),
                        name="ledger_period_closed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "begun")),
                        fields=("region",),
                        name="ledger_period_begun_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1), ("state__in", ("begun", "closed"))),
                        name="ledger_period_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("facility", models.IntegerField(default=0)),
                ("opening_fen", models.BigIntegerField()),
                ("debit_fen", models.BigIntegerField()),
                ("credit_fen", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closings",
                        to="ledger.period",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("entries", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                ("holds", models.BooleanField()),
                ("found", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "-id"], name="ledger_proof_region")],
            },
        ),
        migrations.CreateModel(
            name="DaySum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("facility", models.IntegerField(default=0)),
                ("posted_on", models.DateField()),
                ("debit_fen", models.BigIntegerField()),
                ("credit_fen", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.count",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["account", "posted_on"],
                        include=("debit_fen", "credit_fen"),
                        name="ledger_daysum_account",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("count", "account", "posted_on"), name="ledger_daysum_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit_fen__gte", 0), ("debit_fen__gte", 0)),
                        name="ledger_daysum_sides",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["source_kind", "source_id"], name="ledger_entry_source"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("back__isnull", False)), fields=["back"], name="ledger_entry_back"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                fields=["account", "posted_on", "entry"], include=("fen",), name="ledger_line_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen", 0), _negated=True), name="ledger_line_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(fields=("period", "account"), name="ledger_closing_once"),
        ),
    ]
