"""The printed page: one page always, every amount on it, the same bytes for ever, a QR code that says what it should."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import segno

from doudi.server.settlement.slip import printer
from doudi.server.settlement.slip.compose import MASK, compose, qr_text
from doudi.server.settlement.slip.data import BrokenHead, HeadCategory, HeadDiagnosis, Slip, SlipHead
from doudi.server.settlement.slip.printer import press, render_pdf, render_svg
from doudi.server.settlement.slip.space import STEPS, step_of
from doudi.words import Words
from support.pdf_text import pages, squeezed
from support.policies import ROOT, SHIPPED_IDS, SMALL_IDS
from support.slips import a_slip, every_slip, many_payers, record_of, w1_record

COLOUR = re.compile(r"(?:fill|stroke)=\"(#[0-9a-f]+|none)\"")


def amounts(told: dict[str, Any]) -> list[str]:
    """Every amount that the slip must show."""
    rows = [row["amount"] for row in told["payers"]]
    totals = [
        told[key] for key in ("payers_total", "hospital", "patient", "patient_in_scope", "patient_outside")
    ]
    year = [row["amount"] for row in told["year"]]
    return [*told["costs"].values(), *rows, *totals, *year]


def everything(told: dict[str, Any]) -> list[str]:
    """Every text of a composed slip that must stand on its page; passages may make room."""
    texts = [
        told[key]
        for key in ("county", "number", "name", "id_number", "facility", "scheme", "capitals", "payment")
    ]
    texts += [*told["diagnoses"], *told["categories"], *told["small_print"], *amounts(told)]
    texts += [line["text"] for row in told["payers"] for line in row["lines"]]
    texts += [source["title"] for source in told["sources"]] + [row["name"] for row in told["year"]]
    texts += [text for one in told["banners"] for text in one.values()]
    return [squeezed(text) for text in texts]


def check_page(slips: list[Slip], **how: Any) -> list[str]:
    """One page a slip with everything on it; the texts of the pages."""
    printed = pages(render_pdf(slips, **how))
    assert len(printed) == len(slips)
    language = how.get("language", "zh")
    for slip, page in zip(slips, printed, strict=True):
        missing = [text for text in everything(compose(slip, language)) if text not in page.text]
        assert missing == []
    return [page.text for page in printed]


# --- one page with everything --------------------------------------------------------------------------------


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_every_bill_of_every_policy_takes_one_page_with_everything_on_it(policy_id: str) -> None:
    slips = list(every_slip(policy_id, 41, 4))
    assert len(slips) >= 4
    check_page(slips)
    check_page(slips[:2], language="en", paper="continuous")


def test_small_policies_print_too() -> None:
    slips = [next(every_slip(policy_id, 42, 1)) for policy_id in SMALL_IDS]
    check_page(slips)


LONG = HeadDiagnosis("S82.800x001", "胫骨平台粉碎性骨折伴膝关节前后交叉韧带断裂、内侧副韧带损伤及半月板撕裂")


@pytest.mark.parametrize(
    ("payers", "bands", "in_scope"),
    [(1, 1, "0.01"), (12, 1, "100000000.00"), (12, 5, "1000000000.00"), (40, 6, "99999.99")],
)
def test_a_crowded_slip_stays_on_one_page(tmp_path: Path, payers: int, bands: int, in_scope: str) -> None:
    record = record_of(tmp_path, many_payers(payers, bands), in_scope=in_scope)
    slip = a_slip(
        record,
        name="阿卜杜热合曼·买买提依明·阿不都克里木" * 3,
        facility="六枝特区人民医院医疗集团总院（含郎岱、岩脚、木岗分院）" * 3,
        diagnoses=tuple(HeadDiagnosis(f"{LONG.code}{index}", LONG.name) for index in range(45)),
        categories=tuple(
            HeadCategory(Words(f"建档立卡贫困人口{index}", "registered poor"), "扶贫开发办公室", "2016-01-01")
            for index in range(14)
        ),
        state="reversed",
        state_date="2017-09-05",
        state_reason="重复录入" * 40,
        version=3,
        reason="低保资格追溯至 2017 年 1 月" * 12,
    )
    check_page([slip])
    check_page([slip], language="en", paper="continuous")


def test_more_diagnoses_than_fit_are_counted() -> None:
    slip = a_slip(diagnoses=tuple(HeadDiagnosis(f"A{index}", "病") for index in range(400)))
    (text,) = check_page([slip])
    assert "等400项" in text


def test_many_slips_are_one_document_in_their_order() -> None:
    slips = [a_slip(number=f"520203-2017-{index:07d}") for index in range(40)]
    for slip, text in zip(slips, check_page(slips), strict=True):
        assert squeezed(slip.number) in text


def test_a_slip_that_was_guessed_too_short_is_measured_and_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    slip = a_slip(diagnoses=tuple(HeadDiagnosis(f"{LONG.code}{index}", LONG.name) for index in range(45)))
    measured = render_pdf([slip])
    monkeypatch.setattr(printer, "step_of", lambda composed: 0)
    assert len(check_page([a_slip(), slip, a_slip()])) == 3
    assert len(pages(measured)) == 1


def test_the_guess_is_never_too_large_for_random_bills(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the second try taken away every slip still has its page."""
    slips = [slip for policy_id in SHIPPED_IDS for slip in every_slip(policy_id, 43, 6)]
    guessed = [slip for slip in slips if step_of(compose(slip)) is not None]
    assert len(guessed) > len(slips) * 9 // 10
    tries: list[int] = []
    compiler = printer._compiler()

    class Counting:
        def compile(self, **given: Any) -> Any:
            tries.append(1)
            return compiler.compile(**given)

    monkeypatch.setattr(printer, "_compiler", Counting)
    monkeypatch.setattr(printer, "_forget", lambda: None)
    assert len(pages(render_pdf(guessed))) == len(guessed)
    assert len(tries) == 1


def test_the_table_of_steps_is_that_of_the_template() -> None:
    told = printer._template("slip-1").decode()
    steps = [
        (round(float(size) * 10), passages == "true", dense == "true")
        for sizes, passages, dense in re.findall(
            r"\.\.\(([^)]*)\)\.map\(size => \(size, (\w+), (\w+)\)\)", told
        )
        for size in re.findall(r"([\d.]+)pt", sizes)
    ]
    assert steps[: len(STEPS)] == [(step.tenths, step.passages, step.dense) for step in STEPS]


# --- the same bytes ------------------------------------------------------------------------------------------


def test_the_same_slip_gives_the_same_bytes_whatever_was_printed_before() -> None:
    slip, other = a_slip(), a_slip(name="𠮷祥", number="520203-2017-0000002")
    first = render_pdf([slip])
    render_pdf([other, slip])
    render_svg(other)
    assert render_pdf([slip]) == first
    printer._compiler.cache_clear()
    assert render_pdf([slip]) == first
    assert render_svg(slip) == render_svg(slip)


def test_another_process_in_another_time_zone_prints_the_same_bytes() -> None:
    script = (
        "import sys, hashlib; sys.path.insert(0, 'tests')\n"
        "from support.slips import a_slip\n"
        "from doudi.server.settlement.slip.printer import render_pdf, render_svg\n"
        "print(hashlib.sha256(render_pdf([a_slip()]) + render_svg(a_slip())).hexdigest())"
    )
    here = hashlib.sha256(render_pdf([a_slip()]) + render_svg(a_slip())).hexdigest()
    environment = {**os.environ, "TZ": "America/New_York", "PYTHONHASHSEED": "77", "SOURCE_DATE_EPOCH": "1"}
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout.strip() == here


KEPT = Path(__file__).parent / "slip_of_2017.json"


def test_a_slip_given_out_long_ago_is_printed_again_with_the_same_texts() -> None:
    """Head and record of a slip as they were stored once; whoever changes what `slip-1` says makes a new layout."""
    kept = json.loads(KEPT.read_text("utf-8"))
    slip = Slip(SlipHead.from_json(json.dumps(kept["head"])), kept["record"], kept["number"])
    composed = json.dumps(compose(slip), ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(composed.encode()).hexdigest() == kept["composed_sha256"]
    (page,) = pages(render_pdf([slip]))
    assert hashlib.sha256("\n".join(page.runs).encode()).hexdigest() == kept["page_sha256"]


def test_the_document_bears_the_time_of_the_settlement_and_no_name() -> None:
    pdf = render_pdf([a_slip()])
    assert b"/CreationDate(D:20170901022400Z)" in pdf
    described = b"".join(re.findall(rb"<x:xmpmeta.*?</x:xmpmeta>|<</Title.*?>>", pdf, re.DOTALL))
    assert described
    assert "龙应兰".encode() not in described
    assert "龙应兰".encode("utf-16-be").hex().upper().encode() not in described


# --- legible on a photocopy ----------------------------------------------------------------------------------


def test_nothing_is_grey_or_coloured() -> None:
    for slip in (a_slip(), a_slip(state="reversed", state_date="2017-09-05")):
        assert set(COLOUR.findall(render_svg(slip).decode())) <= {"#000000", "#ffffff", "none"}


def test_the_text_lies_between_the_holes_of_continuous_paper() -> None:
    svg = render_svg(a_slip(), paper="continuous").decode()
    assert re.search(r'viewBox="0 0 683\.1\d+ 792', svg)
    assert 'viewBox="0 0 595.27' in render_svg(a_slip()).decode()


# --- the QR code ---------------------------------------------------------------------------------------------


def modules(dashes: tuple[tuple[float, ...], ...]) -> list[list[int]]:
    """The modules of a code drawn as dashed lines: lengths of black and white in turn."""
    size = len(dashes)
    module = sum(dashes[0]) / size
    rows = []
    for row in dashes:
        runs = [round(length / module) for length in row]
        rows.append([int(place % 2 == 0) for place, run in enumerate(runs) for _ in range(run)])
    return rows


def test_the_code_says_number_and_decision_hash() -> None:
    slip = a_slip()
    assert qr_text(slip) == f"DOUDI:{slip.number}:{w1_record()['sha256']}"
    (page,) = pages(render_pdf([slip]))
    expected = [list(row) for row in segno.make(qr_text(slip), error="m", mask=MASK).matrix]
    assert modules(page.dashes) == expected


# --- refusals ------------------------------------------------------------------------------------------------


def test_a_layout_that_never_was_is_refused() -> None:
    for name in ("slip-9", "../compose.py", ""):
        with pytest.raises(BrokenHead):
            render_pdf([a_slip(template=name)])


def test_no_slip_and_several_slips_for_one_picture_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        render_pdf([])
    with pytest.raises(ValueError, match="one slip"):
        press([a_slip(), a_slip()], "svg")
    with pytest.raises(ValueError, match="at most 1000"):
        render_pdf([a_slip()] * 1001)


@pytest.mark.parametrize("moment", ["", "2017-09-01", "2017-09-01T10:24:00", "soon"])
def test_a_time_without_offset_is_refused(moment: str) -> None:
    with pytest.raises(BrokenHead, match="settled_at"):
        render_pdf([a_slip(settled_at=moment)])
