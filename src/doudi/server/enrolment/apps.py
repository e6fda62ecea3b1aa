"""The Django app of enrolment."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the trail what this app's events are called, and imports which files it reads."""
        from doudi.server.audit.api import register_words
        from doudi.server.enrolment import events, import_kinds

        register_words(events.EVENTS | events.DOORS)
        import_kinds.register()
