"""The picture of diseases: chapters of ICD-10, or the codes of the chapter the page is narrowed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from doudi.server.desks.charts import Chart, Series
from doudi.server.desks.oversight.filters import NONE, disease_words
from doudi.server.desks.oversight.pictures import BILLS, BURDEN, HOSPITAL, MOST, PATIENT, STAYS, TOTAL, Scene
from doudi.server.settlement.api import CHAPTERS, Part, Sums, chapter_of
from doudi.words import Words

PAID = Words("各方支付", "Payers")
REST = Words("其余", "the rest")


def what(scene: Scene, parts: Iterable[Part]) -> Chart:
    """By main diagnosis. Without a filter by chapter; in a chapter its commonest codes, the rest together in the file."""
    found = list(parts)
    if not scene.wanted.disease:
        found = _chapters(found)
    found.sort(key=lambda part: (-part.sums.total_fen, part.key))
    shown = found[:MOST]
    bars = [scene.bar(disease_words(part.key, scene.told.until), disease=part.key) for part in shown]
    sums = [part.sums for part in shown]
    left = len(found) - len(shown)
    return Chart(
        "what", "bars", Words("哪些病", "Which diseases"), tuple(bars),
        (
            Series(PAID, "basic", tuple(one.paid_fen for one in sums)),
            Series(HOSPITAL, "hospital", tuple(one.hospital_fen for one in sums)),
            Series(PATIENT, "patient", tuple(one.patient_fen for one in sums)),
        ),
        Words("按主要诊断分的结算费用。", "Cost by main diagnosis."), Words("主要诊断", "Main diagnosis"),
        hint=Words(
            "按主要诊断的 ICD-10 编码分章；点一章看其中的病种。" + (f"另有 {left} 种未画出。" if left else ""),
            "By chapter of ICD-10; a chapter opens its diseases." + (f" {left} more are not drawn." if left else ""),
        ),
        excel=scene.excel("what"),
        table=(
            Series(TOTAL, "other", tuple(one.total_fen for one in sums)),
            Series(BILLS, "other", tuple(one.bills for one in sums), "count"),
            Series(STAYS, "other", tuple(one.inpatient_bills for one in sums), "count"),
            Series(BURDEN, "other", tuple(one.burden_bp for one in sums), "bp"),
        ),
    )  # fmt: skip


def _chapters(parts: Iterable[Part]) -> list[Part]:
    grouped: dict[str, list[Sums]] = defaultdict(list)
    for part in parts:
        grouped[chapter_of(part.key) or NONE].append(part.sums)
    return [
        Part(chapter, _joined(sums))
        for chapter, sums in grouped.items()
        if chapter in CHAPTERS or chapter == NONE
    ]


def _joined(sums: Iterable[Sums]) -> Sums:
    found = list(sums)
    names = (
        "bills", "total_fen", "in_scope_fen", "hospital_fen", "patient_fen", "inpatient_bills", "inpatient_total_fen",
        "inpatient_patient_fen",
    )  # fmt: skip
    return Sums(**{name: sum(getattr(one, name) for one in found) for name in names})
