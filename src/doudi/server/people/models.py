"""The tables of the identity vault. Numbers are sealed; a keyed blind index finds them; elsewhere only `Person.id`."""

from __future__ import annotations

from django.db import models


class Person(models.Model):
    """One person. `id` is the opaque number used everywhere else; `region` the region key of where they belong."""

    region = models.IntegerField()
    village_code = models.BigIntegerField(null=True)
    name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField()
    number_kind = models.CharField(max_length=20)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True, unique=True)
    number_hint = models.CharField(max_length=24, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "name"], name="people_person_region_name")]
        constraints = [models.UniqueConstraint(fields=["id", "region"], name="people_person_id_region")]
