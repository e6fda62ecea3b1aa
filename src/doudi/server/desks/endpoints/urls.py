"""The addresses of the JSON doors, below `/api/`. One pattern a kind: a door is found by its name."""

from __future__ import annotations

from django.urls import URLPattern, path

from doudi.server.desks.endpoints import document, doors

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("operations/<str:name>", doors.operation, name="operation"),
    path("queries/<str:name>", doors.query, name="query"),
    path("openapi.json", document.openapi, name="openapi"),
    path("docs", document.docs, name="docs"),
    path("", doors.elsewhere, name="root"),
    path("<path:rest>", doors.elsewhere, name="elsewhere"),
]
