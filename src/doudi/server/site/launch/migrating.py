"""Bringing the database to this release: as the owner, by one process at a time, keys first.

A database without any table is new: it gets keys (where there are none yet), all tables and the starting data. A
database that has tables needs the keys it was filled with; new ones are never made for it.
"""

from __future__ import annotations

import os

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from doudi.server.kernel.cluster.running import Say
from doudi.server.kernel.locks import Alone
from doudi.server.kernel.sealing import ensure_keys, key_path
from doudi.server.site.launch import errors
from doudi.words import Words


def pending(alias: str = "default") -> list[str]:
    """Migrations to be applied, as `app.name`. Refused where the database is of a newer release."""
    loader = MigrationLoader(connections[alias])
    ours = {app for app, _ in loader.graph.nodes}
    newer = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.graph.nodes and (app, name) not in loader.replacements
    ]
    if newer:
        raise errors.of_a_newer_release(sorted(newer))
    return sorted(f"{app}.{name}" for app, name in set(loader.graph.nodes) - set(loader.applied_migrations))


def is_new(alias: str = "default") -> bool:
    """Whether nothing was ever migrated here."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        return bool(cursor.fetchone()[0])


def migrate(say: Say) -> list[str]:
    """Apply what is pending and answer it. Refused without an owner, an auditor, or the keys of the data."""
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise errors.no_owner()
    with psycopg.connect(owner, autocommit=True) as alone:
        alone.execute("SELECT pg_advisory_lock(%s)", [Alone.MIGRATING])
        auditor = settings.DOUDI_AUDITOR_ROLE
        if not alone.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [auditor]).fetchone():
            raise errors.no_auditor(auditor)
        if is_new("owner"):
            ensure_keys()
        else:
            require_keys()
        names = pending("owner")
        if names:
            say(
                Words(
                    f"正在升级数据库结构（{len(names)} 步）", f"Migrating the database ({len(names)} steps)"
                )
            )
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections["owner"].close()
        from doudi.server.site.launch.starting import load_once  # the apps are loaded only now

        load_once(say)
    return names


def require_keys() -> None:
    """The key file of a database that holds data. Refused where it is not there."""
    if not key_path().exists():
        raise errors.keys_missing(key_path())


def make_ready(say: Say, *, private: bool) -> None:
    """Before serving: a new private database is migrated; anything else must have been. Refused where it was not."""
    if private and is_new():
        migrate(say)
    if names := pending():
        raise errors.not_migrated(len(names))
    require_keys()
