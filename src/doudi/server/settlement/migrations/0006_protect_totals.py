"""Sums are seen where their region is, and made by the server alone; every version marks its day, written or superseded.

The trigger runs as owner: a window has no region, and must not be able to write marks, or read how much a county settles.
"""

from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, forced

IN = IN_SCOPE.format(region="region")
SERVER = "(SELECT doudi_scope()) @> '[0,1000000000)'::int4range"

MARK = """
CREATE FUNCTION settlement_day_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO settlement_changedday (region, changed_on) SELECT DISTINCT region, settled_on FROM added;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION settlement_day_changes() FROM PUBLIC;
CREATE TRIGGER settlement_day_changes AFTER INSERT ON settlement_settlement
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement_day_changes();
CREATE TRIGGER settlement_day_superseded AFTER UPDATE ON settlement_settlement
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlement_day_changes();
"""
NO_MARK = """
DROP TRIGGER settlement_day_changes ON settlement_settlement;
DROP TRIGGER settlement_day_superseded ON settlement_settlement; DROP FUNCTION settlement_day_changes();
"""


class Migration(migrations.Migration):
    """Row security, rights and the trigger."""

    dependencies = [("settlement", "0005_totals"), ("access", "0002_protect")]

    operations = [
        forced("settlement_periodtotal", IN, SERVER, "SELECT, INSERT, DELETE"),
        forced("settlement_changedday", IN, SERVER, "SELECT, DELETE"),
        migrations.RunSQL(MARK, NO_MARK),
    ]
