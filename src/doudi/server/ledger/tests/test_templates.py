"""Templates are integer vectors over kinds of accounts, each proved to sum to zero for any amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.errors import InvariantBroken
from doudi.server.ledger.api import KINDS, TEMPLATES, Amount, NotBalanced, Template, register_template
from doudi.server.ledger.operations.post import lines_of
from doudi.server.ledger.templates import COLUMNS, unproved
from doudi.words import Words

NAME = Words("试", "try")


def test_every_column_of_every_template_sums_to_zero(capsys: pytest.CaptureFixture[str]) -> None:
    proved = [
        f"{name}.{column}"
        for name, template in TEMPLATES.items()
        for column, vector in template.columns.items()
        if sum(vector.values()) == 0 and set(vector) <= set(KINDS) and not unproved(template)
    ]
    total = sum(len(template.columns) for template in TEMPLATES.values())
    with capsys.disabled():
        print(f"\nposting templates: {len(TEMPLATES)}, columns proved to sum to zero: {len(proved)}/{total}")
    assert len(proved) == total


@pytest.mark.parametrize(
    "vector", [{"bank": 1}, {"bank": 1, "float": -2}, {}, {"bank": 0}, {"bank": 1, "gold": -1}]
)
def test_what_does_not_balance_is_not_registered(vector: dict[str, int]) -> None:
    with pytest.raises(NotBalanced):
        register_template(Template("unbalanced", NAME, {"sum": vector}))
    assert "unbalanced" not in TEMPLATES
    assert "unbalanced" not in COLUMNS


def test_a_template_needs_a_column_and_a_name_of_its_own() -> None:
    with pytest.raises(NotBalanced):
        register_template(Template("columnless", NAME, {}))
    with pytest.raises(ValueError, match="two templates"):
        register_template(Template("settle", NAME, {"sum": {"bank": 1, "float": -1}}))
    register_template(TEMPLATES["settle"])  # the same again


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=len(KINDS)))
def test_a_vector_is_accepted_exactly_if_it_sums_to_zero(coefficients: list[int]) -> None:
    vector = dict(zip(KINDS, coefficients, strict=False))
    good = sum(coefficients) == 0 and 0 not in coefficients
    assert (unproved(Template("any", NAME, {"sum": vector})) == []) is good


def amounts_of(name: str) -> st.SearchStrategy[list[Amount]]:
    columns = COLUMNS[name]
    one = st.sampled_from(sorted(columns)).flatmap(
        lambda column: st.builds(
            Amount,
            st.just(column),
            st.sampled_from(["nrcms", "civil_affairs", "省级"]) if columns[column].of_fund else st.just(""),
            st.integers(-(10**12), 10**12),
        )
    )
    return st.lists(one, max_size=12)


@given(st.sampled_from(sorted(TEMPLATES)).flatmap(lambda name: st.tuples(st.just(name), amounts_of(name))))
def test_any_amounts_through_any_template_sum_to_zero(posting: tuple[str, list[Amount]]) -> None:
    name, amounts = posting
    lines = lines_of(name, amounts, facility=5)
    assert sum(lines.values()) == 0
    assert 0 not in lines.values()
    for kind, fund, facility in lines:
        assert bool(fund) == KINDS[kind].of_fund
        assert bool(facility) == KINDS[kind].of_facility
    taken_back = lines_of(name, [Amount(one.column, one.fund, -one.fen) for one in amounts], facility=5)
    assert taken_back == {key: -fen for key, fen in lines.items()}


@pytest.mark.parametrize(
    ("template", "amount", "facility", "code"),
    [
        ("nothing", Amount("share", "nrcms", 1), 5, "ledger.template_unknown"),
        ("settle", Amount("shares", "nrcms", 1), 5, "ledger.column_unknown"),
        ("settle", Amount("share", "", 1), 5, "ledger.fund_needed_or_not"),
        ("settle", Amount("patient", "nrcms", 1), 5, "ledger.fund_needed_or_not"),
        ("settle", Amount("share", "nrcms", 1), 0, "ledger.facility_needed"),
        ("settle", Amount("share", "nrcms", 1.0), 5, "ledger.not_whole_fen"),  # type: ignore[arg-type]
        ("settle", Amount("share", "nrcms", True), 5, "ledger.not_whole_fen"),
    ],
)
def test_a_posting_that_makes_no_sense_is_a_fault(
    template: str, amount: Amount, facility: int, code: str
) -> None:
    with pytest.raises(InvariantBroken, match=code):
        lines_of(template, [amount], facility)
