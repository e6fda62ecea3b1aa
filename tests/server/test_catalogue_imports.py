"""A catalogue's whole way: the platform's file, headings supplied, judged, applied, priced, taken back."""

import json
from datetime import date

import pytest

from doudi.server.reference import api
from doudi.server.reference.layouts import layouts, with_headings
from support.importing import LIUZHI, OFFICER, applied, examined, rows, undone

DAY = date(2026, 3, 1)
DRUG = "XN02BEZ991A9010101900010"


def line(**named: str) -> str:
    return "\t".join(named.get(column, "null") for column in layouts()["1301"])


def download(*lines: str) -> bytes:
    """A 1301 file as the platform sends it, composed by us: 97 columns, tabs, no headings."""
    return ("\n".join(lines) + "\n").encode()


DRUGS = download(
    line(
        医疗目录编码=DRUG,
        注册名称="示例片",
        药品规格="0.5g*24片",
        最小计价单位="盒",
        开始日期="2025-01-01",
        有效标志="1",
    ),
    line(医疗目录编码="XNOEND", 注册名称="停用片", 开始日期="2025-01-01", 有效标志="0"),
    line(医疗目录编码="XNODAY", 注册名称="无日期片", 有效标志="1"),
)
RATES = {
    "infcode": 0,
    "output": {
        "data": [
            {"hilist_code": DRUG, "selfpay_prop_psn_type": "390", "selfpay_prop_type": "10", "insu_admdvs": "520203",
             "begndate": "2025-01-01", "enddate": None, "selfpay_prop": 0.1, "vali_flag": "1"},
            {"hilist_code": DRUG, "selfpay_prop_psn_type": "390", "selfpay_prop_type": "10", "insu_admdvs": "522632",
             "begndate": "2025-01-01", "selfpay_prop": 0.2, "vali_flag": "1"},
        ]
    },
}  # fmt: skip


def bring(content: bytes, kind: str, **options: str):
    return examined(content, kind=kind, options=options, file_name="目录.csv")


@pytest.mark.usefixtures("fresh_database", "key_file")
def test_a_drug_and_its_first_pay() -> None:
    drugs = bring(with_headings("1301", DRUGS), "reference.items", list_type="101")
    assert (drugs.summary.counts.new, drugs.summary.counts.refused) == (1, 2)
    problems = {problem.column for row in rows(drugs.summary.number, "refused") for problem in row.problems}
    assert problems == {"valid", "from_date"}
    applied(drugs.summary.number)
    rates = bring(with_headings("1319", json.dumps(RATES).encode()), "reference.first_pay")
    assert (rates.summary.counts.new, rates.summary.counts.refused) == (1, 1)
    applied(rates.summary.number)
    price = {"viewer": OFFICER, "codes": [DRUG], "day": DAY, "region": LIUZHI, "scheme": "resident"}
    assert api.price_of(**price)[DRUG].first_pay_bp == 1000
    again = bring(with_headings("1319", json.dumps(RATES).encode()), "reference.first_pay")
    assert again.summary.counts.unchanged == 1
    undone(rates.summary.number)
    assert api.price_of(**price)[DRUG].first_pay_bp == 0
