"""A port: what access must know of regions and facilities, which a higher app keeps. Joined in `site/wiring.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """A region or facility as a grant names it: its words, and the division code (12 digits) it lies in."""

    name: str
    region_code: int


class Places(Protocol):
    """Who knows regions and facilities. Called inside a transaction of access, with a scope open."""

    def region(self, code: int) -> Place | None:
        """The region of a 12-digit code (0: the whole country), or None."""
        ...

    def facility(self, number: int) -> Place | None:
        """The facility of a number, or None."""
        ...


class _NobodyKnows:
    def region(self, code: int) -> Place | None:
        """Every code is taken by its number."""
        return Place("全国" if code == 0 else f"{code:012d}", code)

    def facility(self, number: int) -> Place | None:
        """No facility is known until the port is joined: no grant can name one."""
        del number
        return None


_places: list[Places] = [_NobodyKnows()]


def join_places(places: Places) -> None:
    """Let `places` answer from now on."""
    _places[0] = places


def places() -> Places:
    """Who answers."""
    return _places[0]
