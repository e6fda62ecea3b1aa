"""The tables of the identity vault."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Persons, households, memberships, cards, contacts, history."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("number", models.CharField(blank=True, max_length=40)),
                ("village_code", models.BigIntegerField(null=True)),
                ("address_sealed", models.BinaryField(null=True)),
                ("source_import", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("created_by", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["region", "number", "id"], name="people_household_region")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("region", "number"),
                        name="people_household_number_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("village_code", models.BigIntegerField(null=True)),
                ("name", models.CharField(max_length=80)),
                ("initials", models.CharField(blank=True, max_length=40)),
                ("sex", models.CharField(max_length=1)),
                ("birth_date", models.DateField()),
                ("number_kind", models.CharField(max_length=20)),
                ("number_sealed", models.BinaryField(null=True)),
                ("number_index", models.BinaryField(null=True, unique=True)),
                ("number_index_next", models.BinaryField(null=True, unique=True)),
                ("tail_index", models.BinaryField(null=True)),
                ("disability_category", models.SmallIntegerField(null=True)),
                ("disability_level", models.SmallIntegerField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_index", models.BinaryField(null=True)),
                ("ethnicity", models.CharField(blank=True, max_length=2)),
                ("status", models.CharField(default="present", max_length=8)),
                ("status_date", models.DateField(null=True)),
                ("birth_order", models.SmallIntegerField(null=True)),
                ("source_import", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("created_by", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("changed_by", models.BigIntegerField(default=0)),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wards",
                        to="people.person",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("relation", models.CharField(max_length=2)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("source_import", models.BigIntegerField(null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.household",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("name", models.CharField(max_length=80)),
                ("relation", models.CharField(blank=True, max_length=20)),
                ("phone_sealed", models.BinaryField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("number_sealed", models.BinaryField()),
                ("number_index", models.BinaryField()),
                ("bank", models.CharField(blank=True, max_length=60)),
                ("holder_name", models.CharField(max_length=80)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("did", models.CharField(max_length=20)),
                ("fields", models.JSONField(default=list)),
                ("values_sealed", models.BinaryField(null=True)),
                ("other_id", models.BigIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("user_id", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["region", "name", "id"], name="people_person_region_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["region", "id"], name="people_person_region"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["name", "region"], name="people_person_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["initials", "region"], name="people_person_initials"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["village_code", "name"], name="people_person_village"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["tail_index"], name="people_person_tail"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["phone_index"], name="people_person_phone"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["birth_date", "region"], name="people_person_birth"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("status__in", ["dead", "moved"])),
                fields=["region", "name", "id"],
                name="people_person_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("number_kind", "id"), _negated=True),
                fields=["birth_date"],
                name="people_person_no_id",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="people_person_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("source_import__isnull", False)),
                fields=["source_import"],
                name="people_person_import",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("id", "region"), name="people_person_id_region"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number_sealed__isnull", True)),
                fields=("guardian", "birth_order"),
                name="people_person_child_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number_index__isnull", True), ("number_sealed__isnull", True)),
                    models.Q(("number_index__isnull", False), ("number_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="people_person_number_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ["0", "1", "2", "9"])), name="people_person_sex"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "present"), ("status_date__isnull", True)),
                    models.Q(("status__in", ["dead", "moved"]), ("status_date__isnull", False)),
                    _connector="OR",
                ),
                name="people_person_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="people_person_not_into_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_date__isnull", True)),
                fields=("person",),
                name="people_membership_one_now",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("relation__in", ["01", "02"]), ("until_date__isnull", True)),
                fields=("household",),
                name="people_membership_one_head",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                ),
                name="people_membership_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="bankcard",
            index=models.Index(fields=["number_index"], name="people_card_number"),
        ),
        migrations.AddConstraint(
            model_name="bankcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_date__isnull", True)),
                fields=("person",),
                name="people_card_one_now",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                ),
                name="people_card_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="personchange",
            index=models.Index(fields=["person", "-id"], name="people_change_person"),
        ),
    ]
