"""The demo county: filled once into an empty database, its accounts kept beside it so that each start can show them.

Whoever fills it is `doudi.server.site.demo.fill(people=…, progress=…)`; it answers the accounts. A database that holds
people without our mark may be somebody's real one, and is left alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.db import connections

from doudi.server.site.launch import errors
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo: who it is, and how to sign in."""

    login: str
    password: str
    post: Words


def accounts_of(var: Path, people: int, progress: Callable[[int, int], None]) -> list[DemoAccount]:
    """The accounts of the demo county, which is filled first where the database is empty. Refused where not ours."""
    mark = var / "demo.json"
    if _people():
        if not mark.exists():
            raise errors.demo_refused()
        rows = json.loads(mark.read_text("utf-8"))
        return [DemoAccount(row["login"], row["password"], Words(row["zh"], row["en"])) for row in rows]
    if find_spec("doudi.server.site.demo") is None:
        raise errors.demo_missing()
    filled = import_module("doudi.server.site.demo").fill(people=people, progress=progress)
    _survey()
    accounts = [DemoAccount(account.login, account.password, account.post) for account in filled]
    rows = [
        {"login": one.login, "password": one.password, "zh": one.post.zh, "en": one.post.en}
        for one in accounts
    ]
    making = mark.with_suffix(".making")
    with os.fdopen(
        os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
    making.rename(mark)
    return accounts


def _survey() -> None:
    """PostgreSQL counts what there is now: until it has, it plans as if the tables were empty, and reads them whole."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connections["owner"].close()


def _people() -> bool:
    """Whether there is any person; the owner sees them all."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM people_person)")
        found = bool(cursor.fetchone()[0])
    connections["owner"].close()
    return found
