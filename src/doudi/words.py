"""Texts in two languages.

Everything a person reads (an error, a label, a line of an explanation) exists in Chinese and in English.
`Words` keeps the two together so that neither is forgotten; who prints decides which one to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The text in `language`."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Words:
        """The same text with its `{placeholders}` filled in."""
        return Words(self.zh.format(**values), self.en.format(**values))


def did_you_mean(word: str, known: list[str]) -> Words:
    """A hint naming the known word nearest to `word`, or listing the known ones when they are few."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return Words(f"是不是想写 {near[0]}？", f"Did you mean {near[0]}?")
    if not known:
        return Words("这里还没有可用的名称。", "No name is known here yet.")
    listed = ", ".join(known[:14]) + ("…" if len(known) > 14 else "")
    return Words(f"可以写：{listed}。", f"It can be: {listed}.")
