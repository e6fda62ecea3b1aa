"""What tests share: recorded material and a browser, both counted as not run where they are missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_RUN = "not run: "


def recorded_folder(name: str) -> Path:
    """Recorded samples and source documents lie beside the checkout, or where the environment says."""
    samples = Path(os.environ.get("DOUDI_SAMPLES") or ROOT.parent / "shared" / "samples")
    return samples if name == "samples" else samples.parent / name


def missing_for(item: pytest.Item) -> str | None:
    """Why a test cannot run here, or None."""
    for marker in item.iter_markers("recorded"):
        name = marker.args[0] if marker.args else "samples"
        if not recorded_folder(name).is_dir():
            return f"no recorded {name} (set DOUDI_SAMPLES)"
    if item.get_closest_marker("browser"):
        if not shutil.which("chromium"):
            return "no chromium"
        if not chinese_font():
            return "no Chinese font"
    return None


def chinese_font() -> bool:
    listing = shutil.which("fc-list")
    return bool(
        listing and subprocess.run([listing, ":lang=zh"], capture_output=True, check=False).stdout.strip()
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if reason := missing_for(item):
            item.add_marker(pytest.mark.skip(reason=NOT_RUN + reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a reason, so that nobody takes a test that did not run for one that passed."""
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NOT_RUN in reason:
            counts[reason.partition(NOT_RUN)[2]] = counts.get(reason.partition(NOT_RUN)[2], 0) + 1
    for reason, count in sorted(counts.items()):
        terminalreporter.write_line(f"{count} tests not run: {reason}", yellow=True)


@pytest.fixture(scope="session")
def samples_folder() -> Path:
    return recorded_folder("samples")


@pytest.fixture(scope="session")
def sources_folder() -> Path:
    return recorded_folder("sources")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's command; for tests marked `browser`."""
    command = shutil.which("chromium")
    assert command is not None
    return command
