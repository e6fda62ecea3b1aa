"""Pytest plugin of the server's tests: a migrated template database once, a copy for each process, real roles.

Tests marked `django_db` run in a transaction as the *runtime* role, so every test meets row-level security.
Tests that need real commits, several connections or a running server ask for `fresh_database`: a copy of the template for
the test alone, thrown away after it.
"""

import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from support import cluster

os.environ.setdefault("DOUDI_SECRET_KEY", "only-for-tests")
OWNER, RUNTIME, AUDITOR = "doudi_owner", "doudi_runtime", "doudi_auditor"
SERVER = cluster.ROOT / "src" / "doudi" / "server"


def pytest_configure() -> None:
    """Files of the pages come from the source; a hashed and compressed copy is what `site` in a browser is served."""
    from django.conf import settings

    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.STATIC_ROOT = SERVER / "desks" / "static"
    settings.SECRET_KEY = "only-for-tests"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # tests sign in a thousand times


def connect(socket: Path, database: str, user: str = "postgres") -> psycopg.Connection[Any]:
    return psycopg.connect(host=str(socket), dbname=database, user=user, autocommit=True)


def migrations_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted([*SERVER.glob("*/migrations/*.py"), SERVER / "kernel" / "security.py"]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session", autouse=True)
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys for sealing, made for this run and thrown away with it."""
    from doudi.server.kernel.sealing import ensure_keys

    os.environ["DOUDI_KEYS"] = str(tmp_path_factory.mktemp("keys") / "keys.json")
    return ensure_keys()


@pytest.fixture(scope="session", autouse=True)
def jobs_of_plain_actors() -> None:
    """Most tests act as values without an account, whose jobs would find their post ended: here they run as who asked.

    What the server joins instead (`access.actor_of_job`) is tried in `tests/server/test_job_rights.py`.
    """
    from doudi.server.kernel.jobs import set_actor_builder

    set_actor_builder(lambda stored, now: stored)


@pytest.fixture(scope="session")
def database_cluster() -> Iterator[Path]:
    with cluster.running() as socket:
        yield socket


@pytest.fixture(scope="session")
def template_database(database_cluster: Path, django_db_blocker: Any) -> str:
    """A migrated database that only copies are made of; made anew when a migration changed."""
    name = f"template_{migrations_hash()}"
    with (database_cluster / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connect(database_cluster, "postgres") as admin:
            for role in (OWNER, RUNTIME, AUDITOR):
                if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    admin.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            making = f"{name}_making"
            admin.execute(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {making} OWNER {OWNER} TEMPLATE template0")
            with django_db_blocker.unblock():
                _migrate(database_cluster, making)
            admin.execute(f"ALTER DATABASE {making} RENAME TO {name}")
    return name


def _migrate(socket: Path, name: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    use_database(socket, name)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()


def use_database(socket: Path, name: str) -> None:
    """Point Django at a database of the cluster."""
    from django.db import connections

    for alias, user in (("default", RUNTIME), ("owner", OWNER)):
        connections[alias].close()
        connections[alias].settings_dict.update(NAME=name, HOST=str(socket), USER=user, PORT="", PASSWORD="")


def copy(socket: Path, template: str, name: str) -> None:
    with connect(socket, "postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} STRATEGY file_copy")


def drop(socket: Path, name: str) -> None:
    with connect(socket, "postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_setup(database_cluster: Path, template_database: str, django_db_blocker: Any) -> Iterator[None]:
    """This process's database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    copy(database_cluster, template_database, name)
    use_database(database_cluster, name)
    yield
    with django_db_blocker.unblock():
        use_database(database_cluster, name)
    drop(database_cluster, name)


@pytest.fixture
def fresh_database(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A database of one's own, with real commits: its name; Django's `default` is connected to it as the runtime role."""
    from django.db import connections

    before = connections["default"].settings_dict["NAME"]
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    copy(database_cluster, template_database, name)
    with django_db_blocker.unblock():
        use_database(database_cluster, name)
        yield name
        use_database(database_cluster, before)
    drop(database_cluster, name)
