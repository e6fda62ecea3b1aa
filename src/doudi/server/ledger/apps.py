"""The Django app of ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
