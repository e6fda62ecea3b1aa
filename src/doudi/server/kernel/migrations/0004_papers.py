"""Stored papers, with their protection: a paper is seen in its region."""

from django.db import migrations, models

from doudi.server.kernel.security import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.IntegerField()),
                ("purpose", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.IntegerField()),
                ("content_sm3", models.CharField(max_length=64)),
                ("sealed", models.BinaryField(null=True)),
                ("kept_by", models.BigIntegerField()),
                ("kept_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "content_sm3"], name="kernel_paper_content"),
                    models.Index(fields=["until_at"], name="kernel_paper_until"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sealed__isnull", True), ("removed_at__isnull", True), _connector="XOR"
                        ),
                        name="kernel_paper_bytes_or_removed",
                    )
                ],
            },
        ),
        Protect.by_region("kernel_storedpaper"),
    ]
