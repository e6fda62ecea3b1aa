"""The Django app of desks."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.desks"
    label = "desks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load what desks add to the doors: the trail's reads and acts, and its job. The rules are joined by the site."""
        from doudi.server.audit.api import register_words
        from doudi.server.desks import exports
        from doudi.server.desks.trail import event_words, operations, queries

        register_words(exports.EVENTS)
        event_words.fill_in()
        del operations, queries
