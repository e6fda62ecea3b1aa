"""Numbers as they are typed, pasted and mangled. The mistakes of house-style.md each have their name here."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.people.data import NumberKind
from doudi.server.people.number_errors import BadNumber
from doudi.server.people.numbers import CHECKS, PROVINCES, Number, check_character, read_number
from support.people import TODAY, id_number

GOOD = id_number(date(1970, 1, 1), 2)
areas = st.sampled_from(sorted(PROVINCES)).flatmap(
    lambda two: st.integers(0, 9999).map(lambda rest: int(f"{two}{rest:04d}"))
)
births = st.dates(date(1900, 1, 1), TODAY)
ids = st.builds(id_number, births, st.integers(0, 999), areas)


def read(text: object, kind: NumberKind | None = None) -> Number:
    return read_number(text, today=TODAY, kind=kind)


def refused(text: object, kind: NumberKind | None = None) -> str:
    with pytest.raises(BadNumber) as fault:
        read(text, kind)
    assert fault.value.words.zh
    assert fault.value.remedy
    assert len(str(text)) < 8 or str(text) not in fault.value.said().zh + fault.value.said().en + str(
        fault.value
    )
    return fault.value.code


def test_the_example_of_the_standard() -> None:
    """GB 11643-1999 annex A."""
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


@given(births, st.integers(0, 999), areas)
def test_a_number_tells_birth_and_sex(birth: date, order: int, area: int) -> None:
    number = read(id_number(birth, order, area))
    assert (number.kind, number.birth_date) == (NumberKind.ID, birth)
    assert number.sex == ("1" if order % 2 else "2")


@given(ids, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_seen(number: str, place: int, other: str) -> None:
    changed = number[:place] + other + number[place + 1 :]
    if changed != number:
        refused(changed)


@given(ids, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_seen(number: str, place: int) -> None:
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if changed != number:
        refused(changed)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadNumber):
        assert read(text).text


@given(ids)
def test_reading_again_changes_nothing(number: str) -> None:
    assert read(read(number).text) == read(number)


def test_lower_case_x() -> None:
    number = next(n for n in (id_number(order=order) for order in range(100)) if n.endswith("X"))
    for letter in "xX×хХｘ":
        assert read(number[:-1] + letter).text == number


@pytest.mark.parametrize("mark", ["'", "‘", "’", "`"])
def test_leading_apostrophe(mark: str) -> None:
    assert read(mark + GOOD).text == GOOD


def test_spaces_full_width_and_invisible_characters() -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in GOOD)
    assert read(wide).text == GOOD
    assert read(f" {GOOD[:6]} {GOOD[6:14]}\u3000{GOOD[14:]}\n").text == GOOD
    assert read(f"\ufeff\u200b{GOOD}\u200e").text == GOOD


def test_15_digit_numbers_are_completed() -> None:
    old = GOOD[:6] + GOOD[8:17]
    number = read(old)
    assert (number.text, number.completed) == (GOOD, True)
    assert not read(GOOD).completed


@pytest.mark.parametrize("birth", ["991332", "990230"])
def test_15_digit_numbers_need_a_real_date(birth: str) -> None:
    assert refused(f"520203{birth}001") == "number_no_such_date"


def test_18_digit_numbers_rounded_by_excel_to_15_digits() -> None:
    assert GOOD[14:17] != "000"
    assert refused(GOOD[:15] + "000") == "number_rounded_by_excel"
    assert refused("5.20203E+17") == "number_rounded_by_excel"
    assert refused("5.20203197001010E+17") == "number_rounded_by_excel"
    assert refused(f"{GOOD[:15]}000.0") == "number_rounded_by_excel"
    with pytest.raises(BadNumber) as fault:
        read("5.20203E+17")
    assert "文本" in fault.value.said().zh


def test_a_number_that_rightly_ends_in_000_is_read() -> None:
    number = next(
        n
        for n in (id_number(date(1970, 1, 1) + timedelta(days=day), 100) for day in range(400))
        if n.endswith("000")
    )
    assert read(number).text == number


@pytest.mark.parametrize("reissued", ["", "1", "B1", "12"])
def test_20_to_22_digit_disability_cards(reissued: str) -> None:
    number = read(f"{GOOD}42{reissued}")
    assert (number.text, number.disability) == (GOOD, (4, 2))


@pytest.mark.parametrize("end", ["01", "81", "10", "15"])
def test_disability_cards_of_no_category_or_level(end: str) -> None:
    assert refused(GOOD + end) == "number_bad_disability_card"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number_missing"),
        (" ' ", "number_missing"),
        (GOOD[:-1], "number_wrong_length"),
        (GOOD + "1", "number_wrong_length"),
        ("52020319700101OO2X", "number_strange_characters"),
        (GOOD[:-1] + "A", "number_strange_characters"),
        ("00" + GOOD[2:], "number_no_such_area"),
        ("99" + GOOD[2:], "number_no_such_area"),
        (id_number(date(2026, 11, 26)), "number_born_in_future"),
        ("520203197002300025", "number_no_such_date"),
        (GOOD[:-1] + CHECKS[(CHECKS.index(GOOD[-1]) + 1) % 11], "number_wrong_check"),
    ],
)
def test_each_mistake_has_its_name(text: str, code: str) -> None:
    if code == "number_no_such_area":
        text = text[:17] + check_character(text[:17])
    assert refused(text, NumberKind.ID if code == "number_no_such_area" else None) == code


def test_newborns_without_an_id_have_a_birth_certificate() -> None:
    assert read("o520 123456") == Number(NumberKind.BIRTH, "O520123456")
    assert refused("O52012345", NumberKind.BIRTH) == "number_wrong_shape"


@pytest.mark.parametrize("text", ["H12345678", "M1234567890"])
def test_permits_of_hong_kong_and_macau(text: str) -> None:
    assert read(text).kind is NumberKind.HK_MACAU


def test_other_kinds_must_be_named() -> None:
    assert read("12345678", NumberKind.TAIWAN).text == "12345678"
    assert read("e1234 5678", NumberKind.PASSPORT).text == "E12345678"
    assert refused("12345678") == "number_wrong_length"
    assert refused("ABCDEFG", NumberKind.PASSPORT) == "number_wrong_shape"
    assert refused(GOOD, NumberKind.NONE) == "number_not_expected"


def test_permanent_residence_of_foreigners() -> None:
    first = "9" + "52" + "840" + "19800229" + "123"
    assert read("ABC123456789012").kind is NumberKind.FOREIGN
    number = read(first + check_character(first))
    assert (number.kind, number.birth_date) == (NumberKind.FOREIGN, date(1980, 2, 29))


def test_residence_ids_of_hong_kong_macau_and_taiwan_residents_are_ids() -> None:
    assert read(id_number(area=830000)).kind is NumberKind.ID


def test_a_number_says_nothing_when_printed_in_an_error() -> None:
    with pytest.raises(BadNumber) as fault:
        read(GOOD[:-1] + "A")
    assert GOOD[:6] not in repr(fault.value)
