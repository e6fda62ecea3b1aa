"""Reading a file: scalars stay text, everything knows its place, nothing hidden is admitted."""

import contextlib
from pathlib import Path

import pytest

from doudi.policy.library import Library
from doudi.policy.meaning import meaning_problems
from doudi.policy.problems import PolicyError, Where
from doudi.policy.source import MAX_BYTES, MAX_DEPTH, Node, read_bytes
from doudi.policy.validate import read_document
from support.policies import SHIPPED, SHIPPED_IDS, policy

TEXT = """policy: county
people:
  - {name: 甲, since: 2020-01-01}
  - name: "no"
    codes: [007, 1.50, yes]
empty:
"""


def tree(text: str) -> Node:
    return read_bytes(text.encode(), "f.yaml")


def codes(content: bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(PolicyError) as raised:
        read_bytes(content, "f.yaml")
    return [(one.code, one.where.line, one.where.column) for one in raised.value.problems]


def test_scalars_stay_as_they_were_written() -> None:
    read = tree(TEXT)
    assert read.plain() == {
        "policy": "county",
        "people": [{"name": "甲", "since": "2020-01-01"}, {"name": "no", "codes": ["007", "1.50", "yes"]}],
        "empty": None,
    }


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("policy",), 1, 9),
        (("people",), 3, 3),
        (("people", 0, "since"), 3, 22),
        (("people", 1, "name"), 4, 11),
        (("people", 1, "codes", 2), 5, 24),
    ],
)
def test_every_node_knows_its_line_and_column(path: tuple[str | int, ...], line: int, column: int) -> None:
    node = tree(TEXT).at(*path)
    assert node is not None
    assert node.where == Where("f.yaml", line, column)


def test_every_key_knows_its_place() -> None:
    read = tree(TEXT)
    assert read.keys["empty"] == Where("f.yaml", 6, 1)
    assert read.items() == []
    person = read.at("people", 1)
    assert person is not None
    assert person.keys["codes"] == Where("f.yaml", 5, 5)


def test_walk_meets_every_node_once() -> None:
    paths = [path for path, _ in tree(TEXT).walk()]
    assert len(paths) == len(set(paths)) == 13
    assert ("people", 1, "codes", 2) in paths


def test_what_is_not_there_is_none() -> None:
    read = tree(TEXT)
    for path in (("people", 9), ("people", "name"), ("policy", "x"), ("people", -1)):
        assert read.at(*path) is None


def test_null_is_nothing_only_when_it_is_plain() -> None:
    assert tree('a: ~\nb: null\nc: "null"\nd: ""\n').plain() == {"a": None, "b": None, "c": "null", "d": ""}


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_bytes("\ufeffa: 1\n".encode(), "f.yaml").plain() == {"a": "1"}


def test_size_is_bounded() -> None:
    line = b"a: 1\n#"
    assert read_bytes(line + b"x" * (MAX_BYTES - len(line)), "f.yaml").plain() == {"a": "1"}
    assert codes(line + b"x" * (MAX_BYTES - len(line) + 1)) == [("file_too_large", 1, 1)]


def test_depth_is_bounded() -> None:
    def nested(levels: int) -> bytes:
        return b"a: " + b"[" * levels + b"x" + b"]" * levels

    deepest = MAX_DEPTH - 2
    assert read_bytes(nested(deepest), "f.yaml").at("a")
    assert codes(nested(deepest + 1)) == [("yaml_too_deep", 1, deepest + 5)]


def test_aliases_are_told_and_never_followed() -> None:
    laughs = "laugh0: &laugh0 [x, x, x, x, x, x, x, x, x]\n"
    for number in range(1, 17):
        laughs += f"laugh{number}: &laugh{number} [{', '.join([f'*laugh{number - 1}'] * 9)}]\n"
    assert [code for code, _, _ in codes(laughs.encode())] == ["yaml_alias"] * 17


def test_all_that_can_be_seen_is_told_at_once() -> None:
    text = b"no: 1\na: !x 2\nb: &y 3\na: 4\n? [1]\n: 5\n"
    assert codes(text) == [
        ("key_not_text", 1, 1), ("yaml_tag", 2, 4), ("yaml_alias", 3, 4), ("key_twice", 4, 1), ("key_not_scalar", 5, 3),
    ]  # fmt: skip


def test_a_syntax_error_does_not_hide_what_came_before() -> None:
    assert codes(b"no: 1\na: [1\nb: 2\n") == [("key_not_text", 1, 1), ("yaml_syntax", 2, 4)]


def test_the_place_of_a_wrong_byte_counts_characters() -> None:
    assert codes("a: 医疗\nb: 救".encode() + "助".encode("gbk")) == [("file_not_utf8", 2, 5)]


@pytest.mark.parametrize("folder", ["missing", ""])
def test_what_cannot_be_opened_is_told(tmp_path: Path, folder: str) -> None:
    with pytest.raises(PolicyError) as raised:
        Library([], shipped=False).load_file(tmp_path / folder)
    assert [one.code for one in raised.value.problems] == ["file_unreadable"]


JUNK: tuple[object, ...] = (
    None,
    "",
    "x",
    "-1",
    "60%",
    "2020-01-01",
    [],
    ["x"],
    [["x"]],
    {},
    {"x": "1"},
    {"": {"": None}},
)


def replaced(plain: object, path: tuple[str | int, ...], junk: object) -> object:
    """The plain tree with `junk` at a path."""
    if not path:
        return junk
    step, rest = path[0], path[1:]
    if isinstance(plain, dict):
        return {key: replaced(item, rest, junk) if key == step else item for key, item in plain.items()}
    assert isinstance(plain, list)
    return [replaced(item, rest, junk) if index == step else item for index, item in enumerate(plain)]


def as_node(plain: object) -> Node:
    where = Where("f.yaml", 1, 1)
    if isinstance(plain, dict):
        return Node({key: as_node(item) for key, item in plain.items()}, where, dict.fromkeys(plain, where))
    if isinstance(plain, list):
        return Node([as_node(item) for item in plain], where)
    assert plain is None or isinstance(plain, str)
    return Node(plain, where)


@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_no_misplaced_value_breaks_the_reader(policy_id: str) -> None:
    """Whatever stands where: the policy is read, or its author is told. Every 29th place of each policy is tried."""
    read = policy(policy_id).tree
    plain = read.plain()
    paths = [path for path, _ in read.walk() if path][::29]
    refused = 0
    for number, path in enumerate(paths):
        for junk in JUNK[number % 3 :: 3]:
            broken = as_node(replaced(plain, path, junk))
            with contextlib.suppress(PolicyError):
                meaning_problems(read_document(broken), broken)
                continue
            refused += 1
    assert refused > len(paths)


def test_the_shipped_policies_are_not_empty() -> None:
    assert len(SHIPPED.ids()) >= len(SHIPPED_IDS) > 5
