"""Slips for tests: a head like a county's, records of shipped and small policies, of policies written on the spot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from doudi.engine.record import make_record
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.server.settlement.slip.data import HeadCategory, HeadDiagnosis, Slip, SlipHead
from doudi.words import Words
from support.bills import Maker
from support.files import a_bill, a_file, as_file
from support.policies import policy, settler, written

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
NUMBER = "520203-2017-0001234"
HEAD = SlipHead(
    name="龙应兰",
    masked_number="520203********0027",
    sex=Words("女", "female"),
    age=60,
    categories=(
        HeadCategory(Words("低保对象", "subsistence allowance"), "民政局", "2016-01-01"),
        HeadCategory(Words("建档立卡贫困人口", "registered poor"), "扶贫办", "2014-11-01"),
    ),
    scheme=Words("新型农村合作医疗", "rural cooperative scheme"),
    county="六枝特区",
    facility="六枝特区人民医院",
    facility_code="H52020300012",
    facility_level=Words("县级", "county"),
    department="骨科",
    ward="三病区 12 床",
    diagnoses=(HeadDiagnosis("M17.9", "膝关节病"), HeadDiagnosis("I10.x00", "特发性（原发性）高血压")),
    serial="ZY2017090100037",
    clerk="王建国",
    settled_at="2017-09-01T10:24:00+08:00",
    appeal_to="六枝特区医疗保障局",
)
W1_BILL = a_bill(
    diagnoses=["M17.9"], total="30000.00", in_scope="26000.00", first_pay="2000.00", own_pay="2000.00"
)
W1_PERSON = {
    "born": "1957-03-01",
    "sex": "F",
    "categories": [{"code": "subsistence_allowance", "from": "2016-01-01"}],
}


def w1_record() -> dict[str, Any]:
    """The bill of the README: 30,000.00, of which the patient pays 6,041.20."""
    return make_record(settler(LIUZHI), a_file(W1_BILL, person=W1_PERSON))


def a_slip(record: dict[str, Any] | None = None, **changes: Any) -> Slip:
    """A slip of `record`; changes whose names are fields of the head change the head."""
    of_head = {key: value for key, value in changes.items() if key in SlipHead.__dataclass_fields__}
    of_slip = {key: value for key, value in changes.items() if key not in of_head}
    return Slip(replace(HEAD, **of_head), record or w1_record(), **({"number": NUMBER} | of_slip))


def random_records(policy_id: str, seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Records of random years of a policy, three bills each; years that are refused are passed over."""
    maker, made, number = Maker(policy(policy_id).document, seed), 0, 0
    while made < count:
        number += 1
        assert number < count * 3 + 100, f"too many refusals of {policy_id}"
        person, year = maker.year(number, 3)
        try:
            record = make_record(settler(policy_id), as_file(person, year))
        except Refused:
            continue
        if record["answer"]["bills"]:
            made += 1
            yield record


def every_slip(policy_id: str, seed: int, records: int) -> Iterator[Slip]:
    """A slip for each bill of random years."""
    for index, record in enumerate(random_records(policy_id, seed, records)):
        for bill in range(len(record["answer"]["bills"])):
            yield a_slip(record, number=f"{index}-{bill}", bill=bill)


def record_of(folder: Path, payers: str, **bill: Any) -> dict[str, Any]:
    """A record of one bill under a policy written on the spot."""
    return make_record(Settler(written(folder, payers)), a_file(a_bill(**bill)))


def many_payers(count: int, bands: int = 1) -> str:
    """The payers of a policy: `count` of them, each with so many bands, all paying from what is left."""
    body = "payers:\n"
    for index in range(count):
        edges = [f"above: {band * 1000}, up_to: {(band + 1) * 1000}" for band in range(bands - 1)]
        edges.append(f"above: {(bands - 1) * 1000}")
        told = ", ".join(f"{{{edge}, rate: {place + 2}%}}" for place, edge in enumerate(edges))
        schedule = f"bands: [{told}]" if bands > 1 else "rate: 5%"
        body += (
            f"  - payer: payer_{index}\n    name: {{zh: 第{index + 1}重保障基金, en: fund {index + 1}}}\n"
            f"    assumed: 测试用\n    benefits: [{{benefit: share, {schedule}}}]\n"
        )
    return body
