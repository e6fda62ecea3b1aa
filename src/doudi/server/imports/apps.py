"""The Django app of imports."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"
