"""Do the worked cases turn on a thing? They are settled again under a variant of the policy and compared.

The first case that comes out otherwise is enough, and the one that noticed the last variant is asked first: the
variants of one list are mostly noticed by one case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from doudi.engine.settle import Settler
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Policy
from doudi.proof.coverage_groups import group_variants
from doudi.proof.coverage_tests import number_variants, order_variants, span_variants, test_variants
from doudi.proof.coverage_variants import Variant, replaced, shown
from doudi.proof.outcome import Asked, outcome

FINDERS = (group_variants, test_variants, number_variants, span_variants, order_variants)
_NO_POLICY = (
    KeyError,
    IndexError,
    ValueError,
)  # a variant that names what is gone cannot be taken for the policy


def variants(document: PolicyDocument) -> list[Variant]:
    """Every variant of a policy, list by list."""
    return [
        Variant(shown(document, path), name, path, value)
        for finder in FINDERS
        for path, changes in finder(document)
        for name, value in changes
    ]


def unnoticed(policy: Policy, asked: Iterable[Asked]) -> list[Variant]:
    """The variants under which every worked case comes out the same."""
    settler = Settler(policy)
    cases = [(one, outcome(settler, one).stated()) for one in asked]
    return [
        one
        for one in variants(policy.document)
        if not _noticed(policy, replaced(policy.document, one.at, one.value), cases)
    ]


def _noticed(policy: Policy, document: PolicyDocument, cases: list[tuple[Asked, tuple[object, ...]]]) -> bool:
    settler = Settler(replace(policy, document=document))
    for index, (asked, stated) in enumerate(cases):
        try:
            differs = outcome(settler, asked).stated() != stated
        except _NO_POLICY:
            differs = True
        if differs:
            cases.insert(0, cases.pop(index))
            return True
    return False
