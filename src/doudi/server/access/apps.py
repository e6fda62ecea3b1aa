"""The Django app of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Users, roles, scopes, openings."""

    name = "doudi.server.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
