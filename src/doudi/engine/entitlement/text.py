"""A card as lines of text, in one language: for the command line, a printer, a message."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.entitlement.data import BenefitCard, Card, Line, Meter, Note, Option, PayerCard
from doudi.engine.render.amounts import grouped
from doudi.money import format_yuan
from doudi.words import Language, Words

Told = tuple[str, str]
"""A line and its tone, as `cli.screen` knows them."""
APPLIES = {
    "yes": Words("", ""),
    "depends": Words("（视单据）", " (depends on the bill)"),
    "no": Words("（不适用）", " (does not apply)"),
}
SOURCES, ASSUMPTIONS = Words("出处", "Sources"), Words("假定（须县里确认）", "Assumptions (to be confirmed)")
CATEGORIES, USED, SERVICES = (
    Words("身份", "Categories"), Words("今年已用", "Used so far"), Words("服务", "Services"),
)  # fmt: skip


def card_lines(card: Card, language: Language) -> Iterator[Told]:
    """The whole card."""
    colon = "：" if language == "zh" else ": "
    until = f" – {card.until_date}" if card.until_date else Words(" 起", " on").say(language)
    yield card.title.say(language), "title"
    yield f"{card.policy} · {card.policy_hash[:12]} · {card.from_date}{until}", "quiet"
    yield f"{card.day} · {card.participation.words.say(language)}", _tone(card.participation.refused)
    if card.categories:
        yield "", "plain"
        yield CATEGORIES.say(language), "head"
    for one in card.categories:
        told = one.title.say(language) + (
            f"（{one.department}）" if one.department and language == "zh" else ""
        )
        yield f"  {told}{colon}{one.because.say(language)}", "plain" if one.counts_for else "quiet"
    for option in card.options:
        yield from _option(option, language)
    if card.entitlements:
        yield "", "plain"
        yield SERVICES.say(language), "head"
        yield from ((f"  {words.say(language)}", "plain") for words in card.entitlements)


def _tone(refused: bool) -> str:
    return "refused" if refused else "plain"


def _option(option: Option, language: Language) -> Iterator[Told]:
    if option.as_category is not None:
        yield "", "plain"
        yield option.title.say(language), "title"
    for line in option.rules:
        yield f"  {_line(line, language)}", "plain"
    for payer in option.payers:
        yield "", "plain"
        yield from _payer(payer, language)
    if option.meters:
        yield "", "plain"
        yield USED.say(language), "head"
    yield from ((f"  {_meter(meter, language)}", "plain") for meter in option.meters)
    yield from _notes(option.notes, language)


def _payer(payer: PayerCard, language: Language) -> Iterator[Told]:
    tone = "quiet" if payer.applies == "no" else "payer"
    yield f"▌ {payer.title.say(language)}{APPLIES[payer.applies].say(language)}{_marks(payer.notes)}", tone
    for words in payer.how:
        yield f"  {words.say(language)}", "quiet"
    for reason in payer.because:
        yield f"  {_because(reason.words, reason.wants, language)}", "look"
    if payer.applies != "no":
        for benefit in payer.benefits:
            yield from _benefit(benefit, language)


def _benefit(benefit: BenefitCard, language: Language) -> Iterator[Told]:
    conditions = [_because(reason.words, reason.wants, language) for reason in benefit.because]
    inside = (
        Words("（{}）", " ({})").say(language).format(("；" if language == "zh" else "; ").join(conditions))
    )
    tone = "quiet" if benefit.applies == "no" else "head"
    said = inside if conditions else APPLIES[benefit.applies].say(language)
    yield f"  · {benefit.title.say(language)}{said}{_marks(benefit.notes)}", tone
    for line in benefit.lines:
        yield f"      {_line(line, language)}", "plain"


def _because(words: Words, wants: Words, language: Language) -> str:
    return f"{words.say(language)} → {wants.say(language)}" if wants.say(language) else words.say(language)


def _line(line: Line, language: Language) -> str:
    colon = "：" if language == "zh" else ": "
    return f"{line.label.say(language)}{colon}{line.text.say(language)}{_marks(line.notes)}"


def _marks(notes: tuple[int, ...]) -> str:
    return " " + "".join(f"[{note + 1}]" for note in notes) if notes else ""


def _meter(meter: Meter, language: Language) -> str:
    used = grouped(format_yuan(meter.used))
    colon = "：" if language == "zh" else ": "
    told = f"{meter.title.say(language)} {meter.period}{colon}{used}"
    if meter.limit is None or meter.left is None:
        return told
    limit, left = grouped(format_yuan(meter.limit)), grouped(format_yuan(meter.left))
    rest = Words(f"还剩 {left}", f"{left} left")
    if meter.kind in ("threshold", "deductible"):
        rest = Words(f"还差 {left}", f"{left} to go") if meter.left else Words("已达到", "reached")
    return f"{told} / {limit}{'，' if language == 'zh' else ', '}{rest.say(language)}"


def _notes(notes: tuple[Note, ...], language: Language) -> Iterator[Told]:
    for heading, assumed in ((SOURCES, False), (ASSUMPTIONS, True)):
        chosen = [(number, note) for number, note in enumerate(notes, 1) if note.assumed == assumed]
        if chosen:
            yield "", "plain"
            yield heading.say(language), "head"
        for number, note in chosen:
            passage = f"“{note.passage}”" if note.passage else ""
            section = f" · {note.section}" if note.section else ""
            yield f"  [{number}] {note.title}{section}{passage}", "look" if assumed else "quiet"
