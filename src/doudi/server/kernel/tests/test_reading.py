"""What a page has read once: kept until the outermost reading ends, and never where something is written."""

from collections.abc import Iterator
from itertools import count

import pytest

from doudi.server.kernel.errors import InvariantBroken
from doudi.server.kernel.reading import once, reading
from doudi.server.kernel.scope import NOTHING, Scope, active_scope, scoped

pytestmark = pytest.mark.django_db


def test_one_reading_loads_once_whatever_it_is_made_of() -> None:
    numbers = count(1)
    with reading(NOTHING):
        with reading(NOTHING):
            assert once("number", lambda: next(numbers)) == 1
        assert once("number", lambda: next(numbers)) == 1
        assert once(("number", "other"), lambda: next(numbers)) == 2
    with reading(NOTHING):
        assert once("number", lambda: next(numbers)) == 3


def test_nothing_found_is_kept_too() -> None:
    asked: list[int] = []
    with reading(NOTHING):
        assert [once("nobody", lambda: asked.append(1)) for _ in range(3)] == [None, None, None]
    assert asked == [1]


def test_outside_a_reading_everything_is_read_again() -> None:
    numbers = count(1)
    assert [once("number", lambda: next(numbers)) for _ in range(2)] == [1, 2]


def test_between_two_queries_of_an_operation_nothing_is_kept() -> None:
    numbers = count(1)
    with scoped(NOTHING, durable=False):  # the transaction of an operation
        for expected in (1, 2):
            with reading(NOTHING):
                assert once("number", lambda: next(numbers)) == expected
        assert once("number", lambda: next(numbers)) == 3


def failing(numbers: Iterator[int]) -> None:
    with reading(NOTHING):
        with pytest.raises(ZeroDivisionError):
            once("number", lambda: 1 // 0)
        assert once("number", lambda: next(numbers)) == 1
        raise ZeroDivisionError


def test_what_fails_is_not_kept_and_ends_the_reading() -> None:
    numbers = count(1)
    with pytest.raises(ZeroDivisionError):
        failing(numbers)
    assert active_scope() is None
    assert once("number", lambda: next(numbers)) == 2


def test_another_scope_inside_is_a_fault() -> None:
    with reading(NOTHING), pytest.raises(InvariantBroken), reading(Scope(user=7)):
        pytest.fail("unreachable")
