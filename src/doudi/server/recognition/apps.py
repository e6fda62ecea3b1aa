"""The Django app of recognition."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.recognition"
    label = "recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell imports which files this app reads."""
        from doudi.server.recognition import import_kinds

        import_kinds.register()
