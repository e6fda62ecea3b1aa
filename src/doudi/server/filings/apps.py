"""The Django app of filings."""

from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.filings"
    label = "filings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the trail what this app's events are called."""
        from doudi.server.audit.api import register_words
        from doudi.server.filings import events

        register_words(events.EVENTS | events.DOORS)
