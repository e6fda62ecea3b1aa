"""`when` as registers holding 0 or 1, each test with the words that tell it."""

from __future__ import annotations

from collections.abc import Callable

from doudi.engine.compile.context import Context
from doudi.engine.plan import TestPlan
from doudi.engine.vocabulary import DOMAINS, name_of
from doudi.money import format_yuan
from doudi.policy.conditions import AmountTest, When
from doudi.policy.document import PolicyDocument
from doudi.words import Words

FLAGS: dict[str, tuple[Words, Words]] = {
    "designated": (Words("定点机构", "designated facility"), Words("非定点机构", "facility not designated")),
    "referred": (Words("已办转诊", "referred"), Words("未办转诊", "not referred")),
    "emergency": (Words("急诊", "emergency"), Words("非急诊", "no emergency")),
    "contract": (Words("家庭医生签约", "family-doctor contract"), Words("未签约", "no contract")),
    "accident": (Words("有第三方责任的意外", "third party liable"), Words("无第三方责任", "no third party")),
    "uninsured": (Words("未参保", "uninsured"), Words("已参保", "insured")),
    "assessed": (Words("已评估困难", "hardship assessed"), Words("未评估困难", "hardship not assessed")),
    "in_pooling_area": (Words("统筹区内", "in the pooling area"), Words("统筹区外", "outside the pooling area")),
    "in_province": (Words("省内", "in the province"), Words("省外", "outside the province")),
}  # fmt: skip
ENUMS = ("care", "level", "grade", "place", "channel")
MAY_BE_UNKNOWN = frozenset(
    {"care", "level", "grade", "place", "designated", "in_pooling_area", "in_province"}
)
GROUPS = (
    "people",
    "disease",
    "procedure",
    "filing",
    "programme",
    "routed",
    "designated_for",
    "scheme",
    "tier",
)


def compile_test(c: Context, when: When) -> TestPlan:
    """The register and outline of one condition.

    A fact that the bill does not give makes a test neither hold nor fail. Where that could change the outcome the
    bill is refused; where the other tests decide alone, nothing is asked (Kleene's three values).
    """
    plan = _test(c, when)
    if plan.possible is not None:
        certain = c.b.op("equal", plan.register, plan.possible)
        c.b.refuse_unless(certain, "fact_missing", "|".join(sorted(_unknown_kinds(plan))))
    return plan


def _test(c: Context, when: When) -> TestPlan:
    written = {key: value for key in (*ENUMS, *FLAGS, *GROUPS) if (value := getattr(when, key)) is not None}
    parts = [_enum(c, key, written[key]) for key in ENUMS if key in written]
    parts += [_flag(c, key, written[key]) for key in FLAGS if key in written]
    parts += [_any(c, [_group(c, key, name) for name in written[key]]) for key in GROUPS if key in written]
    parts += _spans(c, when)
    if when.amount is not None:
        parts.append(_amount(c, when.amount))
    if when.any_ is not None:
        parts.append(_any(c, [_test(c, part) for part in when.any_]))
    if when.all_ is not None:
        parts += [_test(c, part) for part in when.all_]
    if when.not_ is not None:
        parts.append(_not(c, _test(c, when.not_)))
    if len(parts) == 1:
        return parts[0]
    held = c.b.both(*(part.register for part in parts))
    return TestPlan("all", held, parts=tuple(parts), possible=_possible(parts, c.b.both))


def _any(c: Context, parts: list[TestPlan]) -> TestPlan:
    if len(parts) == 1:
        return parts[0]
    held = c.b.either(*(part.register for part in parts))
    return TestPlan("any", held, parts=tuple(parts), possible=_possible(parts, c.b.either))


def _not(c: Context, inner: TestPlan) -> TestPlan:
    held = c.b.op("not", inner.possible if inner.possible is not None else inner.register)
    possible = c.b.op("not", inner.register) if inner.possible is not None else None
    return TestPlan("not", held, parts=(inner,), possible=possible)


def _possible(parts: list[TestPlan], join: Callable[..., int]) -> int | None:
    """Whether the joined tests could hold; None where nothing in them can be unknown."""
    if all(part.possible is None for part in parts):
        return None
    return join(*(part.possible if part.possible is not None else part.register for part in parts))


def _unknown_kinds(plan: TestPlan) -> set[str]:
    """The kinds of fact in a test that a bill may leave out."""
    if not plan.parts:
        return {plan.kind} if plan.possible is not None else set()
    return {kind for part in plan.parts for kind in _unknown_kinds(part)}


def _or_unknown(c: Context, fact: int, held: int) -> int:
    """Whether a test holds or its fact is unknown."""
    return c.b.either(held, c.b.op("less", fact, c.b.constant(0)))


def _enum(c: Context, key: str, codes: list[str]) -> TestPlan:
    fact = c.b.fact(key)
    tests = [c.b.op("equal", fact, c.b.constant(DOMAINS[key].index(code))) for code in codes]
    words = [name_of(code) for code in codes]
    told = Words("、".join(w.zh for w in words), " or ".join(w.en for w in words))
    held = c.b.either(*tests)
    possible = _or_unknown(c, fact, held) if key in MAY_BE_UNKNOWN else None
    return TestPlan(key, held, "|".join(codes), told, possible=possible)


def _flag(c: Context, key: str, wanted: bool) -> TestPlan:
    fact = c.b.fact(key)
    held = c.b.op("equal", fact, c.b.constant(int(wanted)))
    words = FLAGS[key][0 if wanted else 1]
    possible = _or_unknown(c, fact, held) if key in MAY_BE_UNKNOWN else None
    return TestPlan(key, held, "true" if wanted else "false", words, possible=possible)


def _group(c: Context, key: str, name: str) -> TestPlan:
    fact = c.b.fact(key, name)
    words = group_words(c.document, key, name)
    if not _asks_age_or_level(c, key, name):
        return TestPlan(key, fact, name, words)
    held = c.b.op("equal", fact, c.b.constant(1))
    return TestPlan(key, held, name, words, possible=_or_unknown(c, fact, held))


def _asks_age_or_level(c: Context, key: str, name: str) -> bool:
    """Whether membership of a group rests on facts that a bill may leave out."""
    if key == "disease":
        return c.document.diseases[name].age is not None
    if key == "programme":
        listed = [disease for dated in c.document.programmes[name].diseases for disease in dated.names]
        return any(c.document.diseases[disease].age is not None for disease in listed)
    return key == "routed"


def group_words(document: PolicyDocument, key: str, name: str) -> Words:
    """What people call a group that a condition names."""
    if key == "people":
        group = document.people[name]
        return Words(group.zh, group.en or group.zh)
    if key in ("disease", "procedure"):
        listed = document.diseases[name] if key == "disease" else document.procedures[name]
        return Words(listed.zh, listed.en or listed.zh)
    if key in ("programme", "routed", "designated_for"):
        programme = document.programmes[name]
        zh, en = programme.zh, programme.en or programme.zh
        if key == "routed":
            return Words(f"在“{zh}”规定的医院", f"in a hospital that {en} routes to")
        if key == "designated_for":
            return Words(f"“{zh}”定点医院", f"hospital designated for {en}")
        return Words(zh, en)
    return Words({"filing": "备案："}.get(key, "") + name, name.replace("_", " "))


def _spans(c: Context, when: When) -> list[TestPlan]:
    b, parts = c.b, []
    if (age := when.age) is not None:
        fact = b.fact("age")
        tests = [b.op("at_most", b.constant(age.at_least), fact)] if age.at_least is not None else []
        tests += [b.op("less", fact, b.constant(age.below))] if age.below is not None else []
        held = b.both(b.op("at_most", b.constant(0), fact), *tests)
        words = _span_words("岁", "years", age.at_least, age.below)
        parts.append(TestPlan("age", held, words=words, possible=_or_unknown(c, fact, held)))
    if (admission := when.admission) is not None:
        fact = b.op("add", b.fact("admission"), b.constant(1))
        low, high = admission.at_least, admission.at_most
        tests = [b.op("at_most", b.constant(low), fact)] if low is not None else []
        tests += [b.op("at_most", fact, b.constant(high))] if high is not None else []
        first = low if low is not None else 1
        zh, en = (f"至第 {high} 次", f" to {high}") if high is not None else (" 次及以后", " or later")
        words = Words(f"本年第 {first} {zh.strip()}住院", f"admission {first}{en} of the year")
        parts.append(TestPlan("admission", b.both(*tests), words=words))
    return parts


def _span_words(unit_zh: str, unit_en: str, low: int | None, below: int | None) -> Words:
    zh = (f"满 {low} {unit_zh}" if low is not None else "") + (
        f"不满 {below} {unit_zh}" if below is not None else ""
    )
    en = " ".join(
        text
        for text in (
            f"at least {low} {unit_en}" if low is not None else "",
            f"below {below} {unit_en}" if below is not None else "",
        )
        if text
    )
    return Words(zh, en)


def _amount(c: Context, test: AmountTest) -> TestPlan:
    b = c.b
    amount = c.total if test.of == "total" else c.whole[test.of]
    name = name_of(test.of)
    if test.above is not None:
        register = b.op("less", b.constant(test.above), amount)
        edge = format_yuan(test.above, grouping=True)
        return TestPlan("amount", register, words=Words(f"{name.zh}超过 {edge}", f"{name.en} above {edge}"))
    reaching = test.reaching or 0
    edge = format_yuan(reaching, grouping=True)
    register = b.op("at_most", b.constant(reaching), amount)
    return TestPlan("amount", register, words=Words(f"{name.zh}达到 {edge}", f"{name.en} reaching {edge}"))
