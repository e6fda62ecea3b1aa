"""The tables everybody refers to.

What can change over time has `from_date` and `until_date` (exclusive), and one thing has one row a day: PostgreSQL
refuses overlapping times (exclusion constraints in `migrations/0003_protect.py`).

`region` is a region key (9 digits; a city or province padded with zeros, 0 the whole country), `*_code` of a region the
12-digit division code.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


def ends_after_it_begins(table: str) -> models.CheckConstraint:
    """A time of validity is never empty or turned round."""
    return models.CheckConstraint(
        condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date")),
        name=f"reference_{table}_ends_later",
    )


class Version(models.Model):
    """One row: raised by whatever changes reference data, in the same transaction, so that caches see it at once."""

    number = models.BigIntegerField()


class Region(models.Model):
    """A division by its 12-digit code, while it is valid (GB/T 2260, GB/T 10114, statistics codes of villages)."""

    code = models.BigIntegerField()
    name = models.CharField(max_length=60)
    parent_code = models.BigIntegerField(null=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    source = models.CharField(max_length=200)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["parent_code"], name="reference_region_parent")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "from_date"], name="reference_region_once"),
            ends_after_it_begins("region"),
        ]


class RegionChange(models.Model):
    """A reorganisation: from `on_date` what was `predecessor_code` is, wholly or in part, `successor_code`."""

    predecessor_code = models.BigIntegerField()
    successor_code = models.BigIntegerField()
    on_date = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["predecessor_code", "on_date"], name="reference_change_from"),
            models.Index(fields=["successor_code", "on_date"], name="reference_change_to"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["predecessor_code", "successor_code", "on_date"], name="reference_change_once"
            ),
        ]


class Facility(models.Model):
    """A hospital, health centre, village clinic or pharmacy, by its national code (H or P, 6 area, 5 serial)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    region = models.IntegerField()
    credit_code = models.CharField(max_length=18, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["region", "name"], name="reference_facility_region")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[HP][0-9]{11}$"), name="reference_facility_code"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="reference_facility_closes_later",
            ),
        ]


class FacilityStanding(models.Model):
    """Level and grade of a facility while they hold; "" where it has none (a pharmacy, a clinic without a grade)."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="standings")
    region = models.IntegerField()
    level = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=1, blank=True)
    step = models.CharField(max_length=10, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [ends_after_it_begins("standing")]


class Designation(models.Model):
    """定点 of a facility for an insurance scheme (`is_programme` false) or a treatment programme, while it holds."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="designations")
    region = models.IntegerField()
    scheme = models.CharField(max_length=40)
    is_programme = models.BooleanField(default=False)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [ends_after_it_begins("designation")]


class Fund(models.Model):
    """A fund of a region and the department that owns it; `code` as in the policies."""

    region = models.IntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    department = models.CharField(max_length=80)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [ends_after_it_begins("fund")]


class Payer(models.Model):
    """A payer of a region and the fund it draws on; `code` as in the policies."""

    region = models.IntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    fund = models.CharField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [ends_after_it_begins("payer")]


class CatalogueItem(models.Model):
    """A drug, service item or consumable of the national catalogues (transactions 1301–1306, 1320)."""

    code = models.CharField(max_length=50)
    list_type = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    specification = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    maker = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=60, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["list_type", "code"], name="reference_item_list")]
        constraints: ClassVar = [ends_after_it_begins("item")]


class ItemClass(models.Model):
    """甲, 乙 or 丙 of an item in a region ("1", "2", "3"; transaction 1312 `chrgitm_lv`)."""

    code = models.CharField(max_length=50)
    region = models.IntegerField()
    item_class = models.CharField(max_length=1)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            ends_after_it_begins("class"),
            models.CheckConstraint(condition=Q(item_class__in=("1", "2", "3")), name="reference_class_known"),
        ]


class FirstPay(models.Model):
    """First-pay rate of an item in a region, for one scheme or ("") for all (transaction 1319 `selfpay_prop`)."""

    code = models.CharField(max_length=50)
    region = models.IntegerField()
    scheme = models.CharField(max_length=20, blank=True)
    rate_bp = models.IntegerField()
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            ends_after_it_begins("first_pay"),
            models.CheckConstraint(
                condition=Q(rate_bp__gte=0, rate_bp__lte=10_000), name="reference_first_pay_rate"
            ),
        ]


class PriceCeiling(models.Model):
    """Highest price insurance recognises, for hospitals of one grade or ("") for all (1318 `hilist_pric_uplmt_amt`)."""

    code = models.CharField(max_length=50)
    region = models.IntegerField()
    grade = models.CharField(max_length=1, blank=True)
    ceiling_fen = models.BigIntegerField()
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            ends_after_it_begins("ceiling"),
            models.CheckConstraint(condition=Q(ceiling_fen__gte=0), name="reference_ceiling_not_negative"),
        ]


class ClinicalCode(models.Model):
    """A diagnosis (医保版 ICD-10), procedure (医保版 ICD-9-CM-3) or outpatient special disease (1307, 1308, 1309)."""

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    version = models.CharField(max_length=60, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "code"],
                opclasses=["varchar_ops", "varchar_pattern_ops"],
                name="reference_clinical_code",
            )
        ]
        constraints: ClassVar = [ends_after_it_begins("clinical")]


class DiseaseList(models.Model):
    """A named list of diseases of a region while it is in force, with the document that made it."""

    code = models.CharField(max_length=40)
    region = models.IntegerField()
    name = models.CharField(max_length=80)
    basis = models.CharField(max_length=300)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [ends_after_it_begins("list")]


class ListedDisease(models.Model):
    """One disease of a list: its ICD-10 prefixes, parted by spaces, and an age below which it counts."""

    disease_list = models.ForeignKey(DiseaseList, on_delete=models.CASCADE, related_name="diseases")
    position = models.SmallIntegerField()
    name = models.CharField(max_length=80)
    prefixes = models.CharField(max_length=300)
    age_below = models.SmallIntegerField(null=True)
    assumed = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["disease_list", "position"], name="reference_listed_once")
        ]
