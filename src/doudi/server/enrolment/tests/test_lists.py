"""Lists of enrolments: what a row means, what it changes, what it is refused for, and taking it back."""

from datetime import date, timedelta

import pytest

from doudi.server.enrolment import api
from doudi.server.enrolment.import_kinds.lists import EnrolmentList
from doudi.server.enrolment.models import Enrolment as Row
from doudi.server.kernel.scope import scoped
from support.standing import FAR_TOWN, NOW, TODAY, Import, enrolment, numbered, officer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def listed(**options):
    return Import(EnrolmentList(), **{"evidence": "2017年参保名单", "year": 2017, **options})


def valid(person):
    history = api.enrolment_history(viewer=officer(), person=person)
    return [(one.scheme, one.year, one.status) for one in history if one.state == "valid"]


def judgements(verdicts):
    return [verdict.judgement.value for verdict in verdicts]


def test_a_list_of_the_insured():
    people = numbered(3)
    rows = [
        {"number": number, "premium_fen": 18_000, "subsidy_fen": 18_000, "subsidy_source": "民政"}
        for number in people
    ]
    listed().apply(*rows)
    assert [valid(who) for who in people.values()] == [[("resident", 2017, "insured")]] * 3
    (found,) = api.enrolments_on(viewer=officer(), person=next(iter(people.values())), day=TODAY)
    assert (found.from_date, found.until_date) == (date(2017, 1, 1), date(2018, 1, 1))
    assert (found.subsidised.zh, found.evidence, found.import_number) == ("全额资助", "2017年参保名单", 5)
    assert judgements(listed().examine(*rows)) == ["unchanged"] * 3


def test_payment_is_a_change_and_only_what_the_list_has_changes():
    (number, who), *_ = numbered(1).items()
    listed(status="unpaid").apply({"number": number, "premium_fen": 18_000, "tier": "一档"})
    row = {"number": number, "status": "已缴费", "paid_on": TODAY, "from_date": TODAY}
    (verdict,) = listed().examine(row)
    assert [(one.column, one.before, one.after) for one in verdict.differences] == [
        ("status", "未缴费", "正常参保"),
        ("paid_on", "", "2017-09-01"),
        ("from_date", "2017-01-01", "2017-09-01"),
    ]
    listed().apply(row)
    (found,) = api.enrolments_on(viewer=officer(), person=who, day=TODAY)
    assert (found.premium_fen, found.tier, found.status) == (18_000, "一档", "insured")
    assert api.enrolments_on(viewer=officer(), person=who, day=TODAY, known_by=TODAY - DAY) == ()


def test_schemes_and_years_by_row():
    (number, who), *_ = numbered(1).items()
    listed(year=None).apply(
        {"number": number, "scheme": "新农合", "year": 2016},
        {"number": number, "scheme": "390", "year": 2017},
        {"number": number, "scheme": "精准脱贫保", "year": 2017},
    )
    assert valid(who) == [
        ("resident", 2017, "insured"),
        ("supplement", 2017, "insured"),
        ("rural", 2016, "insured"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"scheme": "农保"}, "scheme"),
        ({"status": "也许"}, "status"),
        ({"status": "停保"}, "last_day"),
        ({"name": "李某"}, "name"),
        ({"number": "110101199003077299"}, "number"),
        ({"premium_fen": 100, "subsidy_fen": 200, "subsidy_source": "民政"}, "subsidy_fen"),
        ({"premium_fen": 100, "subsidy_fen": 100}, "subsidy_source"),
        ({"from_date": date(2015, 1, 1)}, "from_date"),
        ({"paid_on": TODAY + DAY}, "paid_on"),
    ],
)
def test_rows_that_are_refused(row, column):
    (number, who), *_ = numbered(1).items()
    (verdict,) = listed().examine({"number": number, "name": "王某", **row})
    assert verdict.judgement == "refused"
    assert column in [problem.column for problem in verdict.problems]
    assert valid(who) == []


def test_no_year_anywhere_is_refused():
    (number, _), *_ = numbered(1).items()
    assert judgements(listed(year=None).examine({"number": number})) == ["refused"]


def test_insured_elsewhere_is_refused_and_told():
    (number, who), *_ = numbered(1).items()
    api.enrol(
        actor=officer(), now=NOW, key=None, person=who, terms=enrolment("employee", insured_region=522632000)
    )
    (verdict,) = listed().examine({"number": number})
    assert verdict.judgement == "refused"
    assert "522632" in verdict.problems[0].words.zh
    lapsed = {"number": number, "status": "停保", "last_day": TODAY - DAY}
    assert judgements(listed().examine(lapsed)) == ["new"]


def test_two_basic_schemes_in_one_list():
    (number, who), *_ = numbered(1).items()
    rows = [
        {"number": number},
        {"number": number, "scheme": "职工医保"},
        {"number": number, "scheme": "补充保险"},
    ]
    assert judgements(listed().examine(*rows)) == ["new", "refused", "new"]
    listed().apply(*rows)
    assert valid(who) == [("resident", 2017, "insured"), ("supplement", 2017, "insured")]


def test_somebody_of_another_county_is_unknown():
    (number, _), *_ = numbered(1, FAR_TOWN, 522632).items()
    assert judgements(listed().examine({"number": number})) == ["refused"]


def test_refunds_are_read_again_as_they_were_written():
    (number, who), *_ = numbered(1).items()
    listed().apply({"number": number})
    listed().apply({"number": number, "status": "退费"})
    assert valid(who) == [("resident", 2017, "refunded")]
    listed().apply({"number": number})
    assert sorted(valid(who)) == [("resident", 2017, "insured"), ("resident", 2017, "refunded")]


def test_undone_is_as_before_and_can_be_done_again():
    people = numbered(2)
    first, second = people
    listed(status="unpaid").apply({"number": first})
    rows = [{"number": first, "paid_on": TODAY}, {"number": second}]
    changes = listed().apply(*rows)
    assert listed().undo(changes) == []
    assert (valid(people[first]), valid(people[second])) == ([("resident", 2017, "unpaid")], [])
    listed().apply(*rows)
    assert valid(people[first]) == [("resident", 2017, "insured")]


def test_what_was_changed_since_is_not_undone():
    (number, who), *_ = numbered(1).items()
    changes = listed().apply({"number": number})
    (made,) = api.enrolments_on(viewer=officer(), person=who, day=TODAY)
    api.lapse(actor=officer(), now=NOW, key=None, enrolment=made.id, until_date=TODAY, reason="参军")
    assert [obstacle.row for obstacle in listed().undo(changes)] == [2]


def test_days_insured_otherwise_since_are_not_given_back():
    (number, who), *_ = numbered(1).items()
    listed().apply({"number": number})
    changes = listed().apply({"number": number, "status": "停保", "last_day": TODAY - DAY})
    api.enrol(actor=officer(), now=NOW, key=None, person=who, terms=enrolment("employee"))
    assert [obstacle.row for obstacle in listed().undo(changes)] == [2]
    assert sorted(valid(who)) == [("employee", 2017, "insured"), ("resident", 2017, "lapsed")]


@pytest.mark.parametrize("size", [2, 40])
def test_as_many_queries_for_many_rows_as_for_few(size, django_assert_num_queries):
    rows = [{"number": number} for number in numbered(size)]
    kind = listed()
    with scoped(officer().scope), django_assert_num_queries(3):
        verdicts = kind.kind.examine(kind.rows(*rows), kind.task())
    with scoped(officer().scope), django_assert_num_queries(2):
        kind.kind.apply(list(zip(kind.rows(*rows), verdicts, strict=True)), kind.task())
    with scoped(officer().scope):
        assert Row.objects.filter(state="valid").count() == size
