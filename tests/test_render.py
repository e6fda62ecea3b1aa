"""What people read of a settlement: text, slip and page, made from the answer's data alone."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from doudi.engine.answer import answer
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.engine.render.amounts import accumulator, cell, grouped, percent_of
from doudi.engine.render.html import page
from doudi.engine.render.narrative import narrate
from doudi.engine.render.notes import Notes
from doudi.engine.render.slip import accumulator_rows, bill_rows, bill_sentences
from doudi.engine.render.text import explanation_text
from doudi.engine.render.waterfall import waterfall
from doudi.engine.settle import Settler
from doudi.policy.library import Library
from doudi.policy.source import read_file

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh", "en")
VOID = {"meta"}


def answers_of(policy_id):
    """The answers to every worked case of a policy that is not refused, through JSON as a reader gets them."""
    library = Library([ROOT / "tests" / "policies"])
    settler = Settler(library.load(policy_id))
    told = []
    for case in read_file(settler.policy.cases_path, "cases").plain()["cases"]:
        data = {
            key: case[key] for key in ("person", "opening", "bills", "events", "catalogue") if key in case
        }
        expected = {**case, **case.get("expect", {})}
        years = {key: list(expected[key]) for key in ("year_end", "enrolment") if expected.get(key)}
        try:
            told.append(json.loads(json.dumps(answer(settler, read_facts({"bills": [], **data, **years})))))
        except Refused:
            continue
    return told


def policy_ids():
    return [
        one
        for one in Library([ROOT / "tests" / "policies"]).ids()
        if Library([ROOT / "tests" / "policies"]).load(one).cases_path
    ]


@pytest.fixture(scope="module")
def window():
    return answers_of("guizhou/liuzhi/triple-guarantee-2017")[0]


class Tags(HTMLParser):
    """Checks that tags are closed in order, and gathers links."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], set(), []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        attributes = dict(attrs)
        self.ids |= {attributes["id"]} if "id" in attributes else set()
        self.links += [attributes[key] for key in ("href", "src", "action") if key in attributes]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def checked(text):
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return tags


@pytest.mark.parametrize("policy_id", policy_ids())
def test_every_worked_case_can_be_told(policy_id):
    for told in answers_of(policy_id):
        for language in LANGUAGES:
            text = explanation_text(told, language)
            assert "None" not in text
            assert "{" not in text
            for bill in told["bills"]:
                assert grouped(bill["patient"]) in text
                assert bill_rows(bill, language)[-1].amount == grouped(bill["patient"])
            tags = checked(page(told, language))
            assert all(link.startswith("#") and link[1:] in tags.ids for link in tags.links)


def test_text_tells_the_law_in_chinese(window):
    text = explanation_text(window, "zh")
    assert "大病补充保险 −1,206.00" in text
    assert "2,010.00 (6,000.00 → 8,010.00) × 60% = 1,206.00 [2]" in text
    assert "七类100%报销：未适用：2017-08-20 不属于特困人员、失独家庭" in text
    assert "[2] “报销比例是60%”" in text
    assert "[假2] 六枝特区2017年补偿比例未见于材料" in text


def test_text_tells_the_law_in_english(window):
    text = explanation_text(window, "en")
    assert "catastrophic insurance −1,206.00" in text
    assert "does not apply: not in destitute people" in text
    assert "Assumptions (not in the documents, to be confirmed)" in text


def test_page_needs_nothing_else(window):
    text = page(window, "zh", "六枝")
    assert "http" not in text
    assert "<script" not in text
    assert "@import" not in text
    assert "url(" not in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert text.count("<svg") == 1


def test_page_escapes_what_the_file_says(window):
    told = json.loads(json.dumps(window))
    told["bills"][0]["id"] = told["bills"][0]["explanation"][0]["bill"] = "<script>alert(1)</script>"
    assert "<script" not in page(told, "zh", "<b>")


def test_waterfall_goes_from_the_total_to_the_patient(window):
    picture = waterfall(window["bills"][0], "zh")
    bars = re.findall(r'<rect class="bar (\w+)" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', picture)
    assert [hue for hue, _, _ in bars] == ["basic", "catastrophic", "assistance", "patient"]
    ends = [int(x.replace(".", "")) + int(width.replace(".", "")) for _, x, width in bars]
    starts = [int(x.replace(".", "")) for _, x, _ in bars]
    assert starts[0] == 0
    assert all(abs(start - end) <= 1 for end, start in zip(ends, starts[1:], strict=False))
    assert 9_998 <= ends[-1] <= 10_000
    assert "−17,990.00 · 60.0%" in picture
    assert "NaN" not in picture


def test_slip_has_capitals_shares_and_the_year(window):
    bill = window["bills"][0]
    rows = bill_rows(bill, "zh")
    assert [row.amount for row in rows] == [
        "30,000.00", "26,000.00", "2,000.00", "2,000.00", "17,990.00", "1,206.00", "4,762.80", "6,041.20",
    ]  # fmt: skip
    assert [row.share for row in rows][-1] == "20.1%"
    assert "陆仟零肆拾壹元贰角" in bill_sentences(bill, "zh")[0]
    assert accumulator_rows(window, "zh") == [
        ("大病补充保险 · 累计已付", "2017", "1,206.00"),
        ("大病补充保险 · 累计费用", "2017", "8,010.00"),
    ]


def test_a_source_is_told_once(window):
    notes = Notes("zh")
    narrate(window["bills"][0]["explanation"], "zh", notes)
    before = len(notes.notes)
    narrate(window["bills"][0]["explanation"], "zh", notes)
    assert len(notes.notes) == before


def test_amounts_for_people():
    assert grouped("1234567.89") == "1,234,567.89"
    assert grouped("-0.50") == "-0.50"
    assert cell("0.00") == "–"
    assert cell("-12.30") == "(12.30)"
    assert percent_of(1, 3) == "33.3%"
    assert percent_of(1, 0) == "–"


def test_accumulators_by_name():
    payers = {"family_fund": {"zh": "家庭基金", "en": "family fund"}}
    assert (
        accumulator("family_fund_owed_in_scope", payers, "zh")
        == "家庭基金 · 待年末结算的个人负担（政策范围内）"
    )
    assert accumulator("family_fund_scope", payers, "en") == "family fund · cost counted"
    assert accumulator("own_name", {}, "en") == "own name"
