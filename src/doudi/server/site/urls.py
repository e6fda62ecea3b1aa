"""All addresses. Every one of them has a rule, or the suite fails."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("doudi.server.desks.urls"))]
