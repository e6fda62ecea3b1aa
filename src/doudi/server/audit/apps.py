"""The Django app of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Events and their seals."""

    name = "doudi.server.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
