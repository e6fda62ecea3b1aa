"""What an amendment changes, in words: one small policy, each kind of change, the exact sentence in both languages."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pytest
import yaml

from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.policy.values import Model
from doudi.proof.amendment import NUMBER_KEYS, SILENT, TITLES, Change, amendment
from doudi.proof.amendment_match import NAMED
from doudi.proof.amendment_vocabulary import label
from support.policies import ALL_IDS, policy, written

TABLE = yaml.safe_load((Path(__file__).parent / "amendments.yaml").read_text("utf-8"))
BASE: str = TABLE["base"]
AMENDMENTS = {entry["kind"]: entry for entry in TABLE["amendments"]}


def amended(folder: Path, replaced: Iterable[Sequence[str]], head: str = "") -> Policy:
    text = BASE
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return written(folder, text, name="after", head=head)


def told(change: Change, language: str) -> str:
    """The sentence with what a new form holds in brackets."""
    sentence = change.sentence.zh if language == "zh" else change.sentence.en
    inside = [inner.sentence.zh if language == "zh" else inner.sentence.en for inner in change.details]
    if not inside:
        return sentence
    return f"{sentence}（{'；'.join(inside)}）" if language == "zh" else f"{sentence} ({'; '.join(inside)})"


@pytest.mark.parametrize("kind", AMENDMENTS)
def test_each_kind_of_change_is_said(tmp_path: Path, kind: str) -> None:
    entry = AMENDMENTS[kind]
    found = amendment(written(tmp_path, BASE, name="before"), amended(tmp_path, entry["replace"]))
    assert [{"zh": told(one, "zh"), "en": told(one, "en")} for one in found] == entry["said"]


def test_only_sources_are_quiet_and_they_come_last(tmp_path: Path) -> None:
    replaced = [
        ("deductible: 6000", "deductible: {amount: 5000, cite: notice}"),
        ("rate: 70%}\n", "rate: 75%}\n"),
    ]
    found = amendment(written(tmp_path, BASE, name="before"), amended(tmp_path, replaced))
    assert [(one.path, one.quiet) for one in found] == [
        (("payers", "serious", "benefits", "supplement", "deductible", "value"), False),
        (("payers", "aid", "benefits", "share", "rate", "value"), False),
        (("payers", "serious", "benefits", "supplement", "deductible", "cite"), True),
    ]


def test_a_new_year_dates_every_number(tmp_path: Path) -> None:
    """The new policy holds from another day: each number says from when, the time in force comes first."""
    head = "in_force: {from: 2018-01-01, assumed: 测试用}\n"
    before = written(tmp_path, BASE, name="before")
    found = amendment(before, amended(tmp_path, [("deductible: 6000", "deductible: 5000")], head))
    assert [one.sentence.zh for one in found] == [
        "施行·开始：2017-01-01 → 2018-01-01",
        "大病保险·起付线：6,000.00 元 → 5,000.00 元（自 2018-01-01）",
    ]


def test_what_the_old_policy_said_before_the_new_one_holds_is_no_change(tmp_path: Path) -> None:
    dated = "rate: [{from: 2017-01-01, value: 60%}, {from: 2017-07-01, value: 70%}]}\n"
    before = written(tmp_path, BASE.replace("rate: 70%}\n", dated), name="before")
    after = amended(tmp_path, [], "in_force: {from: 2018-01-01, assumed: 测试用}\n")
    assert [one.path for one in amendment(before, after)] == [("in_force", "from")]


def test_inherited_numbers_are_compared_where_they_end_up(tmp_path: Path) -> None:
    """A child that overrides one number differs from its parent in this number, not in its text."""
    parent = written(tmp_path, BASE, name="before")
    (tmp_path / "child.yaml").write_text(
        'policy: child\ntitle: {zh: 测试, en: test}\nregion: "520203"\nextends: before\n'
        "in_force: {from: 2017-01-01, assumed: 测试用}\n"
        "overrides: [{path: serious.supplement.deductible, replace: 5000, assumed: 测试用}]\n", "utf-8"
    )  # fmt: skip
    found = amendment(parent, parent.library.load("child"))
    assert [one.sentence.zh for one in found if not one.quiet] == [
        "大病保险·起付线：6,000.00 元 → 5,000.00 元"
    ]


@pytest.mark.parametrize("policy_id", ALL_IDS)
def test_a_policy_does_not_differ_from_itself(policy_id: str) -> None:
    assert amendment(policy(policy_id), policy(policy_id)) == []


@pytest.mark.parametrize(("one", "other"), list(pairwise(ALL_IDS)))
def test_any_two_policies_can_be_told_apart_in_both_languages(one: str, other: str) -> None:
    found = amendment(policy(one), policy(other))
    sentences = [inner.sentence for change in found for inner in (change, *change.details)]
    assert found
    assert all(said.zh and said.en and "Words(" not in said.zh + said.en for said in sentences)
    assert all("doudi." not in said.zh and "=" not in said.zh.split("≤")[0] for said in sentences)


def forms() -> dict[str, type[Model]]:
    """Every form that a policy can hold."""
    found: dict[str, type[Model]] = {}

    def below(kind: Any) -> Iterator[type[Model]]:
        if isinstance(kind, type) and issubclass(kind, Model):
            yield kind
        if get_origin(kind) in (Union, types.UnionType, list, dict) or get_args(kind):
            for inner in get_args(kind):
                yield from below(inner)

    waiting: list[type[Model]] = [PolicyDocument]
    while waiting:
        form = waiting.pop()
        if form.__name__ not in found:
            found[form.__name__] = form
            waiting += [inner for field in form.model_fields.values() for inner in below(field.annotation)]
    return found


def test_every_key_of_every_form_has_a_word() -> None:
    told_otherwise = NUMBER_KEYS | TITLES | {"payer", "up_to", *NAMED.values()}
    missing = []
    for name, form in forms().items():
        if name in ("When", "AmountTest", "CountSpan"):  # told as a whole sentence
            continue
        for key in form.model_fields.keys() - told_otherwise - set(SILENT.get(name, ())):
            try:
                label(name, key)
            except KeyError:
                missing.append(f"{name}.{key}")
    assert len(forms()) > 40
    assert sorted(missing) == []
