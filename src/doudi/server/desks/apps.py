"""The Django app of desks."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.desks"
    label = "desks"
    default_auto_field = "django.db.models.BigAutoField"
