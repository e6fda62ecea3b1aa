"""The Django app of settlement."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"
