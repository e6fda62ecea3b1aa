"""The tutorial for county officers does what it says: its own listings, its own commands, byte for byte."""

import re
from pathlib import Path

import pytest

from support.listings import PAGES, followed, run, steps

LAST = ("sample/assistance-2025.yaml", "sample/assistance-2026.yaml")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, without policies of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DOUDI_POLICIES", raising=False)
    return tmp_path


@pytest.mark.parametrize("language", PAGES)
def test_each_command_prints_what_stands_under_it(language: str, desk: Path) -> None:
    told = []
    for step, printed in followed(PAGES[language].read_text("utf-8"), language):
        assert printed == step.block, step.what
        told.append(step.what)
    assert len(told) >= 20
    for file in LAST:
        last = run(f"doudi policy check {file} --policies .", language)
        assert re.search("nothing found|没有发现问题", last)
        counts = re.findall(r"(\d+)/(\d+)(?:\D*?(\d+)(?: with a reason| 处说明了原因))?", last)
        assert len(counts) == 2
        assert all(int(covered) + int(excused or 0) == int(whole) for covered, whole, excused in counts)


def test_both_pages_have_the_same_listings() -> None:
    """Commands too; only what is printed differs, and the words around."""
    shown = [
        [
            (step.verb, step.what, "" if step.verb == "run" else step.block)
            for step in steps(page.read_text("utf-8"))
        ]
        for page in PAGES.values()
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_no_listing_goes_untried(page: Path) -> None:
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```(\w+)$", text, re.MULTILINE)
    tried = [step for step in steps(text) if step.block or step.verb == "run"]
    assert len(blocks) == len(tried)
    assert set(blocks) == {"console", "json", "yaml"}
