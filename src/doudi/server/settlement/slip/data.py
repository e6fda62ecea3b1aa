"""What a slip is made of: the head (who and where, sealed with the decision) and the decision record with its state.

A slip printed years later must be the same paper, although the person has moved, the hospital has a new name and the
clerk has retired. So everything personal or local that stands on it is written down once, when the bill is settled:
that is the head. The rest is the decision record (`doudi.engine.record`). Nothing else is asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from doudi.words import Words

FORMAT = "doudi-slip-head-1"
TEMPLATE = "slip-1"
"""The layout that new slips take; a head keeps the one it was settled with."""

State = Literal["settled", "replaced", "reversed"]
Paper = Literal["a4", "continuous"]
Means = Literal["at_once", "later", "instalments"]


class BrokenHead(ValueError):
    """A stored head that cannot be read; says which key, never what it holds."""


@dataclass(frozen=True, slots=True)
class HeadCategory:
    """A category as it stood that day: its words, the department that recognised it (Chinese), since when (ISO)."""

    name: Words
    department: str
    from_date: str


@dataclass(frozen=True, slots=True)
class HeadDiagnosis:
    """An ICD-10 code and its name in the catalogue of that day, the main diagnosis first."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SlipHead:
    """What is personal or local on a slip.

    `masked_number` is masked already (`520203********0027`). `age` is in full years on the day of the law, None where
    it is unknown. `settled_at` is ISO text with its offset (`2017-09-01T10:24:00+08:00`). `appeal_to` names the office
    that hears objections. Texts may come from hospital systems and may hold anything: `compose` makes them safe.
    """

    name: str
    masked_number: str
    sex: Words
    age: int | None
    categories: tuple[HeadCategory, ...]
    scheme: Words
    county: str
    facility: str
    facility_code: str
    facility_level: Words
    department: str
    diagnoses: tuple[HeadDiagnosis, ...]
    serial: str
    clerk: str
    settled_at: str
    ward: str = ""
    appeal_to: str = ""
    template: str = TEMPLATE

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces; one head, one text."""
        data = {
            "format": FORMAT,
            "template": self.template,
            "name": self.name,
            "masked_number": self.masked_number,
            "sex": _pair(self.sex),
            "age": self.age,
            "categories": [
                {"name": _pair(one.name), "department": one.department, "from_date": one.from_date}
                for one in self.categories
            ],
            "scheme": _pair(self.scheme),
            "county": self.county,
            "facility": self.facility,
            "facility_code": self.facility_code,
            "facility_level": _pair(self.facility_level),
            "department": self.department,
            "ward": self.ward,
            "diagnoses": [{"code": one.code, "name": one.name} for one in self.diagnoses],
            "serial": self.serial,
            "clerk": self.clerk,
            "settled_at": self.settled_at,
            "appeal_to": self.appeal_to,
        }
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> SlipHead:
        """The head of its JSON. Raises BrokenHead."""
        try:
            data = json.loads(text)
        except ValueError:
            raise BrokenHead("not JSON") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BrokenHead(f"format is not {FORMAT}")
        try:
            return cls(**_fields(data))
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenHead(f"{type(error).__name__} while reading") from None


def _pair(words: Words) -> list[str]:
    return [words.zh, words.en]


def _words(pair: Any) -> Words:
    zh, en = pair
    return Words(str(zh), str(en))


def _fields(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a head; a key too many or too few is refused by the constructor."""
    given = {key: value for key, value in data.items() if key != "format"}
    return given | {
        "sex": _words(data["sex"]),
        "scheme": _words(data["scheme"]),
        "facility_level": _words(data["facility_level"]),
        "categories": tuple(
            HeadCategory(_words(one["name"]), one["department"], one["from_date"])
            for one in data["categories"]
        ),
        "diagnoses": tuple(HeadDiagnosis(one["code"], one["name"]) for one in data["diagnoses"]),
    }


@dataclass(frozen=True, slots=True)
class Payment:
    """How the patient's share is paid: `now_fen` at the window, the rest at once later or in instalments.

    `channel` says by what (现金, 一卡通); `instalments` are (due date as ISO text, fen). The sum is the patient's share.
    """

    means: Means
    now_fen: int
    channel: str = ""
    instalments: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: head, decision record, number, and where this version stands.

    `version` counts from 1; a later one is a re-adjudication and says in `reason` why and in `replaces` which number
    it stands in for. `state_date` (ISO) is the day of the reversal or replacement, `state_reason` why, `state_by` the
    number of the reversing or replacing settlement. `bill` is the place of the bill in the record; the last one counts
    where nothing is said.
    """

    head: SlipHead
    record: Mapping[str, Any]
    number: str
    version: int = 1
    state: State = "settled"
    reason: str = ""
    replaces: str = ""
    state_date: str = ""
    state_reason: str = ""
    state_by: str = ""
    payment: Payment | None = None
    bill: int = -1

    @property
    def settled_at(self) -> datetime:
        """When it was settled, with its offset. Raises BrokenHead."""
        try:
            moment = datetime.fromisoformat(self.head.settled_at)
        except ValueError:
            raise BrokenHead("settled_at is not an ISO time") from None
        if moment.tzinfo is None:
            raise BrokenHead("settled_at has no offset")
        return moment
