"""The Django app of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Answers given, jobs, stored papers, keys."""

    name = "doudi.server.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
