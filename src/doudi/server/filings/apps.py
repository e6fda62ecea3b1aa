"""The Django app of filings."""

from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.filings"
    label = "filings"
    default_auto_field = "django.db.models.BigAutoField"
