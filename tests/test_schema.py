"""The published JSON Schema accepts what the loader accepts, and refuses what an editor can see to be wrong.

The checker below knows the keywords that our schema uses, and stops at any other.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bad_reset import BAD, GOOD
from doudi.policy.document import PolicyDocument
from doudi.policy.schema import keys_at, policy_schema, takes_number
from support.policies import ALL_IDS, policy

SCHEMA = policy_schema()
SAYS_NOTHING = {"title", "description", "default", "format", "$schema", "$defs"}
KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "number": (int, float), "integer": (int,),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


class Core(yaml.SafeLoader):
    """YAML as editors read it: no dates, and only true and false are truth values."""


Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool", ":int"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), list("tf"))
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("(0|[1-9][0-9]*)$"), list("0123456789"))


def offences(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Where and by which keyword a value breaks a schema."""
    for keyword, wanted in schema.items():
        if keyword not in SAYS_NOTHING:
            yield from KEYWORDS[keyword](value, wanted, schema, path)


def _kind(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    kinds = wanted if isinstance(wanted, list) else [wanted]
    fits = any(
        isinstance(value, KINDS[kind]) and isinstance(value, bool) == (kind == "boolean") for kind in kinds
    )
    if not fits:
        yield f"{path}: {value!r} is not {kinds}"


def _any_of(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    branches = [list(offences(value, branch, path)) for branch in wanted]
    if all(branches):
        yield max((branch[0] for branch in branches), key=lambda one: len(one.partition(":")[0]))


def _properties(value: Any, wanted: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    for key, item in value.items() if isinstance(value, dict) else []:
        if key in wanted:
            yield from offences(item, wanted[key], f"{path}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}.{key}: unknown key"


def _patterned(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    ((pattern, inner),) = wanted.items()
    for key, item in value.items() if isinstance(value, dict) else []:
        if re.search(pattern, str(key)):
            yield from offences(item, inner, f"{path}.{key}")
        else:
            yield f"{path}.{key}: unknown key"


def _additional(value: Any, wanted: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    for key, item in value.items() if isinstance(value, dict) and isinstance(wanted, dict) else []:
        if key not in schema.get("properties", {}):
            yield from offences(item, wanted, f"{path}.{key}")


def _items(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    for index, item in enumerate(value if isinstance(value, list) else []):
        yield from offences(item, wanted, f"{path}.{index}")


def _required(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path}: {key} is missing" for key in wanted if isinstance(value, dict) and key not in value)


def _pattern(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(wanted, value):
        yield f"{path}: {value!r} does not match {wanted}"


def _enum(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    if not any(value is word or (value == word and not isinstance(value, bool)) for word in wanted):
        yield f"{path}: {value!r} is not one of {wanted}"


def _least(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, list | dict) and len(value) < wanted:
        yield f"{path}: too short"


def _minimum(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, int) and value < wanted:
        yield f"{path}: below {wanted}"


def _most(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, list | dict) and len(value) > wanted:
        yield f"{path}: too long"


def _refer(value: Any, wanted: Any, _: dict[str, Any], path: str) -> Iterator[str]:
    yield from offences(value, SCHEMA["$defs"][wanted.rpartition("/")[2]], path)


KEYWORDS: dict[str, Any] = {
    "type": _kind, "anyOf": _any_of, "oneOf": _any_of, "properties": _properties, "patternProperties": _patterned,
    "additionalProperties": _additional, "items": _items, "required": _required, "pattern": _pattern, "enum": _enum,
    "const": lambda value, wanted, schema, path: _enum(value, [wanted], schema, path), "minItems": _least,
    "minProperties": _least, "minimum": _minimum, "maxItems": _most, "$ref": _refer,
}  # fmt: skip


def told(path: Path) -> list[str]:
    return list(offences(yaml.load(path.read_text("utf-8"), Loader=Core), SCHEMA))


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_every_policy_fits(policy_id: str) -> None:
    assert told(policy(policy_id).path) == []


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_way_to_write_a_value_fits(path: Path) -> None:
    assert told(path) == []


SEEN_BY_AN_EDITOR = [
    "by_too_many", "cap_form", "expected_list", "expected_mapping", "key_unknown", "name_format", "not_one_of",
    "rate_decimals", "rate_full_width", "rate_malformed", "rate_tenths", "rate_without_percent", "region_format",
    "digits_format", "id_format", "truth_format", "list_empty",
]  # fmt: skip


@pytest.mark.parametrize("code", SEEN_BY_AN_EDITOR)
def test_an_editor_sees_what_is_wrong(code: str) -> None:
    assert told(BAD / f"{code}.yaml")


def test_every_key_of_the_language_is_in_the_schema() -> None:
    assert set(keys_at(())) == SCHEMA["properties"].keys()
    assert "overrides" in keys_at(())


@pytest.mark.parametrize(
    ("loc", "some", "none"),
    [
        (("payers", 0), {"payer", "benefits", "when"}, {"rate", "dated"}),
        (("payers", 0, "benefits", 1), {"rate", "deductible", "portion"}, {"payer"}),
        (
            ("payers", 0, "benefits", 0, "rate", "dated", 0),
            {"from", "value", "amount", "rows"},
            {"dated", "bound"},
        ),
        (("payers", 0, "benefits", 0, "adjust", 2, "rate"), {"points", "within"}, {"plus", "at_most"}),
        (("payers", 0, "benefits", 0, "adjust", 2, "amount"), {"plus", "at_most"}, {"points", "within"}),
        (("people", "any", "keeps"), {"after_exit_until"}, {"any"}),
        (("payers", 0, "benefits", 0, "cap", 0, "Cap"), {"per", "each", "as"}, {"rate"}),
    ],
)
def test_the_keys_of_a_form(loc: tuple[str | int, ...], some: set[str], none: set[str]) -> None:
    keys = set(keys_at(loc, PolicyDocument))
    assert some <= keys
    assert not none & keys


BENEFIT = ("payers", 0, "benefits", 0)


@pytest.mark.parametrize(
    ("loc", "number"),
    [
        ((*BENEFIT, "rate"), True),
        ((*BENEFIT, "rate", 0), True),
        ((*BENEFIT, "cap"), True),
        ((*BENEFIT, "adjust", 0, "points"), True),
        (("payers", 0, "caps", "year"), True),
        (("figures", "income"), True),
        ((*BENEFIT, "rate", "rows", "county"), False),
        ((*BENEFIT, "bands", 0, "above"), False),
        ((*BENEFIT, "covers"), False),
        (("people", "poor", "any"), False),
        (("year", "begins"), False),
    ],
)
def test_where_a_number_of_the_law_stands(loc: tuple[str | int, ...], number: bool) -> None:
    assert takes_number(loc) is number
