"""The entitlement card: what a policy gives a person on a day, in words and numbers.

from doudi.engine.entitlement import Subject, card

told = card(policy, Subject(person), date(2017, 9, 1), balances)

Nothing of the law is written twice: the compiled program that settles bills is run with the person's facts known and
the bill's unknown, and what is then still open is asked one fact at a time (`what_varies.py`).
"""

from __future__ import annotations

from doudi.engine.entitlement.card import card, law_of
from doudi.engine.entitlement.data import (
    BenefitCard,
    Card,
    Case,
    CategoryCard,
    Figure,
    Line,
    Meter,
    Note,
    Option,
    Participation,
    PayerCard,
    Reason,
    Subject,
)

__all__ = [
    "BenefitCard",
    "Card",
    "Case",
    "CategoryCard",
    "Figure",
    "Line",
    "Meter",
    "Note",
    "Option",
    "Participation",
    "PayerCard",
    "Reason",
    "Subject",
    "card",
    "law_of",
]
