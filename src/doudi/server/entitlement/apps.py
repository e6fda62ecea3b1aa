"""The Django app of entitlement."""

from django.apps import AppConfig


class EntitlementConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.entitlement"
    label = "entitlement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the file of opening balances known to imports."""
        from doudi.server.entitlement import import_kinds

        import_kinds.register()
