"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """The actor and the language of the page."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "language": actor.language if actor else request.COOKIES.get("language", "zh")}
