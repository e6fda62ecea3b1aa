"""`doudi policy list`: which policies there are, for where, since when; what cannot be read is marked."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from doudi.cli.arguments import EXIT_OK, EXIT_UNREADABLE
from doudi.cli.failures import problem_lines
from doudi.cli.screen import Screen
from doudi.policy.library import Library, Summary
from doudi.policy.problems import PolicyError
from doudi.policy.source import read_file


def run(options: Namespace, screen: Screen) -> int:
    """List the policies; malformed ones go to standard error."""
    library = Library(options.policies)
    read = {summary.id: summary for summary in library.summaries()}
    broken = [policy_id for policy_id in library.ids() if policy_id not in read]
    if screen.as_json:
        screen.json([_data(summary, screen) for summary in read.values()])
    else:
        heads = ["ID", screen.w("地区", "region"), screen.w("名称", "title"), screen.w("施行", "in force")]
        rows = [_row(summary, screen) for summary in read.values()]
        rows += [
            [f"✗ {policy_id}", "", screen.w("（读不了）", "(cannot be read)"), ""] for policy_id in broken
        ]
        tones = ["quiet" if summary.abstract else "plain" for summary in read.values()]
        screen.table(heads, rows, tones=[*tones, *("refused" for _ in broken)])
    for policy_id in broken:
        _say_why(library, policy_id, screen)
    return EXIT_UNREADABLE if broken else EXIT_OK


def title_of(summary: Summary, screen: Screen) -> str:
    """The title in the reader's language."""
    return screen.w(summary.title_zh, summary.title_en)


def span_words(begins: str, ends: str | None, screen: Screen) -> str:
    """`2017-01-01 起` or `2017-01-01 – 2019-01-01`."""
    if not begins:
        return ""
    return f"{begins} – {ends}" if ends else screen.w(f"{begins} 起", f"from {begins}")


def _row(summary: Summary, screen: Screen) -> list[str]:
    kind = screen.w("（模板）", " (template)") if summary.abstract else ""
    kind += screen.w("（另一种读法）", " (variant)") if summary.variant else ""
    title = title_of(summary, screen) + kind
    return [summary.id, summary.region, title, span_words(summary.begins, summary.ends, screen)]


def _data(summary: Summary, screen: Screen) -> dict[str, object]:
    return {
        "id": summary.id,
        "region": summary.region,
        "title": title_of(summary, screen),
        "in_force": {"from": summary.begins or None, "until": summary.ends},
    }


def _say_why(library: Library, policy_id: str, screen: Screen) -> None:
    path = library.file_of(policy_id)
    try:
        read_file(path or Path(policy_id), str(path))
    except PolicyError as error:
        for text, tone in problem_lines(error.problems, screen):
            screen.error(text, tone)
