"""The slip: for each bill the parts, one row a payer, hospital and patient in figures and capitals, the year after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from doudi.engine.render.amounts import accumulator, cell, fen, grouped, percent_of
from doudi.engine.render.narrative import payer_names
from doudi.engine.vocabulary import name_of
from doudi.money import capital_yuan
from doudi.words import Language, Words

Told = dict[str, Any]
LASTING = re.compile(r"[0-9]{4}([-Q/].*)?$|ever")
"""Periods that outlive a bill: a year, a quarter, a month, a lifetime; not a single stay."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a slip's table: a kind to colour it by, what it is, its amount and its share of the total."""

    kind: str
    name: str
    amount: str
    share: str = ""


def bill_rows(bill: Told, language: Language) -> list[Row]:
    """The rows of one bill."""
    total = fen(bill["total"])
    names = payer_names(bill["explanation"])
    rows = [
        Row("total", Words("总费用", "total").say(language), cell(bill["total"]), percent_of(total, total))
    ]
    for part, amount in bill["explanation"][0]["parts"].items():
        if fen(amount):
            share = percent_of(fen(amount), total)
            rows.append(Row("part", f"  {name_of(part).say(language)}", cell(amount), share))
    for payer, amount in bill["shares"].items():
        share = percent_of(fen(amount), total) if fen(amount) else ""
        rows.append(Row(payer, f"− {names[payer][language]}", cell(amount), share))
    if fen(bill["hospital"]):
        name = Words("− 医院承担", "− hospital").say(language)
        rows.append(Row("hospital", name, cell(bill["hospital"]), percent_of(fen(bill["hospital"]), total)))
    patient = Words("个人负担", "patient").say(language)
    rows.append(Row("patient", patient, grouped(bill["patient"]), percent_of(fen(bill["patient"]), total)))
    return rows


def bill_sentences(bill: Told, language: Language) -> list[str]:
    """What stands under a bill's table: the patient's share in capitals, the rates of payment."""
    total, in_scope = fen(bill["total"]), fen(bill["explanation"][0]["parts"]["in_scope"])
    patient, patient_in_scope = fen(bill["patient"]), fen(bill["patient_in_scope"])
    capitals = capital_yuan(patient)
    figures = grouped(bill["patient"])
    paid = percent_of(total - patient, total)
    paid_in_scope = percent_of(max(0, in_scope - patient_in_scope), in_scope)
    return [
        Words(
            f"个人应付 ¥{figures}（大写：{capitals}）", f"The patient pays CNY {figures} (大写: {capitals})"
        ).say(language),
        Words(
            f"总费用报销 {paid}，政策范围内报销 {paid_in_scope}",
            f"Paid of the total {paid}, of what is in scope {paid_in_scope}",
        ).say(language),
    ]


def accumulator_rows(answer: Told, language: Language) -> list[tuple[str, str, str]]:
    """(whose and what, period, amount) of every accumulator after the last bill that holds something."""
    payers: dict[str, Told] = {}
    for told_of in (
        *answer["bills"],
        *(entry for year in answer.get("year_end", {}).values() for entry in year),
    ):
        payers |= payer_names(told_of.get("explanation", []))
    rows = []
    for scope in ("person", "household"):
        whose = Words("家庭 · ", "household · ").say(language) if scope == "household" else ""
        for name, periods in answer["accumulators"].get(scope, {}).items():
            told = accumulator(name, payers, language)
            rows += [
                (whose + told, _period(key, language), grouped(amount))
                for key, amount in periods.items()
                if fen(amount) and LASTING.match(key)
            ]
    return rows


def _period(key: str, language: Language) -> str:
    return Words("终身", "lifetime").say(language) if key == "ever" else key


def beyond_sentences(answer: Told, language: Language) -> list[tuple[str, str]]:
    """(text, tone) of what the answer holds beyond the bills: year end, grants, premiums, targets."""
    told = [*_year_end(answer, language), *_grants(answer, language), *_enrolment(answer, language)]
    return [*told, *_targets(answer, language)]


def _year_end(answer: Told, language: Language) -> list[tuple[str, str]]:
    lines = []
    for year, entries in answer.get("year_end", {}).items():
        for entry in entries:
            names = payer_names(entry.get("explanation", []))
            name = names[entry["payer"]][language] if entry["payer"] in names else entry["payer"]
            owed, amount = grouped(entry["owed"]), grouped(entry["amount"])
            text = Words(
                f"{year} 年末 · {name}：个人负担 {owed}，拟付 {amount}",
                f"end of {year} · {name}: burden {owed}, would pay {amount}",
            )
            lines.append((text.say(language), "plain"))
    return lines


def _grants(answer: Told, language: Language) -> list[tuple[str, str]]:
    lines = []
    for given in answer.get("grants", []):
        for name, amount in given["amounts"].items():
            label = name.replace("_", " ")
            text = Words(
                f"{given['date']} · 补助 {label}：{grouped(amount)}",
                f"{given['date']} · grant {label}: {grouped(amount)}",
            )
            lines.append((text.say(language), "plain"))
        if not given["amounts"]:
            event = given["event"]
            text = Words(f"{given['date']} · {event}：没有补助", f"{given['date']} · {event}: no grant")
            lines.append((text.say(language), "quiet"))
    return lines


def _enrolment(answer: Told, language: Language) -> list[tuple[str, str]]:
    lines = []
    for year, bought in answer.get("enrolment", {}).items():
        own, now, later = (grouped(bought[key]) for key in ("own", "pay_now", "refund_later"))
        premium = grouped(bought["premium"])
        text = Words(
            f"{year} 年参保缴费 {premium}：先缴 {now}，返还 {later}，个人最终负担 {own}",
            f"premium {year}: {premium}, pay now {now}, refunded {later}, own share {own}",
        )
        lines.append((text.say(language), "plain"))
    return lines


def _targets(answer: Told, language: Language) -> list[tuple[str, str]]:
    signs = {"at_most": "≤", "at_least": "≥", "about": "≈"}
    lines = []
    for target in answer.get("targets", []):
        name = target["name"].get(language) or target["name"]["zh"]
        goal = " ".join(f"{signs[kind]} {rate}" for kind, rate in target["goal"].items())
        if target["rate"] is None:
            continue
        met = {
            True: Words("达到", "met"),
            False: Words("未达到", "not met"),
            None: Words("仅供参考", "for reference"),
        }[target["met"]].say(language)
        text = Words(
            f"目标 · {name}：{target['rate']}（{goal}，{met}）",
            f"target · {name}: {target['rate']} ({goal}, {met})",
        )
        lines.append((text.say(language), "look" if target["met"] is False else "quiet"))
    return lines
