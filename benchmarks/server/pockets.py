"""Prints whole ID numbers of some persons of the demo county, spread over all of it. Run by `make bench-server` alone.

The clerks' budgets begin anew, so that the measurement may be repeated within the hour.
"""

import sys
from pathlib import Path

from doudi.server.site.launch.preparation import folder, load_django, prepared, silent
from doudi.server.site.launch.signals import stoppable


def main(count: int) -> None:
    with stoppable() as stopping, prepared(silent, stopping):
        load_django()
        from django.db import connections

        from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
        from doudi.server.kernel.sealing import unseal_text
        from doudi.server.people.models import Person
        from doudi.server.people.vault import NUMBER

        with scoped(Scope(EVERYWHERE)):
            rows = Person.objects.filter(number_kind="id", status="present", merged_into__isnull=True)
            rows = rows.filter(region__lt=520204000).order_by("id")
            step = max(1, rows.count() // (count + 1))
            for place in range(count):
                sealed = rows.values_list("number_sealed", flat=True)[place * step]
                print(unseal_text(bytes(sealed), purpose=NUMBER))
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM access_spent")


if __name__ == "__main__":
    assert Path(folder()).is_dir()
    main(int(sys.argv[1]))
