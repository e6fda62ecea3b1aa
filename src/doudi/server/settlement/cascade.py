"""What a reversal does to later bills: they settle again in their places, on the facts they were decided on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.server.entitlement.api import settler_of
from doudi.server.settlement.knowing import AsThen
from doudi.server.settlement.queries.bills import Group, Posted
from doudi.server.settlement.replay import Again, replay


@dataclass(frozen=True, slots=True)
class Cascade:
    """`changed`: later bills that come out otherwise; `standing`: those that may not be settled again and stay as they
    are (an amount decided elsewhere that is more than is left now, a law that is not installed any more).
    """

    changed: tuple[Again, ...] = ()
    standing: tuple[Again, ...] = ()


def cascade_of(group: Group, bills: Iterable[Posted], undone: Posted) -> Cascade:
    """What reversing a bill does to those after it, in the order of posting."""
    if later_stand(undone):
        return Cascade()
    left = [one for one in bills if one.root != undone.root]
    found = replay(group, left, AsThen(group, undone.root))
    return Cascade(
        tuple(one for one in found if one.judged is not None),
        tuple(one for one in found if one.judged is None),
    )


def later_stand(undone: Posted) -> bool:
    """Whether the law of the bill leaves later bills as they are (`reversal: stand`)."""
    settler = settler_of(undone.row["policy"], undone.row["policy_hash"])
    return settler is not None and settler.document.reversal == "stand"
