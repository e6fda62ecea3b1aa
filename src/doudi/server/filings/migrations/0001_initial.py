"""Filings: versions of what was filed for whom, and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("subject", models.CharField(max_length=80)),
                ("facility_id", models.IntegerField(null=True)),
                ("target_facility_id", models.IntegerField(null=True)),
                ("target_level", models.CharField(blank=True, max_length=20)),
                ("disease_code", models.CharField(blank=True, max_length=30)),
                ("third_party_bp", models.IntegerField(null=True)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("paper_id", models.BigIntegerField(null=True)),
                ("state", models.CharField(default="valid", max_length=10)),
                ("known_since", models.DateField()),
                ("known_until", models.DateField(null=True)),
                ("replaces", models.BigIntegerField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                ("entered_by", models.BigIntegerField()),
                ("entered_at", models.DateTimeField()),
                ("import_number", models.BigIntegerField(null=True)),
                ("retired_by", models.BigIntegerField(null=True)),
                ("retired_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="filing_person"),
                    models.Index(
                        condition=models.Q(("state", "valid")),
                        fields=["kind", "region", "id"],
                        name="filing_kind_region",
                    ),
                    models.Index(
                        condition=models.Q(("state", "valid")),
                        fields=["facility_id", "id"],
                        name="filing_facility",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="filing_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("third_party_bp__isnull", True),
                            models.Q(("third_party_bp__gte", 0), ("third_party_bp__lte", 10000)),
                            _connector="OR",
                        ),
                        name="filing_third_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("known_until__isnull", True), ("state", "valid")),
                            models.Q(
                                ("known_until__isnull", False), ("state__in", ["replaced", "withdrawn"])
                            ),
                            _connector="OR",
                        ),
                        name="filing_state",
                    ),
                ],
            },
        ),
    ]
