"""What patients owe: debts, agreements, movements, cases, and what hospitals ask."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made from `models_debts.py`."""

    dependencies = [
        ("settlement", "0002_protect"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("root_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("fen", models.BigIntegerField()),
                ("entitled", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("guarantor_sealed", models.BinaryField(null=True)),
                ("paper_number", models.CharField(blank=True, max_length=60)),
                ("made_on", models.DateField()),
                ("made_by", models.BigIntegerField()),
                ("made_login", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("root_id",),
                        name="settlement_agreement_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fen__gt", 0)), name="settlement_agreement_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Debt",
            fields=[
                ("root_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("current_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("settled_on", models.DateField()),
                ("charged_fen", models.BigIntegerField()),
                ("paid_fen", models.BigIntegerField(default=0)),
                ("written_off_fen", models.BigIntegerField(default=0)),
                ("individual_fen", models.BigIntegerField(default=0)),
                ("given_fen", models.BigIntegerField(default=0)),
                (
                    "open_fen",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("charged_fen"), "-", models.F("paid_fen")
                                ),
                                "-",
                                models.F("written_off_fen"),
                            ),
                            "-",
                            models.F("individual_fen"),
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                ("due_on", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("open_fen", 0), _negated=True),
                        fields=["facility_id", "due_on", "root_id"],
                        name="settlement_debt_here",
                    ),
                    models.Index(
                        condition=models.Q(("open_fen", 0), _negated=True),
                        fields=["region", "due_on", "root_id"],
                        name="settlement_debt_region",
                    ),
                    models.Index(fields=["person_id"], name="settlement_debt_whose"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtAsk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("root_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("fen", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("state", models.CharField(default="asked", max_length=10)),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("asked_by", models.BigIntegerField()),
                ("asked_login", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")),
                        fields=["region", "id"],
                        name="settlement_ask_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("root_id", "kind"),
                        name="settlement_ask_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("write_off", "individual"))),
                        name="settlement_ask_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("asked", "granted", "declined", "withdrawn"))),
                        name="settlement_ask_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fen__gt", 0)), name="settlement_ask_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("root_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("benefit_year", models.SmallIntegerField()),
                ("payer", models.CharField(blank=True, max_length=60)),
                ("fund", models.CharField(max_length=60)),
                ("to", models.CharField(max_length=8)),
                ("fen", models.BigIntegerField()),
                ("reason", models.CharField(max_length=400)),
                (
                    "papers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("approved_on", models.DateField()),
                ("approved_by", models.BigIntegerField()),
                ("approved_login", models.CharField(max_length=60)),
                ("approved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "-id"], name="settlement_case_region"),
                    models.Index(fields=["root_id"], name="settlement_case_of"),
                    models.Index(fields=["person_id", "benefit_year"], name="settlement_case_whose"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to__in", ("debt", "patient"))), name="settlement_case_to"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fen__gt", 0)), name="settlement_case_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("root_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("fen", models.BigIntegerField()),
                ("channel", models.CharField(blank=True, max_length=12)),
                ("serial", models.CharField(blank=True, max_length=60)),
                ("request_sm3", models.CharField(blank=True, max_length=64)),
                ("fund", models.CharField(blank=True, max_length=60)),
                ("case_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("open_after_fen", models.BigIntegerField(db_default=0)),
                ("moved_on", models.DateField()),
                ("entry_id", models.BigIntegerField()),
                ("by_user", models.BigIntegerField()),
                ("by_login", models.CharField(max_length=60)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["root_id"], name="settlement_move_of"),
                    models.Index(fields=["facility_id", "moved_on"], name="settlement_move_here"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("serial", ""), _negated=True),
                        fields=("facility_id", "serial"),
                        name="settlement_move_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("paid", "written_off", "individual", "given"))),
                        name="settlement_move_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fen", 0), _negated=True), name="settlement_move_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "paid"), models.Q(("channel", ""), ("serial", "")), _connector="XOR"
                        ),
                        name="settlement_move_paid_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("root_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField()),
                ("position", models.SmallIntegerField()),
                ("due_on", models.DateField()),
                ("fen", models.BigIntegerField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instalments",
                        to="settlement.agreement",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["root_id"], name="settlement_instalment_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "position"), name="settlement_instalment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fen__gt", 0)), name="settlement_instalment_positive"
                    ),
                ],
            },
        ),
    ]
