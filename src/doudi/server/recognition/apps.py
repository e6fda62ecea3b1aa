"""The Django app of recognition."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.recognition"
    label = "recognition"
    default_auto_field = "django.db.models.BigAutoField"
