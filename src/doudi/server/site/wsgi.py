"""The WSGI application that `doudi serve` runs, one thread a worker."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.server.site.settings")
_django = get_wsgi_application()
_addresses = get_resolver().url_patterns  # every view is loaded before the first request comes
_log = logging.getLogger("doudi.site")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's answer. A fault in showing a fault still gets its line in the log and a plain sentence."""
    try:
        return _django(environ, start_response)
    except Exception:  # noqa: BLE001 - the last line of defence
        _log.exception("fault while answering a fault")
        start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
        return ["系统出错了，这次操作没有生效。 A fault of ours: nothing was done.\n".encode()]
