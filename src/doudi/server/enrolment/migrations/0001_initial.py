"""Enrolments: versions of who is insured in which scheme and year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("insured_region", models.IntegerField()),
                ("scheme", models.CharField(max_length=40)),
                ("basic", models.BooleanField()),
                ("tier", models.CharField(blank=True, max_length=40)),
                ("year", models.SmallIntegerField()),
                ("from_date", models.DateField()),
                ("until_date", models.DateField()),
                ("status", models.CharField(max_length=10)),
                ("premium_fen", models.BigIntegerField(default=0)),
                ("subsidy_fen", models.BigIntegerField(default=0)),
                ("subsidy_source", models.CharField(blank=True, max_length=60)),
                ("subsidy_category", models.CharField(blank=True, max_length=60)),
                ("paid_on", models.DateField(null=True)),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="valid", max_length=10)),
                ("known_since", models.DateField()),
                ("known_until", models.DateField(null=True)),
                ("replaces", models.BigIntegerField(null=True)),
                ("changed_reason", models.CharField(blank=True, max_length=200)),
                ("entered_by", models.BigIntegerField()),
                ("entered_at", models.DateTimeField()),
                ("import_number", models.BigIntegerField(null=True)),
                ("retired_by", models.BigIntegerField(null=True)),
                ("retired_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="enrolment_person"),
                    models.Index(
                        condition=models.Q(("state", "valid")),
                        fields=["year", "region", "status", "scheme", "person_id"],
                        include=["premium_fen", "subsidy_fen"],
                        name="enrolment_year_region",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state", "valid"), models.Q(("status", "insured"), _negated=True)
                        ),
                        fields=["year", "status", "region", "person_id"],
                        name="enrolment_not_insured",
                    ),
                    models.Index(
                        condition=models.Q(("import_number__isnull", False)),
                        fields=["import_number"],
                        name="enrolment_import",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", "valid"), models.Q(("status", "refunded"), _negated=True)
                        ),
                        fields=("person_id", "scheme", "year"),
                        name="enrolment_once_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_date__gt", models.F("from_date"))), name="enrolment_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("premium_fen__gte", 0),
                            ("subsidy_fen__gte", 0),
                            ("subsidy_fen__lte", models.F("premium_fen")),
                        ),
                        name="enrolment_money",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["insured", "unpaid", "lapsed", "refunded"])),
                        name="enrolment_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("known_until__isnull", True), ("state", "valid")),
                            models.Q(("known_until__isnull", False), ("state__in", ["replaced", "void"])),
                            _connector="OR",
                        ),
                        name="enrolment_state",
                    ),
                ],
            },
        ),
    ]
