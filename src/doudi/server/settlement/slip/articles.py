"""The documents on which the numbers of a slip rest: each once, numbered as met, with the passages that were used."""

from __future__ import annotations

from typing import Any

Told = dict[str, Any]
ASSUMED = "※"


class Articles:
    """The numbered documents of one slip, and whether a number was assumed."""

    def __init__(self) -> None:
        self.passages: dict[str, list[str]] = {}
        self.assumed = False

    def of(self, number: Told | None) -> tuple[str, ...]:
        """The marks of a number told with its `sources` and `assumed`; remembers what it saw."""
        if number is None:
            return ()
        marks = [self._mark(source) for source in number.get("sources", [])]
        if number.get("assumed"):
            self.assumed = True
            marks.append(ASSUMED)
        return tuple(dict.fromkeys(marks))

    def _mark(self, source: Told) -> str:
        section = f" · {source['section']}" if source.get("section") else ""
        title = f"{source['title']}{section}"
        passages = self.passages.setdefault(title, [])
        if source.get("passage") and source["passage"] not in passages:
            passages.append(source["passage"])
        return str(list(self.passages).index(title) + 1)

    def listed(self) -> list[dict[str, Any]]:
        """Mark, title and passages of every document, in order."""
        return [
            {"mark": str(index + 1), "title": title, "passages": list(passages)}
            for index, (title, passages) in enumerate(self.passages.items())
        ]
