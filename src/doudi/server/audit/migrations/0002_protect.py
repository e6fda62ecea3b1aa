"""The trail: added to by anybody with a scope, read where the region is in scope, changed by nobody; seals by the sealer.

`txid` is the transaction that wrote the event. Numbers of rows are given before the commit, so a lower number may appear
later; a transaction below the oldest one still running is over for certain, and the sealer takes events up to there
(`sealing.py`). Zero is nobody's number: the server's own events are seen through its scope, which is everywhere.
"""

from django.db import migrations

from doudi.server.kernel.security import ANY_SCOPE, IN_SCOPE, Protect, forced

IN = IN_SCOPE.format(region="region")
SEEN = f"({IN} OR user_id = nullif((SELECT doudi_user()), 0))"
SEALER = "(SELECT doudi_scope()) @> '[0,1000000000)'::int4range"

UNSEALED = """
CREATE FUNCTION doudi_unsealed_since() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT greatest(min(e.at), (SELECT sealed_at FROM audit_seal ORDER BY number DESC LIMIT 1))
        FROM audit_auditevent e
       WHERE e.txid >= coalesce((SELECT until_txid FROM audit_seal ORDER BY number DESC LIMIT 1), 0)::text::xid8
      HAVING count(*) > 0 $$;
"""


class Migration(migrations.Migration):
    """An event may concern a region outside the actor's scope (an exact find, a denial): adding asks for any scope."""

    dependencies = [("audit", "0001_initial"), ("kernel", "0002_protect")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_auditevent ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id();"
            "CREATE INDEX audit_event_txid ON audit_auditevent (txid);",
            "ALTER TABLE audit_auditevent DROP COLUMN txid;",
        ),
        migrations.RunSQL(UNSEALED, "DROP FUNCTION doudi_unsealed_since();"),
        forced("audit_auditevent", SEEN, ANY_SCOPE, "SELECT, INSERT"),
        forced("audit_link", IN, SEALER, "SELECT, INSERT"),
        forced("audit_seal", ANY_SCOPE, SEALER, "SELECT, INSERT"),
        forced("audit_dayhead", ANY_SCOPE, SEALER, "SELECT, INSERT"),
        Protect.append_only("audit_auditevent"),
        Protect.append_only("audit_link"),
        Protect.append_only("audit_seal"),
        Protect.append_only("audit_dayhead"),
    ]
