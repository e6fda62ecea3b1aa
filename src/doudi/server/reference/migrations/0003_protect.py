"""Reference data: read with any scope, written in its region; one row a day for one thing; one version."""

from django.db import migrations

from doudi.server.kernel.security import Protect, runtime_role

ALONE = {
    "region": "code",
    "facilitystanding": "facility_id",
    "designation": "facility_id, scheme",
    "fund": "region, code",
    "payer": "region, code",
    "catalogueitem": "code",
    "itemclass": "code, region",
    "firstpay": "code, region, scheme",
    "priceceiling": "code, region, grade",
    "clinicalcode": "kind, code",
    "diseaselist": "code, region",
}
"""What has one row a day, by table."""

IN_REGION = (
    "facility", "facilitystanding", "designation", "fund", "payer", "itemclass", "firstpay", "priceceiling",
    "diseaselist",
)  # fmt: skip
FOR_ALL = ("version", "region", "regionchange", "catalogueitem", "clinicalcode", "listeddisease")


def no_overlap(table: str, columns: str) -> migrations.RunSQL:
    """Two rows with the same `columns` never hold on one day."""
    same = ", ".join(f"{column.strip()} WITH =" for column in columns.split(","))
    return migrations.RunSQL(
        f"ALTER TABLE reference_{table} ADD CONSTRAINT reference_{table}_no_overlap"
        f" EXCLUDE USING gist ({same}, daterange(from_date, until_date) WITH &&);",
        f"ALTER TABLE reference_{table} DROP CONSTRAINT reference_{table}_no_overlap;",
    )


class Migration(migrations.Migration):
    """`btree_gist` is a trusted extension: the owner of the database may create it."""

    dependencies = [("reference", "0002_catalogues"), ("kernel", "0002_protect")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist;", migrations.RunSQL.noop),
        *(no_overlap(table, columns) for table, columns in ALONE.items()),
        migrations.RunSQL(
            "INSERT INTO reference_version (id, number) VALUES (1, 1);", "DELETE FROM reference_version;"
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE reference_version_number START 2;"
            f'GRANT USAGE ON SEQUENCE reference_version_number TO "{runtime_role()}";',
            "DROP SEQUENCE reference_version_number;",
        ),
        *(Protect.for_all(f"reference_{table}", region="region") for table in IN_REGION),
        *(Protect.for_all(f"reference_{table}") for table in FOR_ALL),
    ]
