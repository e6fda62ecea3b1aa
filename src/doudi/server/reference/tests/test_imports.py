"""Files of the national interface: headings by layout, what a row would do, and taking it back."""

import csv
import io
import json
from datetime import date

import pytest

from doudi.server.imports.api import Change, Judgement, Row, Task
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import EVERYWHERE, scoped
from doudi.server.reference import api
from doudi.server.reference.import_kinds import KINDS
from doudi.server.reference.import_kinds.dated import DatedKind
from doudi.server.reference.layouts import layouts, with_headings
from support.reference import LIUZHI, NOW

KIND = {kind.name.removeprefix("reference."): kind for kind in KINDS}
COUNTY = Actor(user=8, login="liuzhi", roles=frozenset({"county"}), ranges=Ranges.of([520203000000]))
NATION = Actor(user=9, login="all", roles=frozenset({"system_admin"}), ranges=EVERYWHERE)
DAY = date(2026, 3, 1)


def task(actor: Actor = COUNTY, **options) -> Task:
    return Task(
        number=1, actor=actor, now=NOW, today=DAY, region=LIUZHI, options={"list_type": "101", **options}
    )


def bring(
    kind: DatedKind, rows: list[dict], given: Task | None = None
) -> tuple[list[Judgement], list[Change]]:
    """As an import does: examine, apply what is new or changed, examine again: all must be unchanged then."""
    given = given or task()
    numbered = [Row(number, values) for number, values in enumerate(rows, start=2)]
    with scoped(given.actor.scope):
        verdicts = kind.examine(numbered, given)
        assert [len(verdict.problems) == 0 for verdict in verdicts] == [
            verdict.judgement is not Judgement.REFUSED for verdict in verdicts
        ]
        chosen = [
            (row, verdict)
            for row, verdict in zip(numbered, verdicts, strict=True)
            if verdict.judgement in (Judgement.NEW, Judgement.CHANGED)
        ]
        changes = kind.apply(chosen, given)
        again = kind.examine([row for row, _ in chosen], given)
        assert {verdict.judgement for verdict in again} <= {Judgement.UNCHANGED}
        assert {change.row for change in changes} == {row.number for row, _ in chosen}
    return [verdict.judgement for verdict in verdicts], changes


def undo(kind: DatedKind, changes: list[Change], given: Task | None = None) -> int:
    given = given or task()
    with scoped(given.actor.scope):
        return len(kind.undo(list(reversed(changes)), given))


def item(code: str = "X1", **more) -> dict:
    return {"code": code, "name": "药", "from_date": date(2025, 1, 1)} | more


def rate(bp: int, start: date, **more) -> dict:
    return {"code": "X1", "rate": bp, "scheme": "390", "kind": "10", "from_date": start} | more


def first_pay(day: date) -> int:
    return api.price_of(viewer=COUNTY, codes=["X1"], day=day, region=LIUZHI, scheme="resident")[
        "X1"
    ].first_pay_bp


@pytest.mark.django_db
def test_a_newer_file_supersedes_and_an_undo_gives_back() -> None:
    bring(KIND["items"], [item()])
    kind = KIND["first_pay"]
    assert bring(kind, [rate(1000, date(2025, 1, 1))])[0] == [Judgement.NEW]
    assert bring(kind, [rate(1000, date(2025, 1, 1))])[0] == [Judgement.UNCHANGED]
    judged, changes = bring(kind, [rate(500, date(2026, 1, 1))])
    assert judged == [Judgement.NEW]
    assert (first_pay(date(2025, 12, 31)), first_pay(date(2026, 1, 1))) == (1000, 500)
    corrected, second = bring(kind, [rate(600, date(2026, 1, 1))])
    assert corrected == [Judgement.CHANGED]
    assert bring(kind, [rate(700, date(2025, 6, 1))])[0] == [Judgement.REFUSED]
    assert undo(kind, changes) > 0, "what was corrected since is not taken back"
    assert undo(kind, second) == 0
    assert first_pay(date(2026, 1, 1)) == 500
    assert undo(kind, changes) == 0
    assert first_pay(date(2026, 1, 1)) == 1000


@pytest.mark.django_db
def test_an_import_others_built_on_is_not_undone() -> None:
    bring(KIND["items"], [item()])
    kind = KIND["first_pay"]
    _, first = bring(kind, [rate(1000, date(2025, 1, 1))])
    bring(kind, [rate(500, date(2026, 1, 1))])
    assert undo(kind, first) > 0
    assert first_pay(date(2025, 6, 1)) == 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("first_pay", rate(10_001, DAY), "rate"),
        ("first_pay", rate(100, DAY, kind="20"), "kind"),
        ("first_pay", rate(100, DAY, scheme="777"), "scheme"),
        ("first_pay", rate(100, DAY, place="522632"), "place"),
        ("first_pay", rate(100, DAY, place="100000"), "place"),
        ("first_pay", rate(100, DAY, place="六枝"), "place"),
        ("first_pay", rate(100, None), "from_date"),
        ("first_pay", rate(100, DAY, until_date=DAY), "until_date"),
        ("price_ceilings", {"code": "X1", "ceiling": -1, "from_date": DAY}, "ceiling"),
        ("price_ceilings", {"code": "X1", "ceiling": 1, "grade": "4", "from_date": DAY}, "grade"),
        ("item_classes", {"code": "X1", "class": "04", "from_date": DAY}, "class"),
        ("items", item(valid="0"), "valid"),
        ("regions", {"code": "5226321", "name": "x"}, "code"),
        ("regions", {"code": "522632100901", "name": "x"}, "code"),
    ],
)
def test_refused_rows_say_which_column(kind: str, row: dict, column: str) -> None:
    given = task(source="s", from_date=None if kind != "regions" else DAY)
    with scoped(COUNTY.scope):
        (verdict,) = KIND[kind].examine([Row(2, row)], given)
    assert verdict.judgement is Judgement.REFUSED
    assert [problem.column for problem in verdict.problems] == [column]


@pytest.mark.django_db
def test_the_whole_country_may_be_written_by_whom_it_is_given_to() -> None:
    kind = {"code": "X1", "class": "乙类", "place": "100000", "from_date": DAY}
    assert bring(KIND["item_classes"], [kind], task(NATION))[0] == [Judgement.NEW]
    ceiling = {"code": "X1", "ceiling": 1234, "grade": "2", "from_date": DAY}
    assert bring(KIND["price_ceilings"], [ceiling])[0] == [Judgement.NEW]
    bring(KIND["items"], [item()])
    found = api.price_of(viewer=COUNTY, codes=["X1"], day=DAY, region=LIUZHI, grade="2")["X1"]
    assert (found.item_class, found.class_region, found.ceiling_fen) == ("2", 0, 1234)


@pytest.mark.django_db
def test_a_batch_costs_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:
    rows = [Row(number, item(f"X{number}")) for number in range(2, 1002)]
    kind, given = KIND["items"], task()
    with scoped(COUNTY.scope):
        with django_assert_max_num_queries(1):
            verdicts = kind.examine(rows, given)
        with django_assert_max_num_queries(8):
            kind.apply(list(zip(rows, verdicts, strict=True)), given)
    assert api.items(viewer=COUNTY, day=DAY).total == 1000


@pytest.mark.django_db
def test_codes_and_villages() -> None:
    given = task(kind="diagnosis", from_date=date(2020, 1, 1), source="统计用区划代码")
    bring(
        KIND["clinical_codes"],
        [{"code": "C16.900", "name": "胃恶性肿瘤"}, {"code": "C16.901", "name": "胃癌"}],
        given,
    )
    assert api.clinical_codes(viewer=COUNTY, kind="diagnosis", day=DAY, text="c16.9").total == 2
    bring(KIND["regions"], [{"code": "520203102201", "name": "某村"}], given)
    assert api.region(viewer=COUNTY, code=520203102201, day=DAY).parent_code == 520203102000


def download(transaction: str, **named: str) -> bytes:
    """A file as the platform sends it: tab separated, no headings, `null` where empty. Composed by us."""
    return "\t".join(named.get(column, "null") for column in layouts()[transaction]).encode() + b"\n"


def sheet(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_download_without_headings_gets_those_of_its_layout() -> None:
    assert {number: len(columns) for number, columns in layouts().items()} == {
        "1301": 97, "1302": 33, "1303": 83, "1305": 19, "1306": 71, "1307": 24, "1308": 24, "1309": 16, "1320": 44,
    }  # fmt: skip
    content = download(
        "1301", 医疗目录编码="X1", 注册名称="示例片", 药品规格="1g", 开始日期="2025-01-01", 有效标志="1"
    )
    (row,) = sheet(with_headings("1301", content))
    assert (row["医疗目录编码"], row["注册名称"], row["结束日期"]) == ("X1", "示例片", "")
    with pytest.raises(Refused, match="layout_differs"):
        with_headings("1301", b"X1\tname\n")
    with pytest.raises(Refused, match="layout_unknown"):
        with_headings("1399", b"X1\tname\n")


def test_answers_in_json_become_sheets() -> None:
    rows = [
        {"hilist_code": "X1", "selfpay_prop": 0.1, "enddate": None},
        {"hilist_code": "X2", "poolarea_no": "520200"},
    ]
    for answer in ({"infcode": 0, "output": {"data": rows}}, {"output": {"list": rows}}, rows):
        assert [one["hilist_code"] for one in sheet(with_headings("1319", json.dumps(answer).encode()))] == [
            "X1",
            "X2",
        ]
    with pytest.raises(Refused, match="layout_differs"):
        with_headings("1319", b'{"output": "none"}')


def headings(kind: DatedKind, name: str) -> set[str]:
    (column,) = (column for column in kind.columns if column.name == name)
    return {column.words.zh, column.words.en, *column.headings}


@pytest.mark.parametrize(
    ("transaction", "kind"),
    [*((number, "items") for number in ("1301", "1302", "1303", "1305", "1306", "1320")),
     *((number, "clinical_codes") for number in ("1307", "1308", "1309"))],
)  # fmt: skip
def test_every_layout_names_each_needed_column_once(transaction: str, kind: str) -> None:
    """No heading of a layout is claimed twice, and the columns a kind needs are there."""
    columns = layouts()[transaction]
    for column in KIND[kind].columns:
        found = [name for name in columns if name in headings(KIND[kind], column.name)]
        assert len(found) <= 1, (column.name, found)
        assert found or not column.needed, column.name
