"""Folders in which a cluster can lie: closed ones of pytest do not do where root drops to another user."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from doudi.server.kernel import cluster

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "16MB"}
ROOT = os.geteuid() == 0


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may pass through, thrown away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="doudi-place-"))
    folder.chmod(0o755)
    try:
        yield folder.resolve()
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def quick(place: cluster.Place, **options):
    """A running cluster whose data is thrown away."""
    return cluster.running(place, settings=QUICK, lasting=False, **options)


def python(text: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Another process that runs some lines."""
    command = [sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)]
    source = Path(__file__).resolve().parents[1]
    env = {**os.environ, "PYTHONPATH": str(source), **environment}
    return subprocess.Popen(
        command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def become(uid: int) -> None:
    """Be another user from here on. What Python still needs of a closed home is read before."""
    import encodings.idna  # noqa: F401

    import psycopg

    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect("host=/nowhere connect_timeout=2")
    os.setgroups([])
    os.setgid(pwd.getpwuid(uid).pw_gid)
    os.setuid(uid)


def processes_in(folder: Path) -> list[int]:
    """Processes that work in a folder or below, or were started with it in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            works_in = (entry / "cwd").readlink()
            told = f"DOUDI_VAR={folder}".encode() in (entry / "environ").read_bytes().split(b"\0")
            if (told or works_in.is_relative_to(folder)) and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def lives(process: int) -> bool:
    """A process that ended and was not yet fetched by its parent has no working folder any more."""
    try:
        return bool((Path("/proc") / str(process) / "cwd").readlink())
    except OSError:
        return False


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether it comes true before long."""
    for _ in range(3000):
        if holds():
            return True
        time.sleep(0.01)
    return False
