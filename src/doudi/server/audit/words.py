"""The trail as sentences. Each app says what its events are called; whoever shows the trail asks for the sentence.

A text follows the name of whoever acted: `Words("结束了认定", "ended a recognition")`. It may hold the fields of
the event and the keys of its detail in braces, `{object_id}`, `{rows}`; what an event does not have reads as a dash.
"""

from __future__ import annotations

from collections.abc import Mapping

from doudi.server.audit.data import Event
from doudi.words import Words

_WORDS: dict[str, Words] = {}

SYSTEM_NAME = Words("系统", "The server")
_SENTENCES: dict[str, Words] = {
    "done": Words("{who}{act}", "{who} {act}"),
    "seen": Words("{who}{act}", "{who} {act}"),
    "refused": Words("{who}请求“{act}”，未予办理", "{who} asked for “{act}” and was refused"),
    "denied": Words("{who}请求“{act}”，没有权限", "{who} asked for “{act}” without the right to it"),
}
_PURPOSE = Words("，用途：{purpose}", ", purpose: {purpose}")


def register_words(words: Mapping[str, Words]) -> None:
    """Say how events (`recognition.ended`) and denied doors (`recognition.end`) are called; a name has one text."""
    for name, text in words.items():
        if _WORDS.get(name, text) != text:
            raise ValueError(f"two texts for the event {name}")
        _WORDS[name] = text


def known_events() -> dict[str, Words]:
    """All names with their texts: what a filter offers, and what a test compares with the events that are written."""
    return dict(_WORDS)


def describe(event: Event) -> Words:
    """The event as a sentence in both languages; the name of the event where no app has told its text."""
    values = _Fields(event)
    text = _WORDS.get(event.event, Words(f"执行了 {event.event}", f"did {event.event}"))
    sentence = _SENTENCES.get(event.outcome, _SENTENCES["done"])
    tail = _PURPOSE.filled(purpose=event.purpose) if event.purpose else Words("", "")
    who = SYSTEM_NAME if event.user == 0 else Words(event.login, event.login)
    return Words(
        sentence.zh.format(who=who.zh, act=text.zh.format_map(values)) + tail.zh,
        sentence.en.format(who=who.en, act=text.en.format_map(values)) + tail.en,
    )


class _Fields(dict[str, object]):
    """What a text may name: fields of the event, then keys of its detail; a dash for the rest."""

    def __init__(self, event: Event) -> None:
        own = ("id", "login", "region", "facility", "person", "object_kind", "object_id", "purpose")
        super().__init__(event.detail)
        self.update({name: getattr(event, name) for name in own})

    def __missing__(self, name: str) -> str:
        return "—"
