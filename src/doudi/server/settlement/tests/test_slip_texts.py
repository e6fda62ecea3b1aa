"""Texts of hospital systems are printed as text: no markup, no silent boxes, no turned amounts."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from doudi.server.settlement.slip import glyphs
from doudi.server.settlement.slip.compose import compose
from doudi.server.settlement.slip.data import BrokenHead, HeadCategory, HeadDiagnosis, SlipHead
from doudi.server.settlement.slip.printer import TEMPLATES, _template, render_pdf, render_svg
from doudi.server.settlement.slip.wording import LABELS
from doudi.words import Words
from support.pdf_text import pages, squeezed
from support.slips import HEAD, a_slip


def page_text(**changes: Any) -> str:
    (page,) = pages(render_pdf([a_slip(**changes)]))
    return page.text


# --- nothing becomes markup ----------------------------------------------------------------------------------

MARKUP = [
    '#panic("found")',
    '#eval("1+1")',
    '#read("/etc/passwd")',
    "#sys.inputs.data",
    "$x^2$ *bold* _slant_ `raw` = head",
    "]#text(fill: white)[",
    '"}]}#{ let a = 1 }',
    "// a comment /* more */",
    "<label> @reference https://example.org",
    "-- --- ... ~ \\u{41} \\ #",
    "{{ name }} %s ${name}",
    "- 1. + / term: text",
    "\\",
    '"',
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_as_it_stands(text: str) -> None:
    printed = page_text(
        name=text, facility=text, department=text, clerk=text, serial=text, county=text, number=text[:30],
        diagnoses=(HeadDiagnosis("A00", text),), state="reversed", state_date="2017-09-05", state_reason=text,
        categories=(HeadCategory(Words(text, text), text, "2016-01-01"),), appeal_to=text,
    )  # fmt: skip
    assert printed.count(squeezed(text.strip()[:20])) >= 8


def test_the_source_given_to_the_compiler_is_the_template_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []

    class Listening:
        def compile(self, **given: Any) -> bytes:
            seen.append(given)
            return b""

    monkeypatch.setattr("doudi.server.settlement.slip.printer._compiler", Listening)
    render_pdf([a_slip(name="#panic()")])
    (given,) = seen
    assert given["input"] == _template("slip-1")
    assert list(given["sys_inputs"]) == ["data"]
    assert json.loads(given["sys_inputs"]["data"])["slips"][0]["name"] == "#panic()"


def test_any_characters_at_all_print_on_one_page() -> None:
    random_ = random.Random(5)
    points = [
        *range(0x250),
        *range(0x2000, 0x2100),
        *range(0xD800, 0xE010),
        *range(0xFE00, 0x10000),
        0x10FFFF,
        0x20BB7,
    ]
    for _ in range(12):
        text = "".join(chr(random_.choice(points)) for _ in range(60))
        assert page_text(name=text, facility=text, diagnoses=(HeadDiagnosis("A00", text),))


# --- rare characters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["𠮷祥", "㛃", "䶮", "赵𫟹", "𬭎", "阿依古丽·买买提", "龘龘", "㐂", "〇"])
def test_rare_characters_of_names_are_printed(name: str) -> None:
    printed = page_text(name=name)
    assert name in printed
    assert "印刷字库没有这个字" not in printed


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王𪚥", "王〓[2A6A5]"),
        ("ئەركىن", "〓[0626]"),
        ("བསོད་ནམས", "〓[0F56]"),
        ("张\ue863", "张〓[E863]"),
        ("李\ud842", "李〓[D842]"),
        ("钱\x00\x1b", "钱〓[0000]〓[001B]"),
    ],
)
def test_a_character_without_a_glyph_is_named_never_an_empty_box(name: str, said: str) -> None:
    printed = page_text(name=name)
    assert said in printed
    assert "印刷字库没有这个字" in printed
    assert f"U+{said.partition('[')[2][:4]}" in printed


def test_marks_that_turn_the_direction_of_writing_cannot_turn_an_amount() -> None:
    printed = page_text(name="王\u202e00.001", department="\u2066骨科\u2069\u200f")
    assert "王〓[202E]00.001" in printed
    assert "〓[2066]骨科〓[2069]〓[200F]" in printed


def test_line_breaks_become_blanks_and_shapes_are_kept() -> None:
    told = compose(a_slip(name="龙\r\n应\t兰", clerk="葛\U000e0100"))
    assert (told["name"], told["clerk"]) == ("龙  应 兰", "葛\U000e0100")
    assert page_text(clerk="葛\U000e0100")


def test_the_font_has_every_character_of_the_form_itself() -> None:
    words = "".join(words.zh + words.en for words in LABELS.values())
    texts = words + "".join(_template(name).decode() for name in TEMPLATES) + glyphs.SUBSTITUTE
    assert [character for character in set(texts) - {"\n"} if not glyphs.printable(character)] == []


def test_coverage_is_read_from_the_font() -> None:
    assert sum(glyphs.has_glyph(chr(point)) for point in range(0x4E00, 0x9FA6)) == 20_902
    assert sum(glyphs.has_glyph(chr(point)) for point in range(0x3400, 0x4DB6)) == 6_582
    assert sum(glyphs.has_glyph(chr(point)) for point in range(0x20000, 0x2A6E0)) == 2_108
    assert not any(glyphs.has_glyph(character) for character in "ا༠𪚥\U0010ffff")


# --- long texts ----------------------------------------------------------------------------------------------


def test_a_long_text_is_cut_and_shows_it() -> None:
    told = compose(a_slip(name="龙" * 500, facility="A" * 500, county="六" * 99))
    assert told["name"] == "龙" * 59 + "…"
    assert told["facility"].startswith("A" * 22 + glyphs.BREAK)
    assert told["county"].endswith("…")
    assert page_text(name="龙" * 500, facility="A" * 500, county="六" * 99)


# --- states and languages ------------------------------------------------------------------------------------


def test_a_reversed_slip_says_so_first() -> None:
    slip = a_slip(
        state="reversed", state_date="2017-09-05", state_reason="重复结算。", state_by="520203-2017-0001300"
    )
    (banner,) = compose(slip)["banners"]
    assert banner == {
        "strong": "已冲正",
        "text": "本单已于 2017-09-05 冲正，不得据以收付款。凭证编号 520203-2017-0001300。原因：重复结算。",
    }
    (page,) = pages(render_pdf([slip]))
    assert page.text.index("已冲正") < page.text.index("姓名")


def test_a_readjudicated_slip_says_which_version_and_why() -> None:
    slip = a_slip(version=2, replaces="520203-2017-0001234", reason="低保资格追溯至 2017-01-01")
    assert compose(slip)["banners"] == [
        {"strong": "第 2 版", "text": "重新结算，替代 520203-2017-0001234。原因：低保资格追溯至 2017-01-01。"}
    ]
    assert compose(a_slip(state="replaced", state_date="2018-01-03"))["banners"][0]["strong"] == "已被替代"
    assert compose(a_slip())["banners"] == []


def test_the_english_form_says_both_languages_chinese_first() -> None:
    slip = a_slip()
    (page,) = pages(render_pdf([slip], "en"))
    for said in (
        "医疗保障一站式结算单",
        "One-stopmedicalsettlementslip",
        "患者应付",
        "Thepatientpays",
        "陆仟零肆拾壹元贰角",
    ):
        assert said in page.text
    assert page.text.index("患者应付") < page.text.index("Thepatientpays")
    assert compose(slip, "en")["payers"][0]["lines"][0]["text"].endswith("× 70% = 17,990.00")


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    told = compose(
        a_slip(
            age=None, sex=Words("", ""), diagnoses=(), categories=(), masked_number="", scheme=Words("", "")
        )
    )
    assert [told[key] for key in ("age", "sex", "id_number", "scheme")] == ["不详"] * 4
    assert (told["diagnoses"], told["categories"]) == (["不详"], ["无"])


# --- the head ------------------------------------------------------------------------------------------------


def test_a_head_survives_being_written_and_read() -> None:
    for head in (HEAD, replace(HEAD, name="𠮷\u202e\n", age=None, diagnoses=(), categories=(), ward="")):
        assert SlipHead.from_json(head.to_json()) == head
        assert SlipHead.from_json(head.to_json().encode()).to_json() == head.to_json()


def test_a_head_has_one_text() -> None:
    shuffled = json.dumps(dict(reversed(json.loads(HEAD.to_json()).items())), indent=2)
    assert SlipHead.from_json(shuffled).to_json() == HEAD.to_json()
    assert json.loads(HEAD.to_json())["format"] == "doudi-slip-head-1"


@pytest.mark.parametrize(
    "change",
    [
        {"format": "doudi-slip-head-0"},
        {"sex": ["女"]},
        {"categories": [{}]},
        {"more": 1},
        {"diagnoses": None},
        {"sex": None},
    ],
)
def test_a_broken_head_is_refused_without_telling_what_it_holds(change: dict[str, Any]) -> None:
    text = json.dumps(json.loads(HEAD.to_json()) | change, ensure_ascii=False)
    with pytest.raises(BrokenHead) as caught:
        SlipHead.from_json(text)
    assert "龙应兰" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_text_that_is_no_head_is_refused() -> None:
    for text in ("", "[]", "{}", "龙应兰"):
        with pytest.raises(BrokenHead):
            SlipHead.from_json(text)


def test_the_screen_gets_the_page_as_it_will_print() -> None:
    svg = render_svg(a_slip()).decode()
    assert svg.startswith("<svg ")
    assert "<script" not in svg
    assert "<image" not in svg
    assert 'href="http' not in svg
