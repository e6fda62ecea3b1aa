"""What every page knows: the actor, the language, the theme, and the desk's own menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from doudi.server.desks.menu import menu_of

LANGUAGES = ("zh", "en")
THEMES = ("auto", "light", "dark")


def desk(request: HttpRequest) -> dict[str, Any]:
    """Reads cookies and `request.actor`; asks the database nothing."""
    actor = getattr(request, "actor", None)
    language = request.COOKIES.get("language", "")
    theme = request.COOKIES.get("theme", "")
    return {
        "actor": actor,
        "present": getattr(request, "present", None),
        "language": language if language in LANGUAGES else (actor.language if actor else "zh"),
        "theme": theme if theme in THEMES else "auto",
        "menu": menu_of(actor),
    }
