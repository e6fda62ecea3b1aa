"""The same key and the same content: the same answer, for ever. The same key and other content: refused (P2, P3).

Lock: the unique row of (user, operation, key). A second request with the key waits for the first to commit, then reads
its answer; if the first rolled back, the second does the work.

What is kept of a request is a keyed hash: a plain one of a name, a date of birth and an ID number is found by trying the
few thousand numbers that go with that date.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from pydantic import TypeAdapter

from doudi.server.kernel.canonical import fingerprint
from doudi.server.kernel.errors import Conflict
from doudi.server.kernel.models import GivenAnswer
from doudi.server.kernel.sealing import all_blind_indexes, blind_index
from doudi.words import Words

_PURPOSE = "kernel.request"
_CLAIM = (
    "INSERT INTO kernel_givenanswer (user_id, operation, key, request_sm3, given_at) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (user_id, operation, key) DO NOTHING RETURNING id"
)


class KeyTaken(Conflict):
    """The key was used for another content."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "request_key_taken",
            Words(f"请求号 {key} 已用于另一份内容。", f"The key {key} was already used for other content."),
            remedy=Words("新的内容请用新的请求号。", "Use a new key for new content."),
        )


def claim(*, user: int, operation: str, key: str, request: Any, now: datetime) -> int | None:
    """Take the key: the number of its row, or None where the request was answered before. `KeyTaken` if it differed."""
    wanted = fingerprint(request)
    kept = blind_index(wanted, purpose=_PURPOSE).hex()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [user, operation, key, kept, now])
        row = cursor.fetchone()
    if row is not None:
        return int(row[0])
    given = GivenAnswer.objects.get(user_id=user, operation=operation, key=key)
    if bytes.fromhex(given.request_sm3) not in all_blind_indexes(wanted, purpose=_PURPOSE):
        raise KeyTaken(key)
    return None


def remember(number: int, answer: Any, kind: Any) -> None:
    """Keep the answer beside its key."""
    GivenAnswer.objects.filter(pk=number).update(answer=_adapter(kind).dump_python(answer, mode="json"))


def remembered(*, user: int, operation: str, key: str, kind: Any) -> Any:
    """The answer that was given for the key."""
    given = GivenAnswer.objects.get(user_id=user, operation=operation, key=key)
    return _adapter(kind).validate_python(given.answer)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
