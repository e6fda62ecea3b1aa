"""The door of settlement for other apps."""

from __future__ import annotations

from doudi.server.settlement.data import (
    BillInput,
    LineInput,
    Notice,
    RegistrationMade,
    RegistrationView,
    Settled,
    SettlementRow,
    Share,
    Trial,
    number_of,
)
from doudi.server.settlement.data_history import Decided, LookAsked, SettlementHistory, Verified
from doudi.server.settlement.data_holds import (
    HOLD_STATES,
    Held,
    HoldFilter,
    HoldReleased,
    HoldsExpired,
    HoldState,
    HoldView,
    LimitRoom,
)
from doudi.server.settlement.data_lists import SettlementFilter, SettlementSums
from doudi.server.settlement.data_one import SettlementView, Version
from doudi.server.settlement.data_oversight import (
    DayProof,
    Face,
    Oversight,
    OversightFilter,
    OversightToday,
    Part,
    Sums,
    TargetMeasured,
)
from doudi.server.settlement.debts_data import (
    BUCKETS,
    CHANNELS,
    Agreed,
    AgreementView,
    Asked,
    AskKind,
    AskView,
    Bucket,
    BucketSum,
    CaseFilter,
    CaseLimit,
    CaseSum,
    CaseView,
    Channel,
    DebtFilter,
    DebtMoved,
    DebtProof,
    DebtRow,
    DebtSums,
    DebtView,
    DuePart,
    FacilityDebts,
    Guarantor,
    Handled,
    InstalmentView,
    MoveView,
    PaperKept,
    Right,
)
from doudi.server.settlement.debts_plan import equal_parts
from doudi.server.settlement.differences import (
    Changed,
    Correction,
    Difference,
    Looked,
    Money,
    ParkedView,
    Readjudicated,
    Readjudication,
    ReversalPreview,
    Reversed,
    ReversedOrParked,
    StalePerson,
    Totals,
)
from doudi.server.settlement.holds_jobs import HOLD_JOBS
from doudi.server.settlement.look_jobs import LOOK_JOBS
from doudi.server.settlement.operations.amend_registration import amend_registration
from doudi.server.settlement.operations.ask_look import ask_look
from doudi.server.settlement.operations.cancel_registration import cancel_registration
from doudi.server.settlement.operations.debts_ask import ask, decline_ask, withdraw_ask
from doudi.server.settlement.operations.debts_case import handle_case, keep_case_paper
from doudi.server.settlement.operations.debts_defer import defer
from doudi.server.settlement.operations.debts_pay import pay, refund
from doudi.server.settlement.operations.debts_reversal import debts_of_settlement
from doudi.server.settlement.operations.debts_write_off import write_off
from doudi.server.settlement.operations.discharge import discharge
from doudi.server.settlement.operations.expire_holds import expire_holds
from doudi.server.settlement.operations.hold import hold
from doudi.server.settlement.operations.look_for_stale import look_for_stale
from doudi.server.settlement.operations.readjudicate import readjudicate
from doudi.server.settlement.operations.register import register
from doudi.server.settlement.operations.release_hold import release_hold
from doudi.server.settlement.operations.reverse import reverse
from doudi.server.settlement.operations.reverse_by_serial import (
    reverse_by_serial,
    tell_parked,
    withdraw_parked,
)
from doudi.server.settlement.operations.settle import settle
from doudi.server.settlement.proof_jobs import PROOF_JOBS
from doudi.server.settlement.queries.debts import debt, debt_buckets, debts, export_debts
from doudi.server.settlement.queries.debts_cases import (
    asks,
    case_limits,
    case_sums,
    cases,
    export_cases,
    open_case_paper,
)
from doudi.server.settlement.queries.debts_proof import prove_debts
from doudi.server.settlement.queries.history import history, verify
from doudi.server.settlement.queries.holds import holds, limit_rooms
from doudi.server.settlement.queries.lists import export, settlements, sums
from doudi.server.settlement.queries.one import settlement, slip
from doudi.server.settlement.queries.oversight import (
    oversight,
    oversight_diseases,
    oversight_persons,
    oversight_today,
)
from doudi.server.settlement.queries.oversight_diseases import CHAPTERS, chapter_of
from doudi.server.settlement.queries.oversight_periods import shifted
from doudi.server.settlement.queries.oversight_proof import prove_totals
from doudi.server.settlement.queries.readjudication import readjudication_preview, submitted
from doudi.server.settlement.queries.registrations import registrations, registrations_of
from doudi.server.settlement.queries.reversals import parked, reversal_preview
from doudi.server.settlement.queries.stale import stale
from doudi.server.settlement.queries.trial import trial
from doudi.server.settlement.queries.used import used_of
from doudi.server.settlement.reversal_jobs import REVERSAL_JOBS
from doudi.server.settlement.slip.data import Slip
from doudi.server.settlement.slip.printer import render_pdf, render_svg
from doudi.server.settlement.totals_jobs import TOTAL_JOBS

__all__ = [
    "BUCKETS",
    "CHANNELS",
    "CHAPTERS",
    "HOLD_JOBS",
    "HOLD_STATES",
    "LOOK_JOBS",
    "PROOF_JOBS",
    "REVERSAL_JOBS",
    "TOTAL_JOBS",
    "Agreed",
    "AgreementView",
    "AskKind",
    "AskView",
    "Asked",
    "BillInput",
    "Bucket",
    "BucketSum",
    "CaseFilter",
    "CaseLimit",
    "CaseSum",
    "CaseView",
    "Changed",
    "Channel",
    "Correction",
    "DayProof",
    "DebtFilter",
    "DebtMoved",
    "DebtProof",
    "DebtRow",
    "DebtSums",
    "DebtView",
    "Decided",
    "Difference",
    "DuePart",
    "Face",
    "FacilityDebts",
    "Guarantor",
    "Handled",
    "Held",
    "HoldFilter",
    "HoldReleased",
    "HoldState",
    "HoldView",
    "HoldsExpired",
    "InstalmentView",
    "LimitRoom",
    "LineInput",
    "LookAsked",
    "Looked",
    "Money",
    "MoveView",
    "Notice",
    "Oversight",
    "OversightFilter",
    "OversightToday",
    "PaperKept",
    "ParkedView",
    "Part",
    "Readjudicated",
    "Readjudication",
    "RegistrationMade",
    "RegistrationView",
    "ReversalPreview",
    "Reversed",
    "ReversedOrParked",
    "Right",
    "Settled",
    "SettlementFilter",
    "SettlementHistory",
    "SettlementRow",
    "SettlementSums",
    "SettlementView",
    "Share",
    "Slip",
    "StalePerson",
    "Sums",
    "TargetMeasured",
    "Totals",
    "Trial",
    "Verified",
    "Version",
    "amend_registration",
    "ask",
    "ask_look",
    "asks",
    "cancel_registration",
    "case_limits",
    "case_sums",
    "cases",
    "chapter_of",
    "debt",
    "debt_buckets",
    "debts",
    "debts_of_settlement",
    "decline_ask",
    "defer",
    "discharge",
    "equal_parts",
    "expire_holds",
    "export",
    "export_cases",
    "export_debts",
    "handle_case",
    "history",
    "hold",
    "holds",
    "keep_case_paper",
    "limit_rooms",
    "look_for_stale",
    "number_of",
    "open_case_paper",
    "oversight",
    "oversight_diseases",
    "oversight_persons",
    "oversight_today",
    "parked",
    "pay",
    "prove_debts",
    "prove_totals",
    "readjudicate",
    "readjudication_preview",
    "refund",
    "register",
    "registrations",
    "registrations_of",
    "release_hold",
    "render_pdf",
    "render_svg",
    "reversal_preview",
    "reverse",
    "reverse_by_serial",
    "settle",
    "settlement",
    "settlements",
    "shifted",
    "slip",
    "stale",
    "submitted",
    "sums",
    "tell_parked",
    "trial",
    "used_of",
    "verify",
    "withdraw_ask",
    "withdraw_parked",
    "write_off",
]
