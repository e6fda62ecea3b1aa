"""Records that are one person: what is merged into one another, in the open scope."""

from __future__ import annotations

from doudi.server.people.models import Person


def group(person: int) -> tuple[int, ...]:
    """The record that stands for the person first, then all merged into it; empty where nothing is in scope."""
    top = person
    while True:
        row = Person.objects.only("merged_into_id").filter(pk=top).first()
        if row is None:
            return () if top == person else (person,)  # what stands for the person is out of sight
        if row.merged_into_id is None:
            break
        top = row.merged_into_id
    members, level = [top], [top]
    while level:
        level = sorted(Person.objects.filter(merged_into_id__in=level).values_list("pk", flat=True))
        members += level
    return tuple(members)


def same_person_ids(person: int) -> tuple[int, ...]:
    """All records of the person that `person` is a record of, in the open scope (an operation's or a query's)."""
    return group(person)
