"""Catalogues, clinical codes and disease lists."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CatalogueItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                ("list_type", models.CharField(max_length=3)),
                ("name", models.CharField(max_length=200)),
                ("specification", models.CharField(blank=True, max_length=200)),
                ("unit", models.CharField(blank=True, max_length=60)),
                ("maker", models.CharField(blank=True, max_length=200)),
                ("version", models.CharField(blank=True, max_length=60)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("is_fictional", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["list_type", "code"], name="reference_item_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_item_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClinicalCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("version", models.CharField(blank=True, max_length=60)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["kind", "code"],
                        name="reference_clinical_code",
                        opclasses=["varchar_ops", "varchar_pattern_ops"],
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_clinical_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DiseaseList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("region", models.IntegerField()),
                ("name", models.CharField(max_length=80)),
                ("basis", models.CharField(max_length=300)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_list_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstPay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                ("region", models.IntegerField()),
                ("scheme", models.CharField(blank=True, max_length=20)),
                ("rate_bp", models.IntegerField()),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_first_pay_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate_bp__gte", 0), ("rate_bp__lte", 10000)),
                        name="reference_first_pay_rate",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemClass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                ("region", models.IntegerField()),
                ("item_class", models.CharField(max_length=1)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_class_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item_class__in", ("1", "2", "3"))), name="reference_class_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceCeiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                ("region", models.IntegerField()),
                ("grade", models.CharField(blank=True, max_length=1)),
                ("ceiling_fen", models.BigIntegerField()),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_ceiling_ends_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ceiling_fen__gte", 0)), name="reference_ceiling_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedDisease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("prefixes", models.CharField(max_length=300)),
                ("age_below", models.SmallIntegerField(null=True)),
                ("assumed", models.CharField(blank=True, max_length=200)),
                (
                    "disease_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="diseases",
                        to="reference.diseaselist",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("disease_list", "position"), name="reference_listed_once")
                ],
            },
        ),
    ]
