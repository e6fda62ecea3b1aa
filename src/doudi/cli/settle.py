"""`doudi settle`: a settle file in; slip, explanation, JSON, page or decision record out."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from doudi.cli.arguments import EXIT_OK
from doudi.cli.screen import Screen, write_text
from doudi.engine.answer import answer
from doudi.engine.data import Facts
from doudi.engine.read import parse_json, read_facts
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.library import Library, Policy

PAYER_TONES = {"total": "title", "patient": "title", "part": "quiet"}


def run(options: Namespace, screen: Screen) -> int:
    """Settle a file."""
    data = parse_json(read_text(options.file))
    catalogue = parse_json(read_text(options.catalogue)) if options.catalogue else None
    facts = read_facts(data, catalogue)
    policy = choose_policy(options, Library(options.policies), facts)
    if options.year_end and not facts.year_end:
        data = {**data, "year_end": years_of(facts)}
        facts = read_facts(data, catalogue)
    told = answer(Settler(policy), facts)
    if options.record:
        _write_record(options.record, policy, data, catalogue)
    if options.html:
        from doudi.engine.render.html import page

        title = policy.document.title
        heading = screen.w(title.zh, title.en or title.zh)
        write_text(options.html, page(told, screen.language, heading))
        if options.html != "-" and not screen.as_json:
            screen.line(screen.w(f"已写 {options.html}", f"wrote {options.html}"))
    if screen.as_json:
        screen.json(told)
    elif options.explain:
        from doudi.engine.render.text import explanation_lines

        screen.lines(explanation_lines(told, screen.language))
    elif not options.html:
        print_slip(told, policy, screen)
    return EXIT_OK


def read_text(path: str) -> str:
    """The text of a file, or of standard input for `-`."""
    if path == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig")
    return Path(path).read_text("utf-8-sig")


def choose_policy(options: Namespace, library: Library, facts: Facts) -> Policy:
    """`--policy`, else `--region`, else what the file says. Raises Refused."""
    if options.policy:
        return library.load(options.policy)
    if options.region:
        return library.load(in_force(library, options.region, facts))
    if facts.policy:
        return library.load(facts.policy)
    raise Refused("policy_not_named", "policy")


def in_force(library: Library, region: str, facts: Facts) -> str:
    """The one policy in force for a region on the day the first bill ends. Raises Refused."""
    if not facts.bills:
        raise Refused("policy_not_named", "policy")
    day = facts.bills[0].discharged
    found = library.in_force(region, day.isoformat())
    if not found:
        raise Refused("policy_none", facts.bills[0].path, region=region, day=day)
    if len(found) > 1:
        raise Refused("policy_ambiguous", facts.bills[0].path, region=region, day=day, ids="、".join(found))
    return found[0]


def years_of(facts: Facts) -> list[str]:
    """The years in which the bills were settled or ended."""
    days = (day for bill in facts.bills for day in (bill.discharged, bill.settled))
    return sorted({str(day.year) for day in days})


def _write_record(path: str, policy: Policy, data: dict[str, Any], catalogue: Any) -> None:
    from doudi.engine.record import canonical, make_record

    write_text(path, canonical(make_record(Settler(policy), data, catalogue)).decode())


def print_slip(told: dict[str, Any], policy: Policy, screen: Screen) -> None:
    """The slip of every bill and the year after the last one."""
    from doudi.engine.render.slip import accumulator_rows, beyond_sentences, bill_rows, bill_sentences

    title = policy.document.title
    screen.line(screen.w(title.zh, title.en or title.zh), "title")
    screen.line(f"{policy.id} · {policy.hash[:12]}", "quiet")
    for bill in told["bills"]:
        day = bill["explanation"][0]["law_date"]
        screen.line()
        screen.line(screen.w(f"单据 {bill['id']}（{day}）", f"Bill {bill['id']} ({day})"), "title")
        rows = bill_rows(bill, screen.language)
        heads = [
            screen.w("项目", "item"),
            screen.w("金额（元）", "amount (CNY)"),
            screen.w("占总费用", "of total"),
        ]
        table = [[row.name, row.amount, row.share] for row in rows]
        screen.table(heads, table, right=(1, 2), tones=[PAYER_TONES.get(row.kind, "plain") for row in rows])
        for sentence in bill_sentences(bill, screen.language):
            screen.line(sentence)
    if accumulated := accumulator_rows(told, screen.language):
        screen.line()
        screen.line(screen.w("结算后累计", "Accumulators after"), "title")
        heads = [
            screen.w("累计量", "accumulator"),
            screen.w("期间", "period"),
            screen.w("金额（元）", "amount (CNY)"),
        ]
        screen.table(heads, accumulated, right=(2,))
    if beyond := beyond_sentences(told, screen.language):
        screen.line()
        screen.lines(beyond)
