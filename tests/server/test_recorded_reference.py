"""Recorded traffic of the national platform against our tables of reference."""

import json
import re

import pytest

from doudi.money import parse_yuan
from doudi.server.reference.facility_codes import well_formed
from doudi.server.reference.import_kinds.rules_of_items import CLASSES


@pytest.mark.recorded
def test_what_recorded_answers_say_of_items_can_be_kept(samples_folder) -> None:
    """The classes, ceilings and first-pay rates that a real platform answered for the lines of bills."""
    answer = (samples_folder / "nhsa_responses" / "2301_neimeng_L597.json").read_text("utf-8")
    lines = json.loads(answer, parse_float=str)["output"]["result"]
    assert {line["chrgitm_lv"] for line in lines} <= set(CLASSES)
    # 999999 stands for "no ceiling" there: kept as it is, it caps nothing
    ceilings = {str(line["pric_uplmt_amt"]) for line in lines}
    assert all(isinstance(parse_yuan(amount), int) for amount in ceilings)
    assert all(0 <= parse_yuan(str(line["selfpay_prop"])) <= 100 for line in lines)


@pytest.mark.recorded
def test_facility_codes_of_recorded_requests_are_well_formed(samples_folder) -> None:
    text = "".join(path.read_text("utf-8") for path in (samples_folder / "nhsa_spec_samples").glob("*.json"))
    codes = re.findall(r'"fixmedins_code": ?"(H[0-9]+)"', text)
    assert codes
    assert all(well_formed(code) for code in codes)
