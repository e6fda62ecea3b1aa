"""Static files: gathered into the folder of what is made, hashed and compressed, when a source of them changed."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from doudi.server.kernel.cluster.running import Say
from doudi.server.site.storage import NOT_SERVED
from doudi.words import Words

MARK = ".gathered"


def sources() -> Iterator[tuple[str, int, int]]:
    """Each static file of the apps: its name, size and time."""
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=NOT_SERVED):
            state = Path(storage.path(name)).stat()
            yield name, state.st_size, state.st_mtime_ns


def fingerprint() -> str:
    """The same while no source changes."""
    return hashlib.sha256(repr(sorted(sources())).encode()).hexdigest()


def gathered() -> bool:
    """Whether what is served is what the sources hold."""
    mark = Path(settings.STATIC_ROOT) / MARK
    return mark.is_file() and mark.read_text("ascii") == fingerprint()


def gather(say: Say) -> bool:
    """Gather them where they changed; answers whether they had. One process at a time."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if gathered():
            return False
        say(Words("正在整理静态文件", "Gathering the static files"))
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=NOT_SERVED)
        (root / MARK).write_text(fingerprint(), "ascii")
    return True
