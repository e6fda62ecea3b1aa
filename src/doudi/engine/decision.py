"""One decision: what a bill comes to, the promises it must keep, and a refusal in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from doudi.engine.compile import Compiled
from doudi.engine.compile.beyond import Sums
from doudi.engine.data import Bill
from doudi.engine.facts import Situation
from doudi.engine.plan import BillPlan
from doudi.engine.program import Refusal
from doudi.engine.refusals import Refused
from doudi.policy.document import PolicyDocument
from doudi.words import Words

_UNKNOWN_FACTS = {
    "care": Words("就医方式", "the kind of care"),
    "level": Words("机构级别", "the facility's level"),
    "grade": Words("机构等级", "the facility's grade"),
    "designated": Words("是否定点机构", "whether the facility is designated"),
    "in_pooling_area": Words("机构所在地", "where the facility is"),
    "in_province": Words("机构所在地", "where the facility is"),
    "place": Words("机构所在地", "where the facility is"),
    "age": Words("出生日期", "the date of birth"),
    "disease": Words("出生日期", "the date of birth"),
    "programme": Words("出生日期", "the date of birth"),
    "routed": Words("机构级别", "the facility's level"),
}
_KEYS = {
    "care": "care",
    "age": "person.born",
    "disease": "person.born",
    "programme": "person.born",
    "in_pooling_area": "facility.region",
    "in_province": "facility.region",
    "place": "facility.region",
    "routed": "facility.level",
}


class InvariantBroken(Exception):
    """The engine contradicts itself; nothing it computed may be used."""


def invariant(holds: bool, code: str) -> None:
    """Stop, in production too, where a promise of the engine does not hold."""
    if not holds:
        raise InvariantBroken(code)


@dataclass(frozen=True)
class Decision:
    """What one bill comes to: amounts in fen, and the registers from which its explanation is told."""

    bill: Bill
    shares: dict[str, int]
    hospital: int
    patient: int
    patient_in_scope: int
    situation: Situation
    compiled: Compiled
    registers: list[int] = field(repr=False)
    moved: dict[str, tuple[str, str]] = field(default_factory=dict)
    as_category: str | None = None

    @property
    def plan(self) -> BillPlan:
        """The outline of the bill."""
        return self.compiled.plan


def decide(
    compiled: Compiled,
    registers: list[int],
    situation: Situation,
    moved: dict[str, tuple[str, str]],
) -> Decision:
    """The decision that the registers hold after a run; the promises are checked before anyone sees it."""
    plan, bill = compiled.plan, situation.bill
    shares = {payer.name: registers[payer.amount] for payer in plan.payers}
    hospital, patient = registers[plan.hospital], registers[plan.patient]
    left = dict(plan.left)
    invariant(sum(shares.values()) + hospital + patient == bill.total, "shares_sum_to_total")
    invariant(all(share >= 0 for share in shares.values()) and patient >= 0, "no_negative_share")
    invariant(all(registers[register] >= 0 for register in left.values()), "no_part_overdrawn")
    return Decision(
        bill,
        shares,
        hospital,
        patient,
        registers[left["in_scope"]],
        situation,
        compiled,
        registers,
        moved,
    )


def check_in_force(document: PolicyDocument, day: date, path: str) -> None:
    """The policy holds on a day. Raises Refused."""
    begins, ends = document.in_force.from_, document.in_force.until
    if day < begins or (ends is not None and day >= ends):
        zh, en = (f"，至 {ends}（不含）", str(ends)) if ends else ("", "open")
        raise Refused("date_outside_policy", path, day=day, begins=begins, ends=zh, ends_en=en)


def refused(
    refusal: Refusal, compiled: Compiled | Sums, registers: list[int], bill: Bill, payer: Words
) -> Refused:
    """The refusal in words; an unknown fact is named."""
    if refusal.code != "fact_missing":
        return Refused(refusal.code, bill.path, label=refusal.label, payer=payer)
    kinds = refusal.label.split("|")
    missing = [fact.kind for register, fact in compiled.program.facts if registers[register] < 0]
    kind = next((kind for kind in kinds if kind in missing), kinds[0])
    key = _KEYS.get(kind, f"facility.{kind}")
    if key == "facility.region" and bill.facility.region is not None:
        key = "person.region"  # the facility is known; where the person is at home is not
    path = key if key.startswith("person") else f"{bill.path}.{key}"
    return Refused("fact_missing", path, fact=_UNKNOWN_FACTS[kind], key=key)


def payer_words(document: PolicyDocument, name: str) -> Words:
    """A payer's name for people."""
    for payer in document.payers:
        if payer.payer == name and payer.name is not None:
            return Words(payer.name.zh, payer.name.en or name)
    return Words(name, name)
