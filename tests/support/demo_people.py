"""Persons of the demo county as a tester holds their papers: a whole number, unsealed with the demo's own keys."""

import subprocess
import sys

from support.browser import Site

READ = """
import django; django.setup()
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people.models import Person
from doudi.server.people.vault import NUMBER
from doudi.server.recognition.models import Recognition
from doudi.server.kernel.sealing import unseal_text
with scoped(Scope(EVERYWHERE)):
    known = Recognition.objects.filter(state="valid", region__lt=522000000).values("person_id")
    row = Person.objects.filter(number_kind="id", pk__in=known, status="present").order_by("id")[0]
    print(unseal_text(bytes(row.number_sealed), purpose=NUMBER))
"""


def a_number(site: Site) -> str:
    """The whole number of a recognised person of the demo county."""
    if "number" not in site.facts:
        read = subprocess.run(
            [sys.executable, "-c", READ],
            env=site.facts["environment"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert read.returncode == 0, read.stderr
        site.facts["number"] = read.stdout.split()[-1]
    return str(site.facts["number"])
