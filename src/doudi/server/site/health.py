"""Whether the process lives, and whether the server is ready for requests. For whoever watches it; tells nothing else.

`/health/live` asks nobody. `/health/ready` enters the database as the runtime role and looks whether all migrations are
applied; 503 where not. Whether a worker's heart beats is told but does not make the windows close: they work without.
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse

from doudi.server.kernel.jobs import workers_alive

_migrated = False
"""Once all migrations were applied they stay so for this process."""


def live(request: HttpRequest) -> JsonResponse:
    """Answer, which is all that is asked."""
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> JsonResponse:
    """The database is there and is as this release needs it."""
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        checks["migrations"] = migrated()
        checks["worker"] = checks["migrations"] and bool(workers_alive())
    except DatabaseError:
        connection.close()
    well = checks["database"] and checks["migrations"]
    return JsonResponse({"ready": well, **checks}, status=200 if well else 503)


def migrated() -> bool:
    """Whether every migration of this release is applied."""
    global _migrated  # noqa: PLW0603 - one answer a process
    if not _migrated:
        loader = MigrationLoader(connection)
        _migrated = not set(loader.graph.nodes) - set(loader.applied_migrations)
    return _migrated
