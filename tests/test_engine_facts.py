"""Facts, periods and numbers of stays: what the engine knows of a bill before any arithmetic."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.data import Balances, Bill, Facility, Filing, Holding, Insurance, Person, Span
from doudi.engine.facts import UNKNOWN, Situation, age_on, code_matches, holds_category
from doudi.engine.periods import benefit_year, period_key
from doudi.engine.program import Accumulator
from doudi.engine.read import read_facts
from doudi.engine.settle import Settler
from doudi.policy.conditions import PARTS
from support.files import Json, a_bill, a_file, settled
from support.policies import one_benefit, policy, written

LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"


def a_situation(
    person: Person | None = None, bill: Bill | None = None, policy_id: str = "conditions", **days: Any
) -> Situation:
    bill = bill or plain_bill()
    return Situation(
        policy(policy_id).document,
        person or Person("p"),
        bill,
        bill.discharged,
        days.get("identity", bill.admitted),
        1,
    )


def plain_bill(**changes: Any) -> Bill:
    day = date(2020, 3, 1)
    facts: dict[str, Any] = {"id": "b", "care": "inpatient", "admitted": day, "discharged": day, "settled": day,
                             "parts": dict.fromkeys(PARTS, 0), "stay": "b"}  # fmt: skip
    return Bill(**{**facts, **changes})


class TestPeriods:
    def test_a_benefit_year_may_begin_in_mid_year(self) -> None:
        assert benefit_year(date(2017, 6, 30), "07-01") == 2016
        assert benefit_year(date(2017, 7, 1), "07-01") == 2017
        assert benefit_year(date(2018, 6, 30), "07-01") == 2017
        assert benefit_year(date(2017, 1, 1), "01-01") == benefit_year(date(2017, 12, 31), "01-01") == 2017

    def test_every_period_has_its_key(self) -> None:
        bill = plain_bill(
            admitted=date(2017, 12, 30), discharged=date(2018, 2, 3), settled=date(2018, 4, 1), stay="s1"
        )

        def key(
            period: str, as_of: str = "discharged", begins: str = "01-01", each: str | None = None
        ) -> str:
            return period_key(Accumulator("a", "person", period, begins, as_of, each), bill)

        assert [key(period) for period in ("day", "month", "quarter", "year")] == [
            "2018-02-03",
            "2018-02",
            "2018Q1",
            "2018",
        ]
        assert [key("year", as_of) for as_of in ("admitted", "discharged", "settled")] == [
            "2017",
            "2018",
            "2018",
        ]
        assert (key("quarter", "settled"), key("year", begins="07-01")) == ("2018Q2", "2017")
        assert (key("stay"), key("stay_year"), key("bill"), key("lifetime")) == ("s1", "s1/2018", "b", "ever")

    def test_quarters_are_those_of_the_calendar(self) -> None:
        quarter = Accumulator("a", "person", "quarter", "01-01", "discharged")
        keys = [period_key(quarter, plain_bill(discharged=date(2018, month, 1))) for month in range(1, 13)]
        assert keys == [f"2018Q{1 + number // 3}" for number in range(12)]

    def test_each_disease_is_the_main_diagnosis_to_three_characters(self) -> None:
        form = Accumulator("a", "person", "year", "01-01", "discharged", "disease")
        assert period_key(form, plain_bill(diagnoses=("N18.0", "A15.0"))) == "2020/N18"
        assert period_key(form, plain_bill()) == "2020/-"


class TestFacts:
    def test_a_child_of_29_february_is_a_year_older_on_1_march(self) -> None:
        born = date(2000, 2, 29)
        assert age_on(born, date(2018, 2, 28)) == 17
        assert age_on(born, date(2018, 3, 1)) == 18
        assert age_on(born, date(2020, 2, 28)) == 19
        assert age_on(born, date(2020, 2, 29)) == 20

    @given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 40_000))
    def test_age_grows_by_a_year_a_year(self, born: date, days: int) -> None:
        day = born + timedelta(days=days)
        age = age_on(born, day)
        assert days // 366 <= age <= days // 365
        assert age_on(born, day + timedelta(days=1)) - age in (0, 1)

    @pytest.mark.parametrize(
        ("code", "pattern", "matches"),
        [
            ("N18.0", "N18", True), ("N18", "N18", True), ("N180", "N18.0", False), ("N18.001", "N18.0", True),
            ("N1", "N18", False), ("A15.0", "A15-A19", True), ("A19.9", "A15-A19", True), ("A20", "A15-A19", False),
            ("A14.9", "A15-A19", False), ("A1", "A15-A19", False), ("N18.3", "N18.0-N18.5", True),
            ("N18.9", "N18.0-N18.5", False), ("N18", "N18.0-N18.5", False), ("F99.9", "F00-F99", True),
            ("G00", "F00-F99", False),
        ],
    )  # fmt: skip
    def test_codes_match_by_prefix_or_range(self, code: str, pattern: str, matches: bool) -> None:
        assert code_matches(code, pattern) is matches

    def test_a_category_holds_from_inclusive_until_exclusive(self) -> None:
        person = Person("p", categories=(Holding("poor", Span(date(2020, 3, 1), date(2020, 4, 1))),))
        days = [date(2020, 2, 29), date(2020, 3, 1), date(2020, 3, 31), date(2020, 4, 1)]
        assert [holds_category(a_situation(person, identity=day), "poor") for day in days] == [
            False,
            True,
            True,
            False,
        ]
        assert not holds_category(a_situation(person, identity=days[1]), "other")

    def test_an_ended_category_is_kept_for_those_who_had_it_and_no_longer(self) -> None:
        person = Person("p", categories=(Holding("poor", Span(date(2020, 3, 1), date(2020, 4, 1))),))
        until = date(2020, 6, 1)
        days = [date(2020, 2, 1), date(2020, 3, 1), date(2020, 5, 31), date(2020, 6, 1)]
        kept = [holds_category(a_situation(person, identity=day), "poor", until) for day in days]
        assert kept == [False, True, True, False]

    def test_a_filing_and_an_insurance_hold_on_the_day_of_admission(self) -> None:
        bill = plain_bill(admitted=date(2020, 3, 1), discharged=date(2020, 3, 9))
        span = Span(date(2020, 3, 2), None)
        filed = replace(bill, filings=(Filing("remote", span),))
        assert a_situation(bill=filed).answer("filing", "remote") == 0
        assert a_situation(bill=replace(filed, admitted=date(2020, 3, 2))).answer("filing", "remote") == 1
        insured = Person("p", insured=(Insurance("resident", "one", span),))
        assert a_situation(insured, bill).answer("uninsured", "") == 1
        later = a_situation(insured, replace(bill, admitted=date(2020, 3, 2)))
        assert [
            later.answer(*fact) for fact in (("uninsured", ""), ("scheme", "resident"), ("tier", "one"))
        ] == [0, 1, 1]

    def test_not_knowing_the_insurance_is_not_being_uninsured(self) -> None:
        assert a_situation(Person("p", insured=None)).answer("uninsured", "") == 0
        assert a_situation(Person("p", insured=())).answer("uninsured", "") == 1

    def test_what_the_file_does_not_say_is_unknown(self) -> None:
        bare = a_situation(bill=plain_bill(care=None))
        for kind in (
            "care",
            "level",
            "grade",
            "designated",
            "in_pooling_area",
            "in_province",
            "place",
            "age",
        ):
            assert bare.answer(kind, "") == UNKNOWN

    def test_places_are_read_from_the_region_of_the_facility(self) -> None:
        def place(region: str) -> tuple[int, ...]:
            here = a_situation(bill=plain_bill(facility=Facility(region=region)), policy_id=LIUZHI)
            return tuple(here.answer(kind, "") for kind in ("in_pooling_area", "in_province", "place"))

        assert place("520203") == (1, 1, 0)
        assert place("520203001002") == (1, 1, 0)
        assert place("520100") == (0, 1, 1)
        assert place("440100") == (0, 0, 2)

    def test_the_number_of_the_stay_stops_at_the_last_one_known(self) -> None:
        answers = [
            replace(a_situation(), admission=number).answer("admission", "") for number in (1, 2, 5, 6, 99)
        ]
        assert answers == [0, 1, 4, 4, 4]

    def test_routing_by_disease_and_age_allows_some_levels(self) -> None:
        """Jilin: children with leukaemia go to the province, see the package's own programme."""
        document = policy("jilin/baishan/major-disease-2017").document
        name, programme = next((n, p) for n, p in document.programmes.items() if p.routing)
        for routing in programme.routing:
            if routing.diseases is None or routing.age is not None:
                continue
            pattern = document.diseases[routing.diseases[0]].icd10[0].split("-")[0]
            age = document.diseases[routing.diseases[0]].age
            day = (
                next(d.from_ for d in programme.diseases if routing.diseases[0] in d.names)
                or document.in_force.from_
            )
            born = date(day.year - ((age.at_least or 0) + 1 if age else 40), 1, 1)
            for level in ("village", "township", "county", "city", "province"):
                facility = Facility(level=level, designated_for=(name,))
                bill = plain_bill(admitted=day, discharged=day, diagnoses=(pattern,), facility=facility)
                here = Situation(document, Person("p", born=born), bill, day, day, 1)
                assert here.answer("routed", name) == int(level in routing.levels), (routing.diseases, level)
            nowhere = Situation(
                document,
                Person("p", born=born),
                replace(bill, facility=Facility(designated_for=(name,))),
                day,
                day,
                1,
            )
            assert nowhere.answer("routed", name) == UNKNOWN


class TestAdmissions:
    """The number of a stay in its benefit year."""

    @staticmethod
    def numbers(tmp_path: Path, *bills: Json, **more: Any) -> list[int]:
        told = settled(written(tmp_path, one_benefit("rate: 50%")), *bills, **more)["bills"]
        return [bill["explanation"][0]["admission"] for bill in told]

    def test_every_stay_counts_once_whatever_its_number_of_bills(self, tmp_path: Path) -> None:
        bills = [
            a_bill(name, stay=stay, in_scope="1")
            for name, stay in (("a", "s"), ("b", "s"), ("c", "t"), ("d", "s"))
        ]
        assert self.numbers(tmp_path, *bills) == [1, 1, 2, 1]

    def test_an_outpatient_bill_is_no_stay(self, tmp_path: Path) -> None:
        bills = [
            a_bill("a", in_scope="1"),
            a_bill("b", care="outpatient", in_scope="1"),
            a_bill("c", in_scope="1"),
        ]
        assert self.numbers(tmp_path, *bills) == [1, 2, 2]

    def test_a_new_year_counts_anew_and_a_stated_number_counts_as_it_is(self, tmp_path: Path) -> None:
        later = {"admitted": "2018-01-02", "discharged": "2018-01-03", "in_scope": "1"}
        assert self.numbers(tmp_path, a_bill("a", in_scope="1"), a_bill("b", **later)) == [1, 1]
        assert self.numbers(tmp_path, a_bill("a", in_scope="1", admission=4)) == [4]

    def test_stays_of_the_opening_are_remembered(self, tmp_path: Path) -> None:
        opening = {"admissions": {"2017": 3}, "stays": {"s": 2}}
        bills = [a_bill("a", stay="s", in_scope="1"), a_bill("b", in_scope="1")]
        assert self.numbers(tmp_path, *bills, opening=opening) == [2, 4]


def test_reading_and_settling_do_not_share_state(tmp_path: Path) -> None:
    """One settler serves any number of people: balances of one never reach another."""
    settler = Settler(written(tmp_path, one_benefit("rate: 50%, cap: {per: year, amount: 10}")))
    facts = read_facts(a_file(a_bill(in_scope="100")))
    first = settler.settle(facts.person, facts.bills, Balances())
    second = settler.settle(facts.person, facts.bills, Balances())
    assert first.decisions[0].shares == second.decisions[0].shares == {"aid": 1000}
