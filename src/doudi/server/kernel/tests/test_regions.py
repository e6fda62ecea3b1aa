"""Region keys and ranges: what lies in a region is one range, a scope is ranges apart, nothing is never everything."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.regions import NOWHERE, Ranges, in_ranges, key_range, region_key, significant

CODES = st.one_of(
    st.integers(10, 99).map(lambda n: n * 10**10),
    st.integers(1001, 9999).map(lambda n: n * 10**8),
    st.integers(100101, 999999).map(lambda n: n * 10**6),
    st.integers(100101001, 999999999).map(lambda n: n * 10**3),
)


@pytest.mark.parametrize(
    ("code", "digits", "range_"),
    [
        (520000000000, 2, (520000000, 530000000)),
        (520200000000, 4, (520200000, 520300000)),
        (520203000000, 6, (520203000, 520204000)),
        (520203101000, 9, (520203101, 520203102)),
        (0, 0, (0, 1_000_000_000)),
    ],
)
def test_a_region_is_one_range_of_keys(code: int, digits: int, range_: tuple[int, int]) -> None:
    assert (significant(code), key_range(code)) == (digits, range_)


def test_a_village_is_no_scope_and_its_records_carry_its_township() -> None:
    assert region_key(520203101203) == 520203101
    with pytest.raises(Exception, match=r"520203101203|village|村"):
        key_range(520203101203)


@given(st.lists(CODES, max_size=6), st.integers(0, 999_999_999))
def test_a_key_is_in_scope_when_one_of_its_regions_is_granted(codes: list[int], key: int) -> None:
    inside = any(key_range(code)[0] <= key < key_range(code)[1] for code in codes)
    assert (key in Ranges.of(codes)) == inside


@given(st.lists(CODES, max_size=6))
def test_ranges_are_sorted_apart_and_the_same_in_any_order(codes: list[int]) -> None:
    ranges = Ranges.of(codes)
    assert ranges == Ranges.of(reversed(codes)) == Ranges.of([*codes, *codes])
    assert all(one[1] < other[0] for one, other in zip(ranges.pairs, ranges.pairs[1:], strict=False))
    assert ranges.covers(NOWHERE)
    assert NOWHERE.covers(ranges) == (not codes)


@given(st.lists(CODES, max_size=4), st.lists(CODES, max_size=2))
def test_fewer_grants_never_reach_further(codes: list[int], more: list[int]) -> None:
    assert Ranges.of([*codes, *more]).covers(Ranges.of(codes))


@pytest.mark.django_db
def test_postgresql_reads_the_ranges_as_we_do() -> None:
    ranges = Ranges.of([520203000000, 522600000000, 520203101000])
    with connection.cursor() as cursor:
        for key in (520202999, 520203000, 520203999, 520204000, 522599999, 522600000, 522699999, 522700000):
            cursor.execute("SELECT %s <@ %s::int4multirange", [key, ranges.multirange()])
            assert cursor.fetchone() == (key in ranges,)
        cursor.execute("SELECT isempty(%s::int4multirange)", [NOWHERE.multirange()])
        assert cursor.fetchone() == (True,)


def test_an_empty_scope_filters_everything_away() -> None:
    assert "pk__in" in str(in_ranges(NOWHERE))
