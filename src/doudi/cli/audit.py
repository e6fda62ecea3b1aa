"""`doudi audit verify|seal|head`: prove that nothing in the trail was changed; print its head, to be kept elsewhere."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK
from doudi.cli.at_server import at_server, teller
from doudi.cli.screen import Screen

if TYPE_CHECKING:
    from doudi.server.audit.data import Finding, Verification
    from doudi.server.site.launch.signals import Stopping
    from doudi.words import Words


def run(options: Namespace, screen: Screen) -> int:
    """Run one of the three."""
    return at_server(screen, lambda stopping: _run(options, screen, stopping))


def _run(options: Namespace, screen: Screen, stopping: Stopping) -> int:
    from doudi.server.site.launch.migrating import make_ready
    from doudi.server.site.launch.preparation import load_django, prepared

    lines = [
        line
        for path in getattr(options, "witness", [])
        for line in Path(path).read_text("utf-8").splitlines()
    ]
    say = teller(screen)
    with prepared(say, stopping) as installation:
        load_django()
        make_ready(say, private=installation.cluster is not None)
        if options.audit_command == "verify":
            return verify(screen, lines)
        return seal(screen) if options.audit_command == "seal" else head(screen)


def verify(screen: Screen, lines: list[str]) -> int:
    """Go through the trail; findings are exit code 1."""
    from doudi.server.audit import api as audit

    found = audit.verify(
        witnesses=audit.read(lines),
        progress=lambda events: screen.progress(
            screen.w(f"已核验 {events:,} 条", f"{events:,} events verified")
        ),
    )
    screen.progress("")
    if screen.as_json:
        screen.json({"intact": found.intact} | asdict(found))
    else:
        _say_found(screen, found)
    return EXIT_OK if found.intact else EXIT_FINDINGS


def _say_found(screen: Screen, found: Verification) -> None:
    for finding in found.findings:
        screen.line(f"✗ [{screen.say(_kind(finding))}] {screen.say(finding.words)}", "refused")
    if found.found > len(found.findings):
        rest = found.found - len(found.findings)
        screen.line(screen.w(f"… 另有 {rest:,} 处", f"… and {rest:,} more"), "refused")
    read = screen.w(
        f"{found.seals:,} 次封存，{found.events:,} 条事件，{found.days:,} 个日封存值；"
        f"尚未封存 {found.unsealed:,} 条；凭据 {found.witnesses:,} 个",
        f"{found.seals:,} seals, {found.events:,} events, {found.days:,} heads of days;"
        f" {found.unsealed:,} events not sealed yet; {found.witnesses:,} witnesses",
    )
    if found.intact:
        screen.line(screen.w(f"✓ 轨迹完好：{read}", f"✓ the trail is intact: {read}"), "good")
    else:
        text = screen.w(f"发现 {found.found:,} 处；共 {read}", f"{found.found:,} findings in {read}")
        screen.line(text, "refused")
    if not found.witnesses:
        text = screen.w(
            "没有外存凭据，尾部被截看不出来：请用 --witness 提供 doudi audit head 的输出",
            "without a witness a cut tail cannot show: give what `doudi audit head` printed with --witness",
        )
        screen.line(text, "look")


def _kind(finding: Finding) -> Words:
    from doudi.server.audit.data import TAMPERING_NAMES

    return TAMPERING_NAMES[finding.kind]


def seal(screen: Screen) -> int:
    """Seal what is over."""
    from doudi.server.audit import api as audit

    sealed = audit.seal_now()
    if screen.as_json:
        screen.json(asdict(sealed))
    else:
        text = screen.w(
            f"已封存 {sealed.events:,} 条事件（{sealed.seals} 批）",
            f"sealed {sealed.events:,} events in {sealed.seals} batches",
        )
        screen.line(text, "good")
    return EXIT_OK


def head(screen: Screen) -> int:
    """Print the head, one line of JSON in any language: it goes into a file."""
    from doudi.server.audit import api as audit

    witness = audit.head()
    if witness is None:
        text = screen.w(
            "还没有封存过：先运行 doudi audit seal", "nothing is sealed yet: run `doudi audit seal` first"
        )
        screen.error(text)
        return EXIT_FINDINGS
    screen.line(audit.line(witness))
    return EXIT_OK
