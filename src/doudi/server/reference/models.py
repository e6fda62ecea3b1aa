"""The tables everybody refers to."""

from __future__ import annotations

from django.db import models


class Region(models.Model):
    """A division by its 12-digit code, while it is valid."""

    code = models.BigIntegerField()
    name = models.CharField(max_length=60)
    parent_code = models.BigIntegerField(null=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "from_date"], name="reference_region_once")]


class Facility(models.Model):
    """A hospital, health centre, village clinic or pharmacy."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    region = models.IntegerField()
    level = models.CharField(max_length=20)
    grade = models.CharField(max_length=20, blank=True)
