"""A database of its own for the tests of one module, where what they break is mended between them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.server import copy, drop, use_database


@contextmanager
def own_database(socket: Path, template: str, blocker: Any) -> Iterator[str]:
    """Its name; Django's `default` is connected to it as the runtime role."""
    from django.db import connections

    before = connections["default"].settings_dict["NAME"]
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    copy(socket, template, name)
    with blocker.unblock():
        use_database(socket, name)
        try:
            yield name
        finally:
            use_database(socket, before)
    drop(socket, name)
