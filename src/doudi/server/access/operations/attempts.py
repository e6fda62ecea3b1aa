"""Counting failed sign-ins, by account name and by address, whether they exist or not.

An attempt is counted *before* the password is looked at and given back when it was right: a hundred guesses sent at
the same moment are a hundred counted guesses. Lock: the account's row, then the address's, until the short transaction
ends.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from doudi.server.access.errors import locked
from doudi.server.access.limits import ACCOUNT_LOCKOUT, ADDRESS_LOCKOUT, Lockout
from doudi.server.access.models import Attempt
from doudi.server.kernel.canonical import sm3
from doudi.server.kernel.scope import NOTHING, scoped

LONGEST_LOGIN = 60


def plain_login(text: str) -> str:
    """An account name as it is kept: normal form, lower case, no blanks around."""
    return unicodedata.normalize("NFKC", text).strip().lower()[:LONGEST_LOGIN]


def _subjects(login: str, address: str) -> list[tuple[str, Lockout]]:
    named = [(f"account:{login}", ACCOUNT_LOCKOUT)]
    if address:
        named.append((f"address:{address}", ADDRESS_LOCKOUT))
    return [(sm3(subject.encode()).hex(), limit) for subject, limit in named]


def count_attempt(login: str, address: str, now: datetime) -> None:
    """Count one attempt of both; raise where either is locked. Commits."""
    until: datetime | None = None
    with scoped(NOTHING):
        for subject, limit in _subjects(login, address):
            until = until or _count(subject, limit, now)
    if until is not None:
        raise locked(max(1, -int((now - until).total_seconds() // 60)))


def _count(subject: str, limit: Lockout, now: datetime) -> datetime | None:
    Attempt.objects.bulk_create([Attempt(subject_sm3=subject, window_at=now)], ignore_conflicts=True)
    row = Attempt.objects.select_for_update().get(subject_sm3=subject)
    if row.locked_until_at is not None and row.locked_until_at > now:
        return row.locked_until_at
    if row.locked_until_at is not None or now - row.window_at >= limit.window:
        row.failures, row.window_at, row.locked_until_at = 0, now, None
    row.failures += 1
    if row.failures >= limit.failures:
        row.locked_until_at = now + limit.locked
    row.save()
    return None


def give_back(login: str, address: str) -> None:
    """The attempt was right: the account starts anew, the address gets this one back. In the caller's transaction."""
    account, *others = _subjects(login, address)
    Attempt.objects.filter(subject_sm3=account[0]).update(failures=0, locked_until_at=None)
    for subject, limit in others:
        row = Attempt.objects.select_for_update().get(subject_sm3=subject)
        row.failures = max(0, row.failures - 1)
        if row.failures < limit.failures:
            row.locked_until_at = None
        row.save()
