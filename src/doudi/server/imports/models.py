"""The tables of imports. What a row says is sealed in parts of many rows; beside it stand only numbers and verdicts.

All rows carry the region of their import, so that they follow its scope. Objects that were changed are named by kind and
number alone. After the retention time the file and the parts are removed; the import, its counts and the list of what it
changed stay.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from doudi.server.imports.data import Judgement
from doudi.server.imports.states import State


class StagedImport(models.Model):
    """One import. The counts add up to `rows` at any time: the database holds it."""

    kind = models.CharField(max_length=60)
    region = models.IntegerField()
    state = models.CharField(max_length=10)
    options = models.JSONField(default=dict)
    file_name = models.CharField(max_length=200)
    paper = models.BigIntegerField()
    content_sm3 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, blank=True)
    layout = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    problem = models.JSONField(null=True)
    job = models.BigIntegerField(null=True)
    rows = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    applied_rows = models.IntegerField(default=0)
    uploaded_by = models.BigIntegerField()
    uploaded_at = models.DateTimeField()
    examined_at = models.DateTimeField(null=True)
    applied_by = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region", "-id"], name="imports_staged_region"),
            models.Index(fields=["kind", "content_sm3"], name="imports_staged_content"),
            models.Index(fields=["until_at"], name="imports_staged_until"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in State]), name="imports_state_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    rows=F("new") + F("changed") + F("unchanged") + F("refused") + F("duplicate"),
                ),
                name="imports_counts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(applied_rows__lte=F("new") + F("changed")), name="imports_applied_within"
            ),
        ]


class StagedRow(models.Model):
    """One row's verdict, whether it is chosen, and what was decided about a possible duplicate. No personal data."""

    staged = models.ForeignKey(StagedImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    region = models.IntegerField()
    number = models.IntegerField()
    judgement = models.CharField(max_length=10)
    chosen = models.BooleanField()
    decided = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["staged", "judgement", "number"], name="imports_row_judgement")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staged", "number"], name="imports_row_once"),
            models.CheckConstraint(
                condition=Q(judgement__in=[str(j) for j in Judgement]), name="imports_row_judged"
            ),
            models.CheckConstraint(
                condition=Q(chosen=False) | Q(judgement__in=["new", "changed"]),
                name="imports_row_may_be_chosen",
            ),
        ]


class StagedPart(models.Model):
    """Many rows (or changes) together, as sealed bytes: `first` and `last` are their numbers."""

    staged = models.ForeignKey(StagedImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    region = models.IntegerField()
    holds = models.CharField(max_length=10)
    first = models.IntegerField()
    last = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staged", "holds", "first"], name="imports_part_once"),
        ]


class ImportChange(models.Model):
    """One thing an import made or changed: kind and number. What it was before lies sealed in a part."""

    staged = models.ForeignKey(StagedImport, on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.IntegerField()
    number = models.IntegerField()
    row = models.IntegerField()
    did = models.CharField(max_length=7)
    object_kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id"], name="imports_change_object"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staged", "number"], name="imports_change_once"),
        ]
