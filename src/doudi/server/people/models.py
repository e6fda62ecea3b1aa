"""The tables of the identity vault.

Numbers, phones, cards and addresses are sealed and found by keyed blind indexes; elsewhere only `Person.id`. No masked
form is stored: first six and last four digits beside the date of birth would be the whole number.

A column `*_index_next` is filled only while the key of the indexes is being changed (`operations/keys.py`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Person(models.Model):
    """One person. `id` is the opaque number used everywhere else; `region` the region key of where they belong."""

    region = models.IntegerField()
    village_code = models.BigIntegerField(null=True)
    name = models.CharField(max_length=80)
    initials = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField()
    number_kind = models.CharField(max_length=20)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True, unique=True)
    number_index_next = models.BinaryField(null=True, unique=True)
    tail_index = models.BinaryField(null=True)
    disability_category = models.SmallIntegerField(null=True)
    disability_level = models.SmallIntegerField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    ethnicity = models.CharField(max_length=2, blank=True)
    status = models.CharField(max_length=8, default="present")
    status_date = models.DateField(null=True)
    guardian = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="wards")
    birth_order = models.SmallIntegerField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="absorbed")
    source_import = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["region", "name", "id"], name="people_person_region_name"),
            models.Index(fields=["region", "id"], name="people_person_region"),
            models.Index(fields=["name", "region"], name="people_person_name"),
            models.Index(fields=["initials", "region"], name="people_person_initials"),
            models.Index(fields=["village_code", "name"], name="people_person_village"),
            models.Index(fields=["tail_index"], name="people_person_tail"),
            models.Index(fields=["phone_index"], name="people_person_phone"),
            models.Index(fields=["birth_date", "region"], name="people_person_birth"),
            models.Index(
                fields=["region", "name", "id"],
                name="people_person_gone",
                condition=Q(status__in=["dead", "moved"]),
            ),
            models.Index(fields=["birth_date"], name="people_person_no_id", condition=~Q(number_kind="id")),
            models.Index(
                fields=["merged_into"], name="people_person_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["source_import"],
                name="people_person_import",
                condition=Q(source_import__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "region"], name="people_person_id_region"),
            models.UniqueConstraint(
                fields=["guardian", "birth_order"],
                condition=Q(number_sealed__isnull=True),
                name="people_person_child_once",
            ),
            models.CheckConstraint(
                condition=Q(number_sealed__isnull=True, number_index__isnull=True)
                | Q(number_sealed__isnull=False, number_index__isnull=False),
                name="people_person_number_whole",
            ),
            models.CheckConstraint(condition=Q(sex__in=["0", "1", "2", "9"]), name="people_person_sex"),
            models.CheckConstraint(
                condition=Q(status="present", status_date__isnull=True)
                | Q(status__in=["dead", "moved"], status_date__isnull=False),
                name="people_person_status",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="people_person_not_into_oneself"),
        ]


class Household(models.Model):
    """A household: its number in the rosters (户编号), where it is, its sealed address."""

    region = models.IntegerField()
    number = models.CharField(max_length=40, blank=True)
    village_code = models.BigIntegerField(null=True)
    address_sealed = models.BinaryField(null=True)
    source_import = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["region", "number", "id"], name="people_household_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "number"], condition=~Q(number=""), name="people_household_number_once"
            )
        ]


class Membership(models.Model):
    """A person in a household for a time; in at most one now. `relation` to the head by GB/T 4761."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    region = models.IntegerField()
    relation = models.CharField(max_length=2)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    source_import = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_date__isnull=True), name="people_membership_one_now"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(until_date__isnull=True, relation__in=["01", "02"]),
                name="people_membership_one_head",
            ),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="people_membership_in_order",
            ),
        ]


class BankCard(models.Model):
    """The account that benefits of a person are paid to (一卡通); one at a time. A family may share an account."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    region = models.IntegerField()
    number_sealed = models.BinaryField()
    number_index = models.BinaryField()
    bank = models.CharField(max_length=60, blank=True)
    holder_name = models.CharField(max_length=80)
    from_date = models.DateField()
    until_date = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["number_index"], name="people_card_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_date__isnull=True), name="people_card_one_now"
            ),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="people_card_in_order",
            ),
        ]


class Contact(models.Model):
    """Whom to reach for a person: a relative or a village cadre, with a sealed phone."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts")
    region = models.IntegerField()
    name = models.CharField(max_length=80)
    relation = models.CharField(max_length=20, blank=True)
    phone_sealed = models.BinaryField()
    ended_at = models.DateTimeField(null=True)


class PersonChange(models.Model):
    """What was changed of a person: kept for ever. Values before and after are sealed (JSON)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changes")
    region = models.IntegerField()
    did = models.CharField(max_length=20)
    fields = models.JSONField(default=list)
    values_sealed = models.BinaryField(null=True)
    other_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="people_change_person")]
