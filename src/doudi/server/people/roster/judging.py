"""What importing an entry would do: new, changed (with each difference), unchanged, refused, possibly somebody known.

Nothing here depends on rows of the same file that are already written: a batch is judged before and while it is imported,
and must be judged alike. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from doudi.server.imports.api import AS_NEW, Candidate, Difference, Judgement, Problem, Row, Task, Verdict
from doudi.server.people import codes, errors, vault
from doudi.server.people.data import SEXES, NumberKind, PossibleDuplicate
from doudi.server.people.masking import mask_number, mask_phone
from doudi.server.people.models import Person
from doudi.server.people.names import initials
from doudi.server.people.queries.known import Known
from doudi.server.people.queries.registered import Registered
from doudi.server.people.roster.entries import Entry
from doudi.words import Words

MOST_CANDIDATES = 5


def judge(entry: Entry, row: Row, found: Known, task: Task) -> Verdict:
    """The verdict on an entry."""
    person = found.person.get(entry.row)
    if entry.row in found.elsewhere:
        return _refused("number", errors.number_taken_elsewhere().said())
    if row.decided not in (None, AS_NEW) and person is None:
        return _refused(
            "", Words("选定的人员已不在辖区内。", "The chosen person is not in your area any more.")
        )
    obstacle = _head_taken(entry, person, found, task) or (_obstacle(entry, person, task) if person else None)
    if obstacle is not None:
        return Verdict(Judgement.REFUSED, (obstacle,), person.pk if person else None)
    if person is None:
        alike = [] if row.decided == AS_NEW else found.near.get(entry.row, [])
        if alike:
            return Verdict(Judgement.DUPLICATE, entry.warnings, candidates=_candidates(alike, found))
        return Verdict(Judgement.NEW, entry.warnings)
    differing = tuple(differences(entry, person, found))
    if not differing:
        return Verdict(Judgement.UNCHANGED, entry.warnings, person.pk)
    return Verdict(Judgement.CHANGED, entry.warnings, person.pk, differing)


def _refused(column: str, words: Words) -> Verdict:
    return Verdict(Judgement.REFUSED, (Problem(column, words),))


def _obstacle(entry: Entry, person: Registered, task: Task) -> Problem | None:
    """Why an entry cannot be about the person it names."""
    if not alike_names(entry.name, person.name):
        return Problem(
            "name",
            Words(
                "该证件号码登记的是另一个姓名，请核对号码；确为改名的请先更正姓名。",
                "The number is registered under quite another name: check it, or correct the name first.",
            ),
        )
    if person.status == "dead":
        return Problem("name", Words("此人已登记为死亡，请核对。", "The person is recorded as dead: check."))
    if _other_township(entry, person) and task.options.get("moves") != "move":
        return Problem(
            "township",
            Words(
                "此人已登记在另一乡镇；确已迁移的，请在上传时选择“按名单迁移”，或先办理迁移。",
                "The person is registered in another township: choose “move as listed” at upload, or move them first.",
            ),
        )
    return None


def _other_township(entry: Entry, person: Registered) -> bool:
    return bool(entry.region % 1000) and person.region % 1000 != 0 and person.region != entry.region


def _head_taken(entry: Entry, person: Registered | None, found: Known, task: Task) -> Problem | None:
    """A household has one head, in the file and in the vault."""
    if entry.relation != codes.HEAD or not entry.household:
        return None
    heads: dict[tuple[int, str], str] = task.memory.setdefault("heads", {})
    home = (entry.region, entry.household)
    if heads.setdefault(home, entry.same) != entry.same:
        return Problem(
            "relation", Words("这一户在本名单中有两个户主。", "The household has two heads in this list.")
        )
    known = found.household.get(home)
    head = found.head.get(known.pk) if known else None
    if head is not None and (person is None or person.pk != head):
        return Problem(
            "relation",
            Words(
                "这一户已登记了另一位户主，请先办理户主变更。",
                "The household has another head: change it first.",
            ),
        )
    return None


def alike_names(first: str, second: str) -> bool:
    """Whether two names can be one person's: a character in common, or the same sounds."""
    return bool(set(first) & set(second)) or initials(first) == initials(second)


def tells_identity(entry: Entry, person: Person | Registered) -> bool:
    """Whether an entry may change name, sex and birth: not those of somebody with an ID, where it has no number."""
    return entry.number is not None or person.number_kind != NumberKind.ID


def differences(entry: Entry, person: Registered, found: Known) -> Iterable[Difference]:
    """Each field that would change. What the entry does not say changes nothing."""
    if tells_identity(entry, person):
        yield from _of_identity(entry, person, found)
    if entry.phone and found.phone_index[entry.row] != bytes(person.phone_index or b""):
        yield Difference(
            "phone", mask_phone(vault.opened(person.phone_sealed, vault.PHONE)), mask_phone(entry.phone)
        )
    if entry.ethnicity and entry.ethnicity != person.ethnicity:
        yield Difference(
            "ethnicity", codes.ETHNICITIES.get(person.ethnicity, ""), codes.ETHNICITIES[entry.ethnicity]
        )
    if entry.region % 1000 and entry.region != person.region:
        yield Difference("township", _place(found, person.region * 1000), _place(found, entry.region * 1000))
    if entry.village_code is not None and entry.village_code != person.village_code:
        yield Difference("village", _place(found, person.village_code), _place(found, entry.village_code))
    if entry.number and entry.number.disability and entry.number.disability != _disability(person):
        yield Difference("number", _card(_disability(person)), _card(entry.number.disability))
    yield from _of_household(entry, person, found)


def _of_identity(entry: Entry, person: Registered, found: Known) -> Iterable[Difference]:
    if entry.name != person.name:
        yield Difference("name", person.name, entry.name)
    if entry.number is not None and not _same_number(entry, person, found):
        yield Difference("number", _shown(person), mask_number(entry.number.text))
    if entry.sex != person.sex:
        yield Difference("sex", SEXES[person.sex].zh, SEXES[entry.sex].zh)
    if entry.birth_date != person.birth_date:
        yield Difference("birth_date", person.birth_date.isoformat(), entry.birth_date.isoformat())


def _of_household(entry: Entry, person: Registered, found: Known) -> Iterable[Difference]:
    if not entry.household:
        return
    member = found.membership.get(person.pk)
    home = found.household.get((entry.region, entry.household))
    if member is None or home is None or member.household_id != home.pk:
        before = found.household_number[member.household_id] if member else ""
        yield Difference("household", before, entry.household)
    elif member.relation != entry.relation:
        yield Difference("relation", codes.RELATIONS[member.relation].zh, codes.RELATIONS[entry.relation].zh)


def _same_number(entry: Entry, person: Registered, found: Known) -> bool:
    """A merged record's number leads to the record that stands for it, whose own number stays."""
    number = entry.number
    if number is None or person.number_index is None:
        return number is None
    return found.number_index[entry.row] == bytes(person.number_index) or (
        number.kind is NumberKind.ID and person.number_kind == NumberKind.ID
    )


def _place(found: Known, code: int | None) -> str:
    return found.places.get(code, str(code)) if code else ""


def _shown(person: Registered) -> str:
    return str(vault.masked_number(person.number_sealed))


def _disability(person: Registered) -> tuple[int, int] | None:
    if person.disability_category is None or person.disability_level is None:
        return None
    return person.disability_category, person.disability_level


def _card(disability: tuple[int, int] | None) -> str:
    return f"残疾 {disability[0]} 类 {disability[1]} 级" if disability else ""


def _candidates(alike: list[PossibleDuplicate], found: Known) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            one.other,
            _title(found.by_id.get(one.other), one.other),
            Words(
                "，".join(reason.zh for reason in one.reasons),
                ", ".join(reason.en for reason in one.reasons),
            ),
            one.score * 100,
        )
        for one in alike[:MOST_CANDIDATES]
    )


def _title(person: Registered | None, number: int) -> str:
    if person is None:
        return str(number)
    return f"{person.name} {SEXES[person.sex].zh} {person.birth_date.year} {_shown(person)}".strip()
