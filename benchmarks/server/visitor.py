"""A browser's manners without a browser: one connection kept open, cookies, the token of forms."""

from __future__ import annotations

import http.client
import re
import time
from urllib.parse import urlencode


class Visitor:
    """Whoever opens pages. A page that is not as expected ends the measurement."""

    def __init__(self, port: int, login: str = "", password: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        if login:
            self.get("/sign-in/")
            self.post("/sign-in/", login=login, password=password)
            self.get("/account/")

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if token := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text):
            self.token = token[1]
        return answer.status, text, answer.headers.get("Location", "")

    def get(self, address: str) -> str:
        status, text, _ = self._ask("GET", address)
        if status != 200:
            raise SystemExit(f"{address}: {status}")
        return text

    def post(self, address: str, **fields: str) -> str:
        """Send a form; where it leads to, or "" where it answers with a page."""
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        status, text, location = self._ask("POST", address, body)
        if status not in (200, 302):
            raise SystemExit(f"{address}: {status} {text[:300]}")
        return location

    def wait_until_ready(self) -> None:
        for _ in range(600):
            try:
                if self._ask("GET", "/health/ready")[0] == 200:
                    return
            except OSError:
                self.connection.close()
            time.sleep(0.1)
        raise SystemExit("the server does not answer")
