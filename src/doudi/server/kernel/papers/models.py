"""The table of stored papers: the bytes are sealed; name, size and hash stand beside them."""

from __future__ import annotations

from django.db import models


class StoredPaper(models.Model):
    """One file. `content_sm3` is of the bytes before sealing. A removed paper keeps its row and loses its bytes."""

    region = models.IntegerField()
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()
    content_sm3 = models.CharField(max_length=64)
    sealed = models.BinaryField(null=True)
    kept_by = models.BigIntegerField()
    kept_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "kernel"
        indexes = [
            models.Index(fields=["region", "content_sm3"], name="kernel_paper_content"),
            models.Index(fields=["until_at"], name="kernel_paper_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sealed__isnull=True) ^ models.Q(removed_at__isnull=True),
                name="kernel_paper_bytes_or_removed",
            ),
        ]
