"""`doudi policy card`: what a policy gives the person of a settle file on a day, in words and numbers.

Bills of the file that were settled before the day are settled first: what they used stands on the card.
"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date
from typing import Any

from doudi.cli.arguments import EXIT_OK, UsageError
from doudi.cli.policy_show import read_day
from doudi.cli.screen import Screen
from doudi.cli.settle import read_text
from doudi.engine.entitlement import Subject, card
from doudi.engine.entitlement.text import card_lines
from doudi.engine.read import parse_json, read_facts
from doudi.engine.settle import Settler
from doudi.policy.library import Library


def run(options: Namespace, screen: Screen) -> int:
    """Show one card."""
    day = read_day(options.on, screen)
    if day is None:
        said = screen.w(
            "请用 --on 写明日期，如 --on 2017-09-01", "say the day with --on, such as --on 2017-09-01"
        )
        raise UsageError(said)
    policy = Library(options.policies).load(options.id)
    facts = read_facts(parse_json(read_text(options.file)))
    before = [bill for bill in facts.bills if bill.settled < day]
    used = Settler(policy).settle(facts.person, before, facts.opening).balances
    filings = tuple(dict.fromkeys(one for bill in facts.bills for one in bill.filings))
    told = card(policy, Subject(facts.person, filings), day, used, facts.opening)
    if screen.as_json:
        screen.json(_plain(asdict(told)))
    else:
        screen.lines(card_lines(told, screen.language))
    return EXIT_OK


def _plain(value: Any) -> Any:
    """Dates as text, so that JSON can hold it."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
