"""Who may see and write the tables of access.

Accounts, grants, sessions, tokens, attempts and budgets are read with any scope, even an empty one (signing in has an
empty one), and never without: who may do what with them is the matter of rules and operations. What names a person or
a region is kept to it by the database.
"""

from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, Protect, forced

SCOPE = IN_SCOPE.format(region="region")
FROM_SCOPE = IN_SCOPE.format(region="from_region")

OPENED = """
CREATE FUNCTION doudi_opened() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT person_id FROM access_opening
      WHERE until_at > transaction_timestamp()
        AND ((facility_id = doudi_facility() AND facility_id > 0)
          OR (user_id = doudi_user() AND user_id > 0 AND kind = 'break_glass')) $$;
CREATE FUNCTION doudi_opened_here() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT person_id FROM access_opening
      WHERE until_at > transaction_timestamp() AND facility_id = doudi_facility() AND facility_id > 0 $$;
"""
NOT_OPENED = "DROP FUNCTION doudi_opened(); DROP FUNCTION doudi_opened_here();"
OPENER = (
    "((facility_id = (SELECT doudi_facility()) AND facility_id > 0)"
    " OR (user_id = (SELECT doudi_user()) AND user_id > 0))"
)
DECISION = "state, decided_by, decider_login, decided_at, decision_reason"
REVIEW = "reviewed_by, reviewer_login, reviewed_at, verdict, note"
"""What was proposed or broken is never changed, only decided and reviewed: rights on columns say so."""
BREAKER = "(user_id = (SELECT doudi_user()) AND user_id > 0)"


class Migration(migrations.Migration):
    """Grants name regions of every level, so they are not kept to one scope; who may change them is a rule."""

    dependencies = [("access", "0001_initial"), ("kernel", "0002_protect")]

    operations = [
        Protect.for_all("access_user", rights="SELECT, INSERT, UPDATE"),
        Protect.for_all("access_grant", rights="SELECT, INSERT, UPDATE (until_date, ended_by)"),
        Protect.for_all(
            "access_session",
            rights="SELECT, INSERT, UPDATE (grant_id, last_seen_at, ended_at, ended_why)",
        ),
        Protect.for_all("access_token", rights="SELECT, INSERT, UPDATE (ended_at, ended_by, last_used_at)"),
        Protect.for_all("access_attempt", rights="SELECT, INSERT, UPDATE"),
        Protect.by_user("access_oldpassword", user="user_id", rights="SELECT, INSERT"),
        Protect.by_user("access_spent", user="user_id", rights="SELECT, INSERT, UPDATE"),
        forced("access_opening", f"({OPENER} OR {SCOPE})", OPENER, "SELECT, INSERT, UPDATE (until_at)"),
        forced("access_proposal", SCOPE, SCOPE, f"SELECT, INSERT, UPDATE ({DECISION})"),
        forced(
            "access_glass",
            f"({BREAKER} OR {SCOPE} OR {FROM_SCOPE})",
            f"({BREAKER} OR {SCOPE} OR {FROM_SCOPE})",
            f"SELECT, INSERT, UPDATE ({REVIEW})",
        ),
        migrations.RunSQL(OPENED, NOT_OPENED),
    ]
