"""The door of the ledger for other apps. `post` and `post_many` are parts of the caller's transaction."""

from __future__ import annotations

from doudi.server.ledger.data import (
    AccountLines,
    AccountView,
    Amount,
    EntryLine,
    EntryView,
    FloatMoved,
    FloatView,
    LevelSet,
    LineView,
    MovementView,
    Owed,
    Periods,
    PeriodSet,
    PeriodView,
    Posting,
    ProofView,
    Proved,
    Summed,
    TrialBalance,
    TrialLine,
)
from doudi.server.ledger.jobs import JOBS
from doudi.server.ledger.kinds import KINDS, Kind
from doudi.server.ledger.months import later, month_of
from doudi.server.ledger.operations.move_float import deposit_float, return_float
from doudi.server.ledger.operations.periods import close_period, open_period
from doudi.server.ledger.operations.post import post
from doudi.server.ledger.operations.post_many import post_many
from doudi.server.ledger.operations.prove import prove
from doudi.server.ledger.operations.set_float_level import set_float_level
from doudi.server.ledger.operations.sum_days import sum_days
from doudi.server.ledger.queries.floats import float_movements, floats
from doudi.server.ledger.queries.journal import account_lines, entries_of, entry
from doudi.server.ledger.queries.owed import owed_here, owed_to
from doudi.server.ledger.queries.periods import periods
from doudi.server.ledger.queries.trial import counties, trial_balance
from doudi.server.ledger.templates import TEMPLATES, NotBalanced, Template, register_template

__all__ = [
    "JOBS",
    "KINDS",
    "TEMPLATES",
    "AccountLines",
    "AccountView",
    "Amount",
    "EntryLine",
    "EntryView",
    "FloatMoved",
    "FloatView",
    "Kind",
    "LevelSet",
    "LineView",
    "MovementView",
    "NotBalanced",
    "Owed",
    "PeriodSet",
    "PeriodView",
    "Periods",
    "Posting",
    "ProofView",
    "Proved",
    "Summed",
    "Template",
    "TrialBalance",
    "TrialLine",
    "account_lines",
    "close_period",
    "counties",
    "deposit_float",
    "entries_of",
    "entry",
    "float_movements",
    "floats",
    "later",
    "month_of",
    "open_period",
    "owed_here",
    "owed_to",
    "periods",
    "post",
    "post_many",
    "prove",
    "register_template",
    "return_float",
    "set_float_level",
    "sum_days",
    "trial_balance",
]
