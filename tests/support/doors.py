"""Calling the JSON doors as a machine does: a token for a role, one POST."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client

from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.kernel import clock
from support import actors

_numbers = count(1)


def token(
    role: Role, *, code: int = actors.LIUZHI, facility: int = actors.LIUZHI_HOSPITAL, days: int = 30
) -> str:
    """The secret of a token for a post of `role` at the region or facility."""
    return issued(role, code=code, facility=facility, days=days).secret


def issued(
    role: Role, *, code: int = actors.LIUZHI, facility: int = actors.LIUZHI_HOSPITAL, days: int = 30
) -> access.TokenIssued:
    """A token with its number."""
    user = actors.account(f"machine{next(_numbers)}.{role}", role, code=code, facility=facility)
    with actors.two_hospitals():
        post = access.posts_of(user, clock.now())[0].number
        return access.issue_token(
            actor=actors.actor(Role.SECURITY_ADMIN, 0), now=clock.now(), grant=post, name="machine",
            until_at=clock.now() + timedelta(days=days),
        )  # fmt: skip


def call(
    name: str,
    words: Any = None,
    *,
    secret: str = "",
    key: str | None = "",
    client: Client | None = None,
    kind: str = "",
    **headers: str,
) -> Any:
    """POST to the door `name`. `key` "" makes a new one for operations; None sends none. The answer has `.json()`."""
    kind = kind or access.GUARDED[name][0]
    address = f"/api/{'operations' if kind == 'operation' else 'queries'}/{name}"
    given = dict(headers)
    if secret:
        given["authorization"] = f"Bearer {secret}"
    if key == "" and kind == "operation":
        key = f"test-{next(_numbers)}"
    if key:
        given["idempotency-key"] = key
    content = words if isinstance(words, bytes) else json.dumps({} if words is None else words)
    return (client or Client()).post(address, content, content_type="application/json", headers=given)
