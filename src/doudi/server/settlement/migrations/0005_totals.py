"""The sums of settlements by day and month, and the marks of days that changed."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [
        ("settlement", "0004_protect_debts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("changed_on", models.DateField()),
            ],
            options={
                "indexes": [models.Index(fields=["changed_on", "region"], name="settlement_changed_day")],
            },
        ),
        migrations.CreateModel(
            name="PeriodTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("grain", models.CharField(max_length=13)),
                ("begins_on", models.DateField()),
                ("region", models.IntegerField()),
                ("facility_id", models.IntegerField()),
                ("care", models.CharField(max_length=30)),
                ("level", models.CharField(blank=True, max_length=20)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("disease", models.CharField(blank=True, max_length=3)),
                ("bills", models.IntegerField()),
                ("reversed", models.IntegerField()),
                ("readjudicated", models.IntegerField()),
                ("total_fen", models.BigIntegerField()),
                ("in_scope_fen", models.BigIntegerField()),
                ("hospital_fen", models.BigIntegerField()),
                ("patient_fen", models.BigIntegerField()),
                ("patient_in_scope_fen", models.BigIntegerField()),
                ("basic_fen", models.BigIntegerField()),
                ("catastrophic_fen", models.BigIntegerField()),
                ("supplement_fen", models.BigIntegerField()),
                ("inclined_aid_fen", models.BigIntegerField()),
                ("assistance_fen", models.BigIntegerField()),
                ("last_resort_fen", models.BigIntegerField()),
                ("others", models.JSONField(null=True)),
                ("own_square", models.BigIntegerField()),
                ("total_square", models.BigIntegerField()),
                ("own_by_total", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["grain", "begins_on", "region"], name="settlement_total_period"),
                    models.Index(
                        condition=models.Q(("grain", "disease")),
                        fields=["begins_on", "disease", "region"],
                        name="settlement_total_disease",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "grain__in",
                                ("day", "day_light", "month", "month_light", "disease", "disease_light"),
                            )
                        ),
                        name="settlement_total_grain",
                    )
                ],
            },
        ),
    ]
