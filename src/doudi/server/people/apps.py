"""The Django app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the files of people known to imports, and its events to the trail."""
        from doudi.server.people import events, import_kinds

        import_kinds.register()
        events.register()
