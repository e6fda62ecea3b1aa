"""What national codes say of a facility: shape, area, and the fourteen hospital levels of the dictionary."""

from __future__ import annotations

import re

_CODE = re.compile(r"[HP]\d{11}")

STEPS = ("special", "a", "b", "c")
"""特等, 甲等, 乙等, 丙等 within a grade."""

NATIONAL_LEVELS: dict[str, tuple[str, str]] = {
    "1": ("3", "special"),
    "2": ("3", "a"),
    "3": ("3", "b"),
    "4": ("3", "c"),
    "5": ("2", "a"),
    "6": ("2", "b"),
    "7": ("2", "c"),
    "8": ("1", "a"),
    "9": ("1", "b"),
    "10": ("1", "c"),
    "11": ("", ""),
    "12": ("3", ""),
    "13": ("2", ""),
    "14": ("1", ""),
}
"""Dictionary `hosp_lv` of the national interface → grade and step."""

LEVEL_OF_GRADE = {"1": "township", "2": "county", "3": "city", "": "village"}
"""The level assumed for a hospital that a 1201 list names without its level, until somebody corrects it: such lists carry
the grade only, and a policy asks for the level. Most township health centres are grade 1, county hospitals grade 2."""


def well_formed(code: str) -> bool:
    """H or P, 6 digits of the area, 5 of the serial number."""
    return _CODE.fullmatch(code) is not None


def area_of(code: str) -> int:
    """Region key of the county in a well-formed code."""
    return int(code[1:7]) * 1000


def is_pharmacy(code: str) -> bool:
    """P: a retail pharmacy."""
    return code.startswith("P")
