"""备案 forms of both desks: the county files every kind, a facility its own kinds for whom it has opened.

Which fields a kind asks for follows from what the kind needs (`filings.KINDS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from doudi.engine.vocabulary import LEVELS, name_of
from doudi.server.desks import fields
from doudi.server.desks.forms import (
    EVIDENCE,
    Call,
    Deed,
    Field,
    Form,
    day_after,
    reason_field,
    reason_of,
)
from doudi.server.filings.api import KINDS, Filing, Terms, file, filing_history, withdraw
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import NotFound
from doudi.server.people.api import person
from doudi.server.reference.api import disease_lists, facilities, facility_names
from doudi.words import Words

Choices = tuple[tuple[str, Words | str], ...]
FROM, LAST_DAY = Words("从哪天起", "From"), Words("最后一天", "Last day")
TARGET, DISEASE = Words("转往", "To"), Words("病种编码", "Disease code")
CHOSEN, HERE = Words("选定机构", "Institution"), Words("收治机构", "The hospital")
SHARE, WHY = Words("第三方责任比例（%）", "Share of a liable third party (%)"), Words("原因", "Reason")
SHORT_NAMES = {
    "referral": Words("转诊", "Referral"), "special_outpatient": Words("门诊特慢病", "Special disease"),
    "chosen_institution": Words("选定机构", "Chosen institution"), "accident": Words("意外伤害", "Accident"),
    "emergency": Words("急诊", "Emergency"),
}  # fmt: skip
MOST = 500
REFERRAL_DAYS = 30
"""What a referral's form proposes; the clerk may write another. Assumed: a stay begins within a month of it."""


def _facilities(actor: Actor) -> Choices:
    found = facilities(viewer=actor, day=clock.today(), size=MOST).items
    return tuple((str(one.id), one.name) for one in found if one.id != actor.facility and one.code[:1] != "P")


def _targets(actor: Actor) -> Choices:
    levels = tuple(
        (f"level:{one}", Words(f"任何{name_of(one).zh}医院", f"Any hospital: {name_of(one).en}"))
        for one in LEVELS[2:]
    )
    return (*levels, *((f"facility:{number}", name) for number, name in _facilities(actor)))


def _diseases(actor: Actor, number: int) -> Choices:
    region = person(viewer=actor, person=number).summary.region
    lists = disease_lists(viewer=actor, region=region, day=clock.today())
    found = {one.prefixes[0]: one.name for each in lists for one in each.diseases if one.prefixes}
    return tuple(found.items())


def form_of(kind: str) -> Callable[..., Form]:
    """The form that files `kind`."""

    def form(actor: Actor, number: int) -> Form:
        wanted, today = KINDS[kind], clock.today()  # type: ignore[index]
        needs, rows = wanted.needs, list[Field]()
        if "target" in needs:
            rows.append(Field("target", TARGET, "choice", choices=_targets(actor)))
        if "target_facility" in needs:
            rows.append(Field("target_facility", CHOSEN, "choice", choices=_facilities(actor)))
        if "facility" in needs and not actor.facility:
            rows.append(Field("facility", HERE, "choice", choices=_facilities(actor)))
        if "disease_code" in needs:
            rows.append(Field("disease_code", DISEASE, longest=30, suggestions=_diseases(actor, number)))
        if "third_party_bp" in needs:
            rows.append(
                Field(
                    "third_party_bp",
                    SHARE,
                    "number",
                    hint=Words("没有第三方责任写 0", "0 if nobody is liable"),
                )
            )
        until = (
            (today + timedelta(days=REFERRAL_DAYS - 1)).isoformat()
            if kind in ("referral", "accident")
            else ""
        )
        rows += [
            Field("from_date", FROM, "date", today.isoformat()),
            Field("last_day", LAST_DAY, "date", until, required="until_date" in needs,
                  hint=Words("只管当天", "That day only") if kind == "emergency" else Words("长期的不填", "Empty: open")),
            Field("reason", WHY, "long", required="reason" in needs),
            Field("evidence", EVIDENCE, required=False),
        ]  # fmt: skip
        return Form(wanted.words, Words("备案", "File"), tuple(rows), wanted.guide)

    return form


def call_of(kind: str) -> Callable[..., Call]:
    """Reads what `form_of(kind)` asked."""

    def call(actor: Actor, data: Mapping[str, Any], number: int) -> Call:
        needs = KINDS[kind].needs  # type: ignore[index]
        target = fields.text(data, "target", TARGET, required="target" in needs, longest=40)
        what, _, which = target.partition(":")
        share = fields.number(data, "third_party_bp", SHARE, most=100, required="third_party_bp" in needs)
        terms = Terms(
            kind=kind,  # type: ignore[arg-type]
            from_date=fields.needed_day(data, "from_date", FROM),
            until_date=day_after(data, "last_day", LAST_DAY, required="until_date" in needs),
            facility=fields.number(data, "facility", HERE, required=False),
            target_facility=_number(which)
            if what == "facility"
            else fields.number(data, "target_facility", CHOSEN, required="target_facility" in needs),
            target_level=which if what == "level" else "",
            disease_code=fields.text(
                data, "disease_code", DISEASE, required="disease_code" in needs, longest=30
            ),
            third_party_bp=None if share is None else share * 100,
            reason=fields.text(data, "reason", WHY, required="reason" in needs),
            evidence=fields.text(data, "evidence", EVIDENCE, required=False),
        )
        return Call(
            "filings.file", file, {"person": number, "terms": terms},
            region=person(viewer=actor, person=number).summary.region,
            summary=f"追溯{KINDS[kind].words.zh}，自 {terms.from_date} 起",  # type: ignore[index]
        )  # fmt: skip

    return call


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def held(actor: Actor, number: int, item: int) -> Filing:
    """One filing of a person, or of a record merged with theirs."""
    for one in filing_history(viewer=actor, person=number):
        if one.id == item:
            return one
    raise NotFound(
        "filing_not_found",
        Words("没有这条备案。", "There is no such filing."),
        remedy=Words("请刷新人员页面。", "Reload the person's page."),
    )


UNTIL = Words("从哪天起失效", "First day without")


def _withdraw_form(actor: Actor, number: int, item: int) -> Form:
    one = held(actor, number, item)
    rows = (
        Field(
            "until_date",
            UNTIL,
            "date",
            required=False,
            hint=Words("不填则整条撤销，视为没有备过案", "Empty: withdrawn whole, as if never filed"),
        ),
        reason_field(Words("撤销原因", "Why")),
    )
    return Form(
        Words(f"撤销“{one.words.zh}”", f"Withdraw: {one.words.en}"),
        Words("撤销", "Withdraw"),
        rows,
        Words(
            "撤销后新单据不再按此备案结算；已结算的不变。",
            "New bills are settled without it; settled ones stay.",
        ),
        danger=True,
    )


def _withdraw(actor: Actor, data: Mapping[str, Any], number: int, item: int) -> Call:
    one = held(actor, number, item)
    until = fields.day(data, "until_date", UNTIL, required=False)
    words = {"filing": item, "reason": reason_of(data), "until_date": until}
    tail = f"，自 {until} 起" if until else ""
    return Call("filings.withdraw", withdraw, words, one.region, f"追溯撤销：{one.words.zh}{tail}")


def deeds(desk: str, of: str, back: str, kinds: tuple[str, ...]) -> tuple[Deed, ...]:
    """The deeds of a desk: one for each kind it files, and withdrawing. `of`: the address of a person there."""
    return (
        *(
            Deed(f"{desk}.file_{kind}", f"{of}filings/{kind}/", "filings.file", form_of(kind), call_of(kind), back)
            for kind in kinds
        ),
        Deed(
            f"{desk}.filing_withdraw", f"{of}filings/<int:item>/withdraw/", "filings.withdraw",
            _withdraw_form, _withdraw, back,
        ),
    )  # fmt: skip


def offered(desk: str, kinds: tuple[str, ...]) -> tuple[tuple[str, Words, Words], ...]:
    """Address name, short name and what it is for, of each kind a desk files."""
    return tuple((f"{desk}.file_{kind}", SHORT_NAMES[kind], KINDS[kind].guide) for kind in kinds)  # type: ignore[index]


def about(one: Filing, names: Mapping[int, str]) -> Words:
    """What a filing is about: where to, which disease, whose share."""
    if one.target_facility is not None:
        name = names.get(one.target_facility, str(one.target_facility))
        return Words(f"→ {name}", f"→ {name}")
    if one.target_level:
        level = name_of(one.target_level)
        return Words(f"→ 任何{level.zh}医院", f"→ any hospital: {level.en}")
    if one.disease_code:
        return Words(one.disease_code, one.disease_code)
    if one.third_party_bp is not None:
        share = f"{one.third_party_bp // 100} %"
        return Words(f"第三方责任 {share}", f"third party {share}")
    return Words("", "")


def facilities_of(found: Iterable[Filing]) -> dict[int, str]:
    """The names of every facility these filings speak of."""
    return facility_names(
        number for one in found for number in (one.facility, one.target_facility) if number is not None
    )
