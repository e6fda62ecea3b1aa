"""Who a person is, as the standing apps need it: where they belong, and which numbers were merged into one person.

Rows stay under the number they were entered for; whoever reads asks for all numbers of the person at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from doudi.server.recognition.errors import no_such_person


def home_of(person: int) -> int:
    """The region key of a person in scope; refused as not found outside it."""
    rows = apps.get_model("people", "Person").objects.filter(pk=person)
    region = rows.values_list("region", flat=True).first()
    if region is None:
        raise no_such_person()
    return int(region)


def same_ids(persons: Iterable[int]) -> dict[int, int]:
    """Every number under which rows of these persons may stand → the person that was asked for."""
    return {person: person for person in persons}
