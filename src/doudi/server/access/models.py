"""Users, what they are granted, and which persons a facility has opened."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now


class User(AbstractBaseUser):
    """A person who works with Doudi. Accounts are never shared and never deleted, only closed."""

    login = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=60)
    phone_sealed = models.BinaryField(null=True)
    totp_sealed = models.BinaryField(null=True)
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    password_must_change = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="zh")
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = BaseUserManager["User"]()


class Grant(models.Model):
    """A role for a region (12-digit code; 0 is the whole country) or for a facility, while it is valid."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    region_code = models.BigIntegerField(null=True)
    facility_id = models.IntegerField(null=True)
    facility_name = models.CharField(max_length=80, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    granted_by = models.BigIntegerField()
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(region_code__isnull=True) ^ models.Q(facility_id__isnull=True),
                name="access_grant_one_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(granted_by=models.F("user")), name="access_grant_not_by_oneself"
            ),
        ]


class Opening(models.Model):
    """A facility has opened a person: found by exact number or card, or broken the glass. Ends by itself."""

    person_id = models.BigIntegerField()
    region = models.IntegerField()
    facility_id = models.IntegerField()
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["facility_id", "until_at"], name="access_opening_facility"),
            models.Index(fields=["person_id"], name="access_opening_person"),
        ]
