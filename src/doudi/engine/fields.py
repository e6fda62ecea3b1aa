"""Reads fields of a settle file, naming the exact place and reason of what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from doudi.engine.refusals import Refused
from doudi.money import MAX_ACCUMULATOR, MAX_BILL, MoneyError, parse_yuan
from doudi.words import Words, did_you_mean


class Fields:
    """One JSON object and its place in the file."""

    def __init__(self, data: Any, path: str, known: Iterable[str] | None = None) -> None:
        if not isinstance(data, dict):
            raise Refused("field_type", path, key=path or "file", kind="对象", kind_en="an object")
        self.data: dict[str, Any] = data
        self.path = path
        if known is not None:
            names = list(known)
            for key in data:
                if key not in names:
                    raise Refused("key_unknown", self.at(key), key=key, hint=did_you_mean(str(key), names))

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.data.get(key) is not None

    def need(self, key: str) -> Any:
        """The value of a key that must be there."""
        if not self.has(key):
            raise Refused("field_missing", self.at(key), key=key)
        return self.data[key]

    def text(self, key: str) -> str | None:
        """A text, or None."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int) or not _writable(str(value)):
            raise Refused("field_type", self.at(key), key=key, kind="文字", kind_en="a text")
        return str(value)

    def name(self, key: str) -> str:
        """A text that must be there and say something."""
        text = self.text(key)
        if not text:
            raise Refused("field_missing", self.at(key), key=key)
        return text

    def flag(self, key: str, default: bool | None = False) -> bool | None:
        """True or false, or the default."""
        value = self.data.get(key)
        if value is None:
            return default
        if value in ("true", "false"):  # YAML cases hold scalars as text
            return bool(value == "true")
        if not isinstance(value, bool):
            raise Refused("field_type", self.at(key), key=key, kind=" true 或 false", kind_en="true or false")
        return value

    def count(self, key: str) -> int | None:
        """A whole number ≥ 1, or None."""
        value = self.data.get(key)
        if isinstance(value, str) and re.fullmatch("[1-9][0-9]{0,5}", value):
            value = int(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise Refused(
                "field_type", self.at(key), key=key, kind="正整数", kind_en="a positive whole number"
            )
        return value

    def day(self, key: str) -> date | None:
        """A date, or None."""
        text = self.text(key)
        if text is None:
            return None
        try:
            if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError as error:
            raise Refused("date_malformed", self.at(key), key=key, text=text) from error

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str | None:
        """One of some words, or None."""
        text = self.text(key)
        if text is not None and text not in allowed:
            raise Refused(
                "not_one_of", self.at(key), key=key, text=text, hint=did_you_mean(text, list(allowed))
            )
        return text

    def yuan(self, key: str) -> int:
        """An amount in fen; 0 where the key is absent."""
        return read_yuan(self.data.get(key), self.at(key), key)

    def amounts(self, key: str) -> dict[str, int]:
        """A mapping of names to amounts."""
        inner = Fields(self.data.get(key) or {}, self.at(key))
        return {name: inner.yuan(name) for name in inner.data}

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self._each(key, lambda value, path: Fields({"x": value}, path).text("x") or ""))

    def objects(self, key: str) -> list[tuple[Any, str]]:
        """A list of anything, each with its path."""
        return self._each(key, lambda value, path: (value, path))

    def _each(self, key: str, read: Callable[[Any, str], Any]) -> list[Any]:
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refused("field_type", self.at(key), key=key, kind="列表", kind_en="a list")
        return [read(item, f"{self.at(key)}[{index}]") for index, item in enumerate(value)]


def _writable(text: str) -> bool:
    """Whether a text can stand in a file: half of a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_yuan(value: Any, path: str, key: str, limit: int = MAX_BILL) -> int:
    """An amount as fen; absent is 0. Whole JSON numbers are exact and accepted, fractions are not."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused("amount_not_text", path, key=key)
    text = str(value).strip()
    if text.startswith("-"):
        raise Refused("amount_negative", path, key=key)
    try:
        fen = int(parse_yuan(text))
    except MoneyError as error:
        raise Refused("amount_malformed", path, key=key, detail=Words(error.zh, error.en)) from error
    if fen > min(limit, MAX_ACCUMULATOR):
        raise Refused("amount_too_large", path, key=key)
    return fen
