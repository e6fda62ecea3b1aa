"""What comes out otherwise, told: before, after, and which facts changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from doudi.engine.record import canonical
from doudi.server.recognition.api import category_title
from doudi.server.settlement.data import number_of
from doudi.server.settlement.differences import Difference, Money
from doudi.server.settlement.posting import by_fund, delta
from doudi.server.settlement.replay import Again
from doudi.server.settlement.rows import money_of
from doudi.words import Words

COSTS = ("in_scope", "first_pay", "over_limit", "own_pay", "lines", "portions", "recorded")
CONTENT: Mapping[str, Words] = {
    **dict.fromkeys(COSTS, Words("更正了费用", "The costs were corrected.")),
    **dict.fromkeys(("admitted", "discharged"), Words("更正了日期", "The days were corrected.")),
    **dict.fromkeys(
        ("diagnoses", "procedures"), Words("更正了诊断或手术", "Diagnoses or procedures were corrected.")
    ),
    "assessed": Words("更正了困难评估", "The assessment of hardship was corrected."),
    "facility": Words("医疗机构的级别或定点有变", "The facility's level or designation is known otherwise."),
    **dict.fromkeys(
        ("referred", "emergency", "accident", "filings"),
        Words("备案有变（转诊、急诊、意外或门诊特殊病）", "Filings are known otherwise."),
    ),
}
PERSON: Mapping[str, Words] = {
    "insured": Words("参保记录有变", "The enrolment is known otherwise."),
    "born": Words("出生日期有变", "The day of birth is known otherwise."),
    "sex": Words("性别有变", "The sex is known otherwise."),
}
LAW = Words("适用的政策有变", "Another law applies.")
EARLIER = Words("此前的结算或累计有变", "What earlier bills used is otherwise.")


def difference_of(again: Again) -> Difference:
    """The difference of a bill; a refused one moves nothing."""
    row, judged = again.posted.row, again.judged
    before = money(row)
    after = money({**row, **money_of(judged)}) if judged is not None else None
    now = after or before
    return Difference(
        settlement=again.posted.root,
        number=number_of(again.posted.root, row["settled_on"]),
        version=row["version"],
        person=again.posted.person,
        facility=row["facility_id"],
        serial=row["serial"],
        settled_on=row["settled_on"],
        benefit_year=row["benefit_year"],
        posted_no=row["posted_no"],
        before=before,
        after=after,
        payers=delta(before.shares, now.shares),
        funds=delta(before.funds, now.funds),
        hospital_fen=now.hospital_fen - before.hospital_fen,
        patient_fen=now.patient_fen - before.patient_fen,
        why=why(again),
        recorded=tuple(sorted(again.posted.bill.get("recorded") or ())),
        refused=again.refused.said() if again.refused is not None else None,
    )


def money(row: Mapping[str, Any]) -> Money:
    """The sums of a version's columns."""
    return Money(
        row["total_fen"], row["in_scope_fen"], row["first_pay_fen"], row["over_limit_fen"], row["own_pay_fen"],
        dict(row["shares"]), by_fund(row), row["paid_fen"], row["hospital_fen"], row["patient_fen"],
    )  # fmt: skip


def why(again: Again) -> tuple[Words, ...]:
    """Which facts are known otherwise than when the current version was decided, in the order people ask."""
    if again.known is None:
        return ()
    old, new = again.posted.facts, again.known.facts
    found = [*_categories(old["person"], new["person"])]
    found += [
        words for key, words in PERSON.items() if _other(old["person"].get(key), new["person"].get(key))
    ]
    was, now = again.posted.bill, new["bills"][0]
    found += [words for key, words in CONTENT.items() if _other(was.get(key), now.get(key))]
    if again.known.settler.policy.hash != again.posted.row["policy_hash"]:
        found.append(LAW)
    if again.judged is not None and _other(old.get("opening"), again.judged.record["facts"]["opening"]):
        found.append(EARLIER)
    return tuple(dict.fromkeys(found))


def _categories(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Words]:
    was, now = _periods(old), _periods(new)
    for code in sorted({*was, *now}):
        if was.get(code) == now.get(code):
            continue
        title = category_title(code)
        verbs = {
            (False, True): ("新认定了", "was recognised since"),
            (True, False): ("不再认定", "is no longer recognised"),
            (True, True): ("认定的起止有变", "is recognised for another time"),
        }
        zh, en = verbs[code in was, code in now]
        yield Words(f"{zh}“{title.words.zh}”", f"{title.words.en} {en}.")


def _periods(person: Mapping[str, Any]) -> dict[str, list[tuple[Any, Any]]]:
    found: dict[str, list[tuple[Any, Any]]] = {}
    for held in person.get("categories", ()):
        found.setdefault(held["code"], []).append((held.get("from"), held.get("until")))
    return found


def _other(one: Any, another: Any) -> bool:
    return canonical(one or None) != canonical(another or None)
