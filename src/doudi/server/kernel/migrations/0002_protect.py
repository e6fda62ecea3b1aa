"""What the policies of all tables read, the append-only trigger, and rights on the kernel's own tables."""

from django.db import migrations

from doudi.server.kernel.security import APPEND_ONLY_FUNCTION, FUNCTIONS, NO_FUNCTIONS, Protect, allow


class Migration(migrations.Migration):
    """First of all protections."""

    dependencies = [
        ("kernel", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(APPEND_ONLY_FUNCTION, "DROP FUNCTION doudi_append_only();"),
        Protect.by_user("kernel_givenanswer", user="user_id", rights="SELECT, INSERT, UPDATE"),
        migrations.RunSQL(
            allow("django_session", rights="SELECT, INSERT, UPDATE, DELETE"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(allow("django_content_type", rights="SELECT"), migrations.RunSQL.noop),
        migrations.RunSQL(
            allow("django_migrations", rights="SELECT"), migrations.RunSQL.noop
        ),  # for readiness
    ]
