"""The Django app of enrolment."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"
