"""Who sees and writes what of settlement, and what can never be changed.

A settlement is seen where its money is (its region), where it was made (its facility), and where its person is open. It is
written where the person belongs or is open. A version is never changed: the trigger lets only `superseded_at` be set, once.
"""

from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, OPENED, OPENED_HERE, Protect, forced, runtime_role

SEEN = IN_SCOPE.format(region="region")
HERE = "facility_id = (SELECT doudi_facility())"
OF_THE_PERSON = f"({SEEN} OR {HERE} OR {OPENED.format(person='person_id')})"
BY_THE_PERSON = f"({SEEN} OR {OPENED_HERE.format(person='person_id')})"
MEMBERS = (
    "scope = 'household' AND subject_id IN (SELECT household_id FROM people_membership"
    " WHERE until_date IS NULL AND person_id IN (SELECT {opened}()))"
)


def subject(opened: str) -> str:
    """Rows of a person or household in scope, or open; who has no household is one alone, under the negative number."""
    person = f"scope = 'person' AND subject_id IN (SELECT {opened}())"
    alone = f"scope = 'household' AND -subject_id IN (SELECT {opened}())"
    return f"({SEEN} OR ({person}) OR ({alone}) OR ({MEMBERS.format(opened=opened)}))"


ONCE = """
CREATE FUNCTION doudi_settlement_only_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
       AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a settlement is never changed: another version replaces it'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER settlement_settlement_append_only BEFORE UPDATE OR DELETE ON settlement_settlement
    FOR EACH ROW EXECUTE FUNCTION doudi_settlement_only_superseded();
CREATE TRIGGER settlement_settlement_no_truncate BEFORE TRUNCATE ON settlement_settlement
    FOR EACH STATEMENT EXECUTE FUNCTION doudi_append_only();
"""
NOT_ONCE = """
DROP TRIGGER settlement_settlement_append_only ON settlement_settlement;
DROP TRIGGER settlement_settlement_no_truncate ON settlement_settlement;
DROP FUNCTION doudi_settlement_only_superseded();
"""


class Migration(migrations.Migration):
    """Row security, rights, and the trigger of versions."""

    dependencies = [("settlement", "0001_initial"), ("access", "0002_protect"), ("people", "0002_protect")]

    operations = [
        forced("settlement_registration", OF_THE_PERSON, BY_THE_PERSON, "SELECT, INSERT, UPDATE"),
        forced(
            "settlement_settlement", OF_THE_PERSON, BY_THE_PERSON, "SELECT, INSERT, UPDATE (superseded_at)"
        ),
        migrations.RunSQL(ONCE, NOT_ONCE),
        forced("settlement_record", OF_THE_PERSON, BY_THE_PERSON, "SELECT, INSERT"),
        Protect.append_only("settlement_record"),
        forced(
            "settlement_subject",
            subject("doudi_opened"),
            subject("doudi_opened_here"),
            "SELECT, INSERT, UPDATE",
        ),
        forced(
            "settlement_accumulator",
            subject("doudi_opened"),
            subject("doudi_opened_here"),
            "SELECT, INSERT, UPDATE",
        ),
        forced("settlement_hold", OF_THE_PERSON, BY_THE_PERSON, "SELECT, INSERT, UPDATE"),
        forced(
            "settlement_parkedreversal",
            f"({SEEN} OR {HERE})",
            f"({SEEN} OR {HERE})",
            "SELECT, INSERT, UPDATE",
        ),
        Protect.by_region("settlement_staleness"),
        migrations.RunSQL(
            f'GRANT USAGE ON SEQUENCE settlement_settlement_id_seq TO "{runtime_role()}"',
            migrations.RunSQL.noop,
        ),
    ]
