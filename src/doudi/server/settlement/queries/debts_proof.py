"""The proof of debts: what the journal says patients owe each facility is what the bills say, to the fen.

Three sums that come three ways: the account `patient` of each facility in the county's trial balance; the shares of the
current versions less the movements, added up from the rows; the list `Debt` that triggers keep. A difference of zero is
asked of each facility, not of the county, so that two mistakes cannot hide each other.
"""

from __future__ import annotations

from collections import Counter

from django.db import connection

from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import trial_balance
from doudi.server.settlement.debts_data import DebtProof

_SUMS = """
WITH bills AS (
    SELECT facility_id, sum(patient_fen) AS fen, count(*) AS bills
      FROM settlement_settlement
     WHERE region >= %(county)s AND region < %(county)s + 1000 AND superseded_at IS NULL AND kind <> 'reversed'
     GROUP BY 1
), moves AS (
    SELECT facility_id, sum(fen) AS fen FROM settlement_debtmove
     WHERE region >= %(county)s AND region < %(county)s + 1000 AND kind <> 'given' GROUP BY 1
), listed AS (
    SELECT facility_id, sum(open_fen) AS fen, count(*) AS debts FROM settlement_debt
     WHERE region >= %(county)s AND region < %(county)s + 1000 GROUP BY 1
)
SELECT facility_id, (coalesce(bills.fen, 0) - coalesce(moves.fen, 0))::bigint, coalesce(listed.fen, 0)::bigint,
       coalesce(listed.debts, 0)
  FROM bills FULL JOIN moves USING (facility_id) FULL JOIN listed USING (facility_id)
"""


@query("settlement.prove_debts")
def prove_debts(*, viewer: Actor, region: int) -> DebtProof:
    """Hold the three sums of the county of `region` (a region key) against each other."""
    county = region // 1000 * 1000
    ledger: Counter[int] = Counter()
    for line in trial_balance(viewer=viewer, region=county, month=clock.today()).lines:
        if line.account.kind == "patient":
            ledger[line.account.facility] += line.closing_fen
    bills: Counter[int] = Counter()
    listed: Counter[int] = Counter()
    debts = 0
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"county": county})
        for facility, fen, kept, count in cursor.fetchall():
            bills[facility], listed[facility] = int(fen), int(kept)
            debts += count
    everywhere = sorted(ledger.keys() | bills.keys() | listed.keys())
    broken = tuple(one for one in everywhere if not ledger[one] == bills[one] == listed[one])
    return DebtProof(county, len(everywhere), debts, ledger.total(), bills.total(), listed.total(), broken)
