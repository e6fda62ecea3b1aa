"""The journal is closed: rows in scope, of my facility and of opened persons; added, never changed; balanced or refused.

What the triggers hold, whoever writes and by whatever way:

- the lines of an entry come in one statement, as many as the entry says, and sum to zero (`ledger_lines_hold`);
- facility, person, region and day of a line are those of its entry, and its account is of that county and facility;
- no entry without lines, so entry and lines come in one statement (`ledger_entry_whole`);
- nothing is posted to a closed month, or before the books begin. Each posting shares a lock on the county until its
  transaction ends; closing takes it alone, and so comes before or after each posting, never beside one. The lock is of the
  county, not of the month: what is posted to an older month changes the opening of the one being closed;
- before its first entry has a number, a transaction shares a lock on the journal (`ledger_entry_numbered`): whoever counts
  the journal up to an entry sees who may still bring a lower number (`operations/sum_days.py`).

The plans of the checks are kept by each connection, perhaps since the tables were empty, or since a million entries came
at once: so they go by index whatever PostgreSQL believed then (no sequential scan, no hash or merge join).
"""

from django.conf import settings
from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, OPENED, OPENED_HERE, Protect, forced

IN = IN_SCOPE.format(region="region")
MINE = "facility = nullif((SELECT doudi_facility()), 0)"
PERSON = OPENED.format(person="person_id")
PERSON_HERE = OPENED_HERE.format(person="person_id")
SERVER = "(SELECT doudi_scope()) @> '[0,1000000000)'::int4range"
JOURNAL = f"({IN} OR {MINE} OR {PERSON})"
SOMEBODY = "((SELECT doudi_scope()) <> '{}' OR (SELECT doudi_facility()) > 0)"

HOLD = """
CREATE FUNCTION ledger_entry_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(8204, 0);
    RETURN NULL;
END $$;
CREATE FUNCTION ledger_entry_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (SELECT FROM added e WHERE NOT EXISTS (SELECT FROM ledger_line l WHERE l.entry_id = e.id)) THEN
        RAISE EXCEPTION 'an entry without lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION ledger_lines_hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    wrong bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(8201, c.county)
       FROM (SELECT DISTINCT region / 1000 AS county FROM added ORDER BY 1) c;
    SELECT p.id INTO wrong
      FROM (SELECT region / 1000 * 1000 AS county, min(posted_on) AS earliest FROM added GROUP BY 1) d
      JOIN ledger_period p ON p.region = d.county
       AND CASE p.state WHEN 'closed' THEN d.earliest < (p.month + interval '1 month')::date
                        ELSE d.earliest < p.month END
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the period is closed' USING ERRCODE = 'DL001';
    END IF;
    SELECT n.entry_id INTO wrong
      FROM added n
      LEFT JOIN ledger_entry e ON e.id = n.entry_id AND e.region = n.region AND e.posted_on = n.posted_on
       AND e.facility = n.facility AND e.person_id IS NOT DISTINCT FROM n.person_id
       AND n.position BETWEEN 1 AND e.line_count
      LEFT JOIN ledger_account a ON a.id = n.account_id AND a.region = n.region / 1000 * 1000
       AND a.facility IN (0, n.facility)
     GROUP BY n.entry_id
    HAVING sum(n.fen) <> 0 OR count(e.id) <> count(*) OR count(a.id) <> count(*) OR max(e.line_count) <> count(*)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance', wrong USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_entry_whole() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION ledger_lines_hold() FROM PUBLIC;
CREATE TRIGGER ledger_entry_numbered BEFORE INSERT ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_numbered();
CREATE TRIGGER ledger_entry_whole AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_whole();
CREATE TRIGGER ledger_lines_hold AFTER INSERT ON ledger_line
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_hold();
"""
NOT_HOLD = """
DROP TRIGGER ledger_lines_hold ON ledger_line; DROP TRIGGER ledger_entry_whole ON ledger_entry;
DROP TRIGGER ledger_entry_numbered ON ledger_entry;
DROP FUNCTION ledger_lines_hold(); DROP FUNCTION ledger_entry_whole(); DROP FUNCTION ledger_entry_numbered();
"""
ACCOUNTS = """
CREATE FUNCTION ledger_accounts_for_posting(county integer, kinds text[], funds text[], facilities integer[])
RETURNS TABLE (place bigint, account bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF doudi_scope() IS NULL THEN
        RAISE EXCEPTION 'no scope' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO ledger_account (region, kind, fund, facility)
    SELECT county, g.kind, g.fund, g.facility FROM unnest(kinds, funds, facilities) AS g (kind, fund, facility)
     ORDER BY 2, 3, 4
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.place, a.id
      FROM unnest(kinds, funds, facilities) WITH ORDINALITY AS g (kind, fund, facility, place)
      JOIN ledger_account a ON a.region = county AND a.kind = g.kind AND a.fund = g.fund AND a.facility = g.facility;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_accounts_for_posting(integer, text[], text[], integer[]) FROM PUBLIC;
"""
NO_ACCOUNTS = "DROP FUNCTION ledger_accounts_for_posting(integer, text[], text[], integer[]);"
ADDED = "SELECT, INSERT"
TABLES = (
    "account", "entry", "line", "count", "daysum", "period", "closing", "floatlevel", "floatmovement", "proof",
)  # fmt: skip


def numbers() -> migrations.RunSQL:
    """Many entries at once take their numbers beforehand (`operations/post_many.py`)."""
    return migrations.RunSQL(
        f'GRANT USAGE ON SEQUENCE ledger_entry_id_seq TO "{settings.DOUDI_RUNTIME_ROLE}";',
        migrations.RunSQL.noop,
    )


def accounts() -> migrations.RunSQL:
    """Taking a bill back changes later bills of the same person, at other hospitals too: whose accounts are out of sight.

    What a posting needs of them is their numbers. Lines are written where the person is open, and seen as before.
    """
    return migrations.RunSQL(
        ACCOUNTS
        + "GRANT EXECUTE ON FUNCTION ledger_accounts_for_posting(integer, text[], text[], integer[])"
        + f' TO "{settings.DOUDI_RUNTIME_ROLE}";',
        NO_ACCOUNTS,
    )


class Migration(migrations.Migration):
    """A facility opens accounts of its own in any county: its patients are insured anywhere."""

    dependencies = [("ledger", "0001_initial"), ("access", "0002_protect")]

    operations = [
        forced("ledger_account", f"({IN} OR {MINE})", f"({IN} OR {MINE})", ADDED),
        forced("ledger_entry", JOURNAL, f"({IN} OR {PERSON_HERE})", ADDED),
        forced("ledger_line", JOURNAL, f"({IN} OR {PERSON_HERE})", ADDED),
        forced("ledger_count", SOMEBODY, SERVER, ADDED),
        forced("ledger_daysum", f"({IN} OR {MINE})", SERVER, ADDED),
        forced("ledger_period", IN, IN, ADDED),
        forced("ledger_closing", f"({IN} OR {MINE})", IN, ADDED),
        forced("ledger_floatlevel", IN, IN, ADDED),
        forced("ledger_floatmovement", IN, IN, ADDED),
        forced("ledger_proof", IN, SERVER, ADDED),
        migrations.RunSQL(HOLD, NOT_HOLD),
        numbers(),
        accounts(),
        *(Protect.append_only(f"ledger_{table}") for table in TABLES),
    ]
