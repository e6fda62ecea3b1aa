"""All addresses. Every one of them has a rule, or the suite fails."""

from __future__ import annotations

from django.urls import include, path

from doudi.server.site import health

urlpatterns = [
    path("health/live", health.live, name="health.live"),
    path("health/ready", health.ready, name="health.ready"),
    path("", include("doudi.server.desks.urls")),
]

handler404 = "doudi.server.desks.faults.absent"
handler500 = "doudi.server.desks.faults.broken"
