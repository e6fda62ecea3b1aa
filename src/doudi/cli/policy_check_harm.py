"""What `doudi policy check` says about no harm: how it is known, what was accepted, and the two bills of every harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doudi.cli.screen import Screen
from doudi.proof.harm.verdict import Harm, HarmReport
from doudi.words import Words

METHODS = {
    "certificate": Words("按形式证明，逐分成立", "proved by form, to the fen"),
    "branches": Words("逐类证明", "proved class by class"),
    "tested": Words("只试过，没有证明", "tested, not proved"),
    "undecided": Words("未能判定", "undecided"),
}


def print_harm(report: HarmReport, screen: Screen, bills: dict[int, tuple[str, str]]) -> None:
    """The section of one policy; `bills`: where the two files of a harm were written, by its number."""
    w, say = screen.w, screen.say
    tone = "good" if report.harmless else "refused" if report.findings else "look"
    how = say(METHODS[report.method])
    counts = w(
        f"{report.classes:,} 类情形，{report.vectors:,} 种分支",
        f"{report.classes:,} classes, {report.vectors:,} branches",
    )
    screen.line(w(f"  不伤人：费用增加 {how}（{counts}）", f"  no harm: more cost {how} ({counts})"), tone)
    screen.line(w(f"    困难身份不更差：{say(METHODS[report.hardship])}",
                  f"    hardship never worse: {say(METHODS[report.hardship])}"))  # fmt: skip
    for text in payer_lines(report, screen):
        screen.line(f"    {text}", "quiet")
    for accepted in report.accepted:
        reason = w(f"    已接受 {accepted.payer}.{accepted.benefit}：{accepted.reason}",
                   f"    accepted {accepted.payer}.{accepted.benefit}: {accepted.reason}")  # fmt: skip
        screen.line(reason, "quiet")
        if accepted.shown is not None:
            screen.line(f"      {say(accepted.shown.words)}", "quiet")
    if report.overflow is not None and report.overflow.safe:
        screen.line(w("    所有的数都在64位整数以内", "    every number stays within 64 bits"))
    for note in report.notes:
        screen.line(f"    {say(note)}", "look")
    for first, second in bills.values():
        screen.line(f"    {first}  {second}")


def payer_lines(report: HarmReport, screen: Screen) -> Iterator[str]:
    """Payers that are known otherwise than the whole, those of one kind on one line."""
    alike: dict[tuple[str, Words], list[str]] = {}
    for payer in report.payers:
        if payer.method != report.method:
            alike.setdefault((payer.method, payer.why), []).append(payer.payer)
    for (method, why), names in alike.items():
        how = screen.say(METHODS[method])
        yield screen.w(f"{'、'.join(names)}：{how}（{why.zh}）", f"{', '.join(names)}: {how} ({why.en})")


def write_bills(report: HarmReport, folder: str) -> dict[int, tuple[str, str]]:
    """The two settle files of every harm, accepted ones after the others."""
    written: dict[int, tuple[str, str]] = {}
    name = report.policy.replace("/", "_")
    for number, harm in enumerate(harms_of(report), start=1):
        paths = [Path(folder) / f"{name}-{number}-{side}.json" for side in ("before", "after")]
        for path, file in zip(paths, (harm.before, harm.after), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(file, ensure_ascii=False, indent=2) + "\n", "utf-8")
        written[number] = (str(paths[0]), str(paths[1]))
    return written


def harms_of(report: HarmReport) -> Iterator[Harm]:
    """Every harm with its bills: what was found, then what is accepted."""
    yield from report.findings
    yield from (accepted.shown for accepted in report.accepted if accepted.shown is not None)


def harm_data(report: HarmReport, screen: Screen, bills: dict[int, tuple[str, str]]) -> dict[str, Any]:
    """The section as data."""
    numbers = {id(harm): number for number, harm in enumerate(harms_of(report), start=1)}

    def told(harm: Harm) -> dict[str, Any]:
        files = bills.get(numbers[id(harm)])
        return {
            "kind": harm.kind,
            "what": screen.say(harm.words),
            "payer": harm.payer,
            "benefit": harm.benefit,
            "step_fen": harm.step_fen,
            "before": harm.before,
            "after": harm.after,
            "files": list(files) if files else None,
        }

    return {
        "ok": report.harmless,
        "method": report.method,
        "hardship": report.hardship,
        "classes": report.classes,
        "vectors": report.vectors,
        "payers": [{"payer": p.payer, "method": p.method, "why": screen.say(p.why)} for p in report.payers],
        "findings": [told(harm) for harm in report.findings],
        "accepted": [
            {
                "payer": a.payer,
                "benefit": a.benefit,
                "reason": a.reason,
                "shown": told(a.shown) if a.shown else None,
            }
            for a in report.accepted
        ],
        "overflow": {
            "safe": report.overflow.safe,
            "instructions": list(report.overflow.instructions),
        }
        if report.overflow is not None
        else None,
        "notes": [screen.say(note) for note in report.notes],
    }
