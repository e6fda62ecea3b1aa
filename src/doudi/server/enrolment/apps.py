"""The Django app of enrolment."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell imports which files this app reads."""
        from doudi.server.enrolment import import_kinds

        import_kinds.register()
