"""The Django app of reference."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.reference"
    label = "reference"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the files of reference data known to imports."""
        from doudi.server.reference import import_kinds

        import_kinds.register()
