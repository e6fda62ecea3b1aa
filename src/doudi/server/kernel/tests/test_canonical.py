"""Equal facts have equal bytes; different facts have different ones."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.canonical import canonical, fingerprint, sm3


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Fact:
    b: int
    a: str


def test_sm3_is_sm3_of_parts_with_their_lengths() -> None:
    import hashlib

    assert hashlib.new("sm3", b"abc").hexdigest() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert sm3(b"ab", b"c") != sm3(b"a", b"bc") != sm3(b"abc")


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ({"乙": 1, "甲": None}, '{"乙":1,"甲":null}'),
        (Fact(2, "é"), '{"a":"é","b":2}'),
        (date(2017, 9, 1), '"2017-09-01"'),
        (datetime(2017, 9, 1, 8, tzinfo=timezone(timedelta(hours=8))), '"2017-09-01T00:00:00.000000Z"'),
        ({3, 1, 2}, "[1,2,3]"),
        (b"\x00\xff", '"00ff"'),
        (Colour.RED, '"red"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ([True, 1], "[true,1]"),
    ],
)
def test_each_kind_has_one_form(data: object, written: str) -> None:
    assert canonical(data).decode() == written


@pytest.mark.parametrize("data", [1.5, object(), datetime(2017, 9, 1), {"a": [0.1]}])  # noqa: DTZ001 - on purpose
def test_what_has_no_exact_form_is_refused(data: object) -> None:
    with pytest.raises(TypeError):
        canonical(data)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN, PLAIN)
def test_two_facts_are_equal_when_their_bytes_are(one: object, other: object) -> None:
    import json

    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (fingerprint(one) == fingerprint(other)) == same


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-12, 12))
def test_an_instant_is_the_same_in_every_zone(instant: datetime, hours: int) -> None:
    try:
        elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    except OverflowError:
        return
    assert canonical(instant) == canonical(elsewhere)
