"""One private PostgreSQL for all test processes of this checkout: started by the first, stopped by the last.

It is the server's own embedded cluster (`kernel.cluster`) in a folder of its own. A killed run leaves a running cluster,
which the next run finds and uses. The database is thrown away: nothing is flushed to disk.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from doudi.server.kernel import cluster

ROOT = Path(__file__).resolve().parents[2]
OFF = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "80",
    "shared_buffers": "256MB",
}


def folder() -> Path:
    place = hashlib.sha256(f"{ROOT}:{os.getuid()}".encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"doudi-tests-{place}"


@contextlib.contextmanager
def running() -> Iterator[Path]:
    """The socket folder of the running cluster."""
    place = cluster.choose(folder())
    with cluster.running(place, settings=OFF, lasting=False) as here:
        yield here.socket
