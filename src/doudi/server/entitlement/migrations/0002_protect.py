"""A policy in force is public law, written in its region; opening balances are seen with their person.

A balance of a household is seen wherever one of its members is open, not only the one it was entered for.
"""

from django.db import migrations

from doudi.server.kernel.security import IN_SCOPE, OPENED, Protect, forced

ONCE = """
ALTER TABLE entitlement_policyinforce ADD CONSTRAINT entitlement_policy_once_a_day EXCLUDE USING gist
    (region WITH =, policy WITH =, daterange(from_date, until_date) WITH &&);
"""
IN_REGION = IN_SCOPE.format(region="region")
OF_A_MEMBER = (
    "household_id IN (SELECT household_id FROM people_membership"
    " WHERE until_date IS NULL AND person_id IN (SELECT doudi_opened()))"
)


class Migration(migrations.Migration):
    """Policies in force are read with any scope: the insured region's policy applies, whoever asks."""

    dependencies = [("entitlement", "0001_initial"), ("access", "0002_protect"), ("people", "0002_protect")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
        Protect.for_all("entitlement_policyinforce", region="region", rights="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            ONCE, "ALTER TABLE entitlement_policyinforce DROP CONSTRAINT entitlement_policy_once_a_day"
        ),
        Protect.for_all("entitlement_assumptioncheck", region="region", rights="SELECT, INSERT"),
        Protect.append_only("entitlement_assumptioncheck"),
        forced(
            "entitlement_openingbalance",
            f"({IN_REGION} OR {OPENED.format(person='person_id')} OR {OF_A_MEMBER})",
            IN_REGION,
            "SELECT, INSERT, UPDATE, DELETE",
        ),
        Protect.follows_person("entitlement_openingbalance"),
    ]
