"""`doudi policy show`: a policy as a page to read, as text, HTML or data."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from doudi.cli.arguments import EXIT_OK, UsageError
from doudi.cli.policy_text import text_lines
from doudi.cli.screen import Screen, write_text
from doudi.policy.library import Library, Policy
from doudi.proof.policy_page.blocks import html_page
from doudi.proof.policy_page.page import policy_page


def run(options: Namespace, screen: Screen) -> int:
    """Show one policy."""
    policy = Library(options.policies).load(options.id)
    on = read_day(options.on, screen)
    if options.instructions:
        from doudi.engine.compile import compile_policy

        screen.line(compile_policy(policy.document).program.listing())
        return EXIT_OK
    if screen.as_json:
        screen.json(_data(policy, screen))
        return EXIT_OK
    title, blocks, notes = policy_page(policy, screen.language, on)
    if options.html:
        write_text(options.html, html_page(title, blocks, notes, screen.language))
        if options.html != "-":
            screen.line(screen.w(f"已写 {options.html}", f"wrote {options.html}"))
        return EXIT_OK
    screen.line(title, "title")
    screen.line(f"{policy.id} · {policy.hash[:12]}", "quiet")
    screen.lines(text_lines(blocks, notes, screen.language))
    return EXIT_OK


def read_day(text: str | None, screen: Screen) -> date | None:
    """A day written 2017-09-01. Raises UsageError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = screen.w(
            f"--on 要写成 2017-09-01，不是 {text}", f"--on takes a date such as 2017-09-01, not {text}"
        )
        raise UsageError(said) from None


def _data(policy: Policy, screen: Screen) -> dict[str, object]:
    """The policy after inheritance, as it is written."""
    document = policy.document
    until = document.in_force.until
    return {
        "id": policy.id,
        "hash": policy.hash,
        "region": document.region,
        "title": screen.w(document.title.zh, document.title.en or document.title.zh),
        "in_force": {
            "from": document.in_force.from_.isoformat(),
            "until": until.isoformat() if until else None,
        },
        "content": policy.tree.plain(),
    }
