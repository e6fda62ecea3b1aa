"""Who sees and writes what of debts; the triggers that keep `settlement_debt`; payments where the person is not open.

A row is seen where its money is (its region), where the bill was made (its facility), and where its person is open. It is
written in the region, or by the facility whose bill it is.

**`settlement_debt` is nobody's to write.** Triggers on versions, movements and instalments keep it, as the owner. For a
first version they add one row; after anything else the row is counted anew from what is there. The oldest part is met
first: of an agreement of S fen with w open, S - w is met, whether by money, write-off, aid or a lower share; the due date
is that of the first instalment not met by it, or the day of settling where nothing is agreed.

**The ledger** lets a facility post for persons it has open. A debtor may pay years later by transfer, without being there:
a facility may also post for whoever owes it, in the region of that debt, and sees nothing of the person by that.
"""

from django.conf import settings
from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, OPENED, Protect, forced

IN = IN_SCOPE.format(region="region")
HERE = "facility_id = (SELECT doudi_facility())"
SEEN = f"({IN} OR {HERE} OR {OPENED.format(person='person_id')})"
WRITTEN = f"({IN} OR {HERE})"

KEEP = """
CREATE FUNCTION settlement_debt_count(roots bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO settlement_debt AS kept (root_id, current_id, region, facility_id, person_id, settled_on, charged_fen,
                                         paid_fen, written_off_fen, individual_fen, given_fen, due_on)
    SELECT s.root_id, s.id, s.region, s.facility_id, s.person_id, s.settled_on, s.charged,
           m.paid, m.written_off, m.individual, m.given,
           coalesce((SELECT min(i.due_on) FROM (
                        SELECT n.due_on, n.last, a.fen,
                               sum(n.fen) OVER (ORDER BY n.position) AS reached
                          FROM settlement_agreement a
                          JOIN LATERAL (SELECT p.position, p.due_on, p.fen,
                                               p.position = max(p.position) OVER () AS last
                                          FROM settlement_instalment p WHERE p.agreement_id = a.id) n ON true
                         WHERE a.root_id = s.root_id AND a.ended_at IS NULL) i
                      WHERE i.reached > i.fen - (s.charged - m.met) OR i.last), s.settled_on)
      FROM (SELECT DISTINCT ON (v.root_id) v.*,
                   CASE WHEN v.kind = 'reversed' THEN 0 ELSE v.patient_fen END AS charged
              FROM settlement_settlement v WHERE v.root_id = ANY (roots)
             ORDER BY v.root_id, v.version DESC) s
     CROSS JOIN LATERAL (
            SELECT coalesce(sum(fen) FILTER (WHERE kind = 'paid'), 0) AS paid,
                   coalesce(sum(fen) FILTER (WHERE kind = 'written_off'), 0) AS written_off,
                   coalesce(sum(fen) FILTER (WHERE kind = 'individual'), 0) AS individual,
                   coalesce(sum(fen) FILTER (WHERE kind = 'given'), 0) AS given,
                   coalesce(sum(fen) FILTER (WHERE kind <> 'given'), 0) AS met
              FROM settlement_debtmove WHERE root_id = s.root_id) m
     ORDER BY s.root_id
        ON CONFLICT (root_id) DO UPDATE SET current_id = excluded.current_id, charged_fen = excluded.charged_fen,
           paid_fen = excluded.paid_fen, written_off_fen = excluded.written_off_fen,
           individual_fen = excluded.individual_fen, given_fen = excluded.given_fen, due_on = excluded.due_on;
END $$;
CREATE FUNCTION settlement_debt_of_versions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    later bigint[];
BEGIN
    INSERT INTO settlement_debt (root_id, current_id, region, facility_id, person_id, settled_on, charged_fen,
                                 paid_fen, written_off_fen, individual_fen, given_fen, due_on)
    SELECT id, id, region, facility_id, person_id, settled_on, patient_fen, 0, 0, 0, 0, settled_on
      FROM added WHERE version = 1 AND patient_fen <> 0;
    SELECT array_agg(DISTINCT root_id) INTO later FROM added WHERE version > 1;
    IF later IS NOT NULL THEN
        PERFORM settlement_debt_count(later);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION settlement_debt_of_parts() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM settlement_debt_count(ARRAY(SELECT DISTINCT root_id FROM added));
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION settlement_debt_count(bigint[]) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION settlement_debt_of_versions() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION settlement_debt_of_parts() FROM PUBLIC;
CREATE TRIGGER settlement_debt_of_versions AFTER INSERT ON settlement_settlement
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement_debt_of_versions();
CREATE TRIGGER settlement_debt_of_moves AFTER INSERT ON settlement_debtmove
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement_debt_of_parts();
CREATE TRIGGER settlement_debt_of_instalments AFTER INSERT ON settlement_instalment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement_debt_of_parts();
"""
NOT_KEEP = """
DROP TRIGGER settlement_debt_of_versions ON settlement_settlement;
DROP TRIGGER settlement_debt_of_moves ON settlement_debtmove;
DROP TRIGGER settlement_debt_of_instalments ON settlement_instalment;
DROP FUNCTION settlement_debt_of_versions(); DROP FUNCTION settlement_debt_of_parts();
DROP FUNCTION settlement_debt_count(bigint[]);
"""
OWES_US = """(facility = (SELECT doudi_facility()) AND EXISTS (
    SELECT FROM settlement_debt d
     WHERE d.person_id = {table}.person_id AND d.facility_id = {table}.facility AND d.region = {table}.region))"""


def for_debtors(table: str) -> migrations.RunSQL:
    """A facility posts for whoever owes it."""
    return migrations.RunSQL(
        f'CREATE POLICY facility_posts_for_debtors ON {table} FOR INSERT TO "{settings.DOUDI_RUNTIME_ROLE}"'
        f" WITH CHECK ({OWES_US.format(table=table)});",
        f"DROP POLICY facility_posts_for_debtors ON {table};",
    )


class Migration(migrations.Migration):
    """Row security, rights, triggers."""

    dependencies = [
        ("settlement", "0003_debts"), ("access", "0002_protect"), ("people", "0002_protect"), ("ledger", "0002_protect"),
    ]  # fmt: skip

    operations = [
        forced("settlement_debt", SEEN, WRITTEN, "SELECT"),
        forced("settlement_debtmove", SEEN, WRITTEN, "SELECT, INSERT"),
        Protect.append_only("settlement_debtmove"),
        forced("settlement_agreement", SEEN, WRITTEN, "SELECT, INSERT, UPDATE (ended_at)"),
        forced("settlement_instalment", SEEN, WRITTEN, "SELECT, INSERT"),
        Protect.append_only("settlement_instalment"),
        forced("settlement_debtcase", SEEN, WRITTEN, "SELECT, INSERT"),
        Protect.append_only("settlement_debtcase"),
        forced("settlement_debtask", SEEN, WRITTEN, "SELECT, INSERT, UPDATE (state, answer, ended_at)"),
        migrations.RunSQL(KEEP, NOT_KEEP),
        for_debtors("ledger_entry"),
        for_debtors("ledger_line"),
    ]
