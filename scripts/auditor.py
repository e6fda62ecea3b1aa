"""Recomputes every balance and accumulator from the journal and the facts: python scripts/auditor.py [ADDRESS]

Imports nothing of Doudi and shares no code with it: PostgreSQL's tables are read as they are, in one snapshot, by the
auditor's role (or the owner, or a superuser). One line of counts, one line for each difference; exit code 1 where there
is one. ADDRESS is a libpq string; without it DOUDI_AUDIT_ADDRESS. Nothing is written. Three million settlements: minutes,
memory bounded (PostgreSQL adds up; records are streamed).
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import zlib

import psycopg

NAMED = 5
"""How many rows of one kind of difference are named; all are counted."""
VALID = "(SELECT * FROM settlement_settlement WHERE superseded_at IS NULL AND kind <> 'reversed') v"

CHECKS = {
    "an entry does not sum to zero, or is not whole": """
        SELECT 'entry ' || coalesce(e.id, l.id) FROM ledger_entry e FULL JOIN
               (SELECT entry_id AS id, sum(fen) AS fen, count(*) AS lines, min(position) AS low, max(position) AS high
                  FROM ledger_line GROUP BY 1) l ON l.id = e.id
         WHERE e.id IS NULL OR l.id IS NULL OR l.fen <> 0 OR l.lines <> e.line_count
            OR l.low <> 1 OR l.high <> l.lines""",
    "a line is not of its entry or its account": """
        SELECT 'line ' || l.entry_id || '/' || l.position
          FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_account a ON a.id = l.account_id
         WHERE a.id IS NULL OR l.region <> e.region OR l.posted_on <> e.posted_on OR l.facility <> e.facility
            OR l.person_id IS DISTINCT FROM e.person_id OR a.region <> e.region / 1000 * 1000
            OR a.facility NOT IN (0, e.facility)""",
    "an entry takes back one that is not there, or another person's": """
        SELECT 'entry ' || e.id FROM ledger_entry e LEFT JOIN ledger_entry b ON b.id = e.back_id
         WHERE e.back_id IS NOT NULL AND (b.id IS NULL OR b.id >= e.id OR b.person_id IS DISTINCT FROM e.person_id)""",
    "the sums by day are not those of the journal": """
        SELECT 'account ' || account_id || ' on ' || posted_on FROM (
            SELECT account_id, posted_on, sum(debit_fen) AS debit, sum(credit_fen) AS credit
              FROM ledger_daysum GROUP BY 1, 2
             UNION ALL
            SELECT account_id, posted_on, -sum(greatest(fen, 0)), -sum(greatest(-fen, 0)) FROM ledger_line
             WHERE entry_id <= (SELECT coalesce(max(until_entry), 0) FROM ledger_count) GROUP BY 1, 2) x
         GROUP BY account_id, posted_on HAVING sum(debit) <> 0 OR sum(credit) <> 0""",
    "the closing of a month is not that of the journal": """
        SELECT 'account ' || a.id || ' in ' || p.month FROM ledger_period p JOIN ledger_account a ON a.region = p.region
          LEFT JOIN ledger_closing c ON c.period_id = p.id AND c.account_id = a.id CROSS JOIN LATERAL (
            SELECT coalesce(sum(fen) FILTER (WHERE posted_on < p.month), 0) AS opening,
                   coalesce(sum(greatest(fen, 0)) FILTER (WHERE posted_on >= p.month), 0) AS debit,
                   coalesce(sum(greatest(-fen, 0)) FILTER (WHERE posted_on >= p.month), 0) AS credit
              FROM ledger_line WHERE account_id = a.id AND posted_on < (p.month + interval '1 month')::date) j
         WHERE p.state = 'closed' AND (j.opening, j.debit, j.credit)
            <> (coalesce(c.opening_fen, 0), coalesce(c.debit_fen, 0), coalesce(c.credit_fen, 0))""",
    "a chain of versions is broken": """
        SELECT 'settlement ' || root_id FROM (
            SELECT *, lag(id) OVER w AS before, row_number() OVER w AS place, lead(id) OVER w AS after,
                   first_value(row(facility_id, serial, person_id, posted_no)::text) OVER w AS whose
              FROM settlement_settlement WINDOW w AS (PARTITION BY root_id ORDER BY version)) v
         WHERE version <> place OR replaces_id IS DISTINCT FROM before OR (after IS NULL) <> (superseded_at IS NULL)
            OR (version = 1) <> (kind = 'settled') OR (version = 1 AND id <> root_id)
            OR (kind = 'reversed' AND after IS NOT NULL)
            OR (kind <> 'reversed' AND whose <> row(facility_id, serial, person_id, posted_no)::text)
            OR superseded_at < settled_at""",
    "a serial of a facility was settled twice": """
        SELECT 'facility ' || facility_id || ' serial ' || serial FROM settlement_settlement WHERE version = 1
         GROUP BY facility_id, serial HAVING count(*) > 1""",
    "the places of a person-year are not 1 to n": """
        SELECT 'person ' || person_id || ' year ' || benefit_year FROM settlement_settlement WHERE version = 1
         GROUP BY person_id, benefit_year
        HAVING min(posted_no) <> 1 OR max(posted_no) <> count(*) OR count(DISTINCT posted_no) <> count(*)""",
    "shares, hospital and patient are not the bill": """
        SELECT 'version ' || s.id FROM settlement_settlement s CROSS JOIN LATERAL (
            SELECT coalesce(sum(value::bigint), 0) AS paid FROM jsonb_each_text(s.shares)) x CROSS JOIN LATERAL (
            SELECT coalesce(sum((f ->> 2)::bigint), 0) AS paid FROM jsonb_array_elements(s.funds) f) y
         WHERE total_fen <> in_scope_fen + first_pay_fen + over_limit_fen + own_pay_fen OR s.paid_fen <> x.paid
            OR s.paid_fen <> y.paid OR s.paid_fen + hospital_fen + patient_fen <> total_fen
            OR least(in_scope_fen, first_pay_fen, over_limit_fen, own_pay_fen, s.paid_fen, hospital_fen, patient_fen)
               < 0""",
    "the funds of a payer are not its share": """
        SELECT 'version ' || s.id FROM settlement_settlement s
         WHERE s.shares <> (SELECT coalesce(jsonb_object_agg(payer, fen), '{}') FROM (
               SELECT f ->> 0 AS payer, sum((f ->> 2)::bigint) AS fen
                 FROM jsonb_array_elements(s.funds) f GROUP BY 1) x)""",
    "the journal of a settlement is not its current version": """
        SELECT 'settlement ' || root || ' ' || kind || ' ' || fund || ': ' || sum(fen) FROM (
            SELECT s.root_id AS root, a.kind, a.fund, l.fen FROM settlement_settlement s
              JOIN ledger_line l ON l.entry_id = s.entry_id JOIN ledger_account a ON a.id = l.account_id
             UNION ALL SELECT root_id, 'due', f ->> 1, -(f ->> 2)::bigint FROM {valid}, jsonb_array_elements(funds) f
             UNION ALL SELECT root_id, 'own', '', -hospital_fen FROM {valid}
             UNION ALL SELECT root_id, 'patient', '', -patient_fen FROM {valid}
             UNION ALL SELECT root_id, 'charges', '', total_fen FROM {valid}) x
         GROUP BY root, kind, fund HAVING sum(fen) <> 0""",
    "a version and its entry do not belong to each other": """
        SELECT 'version ' || coalesce(s.id::text, '-') || ' entry ' || coalesce(e.id, s.entry_id)
          FROM (SELECT * FROM settlement_settlement WHERE entry_id IS NOT NULL) s
          FULL JOIN (SELECT * FROM ledger_entry WHERE source_kind = 'settlement' AND template = 'settle') e
               ON e.id = s.entry_id
         WHERE s.id IS NULL OR e.id IS NULL OR e.source_id NOT IN (s.id, s.root_id) OR e.person_id <> s.person_id
            OR e.facility <> s.facility_id OR e.posted_on <> s.posted_on OR e.region / 1000 <> s.region / 1000""",
    "an entry stands for two versions": """
        SELECT 'entry ' || entry_id FROM settlement_settlement WHERE entry_id IS NOT NULL
         GROUP BY entry_id HAVING count(*) > 1""",
    "an accumulator is not what its bills moved": """
        SELECT scope || ' ' || subject || ' ' || name || ' ' || period || ': ' || sum(fen) FROM (
            SELECT scope, subject_id AS subject, name, period, used_fen AS fen FROM settlement_accumulator
             UNION ALL
            SELECT m ->> 0, CASE m ->> 0 WHEN 'household' THEN coalesce(household_id, -person_id) ELSE person_id END,
                   m ->> 1, m ->> 2, -(m ->> 3)::bigint
              FROM {valid}, jsonb_array_elements(moved) m) x
         GROUP BY scope, subject, name, period HAVING sum(fen) <> 0""",
    "the number of versions of a subject is wrong": """
        SELECT scope || ' ' || subject || ': ' || sum(bills) FROM (
            SELECT scope, subject_id AS subject, bills FROM settlement_subject
             UNION ALL SELECT 'person', person_id, -1 FROM settlement_settlement
             UNION ALL SELECT 'household', household_id, -1 FROM settlement_settlement WHERE household_id IS NOT NULL) x
         GROUP BY scope, subject HAVING sum(bills) <> 0""",
    "a hold is not in order": """
        SELECT 'hold ' || h.id FROM settlement_hold h
          LEFT JOIN settlement_registration r ON r.id = h.registration_id
         WHERE r.id IS NULL OR r.facility_id <> h.facility_id OR r.person_id <> h.person_id
            OR h.posted_fen NOT BETWEEN 0 AND h.held_fen OR (h.state = 'held') <> (h.ended_at IS NULL)
            OR (h.posted_fen > 0 AND h.settlement_id IS NULL)
            OR (h.settlement_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM settlement_settlement s WHERE s.id = h.settlement_id AND s.person_id = h.person_id))""",
    "a reversal is parked though its original stands": """
        SELECT 'parked ' || p.id FROM settlement_parkedreversal p
          LEFT JOIN settlement_settlement s ON s.facility_id = p.facility_id AND s.serial = p.serial AND s.version = 1
         WHERE (p.state = 'parked') <> (p.ended_at IS NULL) OR (p.state = 'parked' AND s.id IS NOT NULL)
            OR (p.state = 'applied' AND NOT EXISTS (SELECT FROM settlement_settlement r
                 WHERE r.root_id = s.root_id AND r.kind = 'reversed'))""",
    "a debt is not what its bill left and what met it": """
        SELECT 'settlement ' || root || ': ' || sum(charged) || ', ' || sum(met) || ', ' || sum(given) FROM (
            SELECT root_id AS root, charged_fen AS charged, charged_fen - open_fen AS met, given_fen AS given
              FROM settlement_debt
             UNION ALL SELECT root_id, -patient_fen, 0, 0 FROM {valid}
             UNION ALL SELECT root_id, 0, -fen * (kind <> 'given')::int, -fen * (kind = 'given')::int
                         FROM settlement_debtmove) x
         GROUP BY root HAVING sum(charged) <> 0 OR sum(met) <> 0 OR sum(given) <> 0""",
    "what met a debt is not in the journal": """
        SELECT 'movement ' || m.id FROM settlement_debtmove m LEFT JOIN (
            SELECT l.entry_id, l.person_id, l.facility, sum(l.fen) FILTER (WHERE kind = 'patient') AS fen
              FROM ledger_line l JOIN ledger_account a ON a.id = account_id GROUP BY 1, 2, 3) j ON j.entry_id = m.entry_id
         WHERE j.entry_id IS NULL OR j.person_id <> m.person_id OR j.facility <> m.facility_id
            OR coalesce(j.fen, 0) <> CASE m.kind WHEN 'given' THEN 0 ELSE -m.fen END""",
    "what patients owe a facility is not its account": """
        SELECT 'facility ' || facility || ' in ' || county || ': ' || sum(fen) FROM (
            SELECT a.facility, a.region AS county, l.fen FROM ledger_account a JOIN ledger_line l ON l.account_id = a.id
             WHERE a.kind = 'patient'
             UNION ALL SELECT facility_id, region / 1000 * 1000, -open_fen FROM settlement_debt) x
         GROUP BY facility, county HAVING sum(fen) <> 0""",
    "a version has no record, or one of somebody else": """
        SELECT 'version ' || coalesce(s.id, r.settlement_id) FROM settlement_settlement s
          FULL JOIN settlement_record r ON r.settlement_id = s.id
         WHERE s.id IS NULL OR r.settlement_id IS NULL OR r.person_id <> s.person_id OR r.facility_id <> s.facility_id""",
}
COUNTS = {
    "settlements": "SELECT count(*) FROM settlement_settlement WHERE superseded_at IS NULL",
    "versions": "SELECT count(*) FROM settlement_settlement",
    "entries": "SELECT count(*) FROM ledger_entry",
    "lines": "SELECT count(*) FROM ledger_line",
    "accumulators": "SELECT count(*) FROM settlement_accumulator",
    "holds": "SELECT count(*) FROM settlement_hold",
    "ledger_sum": "SELECT coalesce(sum(fen), 0)::bigint FROM ledger_line",
}
RECORDS = """
SELECT s.id, s.kind, r.packed, s.decision_sha256, s.policy, s.policy_hash, s.total_fen, s.hospital_fen, s.patient_fen,
       s.shares, s.moved
  FROM settlement_record r JOIN settlement_settlement s ON s.id = r.settlement_id
"""
SETTINGS = ("work_mem = '128MB'", "jit = off", "statement_timeout = 0", "timezone = 'UTC'")


def fen(text):
    """Yuan as written in a record: two decimals, always."""
    whole, _, rest = text.partition(".")
    if len(rest) != 2:
        raise ValueError(text)
    return int(whole + rest)


def told(record):
    """The sums of the bill a record decides and what it adds to accumulators, as the columns of its version have them."""
    bill, moved = record["answer"]["bills"][0], {}
    for sign, used in (
        (1, record["answer"]["accumulators"]),
        (-1, record["facts"]["opening"]["accumulators"]),
    ):
        for scope in ("person", "household"):
            for name, periods in used[scope].items():
                for period, amount in periods.items():
                    moved[scope, name, period] = moved.get((scope, name, period), 0) + sign * fen(amount)
    shares = {payer: paid for payer, amount in bill["shares"].items() if (paid := fen(amount))}
    added = sorted([*place, amount] for place, amount in moved.items() if amount)
    return fen(bill["total"]), fen(bill["hospital"]), fen(bill["patient"]), shares, added


def fault_of(row):
    """What is wrong with the record of a version, or None. Its own hash is the last key of the canonical text."""
    _, kind, packed, sha256, policy, policy_hash, *amounts = row
    try:
        text = zlib.decompress(bytes(packed))
        record = json.loads(text)
        body, mark, _ = text.rpartition(b',"sha256":"')
        if not mark or hashlib.sha256(body + b"}").hexdigest() != record["sha256"]:
            return "does not have its own hash"
        if record["sha256"] != sha256 or record["policy"] != {"id": policy, "hash": policy_hash}:
            return "is not the decision of its version"
        if kind != "reversed" and told(record) != tuple(amounts):
            return "tells other amounts than its version"
    except (zlib.error, ValueError, KeyError, IndexError, TypeError) as fault:
        return f"cannot be read ({type(fault).__name__})"
    return None


def records(connection, share, part=0, parts=1):
    """How many records were read, how many are wrong, the first of those. `part` of `parts`: every so manyth."""
    read, wrong, found, step = 0, 0, [], round(1 / share) * parts
    with connection.cursor(name="records", binary=True) as cursor:
        cursor.itersize = 1000
        cursor.execute(f"{RECORDS} WHERE s.id % {step} = {part}")
        for row in cursor:
            read += 1
            if fault := fault_of(row):
                wrong += 1
                found += [f"the record of version {row[0]} {fault}"][: NAMED - len(found)]
    return read, wrong, found


def shared(connection, address, share, parts):
    """The same by several processes in the snapshot of this transaction."""
    snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
    command = [sys.executable, __file__, address, "--records", str(share), "--snapshot", snapshot]
    running = [
        subprocess.Popen([*command, "--part", f"{n}/{parts}"], stdout=subprocess.PIPE) for n in range(parts)
    ]
    told = [json.loads(one.communicate()[0]) for one in running]
    return sum(one[0] for one in told), sum(one[1] for one in told), [line for one in told for line in one[2]]


def prepare(connection, snapshot=""):
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    if snapshot:
        connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
    for setting in SETTINGS:
        connection.execute(f"SET LOCAL {setting}")


def audit(connection, share=1.0, read=records):
    """Counts and differences, seen in one snapshot; `connection` is in a transaction or will be."""
    connection.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', true)")
    counts = {name: connection.execute(query).fetchone()[0] for name, query in COUNTS.items()}
    found = []
    if counts["ledger_sum"]:
        found.append(f"the ledger does not sum to zero: {counts['ledger_sum']}")
    for what, query in CHECKS.items():
        rows = connection.execute(
            f"SELECT count(*) OVER (), what FROM ({query}) AS x (what) ORDER BY 2 LIMIT {NAMED}".replace(
                "{valid}", VALID
            )
        ).fetchall()
        found += [f"{what}: {row[1]}" for row in rows]
        if rows and rows[0][0] > len(rows):
            found.append(f"{what}: {rows[0][0] - len(rows)} more")
    if share:
        counts["records"], wrong, named = read(connection, share)
        found += named + ([f"and {wrong - len(named)} more records"] if wrong > len(named) else [])
    return counts, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?", default=os.environ.get("DOUDI_AUDIT_ADDRESS", ""))
    parser.add_argument("--records", type=float, default=1.0, help="the share of records read, 0 to 1")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many read records")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--snapshot", help=argparse.SUPPRESS)
    given = parser.parse_args()
    with psycopg.connect(given.address, autocommit=False) as connection:
        prepare(connection, given.snapshot)
        if given.part:
            connection.execute("SELECT set_config('doudi.scope', '{[0,1000000000)}', true)")
            print(json.dumps(records(connection, given.records, *map(int, given.part.split("/")))))
            return 0
        share = lambda one, share: shared(one, given.address, share, given.processes)  # noqa: E731
        counts, found = audit(connection, given.records, share)
    print(" ".join([*(f"{name}={number}" for name, number in counts.items()), f"differences={len(found)}"]))
    for difference in found:
        print("  " + difference)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
