"""A comparison of two policies as a page: what changes, then who gains and who loses, then where the sources differ."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from doudi.cli.policy_report.diff_tables import Sheet, Sheets
from doudi.cli.policy_report.style import report
from doudi.engine.render.html import table
from doudi.engine.render.waterfall import hue_of
from doudi.policy.library import Policy
from doudi.proof.amendment import Change
from doudi.proof.amendment_vocabulary import label
from doudi.words import Language, Words

SECTIONS = (
    "figures", "funds", "categories", "people", "diseases", "procedures", "programmes", "bill", "payers",
    "enrolment", "grants", "entitlements", "claims", "targets",
)  # fmt: skip


def diff_page(
    before: Policy, after: Policy, changes: list[Change], sheets: Sheets | None, language: Language
) -> str:
    """The page."""

    def w(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    loud = [change for change in changes if not change.quiet]
    quiet = [change for change in changes if change.quiet]
    title = w("政策修订对照", "What an amendment changes")
    parts = [f"<header><h1>{title}</h1>{_policies(before, after, language)}</header>"]
    if sheets is not None:
        parts.append(_answer(sheets, language))
    count = w(f"{len(loud)} 处", f"{len(loud)}")
    parts.append(
        f'<h2 class="level-1">{w("改了什么", "What changes")} <span class="quiet">{count}</span></h2>'
    )
    nothing = w("没有实质改动", "nothing of substance")
    parts.append(_grouped(loud, language) if loud else f'<p class="quiet">{nothing}</p>')
    if sheets is not None:
        parts.append(f'<h2 class="level-1">{w("谁受益，谁受损", "Who gains, who loses")}</h2>')
        parts += [f'<p class="quiet">{escape(line)}</p>' for line in sheets.summary()]
        parts += [_sheet(sheet) for sheet in sheets.all()]
    if quiet:
        heading = w(
            f"出处、假定和缺口的改动（{len(quiet)}）", f"Sources, assumptions and gaps ({len(quiet)})"
        )
        parts.append(
            f'<details class="passed"><summary><span>{heading}</span></summary>{_changes(quiet, language)}</details>'
        )
    return report(title, "\n".join(parts), language)


def _policies(before: Policy, after: Policy, language: Language) -> str:
    def one(mark: str, policy: Policy) -> str:
        title = policy.document.title
        said = title.zh if language == "zh" else title.en or title.zh
        return (
            f'<p><b class="side">{mark}</b>{escape(said)} '
            f'<span class="quiet">{escape(policy.id)} · <code>{policy.hash[:12]}</code></span></p>'
        )

    return one("甲" if language == "zh" else "A", before) + one("乙" if language == "zh" else "B", after)


def _answer(sheets: Sheets, language: Language) -> str:
    compared = sheets.effects.compared
    less, more = ("少付", "多付") if language == "zh" else ("pay less", "pay more")
    same, bills = ("不变", "张") if language == "zh" else ("the same", "")
    cells = (
        (less, compared.gains, "good"),
        (more, compared.losses, "refused"),
        (same, compared.unchanged, "quiet"),
    )
    return (
        '<p class="figures">'
        + "".join(
            f'<span class="{tone if count else "quiet"}"><b>{count}</b> {bills}{name}</span>'
            for name, count, tone in cells
        )
        + "</p>"
    )


def _grouped(changes: list[Change], language: Language) -> str:
    """The changes under the part of the policy they belong to."""
    return "".join(
        f'<h3 class="group">{escape(name.say(language))}</h3>{_changes(inside, language)}'
        for name, inside in groupby(changes, _group)
    )


def _group(change: Change) -> Words:
    """A payer, a section, or the policy as a whole."""
    section = change.path[0]
    if section == "payers" and change.where and change.kind != "moved":
        return change.where[0]
    return (
        label("PolicyDocument", section)
        if section in SECTIONS
        else Words("整个政策", "the policy as a whole")
    )


def _changes(changes: Iterable[Change], language: Language) -> str:
    return f'<ul class="changes">{"".join(_change(change, language) for change in changes)}</ul>'


def _change(change: Change, language: Language) -> str:
    inner = f"<ul>{''.join(_change(one, language) for one in change.details)}</ul>" if change.details else ""
    return f'<li class="{change.kind}">{escape(change.sentence.say(language))}{inner}</li>'


def _sheet(sheet: Sheet) -> str:
    rows = [[escape(text) for text in row] for row in sheet.rows]
    for place, (row, payer) in enumerate(zip(rows, sheet.hues, strict=False)):
        if payer:
            hue = payer if payer in ("patient", "hospital") else hue_of(payer, place)
            row[0] = f'<i class="dot {hue}"></i> {row[0]}'
    note = f'<p class="quiet">{escape(sheet.note)}</p>' if sheet.note else ""
    return f"<h3>{escape(sheet.title)}</h3>{note}{table([escape(head) for head in sheet.heads], rows, sheet.right)}"
