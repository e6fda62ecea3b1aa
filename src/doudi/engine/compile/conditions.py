"""`when` as registers holding 0 or 1, each test with the words that tell it."""

from __future__ import annotations

from doudi.engine.compile.context import Context
from doudi.engine.plan import TestPlan
from doudi.engine.vocabulary import DOMAINS, name_of
from doudi.money import format_yuan
from doudi.policy.conditions import AmountTest, When
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
    """The register and outline of one condition."""
    written = {key: value for key in (*ENUMS, *FLAGS, *GROUPS) if (value := getattr(when, key)) is not None}
    parts = [_enum(c, key, written[key]) for key in ENUMS if key in written]
    parts += [_flag(c, key, written[key]) for key in FLAGS if key in written]
    parts += [
        _several(c, [_group(c, key, name) for name in written[key]]) for key in GROUPS if key in written
    ]
    parts += _spans(c, when)
    if when.amount is not None:
        parts.append(_amount(c, when.amount))
    if when.any_ is not None:
        parts.append(_several(c, [compile_test(c, part) for part in when.any_]))
    if when.all_ is not None:
        parts += [compile_test(c, part) for part in when.all_]
    if when.not_ is not None:
        inner = compile_test(c, when.not_)
        parts.append(TestPlan("not", c.b.op("not", inner.register), parts=(inner,)))
    if len(parts) == 1:
        return parts[0]
    return TestPlan("all", c.b.both(*(part.register for part in parts)), parts=tuple(parts))


def _several(c: Context, parts: list[TestPlan]) -> TestPlan:
    if len(parts) == 1:
        return parts[0]
    return TestPlan("any", c.b.either(*(part.register for part in parts)), parts=tuple(parts))


def _enum(c: Context, key: str, codes: list[str]) -> TestPlan:
    fact = c.b.fact(key, required=True)
    tests = [c.b.op("equal", fact, c.b.constant(DOMAINS[key].index(code))) for code in codes]
    words = [name_of(code) for code in codes]
    told = Words("、".join(w.zh for w in words), " or ".join(w.en for w in words))
    return TestPlan(key, c.b.either(*tests), "|".join(codes), told)


def _flag(c: Context, key: str, wanted: bool) -> TestPlan:
    fact = c.b.fact(key, required=True)
    register = fact if wanted else c.b.op("not", fact)
    return TestPlan(key, register, "true" if wanted else "false", FLAGS[key][0 if wanted else 1])


def _group(c: Context, key: str, name: str) -> TestPlan:
    return TestPlan(key, c.b.fact(key, name), name, _group_words(c, key, name))


def _group_words(c: Context, key: str, name: str) -> Words:
    document = c.document
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
        fact = b.fact("age", required=True)
        tests = [b.op("at_most", b.constant(age.at_least), fact)] if age.at_least is not None else []
        tests += [b.op("less", fact, b.constant(age.below))] if age.below is not None else []
        parts.append(
            TestPlan("age", b.both(*tests), words=_span_words("岁", "years", age.at_least, age.below))
        )
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
