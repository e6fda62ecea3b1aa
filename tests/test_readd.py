"""Every explanation re-adds to the paid amounts from its own numbers, by a script that knows nothing of the engine."""

import ast
import copy
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from doudi.engine.answer import answer
from doudi.engine.data import Balances, Facts
from doudi.engine.refusals import Refused
from support.bills import Maker
from support.policies import READD, SHIPPED_IDS, SMALL_IDS, policy, readd, settler

BILLS, CHUNKS, BILLS_OF_SMALL = 10_000, 5, 300
BILLS_A_YEAR = 4
Json = dict[str, Any]


def answers(policy_id: str, seed: int, bills: int) -> Iterator[Json]:
    """Answers to random years of one policy with at least so many bills; refused years are passed over."""
    maker, number, made = Maker(policy(policy_id).document, seed), 0, 0
    while made < bills:
        number += 1
        assert number < bills + 100, f"too many refusals: {made} bills of {number} years"
        person, year = maker.year(number, BILLS_A_YEAR)
        try:
            told = answer(settler(policy_id), Facts(person, tuple(year), Balances()))
        except Refused:
            continue
        made += len(told["bills"])
        yield told


def readd_all(policy_id: str, seed: int, bills: int) -> None:
    """Re-add random years; the text of every tenth is read back first and must say the same."""
    for number, told in enumerate(answers(policy_id, seed, bills)):
        if number % 10 == 0:
            assert json.loads(json.dumps(told)) == told
        for bill in told["bills"]:
            try:
                readd().bill(bill)
            except AssertionError as error:
                pytest.fail(f"{policy_id} seed {seed}: {error}\n{json.dumps(bill, ensure_ascii=False)}")


@pytest.mark.parametrize(
    "chunk", [0, *(pytest.param(chunk, marks=pytest.mark.deep) for chunk in range(1, CHUNKS))]
)
@pytest.mark.parametrize("policy_id", SHIPPED_IDS)
def test_ten_thousand_random_bills_of_a_package_re_add(policy_id: str, chunk: int) -> None:
    readd_all(policy_id, 1000 + chunk, BILLS // CHUNKS)


@pytest.mark.parametrize("policy_id", SMALL_IDS)
def test_random_bills_of_the_small_policies_re_add(policy_id: str) -> None:
    readd_all(policy_id, 2000, BILLS_OF_SMALL)


# --- a wrong number is found ---------------------------------------------------------------------------------

FEN, PERCENT = re.compile(r"\d+\.\d\d"), re.compile(r"\d+(\.\d+)?%")
Place = tuple[str, Json, str]


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def money(kind: str, amounts: Json) -> Iterator[Place]:
    yield from ((kind, amounts, key) for key, text in amounts.items() if FEN.fullmatch(str(text)))


def places(bill: Json) -> Iterator[Place]:
    """(kind, object, key) of every number on which the amounts of a bill rest."""
    yield from [("total", bill, "total"), ("patient", bill, "patient"), ("hospital", bill, "hospital")]
    yield from money("share", bill["shares"])
    steps = bill["explanation"]
    rules = [step for step in steps if step["step"] == "rule" and step["applied"]]
    yield from money("parts", rules[-1]["after"] if rules else steps[0]["parts"])
    for step in steps:
        if step["step"] == "payer":
            yield "payer amount", step, "amount"
            yield from money("payer drawn", step["drawn"])
            if "recorded" in step:
                yield "recorded", step, "recorded"
            for told in step["benefits"]:
                if told["chosen"]:
                    yield from benefit_places(told)


def benefit_places(told: Json) -> Iterator[Place]:
    yield "benefit amount", told, "amount"
    yield from money("benefit drawn", told["drawn"])
    if told["base"]["mode"] in ("left", "whole"):
        yield from money("base part", told["base"]["parts"])
    schedule, deductible = told.get("schedule"), told.get("deductible")
    if schedule:
        yield "base", told["base"], "amount"
        yield from [("start", schedule, "start"), ("end", schedule, "end")]
    if deductible and not deductible["in_schedule"] and schedule:
        yield "deductible taken", deductible, "taken"
        binding = 0 < fen(deductible["taken"]) < fen(told["base"]["amount"])
        if binding and "at_most" not in deductible:
            yield "deductible", deductible, "amount"
    binding = [limit for limit in told["limits"] if limit["binding"]]
    if binding and fen(told["amount"]) > 0:
        yield "limit", binding[-1], "limit"
    slack = all(fen(limit["available"]) > fen(told["amount"]) for limit in told["limits"])
    raised = [guarantee for guarantee in told.get("guarantees", []) if guarantee["raised"]]
    if raised and slack and fen(raised[-1]["before"]) < fen(raised[-1]["after"]):
        yield from guarantee_places(raised[-1])
    if slack and not told.get("guarantees"):
        if "formula" in told and "offset" not in told:
            yield "formula", told["formula"], "amount"
        if "offset" in told and fen(told["offset"]["after"]) > 0:
            yield from money("offset", told["offset"]["payers"])
        if schedule and ("offset" not in told or fen(told["offset"]["after"]) > 0):
            yield from schedule_places(schedule)


def guarantee_places(guarantee: Json) -> Iterator[Place]:
    if guarantee["kind"] != "own_at_least":
        yield "guarantee left", guarantee, "left"
    if fen(guarantee["whole"]) >= 10_000 and guarantee["rounding"]["to"] == "fen":
        yield "guarantee share", guarantee["share"], "value"


def schedule_places(schedule: Json) -> Iterator[Place]:
    """The rate of every band that holds enough for a basis point to be a fen, and lumps."""
    if schedule["rounding"]["to"] != "fen" or "paid_before" in schedule or fen(schedule["amount"]) == 0:
        return
    for band in schedule["bands"]:
        if band["reached"] and schedule["kind"] == "lump" and "position" not in schedule:
            yield "lump", band, "lump"
        if band["reached"] and schedule["kind"] == "marginal" and fen(band["part"]) >= 10_000:
            yield "rate", band, "rate"


def nudged(text: str) -> str:
    """The next fen or basis point."""
    if text.endswith("%"):
        points = round(float(text[:-1]) * 100) + (1 if text != "100%" else -1)
        return f"{points // 100}.{points % 100:02d}%"
    return f"{(fen(text) + 1) // 100}.{(fen(text) + 1) % 100:02d}"


TAMPERED = ("national/medical-assistance-2021", "chongqing/five-layers-2017", "shandong/poverty-2017", "formula",
            "guizhou/liuzhi/triple-guarantee-2017", "caps", "guarantees-bill", "lump", "bill-rules", "deductible-scopes",
            "quick", "shandong/poverty-2017-top-up", "jilin/baishan/major-disease-2017")  # fmt: skip
KINDS = {"total", "patient", "hospital", "share", "parts", "payer amount", "payer drawn", "recorded", "benefit amount",
         "benefit drawn", "base part", "base", "start", "end", "deductible taken", "deductible", "limit",
         "offset", "guarantee left", "guarantee share", "formula", "lump", "rate"}  # fmt: skip


def re_adds(bill: Json) -> bool:
    try:
        readd().bill(bill)
    except AssertionError:
        return False
    return True


def tampered_kinds(bill: Json) -> Counter[str]:
    """Nudge every number in turn; the script must notice each."""
    seen: Counter[str] = Counter()
    mine = copy.deepcopy(bill)
    assert re_adds(mine)
    for kind, owner, key in list(places(mine)):
        written = owner[key]
        owner[key] = nudged(written)
        assert not re_adds(mine), f"{kind} {key}: {written} → {owner[key]} goes unnoticed"
        owner[key] = written
        seen[kind] += 1
    return seen


def test_a_fen_or_a_basis_point_changed_anywhere_is_noticed() -> None:
    seen: Counter[str] = Counter()
    for policy_id in TAMPERED:
        for told in answers(policy_id, 7, 40):
            for bill in told["bills"]:
                seen += tampered_kinds(bill)
    assert set(seen) >= KINDS, f"never tampered with: {KINDS - set(seen)}"


# --- the script stands alone ---------------------------------------------------------------------------------


def test_the_script_is_short_and_imports_nothing_of_the_engine() -> None:
    text = READD.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 100
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module)
    assert names <= {"json", "sys"}


def run(text: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(READD)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)


def test_the_script_reads_an_answer_from_standard_input_and_fails_on_a_wrong_one() -> None:
    told = next(answers("guizhou/liuzhi/triple-guarantee-2017", 3, 4))
    good = run(json.dumps(told))
    assert (good.returncode, good.stdout) == (0, f"{len(told['bills'])} bills re-added\n")
    told["bills"][-1]["patient"] = nudged(told["bills"][-1]["patient"])
    assert run(json.dumps(told)).returncode != 0
