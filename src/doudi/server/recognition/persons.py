"""Who a person is, as the standing apps need it: where they belong, and which numbers were merged into one person.

Rows stay under the number they were entered for; whoever reads asks for all numbers of the person at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from doudi.server.kernel.actor import Actor
from doudi.server.recognition.errors import no_such_person


def home_of(person: int, actor: Actor) -> int:
    """The region key of a person of whom the actor may write; refused as not found where they may not."""
    rows = apps.get_model("people", "Person").objects.filter(pk=person)
    region = rows.values_list("region", flat=True).first()
    if region is None or not may_write(region, actor):
        raise no_such_person()
    return int(region)


def may_write(region: int, actor: Actor) -> bool:
    """Whether the actor may write of somebody they see there: in their regions, or opened at their facility.

    Broken glass shows a person and lets nobody write.
    """
    return region in actor.ranges or bool(actor.facility)


def same_ids(persons: Iterable[int]) -> dict[int, int]:
    """Every number under which rows of these persons may stand → the person that was asked for."""
    return {person: person for person in persons}
