"""The Django app of imports."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Files on their way into the records."""

    name = "doudi.server.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the trail what this app's events are called."""
        from doudi.server.audit.api import register_words
        from doudi.server.imports import events

        register_words(events.EVENTS | events.DOORS)
