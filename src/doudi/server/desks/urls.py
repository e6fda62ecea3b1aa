"""Addresses of the desks: whatever `page(...)` declared, and the JSON doors. Nothing else."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from doudi.server.desks.pages import patterns

DESKS = ("account", "window", "county", "oversight", "trail", "admin")

for _desk in DESKS:
    if find_spec(f"doudi.server.desks.{_desk}.views") is not None:
        import_module(f"doudi.server.desks.{_desk}.views")

urlpatterns: list[URLPattern | URLResolver] = [
    *patterns(),
    path("api/", include("doudi.server.desks.endpoints.urls")),
]
