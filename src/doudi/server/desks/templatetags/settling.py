"""Tags of the window: the bars of a bill, words for filings and stays."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from doudi.server.desks.window.result import SCALE, Bar, Piece
from doudi.server.filings.api import KINDS
from doudi.words import Words

register = template.Library()
_SVG = (
    '<svg class="stretch" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="track" width="{}" height="10"/>{}</svg>'
)


@register.simple_tag
def stretch(start: int, width: int) -> SafeString:
    """A bar that begins at `start` of the whole: what a payer takes off. Something is always to be seen of it."""
    wide = max(width, SCALE // 200) if width else 0
    inner = format_html('<rect class="paid" x="{}" width="{}" height="10"/>', min(start, SCALE - wide), wide)
    return format_html(_SVG, SCALE, SCALE, inner)


@register.simple_tag
def pieces(parts: Iterable[Piece]) -> SafeString:
    """The bar of the whole bill in its four parts."""
    inner = format_html_join(
        "",
        '<rect class="part-{}" x="{}" width="{}" height="10"/>',
        ((one.kind, one.start, one.width) for one in parts),
    )
    return format_html(_SVG, SCALE, SCALE, inner)


@register.filter
def assumed(bar: Bar, mark: str) -> bool:
    """Whether a mark of the bar stands for an assumption."""
    return any(note.assumed for note in bar.notes if note.mark == mark)


@register.filter
def filing_words(kind: str) -> Words:
    """转诊备案, and so on."""
    found = KINDS.get(kind)  # type: ignore[call-overload]
    return found.words if found is not None else Words(kind, kind)


STAYS = {
    "open": Words("未结清", "open"), "discharged": Words("已结清", "closed"), "cancelled": Words("已取消", "cancelled"),
}  # fmt: skip


@register.filter
def stay_words(state: str) -> Words:
    """未结清, 已结清, 已取消."""
    return STAYS[state]
