"""Events and their seals."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayHead",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("chains", models.IntegerField()),
                ("events", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("day", models.DateField()),
                ("from_txid", models.BigIntegerField()),
                ("until_txid", models.BigIntegerField()),
                ("events", models.BigIntegerField()),
                ("heads", models.JSONField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("user_id", models.BigIntegerField()),
                ("login", models.CharField(max_length=60)),
                ("session", models.CharField(max_length=16)),
                ("event", models.CharField(max_length=80)),
                ("outcome", models.CharField(max_length=10)),
                ("region", models.IntegerField()),
                (
                    "county",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("region"), "/", models.Value(1000)
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                ("facility_id", models.IntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("object_kind", models.CharField(max_length=40)),
                ("object_id", models.CharField(max_length=60)),
                ("purpose", models.CharField(max_length=200)),
                ("detail", models.JSONField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["county", "-id"], name="audit_event_county"),
                    models.Index(fields=["person_id", "-id"], name="audit_event_person"),
                    models.Index(fields=["user_id", "-id"], name="audit_event_user"),
                    models.Index(fields=["event", "-id"], name="audit_event_name"),
                    models.Index(fields=["at"], name="audit_event_at"),
                    models.Index(
                        fields=["-id"],
                        name="audit_event_denied",
                        condition=models.Q(("outcome__in", ["denied", "refused"])),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("event", models.BigIntegerField(primary_key=True, serialize=False)),
                ("region", models.IntegerField()),
                ("day", models.DateField()),
                ("position", models.BigIntegerField()),
                ("seal", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [models.Index(fields=["seal"], name="audit_link_seal")],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "region", "position"), name="audit_link_dense")
                ],
            },
        ),
    ]
