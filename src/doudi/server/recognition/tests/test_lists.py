"""Lists of recognised persons: what a row means, what it changes, what it is refused for, and taking it back."""

from datetime import date, timedelta

import pytest

from doudi.server.kernel.scope import scoped
from doudi.server.recognition import api
from doudi.server.recognition.import_kinds.list_words import SHORT_NAMES, VALUES, categories_named
from doudi.server.recognition.import_kinds.lists import RecognitionList
from doudi.server.recognition.models import Recognition as Row
from support.standing import FAR_TOWN, NOW, TODAY, Import, numbered, officer, recognition

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEGAN = date(2016, 5, 1)


def listed(**options):
    return Import(RecognitionList(), **{"evidence": "2017年动态调整名单", **options})


def held(person, day=TODAY):
    found = api.categories_on(viewer=officer(), person=person, day=day)
    return {one.category: (one.from_date, one.until_date) for one in found}


def judgements(verdicts):
    return [verdict.judgement.value for verdict in verdicts]


def test_every_value_of_a_list_means_known_categories():
    known = set(api.known_categories())
    meant = {code for values in VALUES.values() for codes in values.values() for code in codes}
    assert meant | set(SHORT_NAMES.values()) <= known


def test_every_category_is_known_by_its_own_names():
    for code, one in api.known_categories().items():
        assert {categories_named(name) for name in (code, one.words.zh, one.words.en)} == {((code,), None)}


def test_a_cell_may_name_several():
    assert categories_named("低保、重残") == (("subsistence_allowance", "severely_disabled"), None)
    assert categories_named("低保，富裕户") == ((), "富裕户")


def test_a_register_of_the_poor():
    (number, who), *_ = numbered(1).items()
    row = {
        "number": number, "name": "王 某", "poverty": "未脱贫", "poor_household": "低保贫困户", "disability": "二级",
        "from_date": BEGAN,
    }  # fmt: skip
    changes = listed().apply(row)
    assert held(who) == dict.fromkeys(
        ["registered_poor", "subsistence_allowance", "disabled", "severely_disabled"], (BEGAN, None)
    )
    assert [change.did for change in changes] == ["made"] * 4
    (made, *_) = api.category_history(viewer=officer(), person=who)
    assert (made.evidence, made.import_number, made.known_since) == ("2017年动态调整名单", 5, TODAY)
    assert judgements(listed().examine(row)) == ["unchanged"]


def test_monitoring_ends_with_the_risk():
    (number, who), *_ = numbered(1).items()
    row = {
        "number": number, "household_type": "脱贫户", "monitored": "脱贫不稳定户", "from_date": BEGAN,
        "risk_from": date(2017, 1, 1), "risk_gone": True, "risk_until": date(2017, 6, 30),
    }  # fmt: skip
    listed().apply(row)
    assert held(who, date(2017, 6, 30)) == {
        "left_poverty": (BEGAN, None),
        "unstable_after_poverty": (date(2017, 1, 1), date(2017, 7, 1)),
    }
    assert held(who, date(2017, 7, 1)) == {"left_poverty": (BEGAN, None)}


def test_a_whole_list_of_one_category_with_one_date():
    people = numbered(3)
    whole = listed(category="dialysis", from_date=TODAY)
    whole.apply(*({"number": number} for number in people))
    assert [held(who) for who in people.values()] == [{"dialysis": (TODAY, None)}] * 3
    later = listed(category="dialysis", from_date=TODAY + 30 * DAY, now=NOW + 30 * DAY)
    assert judgements(later.examine(*({"number": number} for number in people))) == ["unchanged"] * 3


def test_who_left_the_register_is_no_longer_on_it():
    (number, who), *_ = numbered(1).items()
    listed().apply({"number": number, "poverty": "未脱贫", "from_date": BEGAN})
    row = {"number": number, "poverty": "已脱贫", "from_date": date(2017, 1, 1)}
    (verdict,) = listed().examine(row)
    assert verdict.judgement == "changed"
    (difference,) = verdict.differences
    assert difference.after == "建档立卡贫困人口 2016-05-01 起至 2017-01-01 前"
    listed().apply(row)
    assert held(who, date(2016, 12, 31)) == {"registered_poor": (BEGAN, date(2017, 1, 1))}
    assert held(who) == {"left_poverty": (date(2017, 1, 1), None)}


def test_other_dates_replace_what_stood_there():
    (number, who), *_ = numbered(1).items()
    listed().apply({"number": number, "category": "低保", "from_date": BEGAN})
    row = {
        "number": number,
        "category": "低保",
        "from_date": date(2016, 6, 1),
        "last_day": date(2017, 12, 31),
    }
    assert judgements(listed().examine(row)) == ["changed"]
    listed().apply(row)
    assert held(who) == {"subsistence_allowance": (date(2016, 6, 1), date(2018, 1, 1))}
    states = [one.state for one in api.category_history(viewer=officer(), person=who)]
    assert sorted(states) == ["replaced", "valid"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"category": "富裕户"}, "category"),
        ({"poverty": "大概脱贫"}, "poverty"),
        ({"category": "低保", "name": "李某"}, "name"),
        ({"category": "低保", "number": "110101199003077299"}, "number"),
        ({"category": "低保", "from_date": None}, "from_date"),
        ({"category": "低保", "last_day": date(2016, 4, 1)}, "last_day"),
        ({"category": "低保、特困"}, ""),
        ({"monitored": "边缘户", "risk_gone": True}, "risk_until"),
    ],
)
def test_rows_that_are_refused(row, column):
    (number, who), *_ = numbered(1).items()
    (verdict,) = listed().examine({"number": number, "name": "王某", "from_date": BEGAN, **row})
    assert verdict.judgement == "refused"
    assert column in [problem.column for problem in verdict.problems]
    assert all(problem.words.zh and problem.words.en for problem in verdict.problems)
    assert held(who) == {}


def test_a_contradiction_with_what_is_known_is_refused():
    (number, who), *_ = numbered(1).items()
    api.recognise(actor=officer(), now=NOW, key=None, person=who, terms=recognition("destitute"))
    assert judgements(listed().examine({"number": number, "category": "低保", "from_date": BEGAN})) == [
        "refused"
    ]


def test_somebody_of_another_county_is_unknown():
    (number, _), *_ = numbered(1, FAR_TOWN, 522632).items()
    (verdict,) = listed().examine({"number": number, "category": "低保", "from_date": BEGAN})
    assert verdict.judgement == "refused"
    assert verdict.match is None


def test_two_rows_about_one_person():
    (number, who), *_ = numbered(1).items()
    first = {"number": number, "category": "低保", "from_date": BEGAN}
    rows = [
        first,
        {**first, "category": "农村低保"},
        {**first, "category": "特困"},
        {**first, "category": "重残"},
    ]
    assert judgements(listed().examine(*rows)) == ["new", "refused", "refused", "new"]
    listed().apply(*rows)
    assert set(held(who)) == {"subsistence_allowance", "severely_disabled"}


def test_a_row_without_a_category_changes_nothing_and_says_so():
    (number, _), *_ = numbered(1).items()
    (verdict,) = listed().examine({"number": number, "household_type": "普通农户"})
    assert (verdict.judgement, len(verdict.problems)) == ("unchanged", 1)


def test_undone_is_as_before_and_can_be_done_again():
    (number, who), *_ = numbered(1).items()
    listed().apply({"number": number, "poverty": "未脱贫", "from_date": BEGAN})
    before = held(who)
    row = {"number": number, "poverty": "已脱贫", "disability": "三级", "from_date": date(2017, 1, 1)}
    changes = listed().apply(row)
    assert listed().undo(changes) == []
    assert held(who) == before
    assert held(who, date(2016, 12, 31)) == before
    listed().apply(row)
    assert set(held(who)) == {"left_poverty", "disabled"}


def test_what_was_changed_since_is_not_undone():
    (number, who), *_ = numbered(1).items()
    changes = listed().apply({"number": number, "category": "低保", "from_date": BEGAN})
    (made,) = api.categories_on(viewer=officer(), person=who, day=TODAY)
    api.end(actor=officer(), now=NOW, key=None, recognition=made.id, until_date=TODAY, reason="收入超标")
    (obstacle,) = listed().undo(changes)
    assert obstacle.row == 2
    assert held(who, TODAY - DAY) == {"subsistence_allowance": (BEGAN, TODAY)}


def test_days_given_away_since_are_not_given_back():
    (number, who), *_ = numbered(1).items()
    listed().apply({"number": number, "poverty": "未脱贫", "from_date": BEGAN})
    changes = listed().apply({"number": number, "poverty": "已脱贫", "from_date": date(2017, 1, 1)})
    (left,) = api.categories_on(viewer=officer(), person=who, day=TODAY)
    api.end(actor=officer(), now=NOW, key=None, recognition=left.id, until_date=TODAY, reason="返贫")
    api.recognise(actor=officer(), now=NOW, key=None, person=who, terms=recognition("registered_poor"))
    assert listed().undo(changes) != []
    assert held(who) == {"registered_poor": (TODAY, None)}


@pytest.mark.parametrize("size", [2, 40])
def test_as_many_queries_for_many_rows_as_for_few(size, django_assert_num_queries):
    people = numbered(size)
    rows = [{"number": number, "category": "低保", "from_date": BEGAN} for number in people]
    kind = listed()
    with scoped(officer().scope), django_assert_num_queries(3):
        verdicts = kind.kind.examine(kind.rows(*rows), kind.task())
    with scoped(officer().scope), django_assert_num_queries(2):
        kind.kind.apply(list(zip(kind.rows(*rows), verdicts, strict=True)), kind.task())
    with scoped(officer().scope):
        assert Row.objects.filter(state="valid").count() == size
