"""The kinds of filing, by the identifiers that policies write under `filing:`, and what each of them must say.

`national` is the transaction of the national interface that carries it. An emergency is no filing of the bureau but the
hospital's statement, kept in the same way so that it has a reason and a name behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from doudi.words import Words

FilingKind = Literal["referral", "special_outpatient", "chosen_institution", "accident", "emergency"]


@dataclass(frozen=True, slots=True)
class KindOfFiling:
    """One kind: what it is called, which facts it needs, and who may file it."""

    code: FilingKind
    words: Words
    guide: Words
    needs: frozenset[str] = frozenset()
    """Among `target` (facility or level), `disease_code`, `target_facility`, `until_date`, `third_party_bp`,
    `facility`, `reason`."""
    by_facility: bool = False
    """A facility may file it for a person it has opened; else the county office alone."""
    national: str = ""


KINDS: dict[FilingKind, KindOfFiling] = {
    kind.code: kind
    for kind in (
        KindOfFiling(
            "referral",
            Words("转诊备案", "Referral"),
            Words(
                "转往上级或外地医院前备案；单据上的“已转诊”以此为准。",
                "Filed before going to another hospital.",
            ),
            frozenset({"target", "reason"}),
            by_facility=True,
            national="2501",
        ),
        KindOfFiling(
            "special_outpatient",
            Words("门诊特殊病慢性病备案", "Special outpatient disease"),
            Words(
                "确认病种后，门诊按特殊病、慢性病待遇结算。", "A confirmed disease treated as an outpatient."
            ),
            frozenset({"disease_code"}),
            national="2503",
        ),
        KindOfFiling(
            "chosen_institution",
            Words("定点就医机构备案", "Chosen institution"),
            Words("本人选定的就医机构。", "The institution the person has chosen."),
            frozenset({"target_facility"}),
            national="2505",
        ),
        KindOfFiling(
            "accident",
            Words("意外伤害备案", "Accident"),
            Words(
                "外伤须写明第三方责任比例；没有第三方责任写0。",
                "States the share of a liable third party, 0 if none.",
            ),
            frozenset({"third_party_bp", "reason", "until_date"}),
            by_facility=True,
            national="2507",
        ),
        KindOfFiling(
            "emergency",
            Words("急诊说明", "Emergency"),
            Words(
                "由收治医院说明急诊入院的理由。", "The hospital states why the admission was an emergency."
            ),
            frozenset({"facility", "reason"}),
            by_facility=True,
        ),
    )
}


def kind_words(kind: str) -> Words:
    """What a kind is called."""
    found = next((one for code, one in KINDS.items() if code == kind), None)
    return found.words if found else Words(kind, kind)
