"""The pages in a real browser: nothing sticks out on a phone, the answer is there, details open, nothing is fetched."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from doudi.cli.main import main
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.policy.library import Library
from doudi.proof.effects import effects
from doudi.proof.effects_settle import Rehearsal, case_files, rows_of

ROOT = Path(__file__).resolve().parent.parent
BILL = ROOT / "benchmarks" / "bill.json"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=3000",
    "--hide-scrollbars",
]  # fmt: skip
PROBE = """<!doctype html><meta charset="utf-8"><body>
<iframe id="page" style="width:{width}px;height:900px;border:0" srcdoc="{page}"></iframe>
<pre id="seen"></pre>
<script>
const frame = document.getElementById("page");
const look = () => {{
  const inner = frame.contentDocument, root = inner.documentElement;
  const wide = [...inner.querySelectorAll("body *")].filter(e => !e.closest("svg, table")
    && e.getBoundingClientRect().right > {width} + 1).map(e => e.tagName);
  const closed = [...inner.querySelectorAll("details")];
  closed.forEach(e => e.open = true);
  document.getElementById("seen").textContent = JSON.stringify({{
    width: root.scrollWidth, wide, text: inner.body.innerText, details: closed.length,
    requests: frame.contentWindow.performance.getEntriesByType("resource").map(e => e.name)}});
}};
frame.addEventListener("load", look);
</script>"""

pytestmark = pytest.mark.browser


def seen(chromium: str, folder: Path, page: Path, width: int) -> dict[str, object]:
    """What a browser of this width shows of a page."""
    probe = folder / "probe.html"
    probe.write_text(PROBE.format(width=width, page=html.escape(page.read_text("utf-8"))), "utf-8")
    command = [chromium, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", probe.as_uri()]
    dumped = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout
    found = re.search(r'<pre id="seen">(.*?)</pre>', dumped, re.DOTALL)
    assert found is not None, dumped
    return dict(json.loads(html.unescape(found[1])))


@pytest.fixture(scope="module")
def settlement(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("pages") / "settlement.html"
    assert main(["settle", str(BILL), "--html", str(page), "--lang", "zh"]) == 0
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_a_settlement_fits_and_says_what_the_patient_pays(
    chromium: str, settlement: Path, tmp_path: Path, width: int
) -> None:
    found = seen(chromium, tmp_path, settlement, width)
    assert found["width"] == width
    assert found["wide"] == []
    assert "6,041.20" in str(found["text"])
    assert "陆仟零肆拾壹元贰角" in str(found["text"])
    assert "2017-08-20 不属于特困人员" in str(found["text"])
    assert int(str(found["details"])) >= 4
    assert found["requests"] == []


def test_a_policy_reads_on_a_phone(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "policy.html"
    assert main(["policy", "show", "chongqing/five-layers-2017", "--html", str(page), "--lang", "zh"]) == 0
    found = seen(chromium, tmp_path, page, 390)
    assert found["width"] == 390
    assert found["wide"] == []
    assert "扶贫济困医疗救助基金" in str(found["text"])
    assert found["requests"] == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("policy_id", "said"), [("chongqing/five-layers-2017", "114,872.00"), ("lump", "③")])
def test_a_check_report_fits_and_shows_who_pays(
    chromium: str, tmp_path: Path, policy_id: str, said: str, width: int
) -> None:
    page = tmp_path / "check.html"
    small = ["--policies", str(ROOT / "tests" / "policies")]
    assert main(["policy", "check", policy_id, *small, "--html", str(page), "--lang", "zh"]) == 0
    found = seen(chromium, tmp_path, page, width)
    assert found["width"] == width
    assert found["wide"] == []
    assert said in str(found["text"])
    assert found["requests"] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_comparison_fits_and_says_who_gains(chromium: str, tmp_path: Path, width: int) -> None:
    page = tmp_path / "diff.html"
    two = ["guizhou/rongjiang/medical-assistance-2017", "guizhou/rongjiang/medical-assistance-2017-whole"]
    assert main(["policy", "diff", *two, "--html", str(page), "--lang", "zh"]) == 0
    found = seen(chromium, tmp_path, page, width)
    assert found["width"] == width
    assert found["wide"] == []
    assert "民政医疗救助·按原额计：否 → 是" in str(found["text"])
    whole, rest = (Settler(Library().load(one)) for one in reversed(two))
    files = list(case_files([rest.policy, whole.policy]))
    told = effects(rows_of(Rehearsal(rest.policy), Rehearsal(whole.policy), files), 1)
    less = format_yuan(told.compared.patient_a - told.compared.patient_b, grouping=True)
    assert f"−{less}" in str(found["text"])
    assert found["requests"] == []
