"""A policy is put in force where it belongs, once a day for the same schemes; a replaced file is told."""

from datetime import date
from pathlib import Path

import pytest

from doudi.policy.library import shipped_root
from doudi.server.access.api import Role
from doudi.server.entitlement import api
from doudi.server.entitlement.data import InForce, PutInForce
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Forbidden, Refused
from support.standing import LIUZHI, NOW, RONGJIANG, officer, window

COUNTY, OTHER_COUNTY, PROVINCE = 520203000, 522632000, 520000000
TRIPLE, RONGJIANG_POLICY = "guizhou/liuzhi/triple-guarantee-2017", "guizhou/rongjiang/medical-assistance-2017"
FROM, DAY = date(2017, 6, 1), date(2017, 9, 1)


def approver(region: int = LIUZHI) -> Actor:
    return officer(Role.COUNTY_APPROVER, region, user=2)


def put(actor: Actor | None = None, region: int = COUNTY, policy: str = TRIPLE, from_date: date = FROM,
        until_date: date | None = None) -> PutInForce:  # fmt: skip
    return api.put_in_force(actor=actor or approver(), now=NOW, key=None, region=region, policy=policy,
                            from_date=from_date, until_date=until_date)  # fmt: skip


def the_only(actor: Actor, day: date = DAY) -> InForce:
    (found,) = api.policies_in_force(viewer=actor, day=day)
    return found


@pytest.mark.django_db
def test_a_policy_in_force_is_read_by_everybody_and_written_by_an_approver_of_its_place() -> None:
    done = put()
    for viewer in (officer(), approver(), window()):
        found = the_only(viewer)
        assert (found.id, found.policy, found.policy_hash) == (done.in_force, TRIPLE, done.policy_hash)
        assert found.warning is None
        assert found.assumptions == done.assumptions > 10
    assert api.policies_in_force(viewer=officer(region=RONGJIANG), day=DAY) == ()
    for actor in (officer(), window(), officer(Role.AUDIT)):
        with pytest.raises(Forbidden):
            put(actor)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"policy": "guizhou/liuzhi/tripel"}, "policy_not_installed"),
        ({"policy": "../../etc/passwd"}, "policy_not_installed"),
        ({"policy": "guizhou/ncms-2017"}, "policy_is_template"),
        ({"policy": RONGJIANG_POLICY}, "policy_elsewhere"),
        ({"region": OTHER_COUNTY}, "region_not_yours"),
        ({"region": 520203101}, "region_not_yours"),
        ({"from_date": date(2017, 5, 31)}, "dates_outside_policy"),
        ({"until_date": FROM}, "dates_reversed"),
    ],
)
def test_what_cannot_be_in_force_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        put(**change)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert refused.value.said().zh
    assert refused.value.said().en


@pytest.mark.django_db
def test_two_policies_never_hold_for_the_same_people_on_one_day() -> None:
    first = put(until_date=date(2018, 1, 1))
    for begins, ends in ((FROM, None), (date(2017, 12, 31), None), (date(2017, 7, 1), date(2017, 8, 1))):
        with pytest.raises(Refused) as refused:
            put(from_date=begins, until_date=ends)
        assert refused.value.code == "policy_overlaps"
    second = put(from_date=date(2018, 1, 1))
    assert the_only(officer(), date(2017, 12, 31)).id == first.in_force
    assert the_only(officer(), date(2018, 1, 1)).id == second.in_force


@pytest.mark.django_db
def test_an_end_can_only_come_earlier_and_never_before_the_beginning() -> None:
    done = put()
    ended = {"actor": approver(), "now": NOW, "key": None, "in_force": done.in_force, "reason": "新政策施行"}
    api.end_policy(**ended, until_date=date(2018, 1, 1))
    assert api.policies_in_force(viewer=officer(), day=date(2018, 1, 1)) == ()
    for until, code in ((date(2018, 6, 1), "policy_already_ended"), (date(2017, 5, 1), "dates_reversed")):
        with pytest.raises(Refused) as refused:
            api.end_policy(**ended, until_date=until)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        api.end_policy(**{**ended, "reason": " "}, until_date=date(2017, 9, 1))
    assert refused.value.code == "text_missing"
    with pytest.raises(Refused) as refused:
        api.end_policy(**{**ended, "actor": approver(RONGJIANG)}, until_date=date(2017, 9, 1))
    assert refused.value.code == "policy_in_force_unknown"


@pytest.mark.django_db
def test_assumptions_are_looked_at_one_by_one_and_the_last_look_counts() -> None:
    done = put()
    viewer = officer()
    listed = api.assumptions(viewer=viewer, in_force=done.in_force)
    assert len(listed) == done.assumptions
    assert {one.state for one in listed} == {"open"}
    path = listed[0].path
    look = {"actor": viewer, "now": NOW, "key": None, "in_force": done.in_force, "path": path}
    with pytest.raises(Refused) as refused:
        api.confirm_assumption(**look, is_so=False)
    assert refused.value.code == "text_missing"
    assert api.confirm_assumption(**look, is_so=False, note="本县为 70%").still_open == len(listed) - 1
    assert the_only(viewer).differing == 1
    api.confirm_assumption(**look, is_so=True)
    again = api.assumptions(viewer=viewer, in_force=done.in_force)[0]
    assert (again.state, again.checked_by) == ("confirmed", viewer.user)
    assert (the_only(viewer).confirmed, the_only(viewer).differing) == (1, 0)
    with pytest.raises(Refused) as refused:
        api.confirm_assumption(**{**look, "path": "basic.nothing"}, is_so=True)
    assert refused.value.code == "assumption_unknown"
    with pytest.raises(Refused) as refused:
        api.confirm_assumption(**{**look, "actor": officer(region=RONGJIANG)}, is_so=True)
    assert refused.value.code == "policy_in_force_unknown"


@pytest.mark.django_db
def test_the_readable_page_is_the_one_of_the_command_line_in_both_languages() -> None:
    done = put()
    zh, en = (api.policy_page(viewer=window(), in_force=done.in_force, language=one) for one in ("zh", "en"))
    assert zh.title == "六枝特区贫困人口三重医疗保障（2017）"
    assert "Liuzhi" in en.title
    assert len(zh.blocks) == len(en.blocks) > 30
    assert any(note.assumed for note in zh.notes)
    with pytest.raises(Refused) as refused:
        api.policy_page(viewer=officer(region=RONGJIANG), in_force=done.in_force)
    assert refused.value.code == "policy_in_force_unknown"


@pytest.mark.django_db
def test_a_replaced_file_is_told_and_nothing_can_be_confirmed_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / f"{TRIPLE}.yaml"
    own.parent.mkdir(parents=True)
    text = (shipped_root() / f"{TRIPLE}.yaml").read_text("utf-8").replace("cases: ", "# cases: ")
    own.write_text(text, "utf-8")
    monkeypatch.setenv("DOUDI_POLICIES", str(tmp_path))
    from doudi.server.entitlement import installed

    monkeypatch.setattr(installed, "_read", {})
    done = put()
    path = api.assumptions(viewer=officer(), in_force=done.in_force)[0].path
    own.write_text(text.replace("amount: 100000", "amount: 90000").replace("100000", "90000"), "utf-8")
    found = the_only(officer())
    assert found.warning is not None
    assert done.policy_hash[:12] in found.warning.zh
    with pytest.raises(Refused) as refused:
        api.confirm_assumption(
            actor=officer(), now=NOW, key=None, in_force=done.in_force, path=path, is_so=True
        )
    assert refused.value.code == "policy_changed"
    own.unlink()
    assert the_only(officer()).warning is not None  # the shipped one has another hash
    own.write_text(text, "utf-8")
    assert the_only(officer()).warning is None
