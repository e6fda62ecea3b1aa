"""Tags every page uses: texts in two languages."""

from __future__ import annotations

from typing import Any

from django import template

from doudi.words import Words

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], zh: str | Words, en: str = "") -> str:
    """`{% say "人员" "People" %}` or `{% say words %}`: the text in the language of the page."""
    words = zh if isinstance(zh, Words) else Words(zh, en)
    return words.say(context.get("language", "zh"))
