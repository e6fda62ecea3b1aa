"""The numbers of all advisory locks, in one place so that no two mean the same.

PostgreSQL keeps two spaces of numbers apart: a class with a number inside it (two integers), and one long number. A
facility's own numbers of bills are locked under its negative id, which is no class.
"""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Within(IntEnum):
    """Classes, each with the number of what is locked: a person, or a county without its last three digits."""

    PERSONS_STANDING = 8101
    COUNTYS_STANDING = 8102
    BOOKS = 8201
    """Also in `ledger/migrations/0002_protect.py`."""
    FLOATS = 8202
    SUMMING = 8203
    POSTING = 8204
    """Also in `ledger/migrations/0002_protect.py`."""
    POLICIES = 8301


@unique
class Alone(IntEnum):
    """Long numbers: one at a time in the whole database."""

    TOTALLING = 8305
    SEALING = 0x646F756469
    MIGRATING = 5_203_030_001
    FIRST_ACCOUNT = 5_203_030_002
