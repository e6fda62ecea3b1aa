"""The vault is closed: rows in scope and of opened persons; children follow their person; history is kept.

`people_find`, `people_find_card` and `people_taken` look up whole blind indexes across all regions: they run as the owner
of the tables, answer only to an index that matches exactly, and give nothing but numbers of persons and region keys
(`people_taken`: only which of the indexes exist, for imports).
"""

from django.db import migrations

from doudi.server.kernel.security import Protect, runtime_role

KEPT = """
CREATE FUNCTION people_change_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        wanted := NEW.region;
        NEW.region := OLD.region;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.region := wanted;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'people_personchange is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER people_personchange_append_only BEFORE UPDATE OR DELETE ON people_personchange
    FOR EACH ROW EXECUTE FUNCTION people_change_kept();
CREATE TRIGGER people_personchange_no_truncate BEFORE TRUNCATE ON people_personchange
    FOR EACH STATEMENT EXECUTE FUNCTION doudi_append_only();
"""
"""As `Protect.append_only`, but the region of a row follows its person."""
NOT_KEPT = """
DROP TRIGGER people_personchange_append_only ON people_personchange;
DROP TRIGGER people_personchange_no_truncate ON people_personchange;
DROP FUNCTION people_change_kept();
"""

FIND = """
CREATE FUNCTION people_group(wanted bigint[]) RETURNS TABLE (person_id bigint, region integer, survivor bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    WITH RECURSIVE up AS (
        SELECT p.id, p.merged_into_id FROM people_person p WHERE p.id = ANY (wanted)
        UNION SELECT p.id, p.merged_into_id FROM people_person p JOIN up ON p.id = up.merged_into_id
    ), down AS (
        SELECT up.id, up.id AS survivor FROM up WHERE up.merged_into_id IS NULL
        UNION SELECT p.id, down.survivor FROM people_person p JOIN down ON p.merged_into_id = down.id
    )
    SELECT down.id, p.region, down.survivor FROM down JOIN people_person p ON p.id = down.id
$$;
CREATE FUNCTION people_find(wanted bytea[]) RETURNS TABLE (person_id bigint, region integer, survivor bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT * FROM people_group(ARRAY(SELECT p.id FROM people_person p
        WHERE p.number_index = ANY (wanted) OR p.number_index_next = ANY (wanted)))
$$;
CREATE FUNCTION people_taken(wanted bytea[]) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT p.number_index FROM people_person p WHERE p.number_index = ANY (wanted)
$$;
CREATE FUNCTION people_find_card(wanted bytea, day date)
RETURNS TABLE (person_id bigint, region integer, survivor bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
    SELECT * FROM people_group(ARRAY(SELECT c.person_id FROM people_bankcard c
        WHERE c.number_index = wanted AND c.from_date <= day AND (c.until_date IS NULL OR c.until_date > day)))
$$;
REVOKE EXECUTE ON FUNCTION people_group(bigint[]) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION people_find(bytea[]) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION people_taken(bytea[]) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION people_find_card(bytea, date) FROM PUBLIC;
"""
NOT_FIND = """
DROP FUNCTION people_find_card(bytea, date); DROP FUNCTION people_taken(bytea[]); DROP FUNCTION people_find(bytea[]); DROP FUNCTION people_group(bigint[]);
"""


def find() -> migrations.RunSQL:
    """The functions, with the right to call them for the runtime role alone."""
    rights = "".join(
        f'GRANT EXECUTE ON FUNCTION {function} TO "{runtime_role()}";'
        for function in ("people_find(bytea[])", "people_taken(bytea[])", "people_find_card(bytea, date)")
    )
    return migrations.RunSQL(FIND + rights, NOT_FIND)


class Migration(migrations.Migration):
    """Policies, the composite keys that carry a move to the rows of a person, and the exact find."""

    dependencies = [("people", "0001_initial"), ("access", "0002_protect")]

    operations = [
        Protect.by_region("people_person", person="id"),
        Protect.by_region("people_household"),
        Protect.by_region("people_membership", person="person_id"),
        Protect.by_region("people_bankcard", person="person_id"),
        Protect.by_region("people_contact", person="person_id"),
        Protect.by_region("people_personchange", person="person_id", rights="SELECT, INSERT"),
        Protect.follows_person("people_membership"),
        Protect.follows_person("people_bankcard"),
        Protect.follows_person("people_contact"),
        Protect.follows_person("people_personchange"),
        migrations.RunSQL(KEPT, NOT_KEPT),
        find(),
    ]
