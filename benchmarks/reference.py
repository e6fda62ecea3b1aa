"""What every rival of the three-payer policy must come to.

The C loop, or NumPy where there is no compiler, is the reference for all bills once a sample of its results is found
equal to the policy by hand and to the engine, which settles the same bills one at a time.
"""

from __future__ import annotations

from benchmarks import c_loop, laws, numpy_passes, python_loop
from benchmarks.bills import Bills, Columns, as_objects
from benchmarks.five_documents import gathered
from benchmarks.harness import digests, equal
from doudi.engine.settle import Settler

PAYERS = ("basic", "catastrophic", "assistance")
BY_HAND, BY_ENGINE = 20_000, 3_000


def three_payer_columns(bills: Bills) -> Columns:
    """The results of the reference, after a sample of them is found equal to the hand-written policy and the engine."""
    found = c_loop.by_literals(bills) if c_loop.found() else numpy_passes.wavefront(bills)
    sample = bills.first(BY_HAND)
    equal("the reference", digests(python_loop.settle(sample)), len(sample))(found)
    few = bills.first(BY_ENGINE)
    settler = laws.settler(laws.THREE_PAYER)
    equal("the reference", digests(one_by_one(settler, few)), len(few))(found)
    return found


def one_by_one(settler: Settler, bills: Bills) -> Columns:
    """What the engine pays bill after bill: each payer, the patient."""
    return gathered(settler, as_objects(bills), PAYERS, hospital=False)
