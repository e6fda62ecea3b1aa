"""The Django app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
