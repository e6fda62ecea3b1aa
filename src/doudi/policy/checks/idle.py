"""What is written and would do nothing: words that the engine passes over where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.policy.benefits import Benefit, Cap
from doudi.policy.checks.numbers import values_of
from doudi.policy.document import PolicyDocument
from doudi.policy.problems import Problem, problem
from doudi.policy.scalars import ShareOf
from doudi.policy.source import Node
from doudi.policy.validate import where_of

Path = tuple[str | int, ...]


def idle_problems(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """Every finding about words without effect."""
    for index, payer in enumerate(document.payers):
        for number, benefit in enumerate(payer.benefits):
            yield from _benefit(document, benefit, tree, ("payers", index, "benefits", number))
    for path, value in values_of(document):
        for index, reading in enumerate(value.readings()):
            if reading.default is not None and reading.by is None:
                here = (*path, "dated", index) if value.dated is not None else path
                yield problem("default_idle", where_of(tree, (*here, "default")))


def _benefit(document: PolicyDocument, benefit: Benefit, tree: Node, path: Path) -> Iterator[Problem]:
    scheduled = benefit.cumulative is not None and (benefit.rate is not None or benefit.bands is not None)
    if benefit.pays == "catch_up" and not scheduled:
        yield problem("catch_up_idle", where_of(tree, (*path, "pays")))
    for key in ("raises_to", "own_at_least"):
        form = getattr(benefit, key)
        if form is not None and form.per == "year":
            yield problem("guarantee_period", where_of(tree, (*path, key, "per")), name=key)
    shares = [cap for cap in benefit.cap if isinstance(cap, Cap) and _of_the_bill(document, cap)]
    for index, adjust in enumerate(benefit.adjust):
        if adjust.number == "cap" and shares:
            yield problem("adjust_percent_cap", where_of(tree, (*path, "adjust", index)))


def _of_the_bill(document: PolicyDocument, cap: Cap) -> bool:
    """Whether a cap is a share of the bill."""
    return isinstance(cap.value, ShareOf) and cap.value.of not in document.figures
