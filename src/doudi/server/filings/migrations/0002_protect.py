"""Filings are seen in the person's region and where the person is opened; one thing is filed once for any day."""

from django.db import migrations

from doudi.server.kernel.security import Protect

ONCE = """
ALTER TABLE filings_filing ADD CONSTRAINT filing_once_a_day EXCLUDE USING gist
    (person_id WITH =, kind WITH =, subject WITH =, daterange(from_date, until_date) WITH &&)
    WHERE (state = 'valid');
"""


class Migration(migrations.Migration):
    """The net under the operations."""

    dependencies = [("filings", "0001_initial"), ("people", "0002_protect"), ("recognition", "0002_protect")]

    operations = [
        Protect.by_region("filings_filing", person="person_id", rights="SELECT, INSERT, UPDATE"),
        Protect.follows_person("filings_filing"),
        migrations.RunSQL(ONCE, "ALTER TABLE filings_filing DROP CONSTRAINT filing_once_a_day"),
    ]
