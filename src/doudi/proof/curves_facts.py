"""The bill and the people behind the curves: sensible facts where a policy asks for some, and words for each.

A curve needs a whole bill: who, where, when, which care. What the policy does not tell apart does not matter; for
what it does, one plain case is taken – an inpatient in the home area, referred, insured, nothing special – and said
beside the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from doudi.engine.compile.conditions import FLAGS
from doudi.engine.data import Balances, Bill, Facility, Holding, Insurance, Person, Span
from doudi.engine.refusals import Refused
from doudi.engine.settle import UNITS, Settler
from doudi.engine.vocabulary import CARES, GRADES, LEVELS, name_of
from doudi.policy.conditions import PARTS
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.meaning import conditions_of, forms_of
from doudi.policy.values import Reading
from doudi.proof.amendment_vocabulary import GRADES as GRADE_WORDS
from doudi.proof.amendment_words import Speech
from doudi.words import Words

AGE = 45
GRADE_OF = {"village": "1", "township": "1", "county": "2", "city": "3", "province": "3"}
USUAL = ("township", "county", "city", "province")
OPEN = Span(None, None)
_TRIED = 10_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """A group of people and the one category by which the person on the curve belongs to it."""

    group: str | None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The kind of hospital; a policy that asks for grades is drawn by grade."""

    level: str
    grade: str
    by: str = "level"

    @property
    def words(self) -> Words:
        """What people call it."""
        return GRADE_WORDS[self.grade] if self.by == "grade" else name_of(self.level)


@dataclass(frozen=True)
class Stage:
    """A policy ready to be drawn: its settler and the facts that are the same on every curve."""

    policy: Policy
    settings: tuple[Setting, ...]
    places: tuple[Place, ...]
    care: str
    day: date
    balances: Balances = field(default_factory=Balances)

    @cached_property
    def settler(self) -> Settler:
        """Settles by rule what is otherwise decided elsewhere."""
        return Settler(_ruled(self.policy))

    @cached_property
    def asked(self) -> dict[str, set[str]]:
        """Level, grade, scheme and tier as the policy names them."""
        return _attributes(self.policy.document)

    @cached_property
    def insurance(self) -> tuple[str | None, str | None]:
        """The scheme and tier in which the person is insured: the first that the policy serves or names."""
        schemes, tiers = (sorted(self.asked.get(key, set()) - {"other"}) for key in ("scheme", "tier"))
        served = self.policy.document.schemes or schemes or (["resident"] if tiers else [])
        return served[0] if served else None, tiers[0] if tiers else None

    @property
    def unit(self) -> int:
        """The unit of rounding, in fen."""
        return int(UNITS[self.policy.document.rounding.to])

    def person(self, setting: Setting) -> Person:
        """The person on a curve."""
        scheme, tier = self.insurance
        return Person(
            id="curve",
            born=date(self.day.year - AGE, 1, 1),
            region=self.policy.document.region,
            insured=(Insurance(scheme, tier, OPEN),) if scheme else None,
            categories=tuple(Holding(code, OPEN) for code in setting.categories),
        )

    def bill(self, place: Place) -> Bill:
        """The bill on a curve, empty."""
        document = self.policy.document
        region = (document.pooling_area or document.region).ljust(6, "0")
        return Bill(
            id="curve",
            care=self.care,
            admitted=self.day,
            discharged=self.day,
            settled=self.day,
            parts=dict.fromkeys(PARTS, 0),
            facility=Facility(place.level, place.grade, designated=True, region=region),
            stay="curve",
            referred=True,
            recorded={
                payer.payer: 0
                for payer in document.payers
                if payer.decided == "elsewhere" and not payer.benefits and payer.settled == "bill"
            },
        )

    def assumed(self) -> Iterator[Words]:
        """The facts that were taken, as people say them."""
        document = self.policy.document
        care = name_of(self.care)
        yield Words(f"{care.zh}，{self.day} 出院", f"{care.en}, discharged on {self.day}")
        yield Words("费用全部在政策范围内", "all cost in scope")
        yield Words("统筹区内定点机构，已办转诊", "a designated facility in the pooling area, referred")
        yield Words(
            "本年第一张单据，各项累计从零开始", "the first bill of the year, all accumulators at zero"
        )
        asked = {key for _, when in conditions_of(document) for key in when.model_fields_set}
        plain = [
            FLAGS[flag][1] for flag in ("emergency", "contract", "accident", "assessed") if flag in asked
        ]
        if asked & {"disease", "procedure", "programme", "filing", "routed"}:
            plain.append(
                Words("没有所列病种、手术、备案和专项", "none of the listed diseases, procedures, filings")
            )
        yield from plain
        if asked & {"age"} or any(disease.age for disease in document.diseases.values()):
            yield Words(f"{AGE} 岁", f"{AGE} years old")
        scheme, tier = self.insurance
        if scheme:
            said = f"{scheme} {tier}" if tier else scheme
            yield Words(f"参保：{said}", f"insured: {said}")
        if "grade" in self.asked and self.places[0].by == "level":
            yield Words(
                "乡镇一级、县二级、市和省三级", "township grade 1, county grade 2, city and province grade 3"
            )
        speech = Speech(self.policy)
        for payer in document.payers:
            name = speech.payer(payer.payer)
            if payer.settled == "year_end":
                yield Words(
                    f"{name.zh}在年末结算，不在图中", f"{name.en} settles at year end and is not drawn"
                )
            elif payer.decided == "elsewhere" and payer.benefits:
                yield Words(f"{name.zh}由别的系统决定，这里按所写规则试算",
                            f"{name.en} is decided elsewhere; here its written rule is used")  # fmt: skip
            elif payer.decided != "here":
                yield Words(
                    f"{name.zh}没有可试算的规则，按未付计",
                    f"{name.en} has no rule to rehearse and pays nothing",
                )


def stage_of(policy: Policy) -> Stage:
    """What to draw of a policy: every group of people, every kind of hospital, the care it is about."""
    document = policy.document
    stage = Stage(
        policy, tuple(_settings(document)), tuple(_places(document)), "inpatient", newest_day(document)
    )
    for care in CARES:
        tried = replace(stage, care=care)
        if any(_pays(tried, setting, place) for setting in tried.settings for place in tried.places):
            return tried
    return stage


def _pays(stage: Stage, setting: Setting, place: Place) -> bool:
    """Whether anybody pays anything."""
    bill = stage.bill(place)
    bill = replace(bill, parts={**bill.parts, "in_scope": _TRIED})
    try:
        decision, _ = stage.settler.settle_bill(stage.person(setting), bill, stage.balances)
    except Refused:
        return False
    return any(decision.shares.values())


def _settings(document: PolicyDocument) -> Iterator[Setting]:
    yield Setting(None)
    groups = document.people
    for name, group in groups.items():
        if group.all_:
            yield Setting(name, tuple(group.all_))
        elif codes := [code for code in group.any_ or [] if code not in (group.none or [])]:
            shared = {code: sum(code in (other.any_ or []) for other in groups.values()) for code in codes}
            yield Setting(name, (min(codes, key=lambda code: shared[code]),))


def _places(document: PolicyDocument) -> Iterator[Place]:
    asked = _attributes(document)
    if "level" in asked:
        named = asked["level"] | set(
            () if asked["level"] & {"other"} else USUAL if _only_tested(document) else ()
        )
        for level in LEVELS:
            if level in named or ("other" in asked["level"] and level in USUAL):
                yield Place(level, GRADE_OF[level])
    elif "grade" in asked:
        yield from (Place("county", grade, "grade") for grade in GRADES)
    else:
        yield Place("county", "2", "any")


def _only_tested(document: PolicyDocument) -> bool:
    """Whether levels are spoken of in conditions and in no table."""
    return not any("level" in reading.by for reading in _tables(document))


def _tables(document: PolicyDocument) -> Iterator[Any]:
    return (
        form for _, form in forms_of(document.payers) if isinstance(form, Reading) and form.by and form.rows
    )


def _attributes(document: PolicyDocument) -> dict[str, set[str]]:
    """Level, grade, scheme and tier as tables and conditions name them; `other` where a table has a default."""
    found: dict[str, set[str]] = {}
    for reading in _tables(document):
        inner = [cell for cell in reading.rows.values() if isinstance(cell, dict)]
        keys = [reading.rows.keys(), *([key for cell in inner for key in cell] for _ in reading.by[1:])]
        for attribute, names in zip(reading.by, keys, strict=True):
            more = {"other"} if reading.default is not None else set()
            found.setdefault(attribute, set()).update(names, more)
    for _, when in conditions_of(document):
        for attribute in ("level", "grade", "scheme", "tier"):
            if names := getattr(when, attribute):
                found.setdefault(attribute, set()).update(names)
    return found


def newest_day(document: PolicyDocument) -> date:
    """The first day on which all that begins has begun, while the policy holds."""
    force = document.in_force
    last = force.until - timedelta(days=1) if force.until is not None else date.max
    begun: list[date] = [
        day for _, form in forms_of(document) if (day := getattr(form, "from_", None)) is not None
    ]
    return min(max([force.from_, *begun]), last)


def _ruled(policy: Policy) -> Policy:
    """The policy with every written rule deciding here."""
    payers = [
        payer.model_copy(update={"decided": "here"})
        if payer.decided == "elsewhere" and payer.benefits
        else payer
        for payer in policy.document.payers
    ]
    return replace(policy, document=policy.document.model_copy(update={"payers": payers}))
