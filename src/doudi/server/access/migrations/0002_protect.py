"""Users and grants are read with any scope (signing in has an empty one); openings belong to their facility."""

from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, Protect, forced

OPENED = """
CREATE FUNCTION doudi_opened() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT person_id FROM access_opening
      WHERE facility_id = doudi_facility() AND until_at > transaction_timestamp() $$;
"""
MINE = "(facility_id = (SELECT doudi_facility()) OR {})".format(IN_SCOPE.format(region="region"))


class Migration(migrations.Migration):
    """Grants name regions of every level, so they are not kept to one scope; who may change them is a rule."""

    dependencies = [("access", "0001_initial"), ("kernel", "0002_protect")]

    operations = [
        Protect.plain("access_user", rights="SELECT, INSERT, UPDATE"),
        Protect.for_all("access_grant", rights="SELECT, INSERT, UPDATE"),
        forced("access_opening", MINE, MINE, "SELECT, INSERT, UPDATE"),
        migrations.RunSQL(OPENED, "DROP FUNCTION doudi_opened();"),
    ]
