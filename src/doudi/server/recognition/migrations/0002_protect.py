"""Recognitions are seen in their region and where the person is opened; a person has a category once on any day.

`btree_gist` compares numbers inside an exclusion constraint. It is a trusted extension: the owner of the database may
create it, no superuser is needed.
"""

from django.db import migrations

from doudi.server.kernel.security import Protect

ONCE = """
ALTER TABLE recognition_recognition ADD CONSTRAINT recognition_once_a_day EXCLUDE USING gist
    (person_id WITH =, category WITH =, daterange(from_date, until_date) WITH &&) WHERE (state = 'valid');
"""


class Migration(migrations.Migration):
    """The net under the operations."""

    dependencies = [("recognition", "0001_initial"), ("people", "0002_protect")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist", migrations.RunSQL.noop),
        Protect.by_region("recognition_recognition", person="person_id", rights="SELECT, INSERT, UPDATE"),
        Protect.follows_person("recognition_recognition"),
        migrations.RunSQL(ONCE, "ALTER TABLE recognition_recognition DROP CONSTRAINT recognition_once_a_day"),
    ]
