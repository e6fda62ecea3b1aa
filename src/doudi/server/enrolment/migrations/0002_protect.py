"""Enrolments are seen in their region and where the person is opened; nobody is in two basic schemes on one day."""

from django.db import migrations

from doudi.server.kernel.security import Protect

ONCE = """
ALTER TABLE enrolment_enrolment ADD CONSTRAINT enrolment_basic_once_a_day EXCLUDE USING gist
    (person_id WITH =, daterange(from_date, until_date) WITH &&)
    WHERE (state = 'valid' AND basic AND status IN ('insured', 'lapsed'));
"""


class Migration(migrations.Migration):
    """The net under the operations. Whatever the scheme or the county: one basic insurance a day."""

    dependencies = [
        ("enrolment", "0001_initial"),
        ("people", "0002_protect"),
        ("recognition", "0002_protect"),
    ]

    operations = [
        Protect.by_region("enrolment_enrolment", person="person_id", rights="SELECT, INSERT, UPDATE"),
        Protect.follows_person("enrolment_enrolment"),
        migrations.RunSQL(ONCE, "ALTER TABLE enrolment_enrolment DROP CONSTRAINT enrolment_basic_once_a_day"),
    ]
