"""Divisions, facilities, funds and payers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("region", models.IntegerField()),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("is_fictional", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "name"], name="reference_facility_region")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[HP][0-9]{11}$")), name="reference_facility_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gt", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="reference_facility_closes_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=80)),
                ("department", models.CharField(max_length=80)),
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
                        name="reference_fund_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Payer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=80)),
                ("fund", models.CharField(max_length=60)),
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
                        name="reference_payer_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.BigIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("parent_code", models.BigIntegerField(null=True)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("source", models.CharField(max_length=200)),
                ("is_fictional", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["parent_code"], name="reference_region_parent")],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "from_date"), name="reference_region_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_region_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("predecessor_code", models.BigIntegerField()),
                ("successor_code", models.BigIntegerField()),
                ("on_date", models.DateField()),
                ("basis", models.CharField(max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["predecessor_code", "on_date"], name="reference_change_from"),
                    models.Index(fields=["successor_code", "on_date"], name="reference_change_to"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("predecessor_code", "successor_code", "on_date"), name="reference_change_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Designation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("scheme", models.CharField(max_length=40)),
                ("is_programme", models.BooleanField(default=False)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designations",
                        to="reference.facility",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_designation_ends_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FacilityStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("level", models.CharField(blank=True, max_length=20)),
                ("grade", models.CharField(blank=True, max_length=1)),
                ("step", models.CharField(blank=True, max_length=10)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                (
                    "facility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standings",
                        to="reference.facility",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="reference_standing_ends_later",
                    )
                ],
            },
        ),
    ]
