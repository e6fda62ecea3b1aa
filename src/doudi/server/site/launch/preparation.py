"""The ground under every command: the folder of what is made, the secret of sessions, and a database fit for use."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from doudi.server.kernel import cluster
from doudi.server.kernel.cluster.places import open_folder
from doudi.server.kernel.cluster.running import Say
from doudi.server.site.launch import errors
from doudi.server.site.launch.signals import Stopping
from doudi.words import Words


@dataclass(frozen=True, slots=True)
class Installation:
    """The folder of what is made, and the private cluster; `cluster` is None where the database is yours."""

    var: Path
    cluster: cluster.Running | None

    @property
    def logs(self) -> str:
        """Where the log is: a folder, or `-`."""
        return os.environ["DOUDI_LOGS"]


def folder() -> Path:
    """The folder of what is made: DOUDI_VAR, else `var` where the command runs. Always absolute."""
    return Path(os.environ.get("DOUDI_VAR") or "var").resolve()


def secret(var: Path) -> str:
    """The secret that signs sessions: made once, readable by its owner alone."""
    path = var / "secret_key"
    if not path.exists():
        making = var / f".secret_key-{secrets.token_hex(4)}"
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(making, path)  # whoever is first; the other reads that one
        making.unlink()
    return path.read_text("ascii").strip()


def settle_environment(var: Path) -> None:
    """What Django's settings read, where the operator has not said it."""
    open_folder(var)
    os.environ["DOUDI_VAR"] = str(var)
    if not os.environ.get("DOUDI_SECRET_KEY"):
        os.environ["DOUDI_SECRET_KEY"] = secret(var)
    os.environ.setdefault("DOUDI_LOGS", str(var / "logs"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.server.site.settings")


@contextmanager
def prepared(say: Say, stopping: Stopping) -> Iterator[Installation]:
    """An installation whose database is up and fit, until the block ends. Refused where it must not be used."""
    var = folder()
    settle_environment(var)
    if os.environ.get("DATABASE_URL"):
        _refuse_unfit(os.environ["DATABASE_URL"])
        yield Installation(var, None)
        return
    with contextlib.ExitStack() as stack:
        with stopping.put_off():  # whatever was started is known and will be stopped
            running = stack.enter_context(cluster.running(cluster.choose(var), say=say))
            stack.callback(stopping.no_more)
        os.environ["DATABASE_URL"] = running.address(cluster.RUNTIME)
        os.environ["DATABASE_OWNER_URL"] = running.address(cluster.OWNER)
        try:
            _refuse_unfit(os.environ["DATABASE_URL"])
            yield Installation(var, running)
        finally:
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                os.environ.pop(name, None)


def _refuse_unfit(address: str) -> None:
    for finding in cluster.examine(address):
        raise errors.unfit(finding)


def load_django() -> None:
    """Load Django and all apps."""
    import django

    django.setup()


def silent(_: Words) -> None:
    """For whoever has nobody to tell."""
