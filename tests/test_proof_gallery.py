"""The gallery: every published answer is ours to the fen, and figures that contradict themselves are reported."""

from __future__ import annotations

from fractions import Fraction

import pytest

from doudi.policy.library import Library
from doudi.proof.cases import run_cases
from doudi.proof.gallery import DATA, Shown, gallery
from doudi.proof.reconcile import DoesNotReconcile, mean_implies, plain, require, sum_of_parts


@pytest.fixture(scope="module")
def shown() -> dict[str, Shown]:
    return {entry.id: entry for entry in gallery()}


def test_every_entry_is_as_expected(shown: dict[str, Shown]) -> None:
    assert [entry.id for entry in shown.values() if not entry.agrees] == []
    assert len(shown) >= 29


def test_published_answers_are_ours_to_the_fen(shown: dict[str, Shown]) -> None:
    checked = [(theirs, ours) for entry in shown.values() if entry.policy for _, theirs, ours in entry.checks]
    assert len(checked) > 40
    assert [pair for pair in checked if Fraction(pair[0]) != Fraction(pair[1])] == []


def test_the_official_example_of_shandong_is_there(shown: dict[str, Shown]) -> None:
    assert {name: ours for name, _, ours in shown["W1"].checks}["b1.catastrophic"] == "87000.00"


def test_figures_that_contradict_themselves_are_reported_and_not_plugged(shown: dict[str, Shown]) -> None:
    assert [words.zh for words in shown["W8"].findings] == [
        "2,545 + 843 = 3,388，公布 3,628，相差 240",
        "2,545 + 843 + 565 = 3,953，公布 3,628，相差 -325",
    ]
    with pytest.raises(DoesNotReconcile, match="differ by 240"):
        require(sum_of_parts(Fraction(3628), [Fraction(2545), Fraction(843)]))


def test_figures_that_add_up_pass(shown: dict[str, Shown]) -> None:
    assert shown["W7"].findings == ()
    assert require(sum_of_parts(Fraction(78825), [Fraction(9763), Fraction(69062)])).difference == 0


def test_a_mean_says_what_the_few_who_pay_must_pay() -> None:
    found = mean_implies(2315, Fraction(54), Fraction(13_000_000), Fraction(9, 10))
    assert (found.total_paid, found.payers_at_most) == (125_010, 231)
    assert plain(found.share_of_total * 100) == "0.96"
    assert plain(found.each_at_least) == "541.17"


def test_numbers_for_people_are_rounded_half_up_and_grouped() -> None:
    assert plain(Fraction(1234567)) == "1,234,567"
    assert plain(Fraction(-1, 200)) == "0.00"
    assert plain(Fraction(1, 200)) == "0.01"
    assert plain(Fraction(-12345, 10)) == "-1,234.50"


def test_the_policies_of_the_gallery_have_sound_cases() -> None:
    library = Library([DATA / "policies"], shipped=False)
    for policy_id in library.ids():
        results, _ = run_cases(library.load(policy_id))
        assert results
        assert [found.line("en") for result in results for found in result.problems] == []
