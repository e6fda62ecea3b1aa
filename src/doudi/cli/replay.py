"""`doudi replay`: settles the facts of a decision record again and compares every byte."""

from __future__ import annotations

from argparse import Namespace

from doudi.cli.arguments import EXIT_OK
from doudi.cli.screen import Screen
from doudi.cli.settle import read_text
from doudi.engine.read import parse_json
from doudi.engine.record import FORMAT, verify_record
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.library import Library


def run(options: Namespace, screen: Screen) -> int:
    """Verify one record. A record that differs is refused."""
    record = parse_json(read_text(options.record))
    if not isinstance(record, dict) or record.get("format") != FORMAT or "policy" not in record:
        raise Refused("record_differs", "format", what=f"format {FORMAT}")
    policy = Library(options.policies).load(record["policy"]["id"])
    verify_record(Settler(policy), record)
    if screen.as_json:
        screen.json({"ok": True, "sha256": record["sha256"]})
    else:
        digest = record["sha256"]
        screen.line(
            screen.w(f"✓ 复算一致，逐字节相同：{digest}", f"✓ the replay gives the same bytes: {digest}"),
            "good",
        )
    return EXIT_OK
