"""The last app: joins the others when Django has loaded them all."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers every app's rules and ports, and what the operator's acts are called."""

    name = "doudi.server.site"
    label = "site"

    def ready(self) -> None:
        """Join the apps; name the events."""
        from doudi.server.audit.api import register_words
        from doudi.server.site import events, wiring

        wiring.join()
        register_words(events.EVENTS)
