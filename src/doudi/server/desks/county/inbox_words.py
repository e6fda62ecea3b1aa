"""The content of a proposal in words: the words of an operation's call, as an approver reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from doudi.engine.vocabulary import name_of
from doudi.server.access.api import allowed
from doudi.server.desks.places import place_name
from doudi.server.desks.templatetags.desk import rate, yuan
from doudi.server.enrolment.api import SCHEMES, STATUS_WORDS
from doudi.server.filings.api import kind_words
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import PersonSummary, person
from doudi.server.recognition.api import known_categories
from doudi.words import Words

LABELS: dict[str, Words] = {
    "category": Words("人员类别", "Category"),
    "from_date": Words("起始日期", "From"),
    "until_date": Words("从哪天起终止", "First day without"),
    "known_since": Words("得知日期", "Known since"),
    "source_department": Words("认定部门", "Department"),
    "evidence": Words("依据", "Evidence"),
    "reason": Words("原因", "Reason"),
    "recognition": Words("认定编号", "Recognition"),
    "enrolment": Words("参保编号", "Enrolment"),
    "filing": Words("备案编号", "Filing"),
    "household": Words("家庭户编号", "Household"),
    "paper": Words("附件编号", "Paper"),
    "scheme": Words("险种", "Scheme"),
    "year": Words("年度", "Year"),
    "status": Words("参保状态", "Status"),
    "tier": Words("档次", "Tier"),
    "premium_fen": Words("应缴（元）", "Premium (yuan)"),
    "subsidy_fen": Words("资助（元）", "Subsidy (yuan)"),
    "subsidy_source": Words("资助部门", "Subsidy from"),
    "subsidy_category": Words("资助类别", "Subsidised as"),
    "paid_on": Words("缴费日期", "Paid on"),
    "insured_region": Words("参保地", "Insured in"),
    "region": Words("地区", "Region"),
    "kind": Words("备案类别", "Kind of filing"),
    "facility": Words("机构编号", "Facility"),
    "target_facility": Words("转往机构编号", "To facility"),
    "target_level": Words("转往层级", "To level"),
    "disease_code": Words("病种编码", "Disease"),
    "third_party_bp": Words("第三方责任", "Third party's share"),
    "state": Words("处理", "Becomes"),
    "settlement": Words("结算编号", "Settlement"),
    "sum_fen": Words("金额（元）", "Sum (yuan)"),
    "to": Words("支付给", "Paid to"),
    "fund": Words("基金", "Fund"),
    "payer": Words("政策支付方", "Payer of the policy"),
    "papers": Words("材料编号", "Papers"),
    "fingerprint": Words("差异指纹", "Fingerprint of the differences"),
}

PAID_TO = {"debt": Words("医院（抵患者欠款）", "the hospital"), "patient": Words("患者", "the patient")}


def _listed(numbers: Iterable[int]) -> Words:
    text = "、".join(map(str, numbers))
    return Words(text, text)


SAID: dict[str, Callable[[Any], Words]] = {
    "kind": kind_words, "target_level": name_of, "to": lambda to: PAID_TO[to], "papers": _listed,
}  # fmt: skip
"""Values that are said by what they are called."""


def content_lines(content: str) -> list[tuple[Words, Words]]:
    """Label and value of what is said; what is not said is left out, the person stands apart."""
    return [(_label(name), _value(name, value)) for name, value in _flat(json.loads(content))]


def _flat(words: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in words.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        elif name != "person" and value not in (None, "", []):
            yield name, value


def _label(name: str) -> Words:
    return LABELS.get(name, Words(name, name))


def _value(name: str, value: Any) -> Words:
    text = str(value)
    if name in ("category", "subsidy_category"):
        known = known_categories().get(text)
        return known.words if known else Words(text, text)
    if name == "scheme" and text in SCHEMES:
        return SCHEMES[text].words
    if name == "status" and text in STATUS_WORDS:
        return STATUS_WORDS[text]
    if name.endswith("_fen") and isinstance(value, int):
        return Words(str(yuan(value)), str(yuan(value)))
    if name in SAID:
        return SAID[name](value)
    if name.endswith("_bp") and isinstance(value, int):
        return Words(rate(value), rate(value))
    if name in ("region", "insured_region") and isinstance(value, int):
        place = place_name(value)
        return Words(place, place)
    if isinstance(value, bool):
        return Words("是" if value else "否", "yes" if value else "no")
    return Words(text, text)


def debt_of(actor: Actor, content: str) -> int | None:
    """The settlement whose debt it is about, where the viewer may see it."""
    number = json.loads(content).get("settlement")
    return number if isinstance(number, int) and allowed("settlement.debt", actor) else None


def person_of(actor: Actor, content: str) -> PersonSummary | None:
    """The person it is about, where the content names one and the viewer may see them."""
    number = json.loads(content).get("person")
    if not isinstance(number, int) or not allowed("people.person", actor):
        return None
    try:
        return person(viewer=actor, person=number).summary
    except NotFound:
        return None
