"""Reference data: read with any scope."""

from django.db import migrations

from doudi.server.kernel.security import Protect


class Migration(migrations.Migration):
    """Facilities are written in their region."""

    dependencies = [("reference", "0001_initial"), ("kernel", "0002_protect")]

    operations = [
        Protect.for_all("reference_region", rights="SELECT, INSERT, UPDATE"),
        Protect.for_all("reference_facility", region="region", rights="SELECT, INSERT, UPDATE"),
    ]
