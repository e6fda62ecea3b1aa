"""The Django app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the files of people known to imports."""
        from doudi.server.people import import_kinds

        import_kinds.register()
