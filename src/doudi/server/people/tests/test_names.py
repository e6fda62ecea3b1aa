"""Names, initials, phones, cards, masks, codes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.errors import Refused
from doudi.server.people import masking, names
from doudi.server.people.codes import ETHNICITIES, RELATIONS, ethnicity_code, relation_code
from support.people import clerk, id_number, officer


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 张 三 ", "张三"),
        ("张\u3000三", "张三"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("John  Smith", "John Smith"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_names_have_one_form(typed: str, kept: str) -> None:
    assert names.read_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "张三1", "张\x00三", "三" * 81, "=张三", "张三$"])
def test_no_names(typed: str) -> None:
    with pytest.raises(Refused):
        names.read_name(typed)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("张三", "zs"), ("单雄信", "sxx"), ("曾国藩", "zgf"), ("覃小花", "qxh"), ("John Smith", "johnsmith")],
)
def test_initials(name: str, letters: str) -> None:
    assert names.initials(name) == letters


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("13800138000.0", "13800138000"),
        ("0858-5312345", "08585312345"),
        ("", ""),
    ],
)
def test_phones_have_one_form(typed: str, kept: str) -> None:
    assert names.read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["1380013800", "23800138000", "12345", "abc"])
def test_no_phones(typed: str) -> None:
    with pytest.raises(Refused, match="phone_wrong"):
        names.read_phone(typed)


@given(st.text("张三\u4e00\u9fff·.A１ 　\u200b", max_size=6))
def test_plain_names_are_read_as_all_others(typed: str) -> None:
    """A name of common characters is taken at once: it is what the long way would make of it."""

    def read() -> str:
        try:
            return names.read_name(typed)
        except Refused as refused:
            return refused.code

    quick = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_PLAIN", re.compile("(?!)"))
        assert read() == quick


def test_digits_of_other_scripts_are_no_phone_or_become_plain() -> None:
    assert names.read_phone("１３８００１３８０００") == "13800138000"
    with pytest.raises(Refused):
        names.read_phone("1" + "٣" * 10)


def test_cards_pass_their_check() -> None:
    whole = next(f"622202120000000000{digit}" for digit in range(10) if _luhn(f"622202120000000000{digit}"))
    assert names.read_card(f"{whole[:4]} {whole[4:8]} {whole[8:]}") == whole
    with pytest.raises(Refused, match="card_wrong"):
        names.read_card(whole[:-1] + str((int(whole[-1]) + 1) % 10))
    assert names.read_card("123456789012") == "123456789012"


def _luhn(number: str) -> bool:
    try:
        names.read_card(number)
    except Refused:
        return False
    return True


@given(st.from_regex(r"62\d{16}", fullmatch=True))
def test_exactly_one_last_digit_fits_a_card(first: str) -> None:
    assert sum(_luhn(first + str(digit)) for digit in range(10)) == 1


def test_masks() -> None:
    number = id_number()
    assert masking.mask_number(number) == f"520203********{number[-4:]}"
    assert masking.mask_number("O520123456") == "O*******56"
    assert masking.mask_number("") == ""
    assert masking.mask_name("张三") == masking.mask_name("张三丰") == "张**"
    assert masking.mask_phone("13800138000") == "138****8000"
    assert masking.mask_phone("08585312345") == "085****2345"
    assert masking.mask_card("6222021200000000002") == "**** 0002"


@given(st.text(alphabet="0123456789X", min_size=9, max_size=18))
def test_a_mask_covers_more_than_it_shows_or_at_least_six(number: str) -> None:
    assert masking.mask_number(number).count("*") >= min(5, len(number) - 4)


def test_who_sees_names() -> None:
    assert masking.sees_names(officer())
    assert not masking.sees_names(clerk())
    assert not masking.sees_names(officer(role="oversight"))
    assert not masking.sees_names(officer(role="audit"))


def test_codes_of_rosters() -> None:
    assert [relation_code(word) for word in ("户主", "配偶", "之子", "长女", "之儿媳", "02")] == [
        "02", "10", "20", "30", "38", "02",
    ]  # fmt: skip
    assert relation_code("朋友") is None
    assert [ethnicity_code(word) for word in ("汉族", "汉", "苗族", "侗", "06")] == [
        "01",
        "01",
        "06",
        "12",
        "06",
    ]
    assert ethnicity_code("火星族") is None
    assert len(ETHNICITIES) == 58
    assert set(RELATIONS) >= {"02", "10", "20", "30"}
