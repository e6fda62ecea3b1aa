"""A policy in force is public law, written in its region; opening balances are seen with their person."""

from django.db import migrations

from doudi.server.kernel.security import Protect


class Migration(migrations.Migration):
    """Policies in force are read with any scope: the insured region's policy applies, whoever asks."""

    dependencies = [("entitlement", "0001_initial"), ("access", "0002_protect"), ("people", "0002_protect")]

    operations = [
        Protect.for_all("entitlement_policyinforce", region="region", rights="SELECT, INSERT, UPDATE"),
        Protect.for_all("entitlement_assumptioncheck", region="region", rights="SELECT, INSERT"),
        Protect.append_only("entitlement_assumptioncheck"),
        Protect.by_region("entitlement_openingbalance", person="person_id"),
        Protect.follows_person("entitlement_openingbalance"),
    ]
