"""Arrays as one text come back from PostgreSQL as they were, whatever the texts hold."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.server.kernel.arrays import array
from doudi.server.kernel.errors import InvariantBroken

CASES = {"bigint[]": st.integers(-(2**63), 2**63 - 1), "bytea[]": st.binary(max_size=40)}


def back(values: list[object], kind: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind})", [array(values)])  # type: ignore[arg-type]
        return [bytes(value) if kind == "bytea[]" else value for (value,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", CASES)
def test_numbers_and_bytes_come_back(kind: str) -> None:
    @settings(max_examples=30, deadline=None)
    @given(st.lists(CASES[kind], max_size=9))
    def tried(values: list[object]) -> None:
        assert back(values, kind) == values

    tried()


@pytest.mark.django_db
def test_texts_come_back_with_quotes_backslashes_braces_and_the_word_null() -> None:
    texts: list[object] = ['a"b', "a\\b", "{x,y}", "NULL", "", " ", "张 三", "\\x00", "'; --", "%s", "\n"]
    assert back(texts, "text[]") == texts


def test_a_mixture_is_a_fault() -> None:
    with pytest.raises(InvariantBroken):
        array([1, "one"])
    with pytest.raises(InvariantBroken):
        array([True, False])
