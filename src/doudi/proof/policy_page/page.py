"""Puts a policy's page together."""

from __future__ import annotations

from datetime import date

from doudi.engine.render.notes import Notes
from doudi.policy.library import Policy
from doudi.proof.policy_page.beyond import OtherPages
from doudi.proof.policy_page.blocks import Block
from doudi.proof.policy_page.numbers import Numbers
from doudi.proof.policy_page.payers import PayerPages
from doudi.words import Language


def policy_page(policy: Policy, language: Language, on: date | None = None) -> tuple[str, list[Block], Notes]:
    """Title, blocks and footnotes of a policy; `on`: only what is law on that day."""
    numbers = Numbers(policy, language, on)
    payers, others = PayerPages(numbers), OtherPages(numbers, policy.categories)
    blocks: list[Block] = [
        *others.head(),
        *payers.rules(),
        *payers.payers(),
        *others.people(),
        *others.diseases(),
        *others.beyond(),
        *others.gaps(),
    ]
    return numbers.title(policy.document.title, policy.id), blocks, numbers.notes
