"""The Django app of settlement."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the trail what this app's events are called."""
        from doudi.server.audit.api import register_words
        from doudi.server.settlement import debts_events, events, reversal_events

        register_words(events.EVENTS | events.DOORS)
        register_words(debts_events.EVENTS | debts_events.DOORS)
        register_words(reversal_events.REVERSAL_EVENTS | reversal_events.REVERSAL_DOORS)
