"""The waterfall picture of a bill: every bar begins where the one before ended, in its own hue."""

import re
from typing import Any

from doudi.engine.render.waterfall import hue_of, waterfall

Json = dict[str, Any]


def payer(name: str) -> Json:
    return {"step": "payer", "payer": name, "name": {"zh": name, "en": name}}


def bill() -> Json:
    parts = {"in_scope": "80.00", "first_pay": "0.00", "own_pay": "20.00"}
    explanation = [{"step": "bill", "parts": parts}, payer("basic"), payer("family_fund"), payer("county")]
    return {"id": "b1", "total": "100.00", "shares": {"basic": "40.00", "family_fund": "0.00", "county": "10.00"},
            "hospital": "20.00", "patient": "30.00", "explanation": explanation}  # fmt: skip


def drawn(kind: str) -> list[tuple[str, str, int, str, int]]:
    """(class, x, y, width, height) of rectangles."""
    found = re.findall(
        rf'<rect class="({kind}[^"]*)" x="(.*?)" y="(\d+)" width="(.*?)" height="(\d+)"',
        waterfall(bill(), "en"),
    )
    return [(name, x, int(y), width, int(height)) for name, x, y, width, height in found]


def test_bars_fall_from_the_total_to_the_patient() -> None:
    assert drawn("bar ") == [
        ("bar basic", "0.00%", 68, "40.00%", 16),
        ("bar health", "40.00%", 114, "10.00%", 16),
        ("bar hospital", "50.00%", 160, "20.00%", 16),
        ("bar patient", "70.00%", 206, "30.00%", 16),
    ]
    assert [y for _, _, y, _, _ in drawn("track")] == [68, 114, 160, 206]


def test_the_total_is_cut_into_its_parts() -> None:
    assert drawn("part ") == [
        ("part part-0", "0.00%", 22, "80.00%", 16),
        ("part part-2", "80.00%", 22, "20.00%", 16),
    ]


def test_lines_join_each_bar_to_the_next_and_none_leaves_the_last() -> None:
    lines = re.findall(
        r'<line class="link" x1="(.*?)" x2="(.*?)" y1="(\d+)" y2="(\d+)"/>', waterfall(bill(), "zh")
    )
    assert lines == [
        ("40.00%", "40.00%", "84", "114"), ("50.00%", "50.00%", "130", "160"), ("70.00%", "70.00%", "176", "206"),
    ]  # fmt: skip


def test_names_stand_above_their_bars_and_both_ends_are_strong() -> None:
    labels = re.findall(r'<text class="([^"]*)" x="0" y="(\d+)">(.*?)</text>', waterfall(bill(), "en"))
    assert labels == [
        ("strong", "17", "total"), ("", "63", "basic"), ("", "109", "county"), ("", "155", "hospital"),
        ("strong", "201", "patient"),
    ]  # fmt: skip
    assert 'height="234"' in waterfall(bill(), "en")


def test_the_picture_can_be_read_aloud() -> None:
    told = "basic −40.00 · 40.0%; county −10.00 · 10.0%; hospital −20.00 · 20.0%; patient 30.00 · 30.0%"
    assert f"<title>Bill b1: from the total to the patient</title><desc>{told}</desc>" in waterfall(
        bill(), "en"
    )


def test_payers_that_many_policies_know_keep_their_hue_and_others_take_one_by_place() -> None:
    known = {"basic": "basic", "catastrophic": "catastrophic", "supplement": "supplement", "commercial": "supplement",
             "assistance": "assistance", "inclined_aid": "inclined", "last_resort": "last", "relief_fund": "relief",
             "health_fund": "health", "family_fund": "health", "charity": "charity",
             "family_planning": "family"}  # fmt: skip
    assert {name: hue_of(name) for name in known} == known
    others = ["charity", "family", "health", "relief", "inclined", "charity"]
    assert [hue_of("another"), *(hue_of("another", place) for place in range(6))] == ["charity", *others]
