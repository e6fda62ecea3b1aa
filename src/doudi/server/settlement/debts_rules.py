"""Who may take money, agree, give up, give for a case, and see what patients owe.

The facility takes and refunds and agrees; the county writes off and handles cases, by two people (write-offs from an
amount on); for a facility there is `settlement.ask`, since nobody proposes for a region where they have none.
"""

from __future__ import annotations

from doudi.server.access.api import FourEyes, Role, Rule
from doudi.server.settlement.debts_limits import WRITE_OFF_ALONE

WINDOW = frozenset({Role.WINDOW})
CLERKS = frozenset({Role.COUNTY})
COUNTY = frozenset({Role.COUNTY, Role.COUNTY_APPROVER})
WATCHERS = COUNTY | {Role.OVERSIGHT, Role.AUDIT}
APPROVERS = frozenset({Role.COUNTY_APPROVER})

DEBT_RULES = (
    Rule("settlement.pay", WINDOW, needs="facility"),
    Rule("settlement.refund", WINDOW, needs="facility"),
    Rule("settlement.defer", WINDOW, needs="facility"),
    Rule("settlement.ask", WINDOW, needs="facility"),
    Rule("settlement.withdraw_ask", WINDOW, needs="facility"),
    Rule("settlement.decline_ask", COUNTY),
    Rule(
        "settlement.write_off",
        CLERKS,
        four_eyes=True,
        eyes=FourEyes(APPROVERS, amount="sum_fen", from_fen=WRITE_OFF_ALONE),
    ),
    Rule("settlement.keep_case_paper", CLERKS),
    Rule("settlement.handle_case", CLERKS, four_eyes=True, eyes=FourEyes(APPROVERS)),
    Rule("settlement.open_case_paper", COUNTY),
    Rule("settlement.debts", WINDOW | WATCHERS, needs="place"),
    Rule("settlement.debt", WINDOW | WATCHERS, needs="place"),
    Rule("settlement.export_debts", WINDOW | COUNTY, needs="place"),
    Rule("settlement.debt_buckets", WINDOW | WATCHERS, needs="place"),
    Rule("settlement.asks", WINDOW | COUNTY, needs="place"),
    Rule("settlement.cases", WATCHERS),
    Rule("settlement.case_sums", WATCHERS),
    Rule("settlement.export_cases", COUNTY),
    Rule("settlement.case_limits", COUNTY),
    Rule("settlement.prove_debts", WATCHERS | {Role.SYSTEM}),
)
