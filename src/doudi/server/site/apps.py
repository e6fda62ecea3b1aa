"""The last app: joins the others when Django has loaded them all."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers every app's rules and ports."""

    name = "doudi.server.site"
    label = "site"

    def ready(self) -> None:
        """Join the apps."""
        from doudi.server.site import wiring

        wiring.join()
