"""Recognitions: versions of who has which category, and when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Recognition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("region", models.IntegerField()),
                ("category", models.CharField(max_length=60)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("state", models.CharField(default="valid", max_length=10)),
                ("known_since", models.DateField()),
                ("known_until", models.DateField(null=True)),
                ("replaces", models.BigIntegerField(null=True)),
                ("household_id", models.BigIntegerField(null=True)),
                ("source_department", models.CharField(max_length=80)),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("paper_id", models.BigIntegerField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                ("entered_by", models.BigIntegerField()),
                ("entered_at", models.DateTimeField()),
                ("import_number", models.BigIntegerField(null=True)),
                ("retired_by", models.BigIntegerField(null=True)),
                ("retired_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="recognition_person"),
                    models.Index(
                        condition=models.Q(("state", "valid")),
                        fields=["category", "region", "id"],
                        name="recognition_category_region",
                    ),
                    models.Index(
                        condition=models.Q(("state", "valid")),
                        fields=["region", "id"],
                        name="recognition_region",
                    ),
                    models.Index(
                        condition=models.Q(("state", "valid"), ("until_date__isnull", False)),
                        fields=["until_date"],
                        name="recognition_until",
                    ),
                    models.Index(
                        condition=models.Q(("import_number__isnull", False)),
                        fields=["import_number"],
                        name="recognition_import",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gt", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="recognition_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("known_until__isnull", True), ("state", "valid")),
                            models.Q(("known_until__isnull", False), ("state__in", ["replaced", "void"])),
                            _connector="OR",
                        ),
                        name="recognition_state",
                    ),
                ],
            },
        ),
    ]
