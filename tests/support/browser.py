"""A running server with a demo county, and a real Chromium in front of it.

The server runs as in production: granian, one thread a worker, the runtime role, a worker process for jobs. A page
that fetches something foreign, breaks the content security policy or fails in its script fails the test.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support import cluster
from support.server import OWNER, RUNTIME, copy, drop

PEOPLE = 300
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SHOTS = cluster.ROOT / "var" / "screenshots"


@dataclass
class Site:
    """Where the server answers, and the demo accounts: role → (login, password)."""

    address: str
    accounts: dict[str, tuple[str, str]]
    facts: dict[str, Any] = field(default_factory=dict)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from the server: {log.read_text()[-3000:]}")


FILL = """
import json, sys, django
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
from doudi.server.site.demo import fill
accounts = fill(people=int(sys.argv[1]), progress=lambda *_: None)
print(json.dumps([[a.role, a.login, a.password] for a in accounts]))
"""
WORK = """
import signal, django
django.setup()
from doudi.server.kernel.jobs import run_worker
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
run_worker(stop=lambda: bool(asked))
"""


@pytest.fixture(scope="session")
def site(
    database_cluster: Path, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The server with its demo county, for all browser tests of this process: they add, and do not count on emptiness."""
    name = f"site_{os.getpid()}"
    copy(database_cluster, template_database, name)
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"host={database_cluster} dbname={name} user={RUNTIME}",
        "DATABASE_OWNER_URL": f"host={database_cluster} dbname={name} user={OWNER}",
        "DOUDI_SECRET_KEY": "only-for-tests", "DOUDI_VAR": str(folder), "DOUDI_KEYS": str(folder / "keys.json"),
        "DJANGO_SETTINGS_MODULE": "doudi.server.site.settings", "DOUDI_SECOND_FACTOR": "none",
    }  # fmt: skip
    filled = subprocess.run(
        [sys.executable, "-c", FILL, str(PEOPLE)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert filled.returncode == 0, filled.stderr[-3000:]
    accounts: dict[str, tuple[str, str]] = {}
    for role, login, password in json.loads(filled.stdout.splitlines()[-1]):
        accounts.setdefault(role, (login, password))  # the first of a role is of the main county
    log = folder / "server.log"
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port),
               "--blocking-threads", "1", "--workers", "1", "--no-ws", "doudi.server.site.wsgi:application"]  # fmt: skip
    with log.open("wb") as out:
        server = subprocess.Popen(granian, env=environment, stdout=out, stderr=out)
        worker = subprocess.Popen([sys.executable, "-c", WORK], env=environment, stdout=out, stderr=out)
        try:
            wait_for(f"http://127.0.0.1:{port}/sign-in/", server, log)
            yield Site(
                f"http://127.0.0.1:{port}",
                accounts,
                {"log": log, "database": name, "environment": environment},
            )
        finally:
            for process in (server, worker):
                process.terminate()
            for process in (server, worker):
                process.wait(20)
            drop(database_cluster, name)


@pytest.fixture(scope="session")
def playwright_browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # Playwright leaves a loop in this thread, which Django takes for asynchronous code in every later test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """One tab with its own session: signs in, goes to pages, keeps pictures; at the end nothing must have gone wrong."""

    page: Any
    site: Site
    wrong: list[str]

    def sign_in(self, role: str) -> None:
        login, password = self.site.accounts[role]
        self.go("/sign-in/")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/sign-in/" not in address)

    def go(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def accessible(self) -> None:
        """No violation of axe's rules: names, contrast, structure."""
        from axe_playwright_python.sync_playwright import Axe

        results = Axe().run(self.page)
        found = [
            (v["id"], [node["target"] for node in v["nodes"]][:4]) for v in results.response["violations"]
        ]
        assert found == [], found

    def narrow(self) -> None:
        """Nothing sticks out to the right of the window."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def open_tab(browser: Any, site: Site, size: dict[str, int], **options: Any) -> tuple[Any, Tab]:
    context = browser.new_context(
        viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith((site.address, "data:")) else wrong.append(r.url))
    return context, Tab(page, site, wrong)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A failing browser test leaves what its tabs showed in `var/screenshots`, and says where."""
    report = yield
    if report.when == "call" and report.failed:
        funcargs = getattr(item, "funcargs", {})
        for kind in ("tab", "phone"):
            if isinstance(shown := funcargs.get(kind), Tab):
                shown.shot(f"failed-{item.name}-{kind}")
                report.sections.append((f"{kind} showed", f"{shown.page.url}, failed-{item.name}-{kind}.png"))
    return report


def _own_faults(wrong: list[str]) -> list[str]:
    """A refused form answers 4xx on purpose; the browser notes that as an error."""
    return [line for line in wrong if "the server responded with a status of 4" not in line]


@pytest.fixture
def tab(playwright_browser: Any, site: Site) -> Iterator[Tab]:
    context, opened = open_tab(playwright_browser, site, DESK)
    yield opened
    context.close()
    assert _own_faults(opened.wrong) == []


@pytest.fixture
def phone(playwright_browser: Any, site: Site) -> Iterator[Tab]:
    context, opened = open_tab(playwright_browser, site, PHONE, device_scale_factor=2, has_touch=True)
    yield opened
    context.close()
    assert _own_faults(opened.wrong) == []
