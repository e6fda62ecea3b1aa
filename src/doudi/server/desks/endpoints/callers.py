"""Who calls: a bearer token, or a signed-in session with its form token. Either acts in one post.

A token is asked first and alone: a request that carries one never falls back to a cookie, and never becomes a session.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from doudi.server.access.api import actor_of_token
from doudi.server.desks.endpoints.errors import no_form_token, not_known
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor

BEARER = "bearer"
COOKIE = settings.SESSION_COOKIE_NAME


def caller(request: HttpRequest) -> Actor:
    """The actor of the request; `NotKnown` without one, `Forbidden` for a session without its form token."""
    said = request.headers.get("Authorization")
    if said is not None:
        scheme, _, secret = said.partition(" ")
        found = actor_of_token(secret.strip(), clock.now()) if scheme.lower() == BEARER else None
        if found is None:
            raise not_known()
        request.actor = found  # type: ignore[attr-defined]  # the log names who asked
        return found
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise not_known()
    if _FormToken(_nothing).forged(request):
        raise no_form_token()
    return actor


class _FormToken(CsrfViewMiddleware):
    """Django's own check, asked for a yes or no."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002 - Django's signature
        return HttpResponse(status=403)

    def forged(self, request: HttpRequest) -> bool:
        """Whether the request lacks the token of its session's forms."""
        request.csrf_processing_done = False  # type: ignore[attr-defined]
        self.process_request(request)
        return self.process_view(request, _nothing, (), {}) is not None


def _nothing(*_facts: Any, **_words: Any) -> HttpResponse:
    return HttpResponse()
