"""What tests of pages say often: the page as text, a form sent as htmx sends it, how many queries a page makes."""

from collections.abc import Callable
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

HTMX = {"HX-Request": "true"}


def shown(client: Client, address: str, status: int = 200) -> str:
    """The page's text."""
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def sent(client: Client, address: str, data: dict[str, Any] | None = None) -> str:
    """Send a form by htmx: where the browser is told to go."""
    answer = client.post(address, data or {}, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.headers.get("HX-Redirect", ""))


def refused(client: Client, address: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
    """Send a form that is refused: the status and the fragment beside the form."""
    answer = client.post(address, data or {}, headers=HTMX)
    text = unescape(answer.content.decode())
    assert answer.status_code >= 400, text[:500]
    assert "<html" not in text
    return answer.status_code, text


def queries(act: Callable[[], Any]) -> int:
    """How many statements the database was sent meanwhile, savepoints and settings of the scope included."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)
