"""`doudi policy diff A B`: what an amendment changes, in words, and on a set of bills who gains and who loses."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK, UsageError
from doudi.cli.policy_report.diff_tables import Sheets
from doudi.cli.screen import Screen, write_text
from doudi.cli.settle import read_text
from doudi.engine.read import parse_json
from doudi.engine.settle import Settler
from doudi.money import format_yuan
from doudi.policy.library import Library, Policy
from doudi.proof.amendment import Change, amendment
from doudi.proof.effects import Effects, Row, Tally, effects
from doudi.proof.effects_settle import File, Rehearsal, case_files, rows_of


def run(options: Namespace, screen: Screen) -> int:
    """Compare two policies."""
    before, after = (
        Library(options.policies).load_named(target) for target in (options.before, options.after)
    )
    most = read_count(options.most, screen)
    files = list(_files(options.bills)) if options.bills else list(case_files([before, after]))
    kind = Settler if options.own_dates else Rehearsal
    found = effects(rows_of(kind(before), kind(after), files), most)
    changes = amendment(before, after)
    sheets = Sheets(before, after, found, screen.language)
    if options.html:
        from doudi.cli.policy_report.diff_page import diff_page

        write_text(
            options.html, diff_page(before, after, changes, sheets if files else None, screen.language)
        )
    if screen.as_json:
        screen.json(_data(before, after, changes, found, screen))
    elif not options.html:
        _print(before, after, changes, sheets if files else None, screen)
    elif options.html != "-":
        screen.line(screen.w(f"已写 {options.html}", f"wrote {options.html}"))
    return EXIT_FINDINGS if options.bills and found.refused else EXIT_OK


def read_count(text: str, screen: Screen) -> int:
    """How many of the largest gains and losses. Raises UsageError."""
    if not text.isdecimal():
        raise UsageError(screen.w(f"--most 要写一个数，不是 {text}", f"--most takes a count, not {text}"))
    return int(text)


def _files(paths: list[str]) -> Iterator[File]:
    """Settle files; a file may hold a list of them. Raises Refused where it is no JSON."""
    for path in paths:
        name, data = Path(path).name, parse_json(read_text(path))
        if isinstance(data, list):
            yield from (File(f"{name}[{index}]", item) for index, item in enumerate(data))
        else:
            yield File(name, data)


def _print(
    before: Policy, after: Policy, changes: list[Change], sheets: Sheets | None, screen: Screen
) -> None:
    for mark, policy in ((screen.w("甲", "A"), before), (screen.w("乙", "B"), after)):
        title = policy.document.title
        screen.line(f"{mark}  {screen.w(title.zh, title.en or title.zh)}", "title")
        screen.line(f"    {policy.id} · {policy.hash[:12]}", "quiet")
    screen.line()
    loud, quiet = ([one for one in changes if one.quiet == wanted] for wanted in (False, True))
    screen.line(screen.w(f"改了什么（{len(loud)} 处）", f"What changes ({len(loud)})"), "head")
    if not loud:
        screen.line("  " + screen.w("没有实质改动", "nothing of substance"))
    _print_changes(loud, screen, "plain")
    if sheets is not None:
        screen.line()
        screen.line(screen.w("谁受益，谁受损", "Who gains, who loses"), "head")
        for line in sheets.summary():
            screen.line(f"  {line}")
        for sheet in sheets.all():
            screen.line()
            screen.line(sheet.title, "payer")
            if sheet.note:
                screen.line(sheet.note, "quiet")
            screen.table(sheet.heads, sheet.rows, sheet.right)
    if quiet:
        screen.line()
        screen.line(
            screen.w(
                f"出处、假定和缺口的改动（{len(quiet)} 处）", f"Sources, assumptions and gaps ({len(quiet)})"
            ),
            "quiet",
        )
        _print_changes(quiet, screen, "quiet")


def _print_changes(changes: list[Change], screen: Screen, tone: str) -> None:
    for change in changes:
        screen.line(f"  · {screen.say(change.sentence)}", tone)
        for inner in change.details:
            screen.line(f"      {screen.say(inner.sentence)}", "quiet")


# data


def _data(
    before: Policy, after: Policy, changes: list[Change], found: Effects, screen: Screen
) -> dict[str, Any]:
    return {
        "before": {"id": before.id, "hash": before.hash},
        "after": {"id": after.id, "hash": after.hash},
        "changes": [_change(one, screen) for one in changes],
        "effects": effects_data(found),
    }


def _change(change: Change, screen: Screen) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": change.kind,
        "quiet": change.quiet,
        "path": list(change.path),
        "sentence": screen.say(change.sentence),
        "before": screen.say(change.before) if change.before else None,
        "after": screen.say(change.after) if change.after else None,
    }
    if change.details:
        told["details"] = [_change(inner, screen) for inner in change.details]
    return told


def effects_data(found: Effects) -> dict[str, Any]:
    """The sums as data, amounts in yuan as text."""
    return {
        "bills": found.bills,
        "compared": _tally(found.compared),
        "payers": {name: _sides(*sides) for name, sides in found.payers.items()},
        "hospital": _sides(*found.hospital),
        "by_category": {name: _tally(tally) for name, tally in found.categories.items()},
        "by_level": {name: _tally(tally) for name, tally in found.levels.items()},
        "persons": {"gain": found.persons.gain, "lose": found.persons.lose, "same": found.persons.same},
        "largest_gains": [_row(row) for row in found.gains],
        "largest_losses": [_row(row) for row in found.losses],
        "refused": [
            {"before": one.refusal_a, "after": one.refusal_b, "bills": one.bills, "total": format_yuan(one.total),
             "example": one.example}
            for one in found.refused
        ],
        "outside": {"before": found.outside[0], "after": found.outside[1]},
    }  # fmt: skip


def _sides(before: int, after: int) -> dict[str, str]:
    amounts = {"before": before, "after": after, "difference": after - before}
    return {name: format_yuan(amount) for name, amount in amounts.items()}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "bills": tally.bills,
        "total": format_yuan(tally.total),
        "patient": _sides(tally.patient_a, tally.patient_b),
        "gains": {"bills": tally.gains, "sum": format_yuan(tally.gained)},
        "losses": {"bills": tally.losses, "sum": format_yuan(tally.lost)},
        "unchanged": tally.unchanged,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "bill": row.bill,
        "person": row.person,
        "categories": list(row.categories),
        "level": row.level,
        "total": format_yuan(row.total),
        "patient": _sides(row.patient_a, row.patient_b),
    }
