"""Tags of lists of settlements: who paid how much of a bill as one small bar, words of states and causes."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from doudi.money import format_yuan
from doudi.server.desks.payers import called
from doudi.server.desks.templatetags.desk import HUES, hue
from doudi.server.enrolment.api import SCHEMES
from doudi.server.ledger.api import KINDS, TEMPLATES
from doudi.server.settlement.api import SettlementRow, SettlementSums
from doudi.words import Words

register = template.Library()
WHOLE = 1000
_BAR = (
    '<svg class="stretch slim" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="track" width="{}" height="10"/>{}</svg>'
)
CAUSES: dict[str, Words] = {
    "bill": Words("结算", "Settled"),
    "case": Words("个案处理", "Individual handling"),
    "reversal": Words("撤销", "Reversed"),
    "parked": Words("先到的撤销补办", "Reversed by what came before it"),
    "readjudication": Words("重新结算", "Settled anew"),
    "cascade": Words("前一笔变动引起", "Follows from an earlier bill"),
    "history": Words("历史数据装入", "Loaded as history"),
}


@register.simple_tag
def shares_bar(row: SettlementRow | SettlementSums) -> SafeString:
    """A bar of the whole bill: each payer in its hue, then the hospital; what stays empty is the patient's."""
    order = [*HUES, *row.shares]  # as payers follow one another, not by their sums
    parts = [(hue(payer), row.shares[payer]) for payer in sorted(row.shares, key=order.index)]
    parts.append(("payer-hospital", row.hospital_fen))
    at, drawn = 0, []
    for css, fen in parts:
        width = fen * WHOLE // row.total_fen if row.total_fen else 0
        if width:
            drawn.append((css, at, width))
            at += width
    inner = format_html_join(
        "",
        '<rect class="paid {}" x="{}" width="{}" height="10"/>',
        ((css, x, width) for css, x, width in drawn),
    )
    return format_html(_BAR, WHOLE, WHOLE, inner)


@register.filter
def share_of(fen: int, total: int) -> str:
    """A part of a sum in percent, one decimal: 23.4 %."""
    if not total:
        return "–"
    tenths = (fen * 2000 + total) // (2 * total)
    return f"{tenths // 10}.{tenths % 10} %"


@register.filter
def payer_of(names: Mapping[str, Words], payer: str) -> Words:
    """`names|payer_of:payer`: what a payer is called."""
    return called(dict(names), payer)


@register.filter
def cause_words(cause: str) -> Words:
    """Why a version was written."""
    return CAUSES.get(cause, Words(cause, cause))


@register.filter
def account_words(kind: str) -> Words:
    """应付医疗机构 …: the kind of an account."""
    found = KINDS.get(kind)
    return found.words if found is not None else Words(kind, kind)


@register.filter
def template_words(name: str) -> Words:
    """By which template an entry was posted."""
    found = TEMPLATES.get(name)
    return found.words if found is not None else Words(name, name)


@register.filter
def minus(one: int, other: int) -> int:
    """A difference: `{{ after|minus:before|yuan }}`."""
    return one - other


@register.simple_tag(takes_context=True)
def large(context: Mapping[str, object], fen: int) -> SafeString:
    """A large sum short, 1,234.5 万 or 1.23 亿 (in English in millions), with the exact one on hover."""
    exact = format_yuan(fen, grouping=True)
    units = ((" m", 10**8),) if context.get("language") == "en" else ((" 亿", 10**10), (" 万", 10**6))
    for unit, size in units:
        if abs(fen) >= size:
            whole, rest = divmod(fen * 100 // size, 100)
            return format_html('<span title="{}">{}.{}{}</span>', exact, f"{whole:,}", f"{rest:02d}", unit)
    return format_html("<span>{}</span>", exact)


@register.filter
def minus_of(fen: int) -> int:
    """The other side of an amount."""
    return -fen


@register.filter
def signed(fen: int) -> SafeString | str:
    """A difference with its sign: +1,200.00, −300.00; nothing where there is none."""
    if not fen:
        return "="
    text = format_yuan(abs(fen), grouping=True)
    return format_html(
        '<span class="{}">{}{}</span>', "more" if fen > 0 else "less", "+" if fen > 0 else "−", text
    )


@register.filter
def scheme_name(code: str) -> Words:
    """What a scheme is called."""
    found = SCHEMES.get(code)
    return found.words if found is not None else Words(code, code)
