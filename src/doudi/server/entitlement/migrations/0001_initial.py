"""The tables of entitlement: policies in force, checks of their assumptions, opening balances."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three tables."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PolicyInForce",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("policy", models.CharField(max_length=120)),
                ("policy_hash", models.CharField(max_length=64)),
                (
                    "schemes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("put_by", models.BigIntegerField()),
                ("put_at", models.DateTimeField()),
                ("ended_by", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "from_date"], name="entitlement_in_force_region")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gte", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="entitlement_in_force_span",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssumptionCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("path", models.CharField(max_length=200)),
                ("is_so", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("checked_by", models.BigIntegerField()),
                ("checked_at", models.DateTimeField()),
                (
                    "in_force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="entitlement.policyinforce",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["in_force", "path"], name="entitlement_check_path")],
            },
        ),
        migrations.CreateModel(
            name="OpeningBalance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("household_id", models.BigIntegerField(null=True)),
                ("period", models.CharField(max_length=24)),
                ("accumulator", models.CharField(max_length=80)),
                ("used_fen", models.BigIntegerField()),
                ("source", models.CharField(max_length=120)),
                ("import_number", models.BigIntegerField(null=True)),
                ("set_by", models.BigIntegerField()),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("household_id__isnull", True)),
                        fields=("person_id", "period", "accumulator"),
                        name="entitlement_opening_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("household_id__isnull", False)),
                        fields=("household_id", "period", "accumulator"),
                        name="entitlement_opening_household_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used_fen__gte", 0)), name="entitlement_opening_not_negative"
                    ),
                ],
            },
        ),
    ]
