"""The Django app of entitlement."""

from django.apps import AppConfig


class EntitlementConfig(AppConfig):
    """Loaded by the settings."""

    name = "doudi.server.entitlement"
    label = "entitlement"
    default_auto_field = "django.db.models.BigAutoField"
