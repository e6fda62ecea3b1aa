"""The trail: added to by anybody with a scope, read where the region is in scope, changed by nobody."""

from django.db import migrations

from doudi.server.kernel.security import ANY_SCOPE, IN_SCOPE, Protect, forced

SEEN = "({} OR user_id = (SELECT doudi_user()))".format(IN_SCOPE.format(region="region"))


class Migration(migrations.Migration):
    """An event may concern a region outside the actor's scope (an exact find, a denial): adding asks for any scope."""

    dependencies = [("audit", "0001_initial"), ("kernel", "0002_protect")]

    operations = [
        forced("audit_auditevent", SEEN, ANY_SCOPE, "SELECT, INSERT"),
        Protect.append_only("audit_auditevent"),
    ]
