"""`doudi gallery`: real published cases settled now, the published answer beside ours, and a page for each."""

from __future__ import annotations

from argparse import Namespace
from html import escape
from pathlib import Path
from typing import Any

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK
from doudi.cli.screen import Screen
from doudi.engine.render.amounts import grouped
from doudi.engine.render.html import document, page, table
from doudi.engine.render.narrative import payer_names
from doudi.policy.library import Library
from doudi.proof.gallery import Shown, gallery
from doudi.words import Words

ITEMS = {
    "patient": Words("个人负担", "patient's share"),
    "patient_in_scope": Words("政策范围内个人负担", "patient's share in scope"),
    "hospital": Words("医院承担", "hospital"),
    "own": Words("个人最终负担", "own share"),
    "refund_later": Words("返还", "refunded later"),
}
YES, NO = "✓", "✗"


def run(options: Namespace, screen: Screen) -> int:
    """Settle, print, write the pages."""
    entries = gallery(Library(options.policies))
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        (folder / _file(entry)).write_text(_page(entry, screen), "utf-8")
    index = folder / "index.html"
    index.write_text(_index(entries, screen), "utf-8")
    if screen.as_json:
        screen.json([_data(entry, screen) for entry in entries])
    else:
        _print(entries, screen)
        screen.line()
        screen.line(screen.w(f"网页：{index}", f"pages: {index}"))
    return EXIT_OK if all(entry.agrees for entry in entries) else EXIT_FINDINGS


def _file(entry: Shown) -> str:
    return f"{entry.id}.html"


def _print(entries: list[Shown], screen: Screen) -> None:
    """One table of all checks, then what the statistics say of themselves."""
    w = screen.w
    heads = [
        w("案例", "case"),
        w("项目", "item"),
        w("公布的答案", "published"),
        w("本系统", "ours"),
        w("相同", "equal"),
    ]
    rows: list[list[str]] = []
    tones: list[str] = []
    for entry in entries:
        for index, (_, theirs, ours) in enumerate(entry.checks):
            same = _same(theirs, ours)
            rows.append(_row(entry, index, screen))
            tones.append("plain" if same else "look" if entry.agrees else "refused")
    screen.table(heads, rows, right=(2, 3), tones=tones)
    for entry in entries:
        for finding in entry.findings:
            screen.line(f"{screen.say(entry.title)}{w('：', ': ')}{screen.say(finding)}", "look")
    agreeing = sum(entry.agrees for entry in entries)
    told = w(
        f"{len(entries)} 个案例，{agreeing} 个与预期相符", f"{len(entries)} cases, {agreeing} as expected"
    )
    screen.line(told, "good" if agreeing == len(entries) else "refused")


def _row(entry: Shown, index: int, screen: Screen) -> list[str]:
    name, theirs, ours = entry.checks[index]
    title = screen.say(entry.title) if index == 0 else ""
    mark = YES if _same(theirs, ours) else NO
    return [title, _item(entry, name, screen), _grouped(theirs), _grouped(ours), mark]


def _grouped(text: str) -> str:
    """Thousands separators where there are none."""
    return text if "," in text else grouped(text)


def _item(entry: Shown, name: str, screen: Screen) -> str:
    """`b1.basic` as people call it."""
    if not entry.answer:
        return name
    first, _, rest = name.partition(".")
    steps = [step for bill in entry.answer["bills"] for step in bill["explanation"]]
    steps += [
        s for year in entry.answer.get("year_end", {}).values() for one in year for s in one["explanation"]
    ]
    names: dict[str, str] = {key: words[screen.language] for key, words in payer_names(steps).items()}
    names |= {key: screen.say(words) for key, words in ITEMS.items()}
    told = names.get(rest, rest.replace("_", " "))
    lead = {"year_end": screen.w("年末", "year end"), "enrolment": screen.w("参保", "enrolment")}.get(
        first, ""
    )
    if not lead and len(entry.answer["bills"]) > 1:
        lead = first
    return f"{lead} · {told}" if lead else told


def _same(theirs: str, ours: str) -> bool:
    """Whether two amounts are the same, however they are written."""
    return _bare(theirs) == _bare(ours)


def _bare(text: str) -> str:
    bare = text.replace(",", "")
    return bare.rstrip("0").rstrip(".") if "." in bare else bare


def _checks(entry: Shown, screen: Screen) -> str:
    """The checks of one entry as HTML."""
    w = screen.w
    heads = [w("项目", "item"), w("公布的答案", "published"), w("本系统", "ours"), w("相同", "equal")]
    rows = []
    for name, theirs, ours in entry.checks:
        same = _same(theirs, ours)
        mark = f'<span class="{"good" if same else "look"}">{YES if same else NO}</span>'
        rows.append(
            [escape(_item(entry, name, screen)), escape(_grouped(theirs)), escape(_grouped(ours)), mark]
        )
    findings = "".join(f'<p class="look">{escape(screen.say(finding))}</p>' for finding in entry.findings)
    return f'<p class="quiet">{escape(screen.say(entry.origin))}</p>{table(heads, rows, (1, 2))}{findings}'


def _page(entry: Shown, screen: Screen) -> str:
    back = f'<p><a href="index.html">{screen.w("← 全部案例", "← all cases")}</a></p>'
    title = screen.say(entry.title)
    if entry.answer:
        return page(entry.answer, screen.language, title, back + _checks(entry, screen))
    body = f"<header><h1>{escape(title)}</h1></header>{back}{_checks(entry, screen)}"
    return document(title, body, screen.language)


def _index(entries: list[Shown], screen: Screen) -> str:
    w = screen.w
    title = w("公开案例对照", "Published cases beside our answers")
    rows = []
    for entry in entries:
        equal = sum(_same(theirs, ours) for _, theirs, ours in entry.checks)
        state = "good" if entry.agrees else "refused"
        mark = YES if entry.agrees else NO
        rows.append(
            [
                f'<a href="{escape(_file(entry))}">{escape(screen.say(entry.title))}</a>',
                escape(screen.say(entry.origin)),
                f"{equal}/{len(entry.checks)}",
                f'<span class="{state}">{mark}</span>',
            ]
        )
    heads = [w("案例", "case"), w("来源", "origin"), w("相同", "equal"), w("符合预期", "as expected")]
    intro = w(
        "每个案例现在重新结算，与公布的答案逐项对照；公布的统计数若自相矛盾，如实指出。",
        "Each case is settled now beside its published answer; statistics that contradict themselves are named.",
    )
    body = f"<header><h1>{title}</h1><p class=quiet>{intro}</p></header>{table(heads, rows, (2,))}"
    return document(title, body, screen.language)


def _data(entry: Shown, screen: Screen) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": screen.say(entry.title),
        "origin": screen.say(entry.origin),
        "policy": entry.policy,
        "agrees": entry.agrees,
        "checks": [
            {"name": name, "published": theirs, "ours": ours, "equal": _same(theirs, ours)}
            for name, theirs, ours in entry.checks
        ],
        "findings": [screen.say(finding) for finding in entry.findings],
    }
