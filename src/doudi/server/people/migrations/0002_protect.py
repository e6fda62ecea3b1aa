"""Persons are seen in their region, and at a facility that opened them."""

from django.db import migrations

from doudi.server.kernel.security import Protect


class Migration(migrations.Migration):
    """The vault is closed."""

    dependencies = [("people", "0001_initial"), ("access", "0002_protect")]

    operations = [Protect.by_region("people_person", person="id")]
