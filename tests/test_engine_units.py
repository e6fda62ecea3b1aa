"""The parts of the engine one by one: operations, cells, programs, bounds."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.compile import compile_policy
from doudi.engine.data import Bill, Facility, Holding, Person, Span
from doudi.engine.decision import InvariantBroken, invariant
from doudi.engine.facts import UNKNOWN, Situation
from doudi.engine.primitives import MISSING, OPERATIONS, band_of, edges_and_rest, marginal_exact, operations
from doudi.engine.program import ALWAYS, Cell, Program, Version
from doudi.engine.refusals import Refused
from doudi.engine.run import Machine
from doudi.engine.settle import Settler
from doudi.money import BP_ONE, MAX_ACCUMULATOR, MAX_BILL, Rounding, RoundingMode, RoundingUnit
from doudi.policy.conditions import PARTS
from doudi.policy.library import Policy
from support.files import a_bill, settled, shares
from support.policies import ALL_IDS, SHIPPED_IDS, one_benefit, policy, written

OPS = operations(Rounding())
EDGES, RATES = (1000, 5000), (1000, 5000, 8000)


class TestOperations:
    def test_the_list_is_closed(self) -> None:
        assert set(OPERATIONS) == {
            "add", "sub", "min", "max", "less", "at_most", "equal", "not", "and", "or", "where", "share", "share_down",
            "scale", "known", "value", "look", "has_row", "marginal", "slab", "quick", "lump", "portion_of",
        }  # fmt: skip

    def test_every_operation_answers_a_whole_number(self) -> None:
        arguments = {"look": (1, 5, 6), "has_row": (1, 5, 6), "portion_of": (7, 1, 2, 3), "not": (1,), "known": (1,),
                     "value": (1,), "where": (1, 2, 3), "quick": (5, 1, 2, 3, 4, 5, 6)}  # fmt: skip
        for name, operation in OPS.items():
            result = operation(
                *arguments.get(name, (9, 4, 2) if name in ("marginal", "slab", "lump") else (9, 4))
            )
            assert type(result) is int, name

    def test_numbers_split_into_edges_and_runs(self) -> None:
        assert edges_and_rest((5,), 1) == ((), [(5,)])
        assert edges_and_rest((1, 2, 10, 20, 30), 1) == ((1, 2), [(10, 20, 30)])
        assert edges_and_rest((1, 10, 20, 7, 8), 2) == ((1,), [(10, 20), (7, 8)])

    def test_an_edge_belongs_to_the_band_below_it(self) -> None:
        assert [band_of(x, EDGES) for x in (0, 999, 1000, 1001, 5000, 5001)] == [0, 0, 0, 1, 1, 2]

    def test_bands_are_marginal(self) -> None:
        assert OPS["marginal"](1000, 0, *EDGES, *RATES) == 100
        assert OPS["marginal"](5000, 0, *EDGES, *RATES) == 100 + 2000
        assert OPS["marginal"](6000, 0, *EDGES, *RATES) == 100 + 2000 + 800

    def test_a_deductible_eats_the_bands_from_below(self) -> None:
        assert OPS["marginal"](6000, 2000, *EDGES, *RATES) == 1500 + 800
        assert OPS["marginal"](1999, 2000, *EDGES, *RATES) == 0
        assert OPS["marginal"](2000, 2000, *EDGES, *RATES) == 0

    @given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
    def test_the_exact_schedule_adds_up_over_any_split(self, a: int, b: int, deductible: int) -> None:
        def exact(x: int) -> int:
            return marginal_exact(x, EDGES, RATES)

        def marginal(x: int) -> int:
            return OPS["marginal"](x, deductible, *EDGES, *RATES)

        assert exact(a) <= exact(a + b) <= exact(a) + b * max(RATES)
        assert marginal(a) + (marginal(a + b) - marginal(a)) == marginal(a + b)
        assert 0 <= marginal(a + b) - marginal(a) <= b

    def test_a_slab_pays_its_rate_on_everything(self) -> None:
        assert [OPS["slab"](x, 0, *EDGES, *RATES) for x in (1000, 1001, 5001)] == [100, 501, 4001]
        assert OPS["slab"](5001, 5000, *EDGES, *RATES) == 1
        assert OPS["slab"](100, 200, *EDGES, *RATES) == 0

    def test_a_quick_deduction_is_exact_and_never_negative(self) -> None:
        quick = (*EDGES, *RATES, 0, -400, -1900)
        assert [OPS["quick"](x, 0, *quick) for x in (1000, 1001, 5000, 5001)] == [100, 101, 2100, 2101]
        assert OPS["quick"](1000, 1000, *quick) == 0
        assert OPS["quick"](10, 0, 0, 1000, 1000, 0, -400) == 0

    def test_a_lump_is_paid_whole_above_the_deductible(self) -> None:
        assert [OPS["lump"](x, 0, *EDGES, 5, 7, 9) for x in (0, 1, 1000, 1001, 5001)] == [0, 5, 5, 7, 9]
        assert OPS["lump"](1000, 1000, *EDGES, 5, 7, 9) == 0

    def test_missing_never_enters_arithmetic(self) -> None:
        assert (OPS["known"](MISSING), OPS["known"](0), OPS["known"](-1)) == (0, 1, 1)
        assert (OPS["value"](MISSING), OPS["value"](7)) == (0, 7)
        assert (OPS["look"](1, 5, MISSING), OPS["has_row"](1, 5, MISSING)) == (0, 0)
        assert (OPS["look"](0, 5, MISSING), OPS["has_row"](0, 5, MISSING)) == (5, 1)

    def test_a_table_has_no_row_for_an_unknown_or_later_code(self) -> None:
        for code in (UNKNOWN, 2, 300):
            assert (OPS["look"](code, 5, 6), OPS["has_row"](code, 5, 6)) == (0, 0)

    def test_the_policy_rounds_schedules_and_only_those(self) -> None:
        yuan_down = operations(Rounding(RoundingMode.DOWN, RoundingUnit.YUAN))
        assert yuan_down["marginal"](1999, 0, BP_ONE) == 1900
        assert yuan_down["share"](1999, BP_ONE) == 1900
        assert yuan_down["scale"](3333, 5000) == 1667
        assert (OPS["share"](5, 5000), OPS["share_down"](5, 5000)) == (3, 2)

    def test_a_portion_is_one_piece_of_an_exact_split(self) -> None:
        pieces = [OPS["portion_of"](100, index, 1, 1, 1) for index in range(3)]
        assert pieces == [34, 33, 33]


LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"


class TestCells:
    CELL = Cell(
        "x",
        "fen",
        (Version(date(2017, 1, 1), date(2018, 1, 1), 5, ()), Version(date(2018, 1, 1), None, 7, ())),
    )

    def test_the_law_of_a_day_is_the_version_that_holds(self) -> None:
        days = [date(2016, 12, 31), date(2017, 1, 1), date(2017, 12, 31), date(2018, 1, 1)]
        assert [self.CELL.value(day) for day in days] == [MISSING, 5, 5, 7]

    def test_of_two_versions_that_hold_the_later_written_counts(self) -> None:
        cell = Cell("x", "fen", (Version(None, None, 5, ()), Version(date(2017, 1, 1), None, 7, ())))
        assert [cell.value(date(year, 1, 1)) for year in (2016, 2017)] == [5, 7]


NUMBERS = """figures: {{income: {{zh: 收入, value: [{{from: 2017-01-01, value: {income}, assumed: 测试用}}]}}}}
people: {{poor: {{zh: 低保, any: [subsistence_allowance], assumed: 测试用}}}}
bill: [{{rule: away, when: {{referred: false}}, move: {move}, of: in_scope, to: first_pay, assumed: 测试用}}]
payers:
  - payer: basic
    assumed: 测试用
    caps: {{year: {{per: year, amount: {cap}}}}}
    cap: year
    benefits:
      - benefit: stay
        when: {{care: inpatient}}
        deductible: {{by: level, rows: {{township: {low}, county: {high}}}}}
        rate: [{{from: 2017-01-01, value: {rate}}}, {{from: {day}, value: {later}}}]
        adjust: [{{number: rate, when: {{people: poor}}, points: {points}}}]
  - payer: catastrophic
    assumed: 测试用
    benefits:
      - benefit: supplement
        cumulative: year
        deductible: {{amount: 20% of income}}
        bands: [{{up_to: {edge}, rate: 50%}}, {{above: {edge}, rate: {rate}}}]
        raises_to: {{share: {later}, of: in_scope}}
"""
ONE = {"income": 30000, "move": "10%", "cap": 100000, "low": 100, "high": 300, "rate": "60%", "later": "70%",
       "day": "2017-09-01", "points": "5%", "edge": 50000}  # fmt: skip
OTHER = {"income": 12345.67, "move": "15%", "cap": 1, "low": 0, "high": 0, "rate": "61%", "later": "99.99%",
         "day": "2018-02-03", "points": "10%", "edge": 20000}  # fmt: skip


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policy, Policy]:
    """Two laws that differ in numbers, days and the region only."""
    folder = tmp_path_factory.mktemp("laws")
    other = written(
        folder, NUMBERS.format(**OTHER), "other", head="in_force: {from: 2016-01-01, assumed: 测试用}\n"
    )
    return written(folder, NUMBERS.format(**ONE), "one"), other


class TestPrograms:
    def test_the_structure_depends_neither_on_amounts_nor_on_dates(self, laws: tuple[Policy, Policy]) -> None:
        one, other = (compile_policy(law.document).program for law in laws)
        for name in ("size", "facts", "constants", "instructions", "refusals", "accumulators"):
            assert getattr(one, name) == getattr(other, name), name
        assert [(r, cell.label) for r, cell in one.cells] == [(r, cell.label) for r, cell in other.cells]
        assert one.row(date(2017, 9, 1)) != other.row(date(2017, 9, 1))

    def test_a_row_holds_the_law_of_its_day(self, laws: tuple[Policy, Policy]) -> None:
        program = compile_policy(laws[0].document).program
        register = next(r for r, cell in program.cells if cell.label == "basic.stay.rate")
        days = [date(2016, 12, 31), date(2017, 8, 31), date(2017, 9, 1)]
        assert [program.row(day)[register] for day in days] == [MISSING, 6000, 7000]

    def test_compiling_twice_gives_the_same_program(self) -> None:
        for policy_id in SHIPPED_IDS:
            assert (
                compile_policy(policy(policy_id).document).program
                == compile_policy(policy(policy_id).document).program
            )

    @pytest.mark.parametrize("policy_id", ALL_IDS)
    def test_no_instruction_reads_what_is_written_later_and_none_is_written_twice(
        self, policy_id: str
    ) -> None:
        program = compile_policy(policy(policy_id).document).program
        ready = inputs(program)
        for instruction in program.instructions:
            read = {*instruction.arguments, *({instruction.guard} - {ALWAYS})}
            assert read <= ready, instruction
            assert instruction.target not in ready, instruction
            assert instruction.operation in OPERATIONS
            ready.add(instruction.target)
        assert ready == set(range(program.size))
        assert {after for _, _, after in program.accumulators} <= ready
        assert {refusal.register for refusal in program.refusals} <= ready

    def test_the_listing_can_be_read(self, laws: tuple[Policy, Policy]) -> None:
        program = compile_policy(laws[0].document).program
        lines = program.listing().splitlines()
        count = len(program.facts) + len(program.cells) + len(program.accumulators) + len(program.constants)
        assert len(lines) == count + len(program.instructions)
        for text in (
            "fact part in_scope",
            "number basic.stay.rate (bp)",
            "accumulator catastrophic_scope (person, year)",
        ):
            assert any(line.endswith(" = " + text) for line in lines), text
        assert any(" = marginal r" in line and "  if r" in line for line in lines)
        assert "None" not in program.listing()

    def test_a_guarded_instruction_leaves_0_where_its_guard_is_0(self, laws: tuple[Policy, Policy]) -> None:
        compiled = compile_policy(laws[0].document)
        machine = Machine(compiled.program, Rounding())
        registers = machine.registers(date(2017, 9, 1))
        machine.run(registers)
        for instruction in compiled.program.instructions:
            if instruction.guard != ALWAYS and not registers[instruction.guard]:
                assert registers[instruction.target] == 0

    def test_a_row_is_not_changed_by_running(self, laws: tuple[Policy, Policy]) -> None:
        machine = Machine(compile_policy(laws[0].document).program, Rounding())
        day = date(2017, 9, 1)
        fresh = machine.registers(day)
        machine.run(machine.registers(day))
        assert machine.registers(day) == fresh


def inputs(program: Program) -> set[int]:
    """The registers that are filled before the first instruction."""
    sides = (program.facts, program.cells, program.constants)
    found = {register for side in sides for register, _ in side} | {r for r, _, _ in program.accumulators}
    assert len(found) == sum(len(side) for side in sides) + len(program.accumulators)
    return found


class TestBounds:
    LARGEST = Bill("b", "inpatient", date(2017, 9, 1), date(2017, 9, 1), date(2017, 9, 1), dict.fromkeys(PARTS, MAX_BILL),
                   Facility("county", "2", True, "520203"), stay="b", diagnoses=("A15.0",))  # fmt: skip

    @pytest.mark.parametrize("policy_id", ALL_IDS)
    def test_no_register_leaves_64_bits_with_the_largest_bill_and_full_accumulators(
        self, policy_id: str
    ) -> None:
        """Every part 10^9 yuan; every accumulator as full as it may be before such a bill."""
        law = policy(policy_id)
        settler = Settler(law)
        compiled, machine = settler.machine()
        registers = machine.registers(law.document.in_force.from_)
        day = law.document.in_force.from_
        person = Person(
            "p", date(1950, 1, 1), categories=tuple(Holding(c, Span(None, None)) for c in codes(law))
        )
        bill = replace(self.LARGEST, admitted=day, discharged=day, settled=day)
        situation = Situation(law.document, person, bill, day, day, 1)
        for register, fact in compiled.program.facts:
            registers[register] = max(0, situation.answer(fact.kind, fact.argument))
        for register, _, _ in compiled.program.accumulators:
            registers[register] = MAX_ACCUMULATOR - 4 * MAX_BILL
        machine.run(registers)
        assert max(registers) < 1 << 59
        assert all(value > -(1 << 59) or value == MISSING for value in registers)

    def test_what_would_overflow_an_accumulator_is_refused_and_nothing_is_kept(self, tmp_path: Path) -> None:
        trial = written(tmp_path, one_benefit("rate: 50%, cumulative: year"))
        full = {"accumulators": {"person": {"aid_scope": {"2017": "99999999999.00"}}}}
        assert shares(trial, a_bill(in_scope="1.00"), opening=full)[0]["aid"] == "0.50"
        with pytest.raises(Refused, match="accumulator_full"):
            settled(trial, a_bill(in_scope="1.01"), opening=full)

    def test_a_broken_promise_stops_in_production_too(self) -> None:
        invariant(True, "fine")
        with pytest.raises(InvariantBroken, match="shares_sum_to_total"):
            invariant(False, "shares_sum_to_total")


def codes(law: Policy) -> list[str]:
    return sorted(
        {
            code
            for group in law.document.people.values()
            for code in (*(group.any_ or []), *(group.all_ or []))
        }
    )
