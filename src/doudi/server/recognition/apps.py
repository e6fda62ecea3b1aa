"""The Django app of recognition."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.recognition"
    label = "recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the trail what this app's events are called, and imports which files it reads."""
        from doudi.server.audit.api import register_words
        from doudi.server.recognition import events, import_kinds

        register_words(events.EVENTS | events.DOORS)
        import_kinds.register()
