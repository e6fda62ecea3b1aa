"""The Django app of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make its events known to the trail."""
        from doudi.server.ledger import events

        events.register()
