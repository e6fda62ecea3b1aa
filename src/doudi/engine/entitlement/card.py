"""Puts a card together: participation, categories, payers and counters of one person on one day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from doudi.engine.data import Balances, Holding
from doudi.engine.entitlement.categories import category_cards
from doudi.engine.entitlement.data import Card, Line, Note, Option, Participation, PayerCard, Reason, Subject
from doudi.engine.entitlement.figures import Figures, Notebook
from doudi.engine.entitlement.law import Law, title
from doudi.engine.entitlement.lines import rule_line
from doudi.engine.entitlement.meters import meters
from doudi.engine.entitlement.partial import Outline, Partial
from doudi.engine.entitlement.payers import Counter, PayerTold, owed_counters
from doudi.engine.plan import NO_WORDS
from doudi.engine.refusals import Refused
from doudi.engine.vocabulary import name_of
from doudi.policy.library import Policy
from doudi.words import Words

KEPT_LAWS = 48
_laws: dict[tuple[str, str], Law] = {}


def law_of(policy: Policy) -> Law:
    """The policy made ready for cards; kept by the hash of its content."""
    key = (policy.id, policy.hash)
    law = _laws.get(key)
    if law is None:
        while len(_laws) >= KEPT_LAWS:
            _laws.pop(next(iter(_laws)), None)
        law = _laws[key] = Law(policy)
    return law


@dataclass(frozen=True, slots=True)
class Told:
    """What a policy gives everybody whose facts are the same."""

    rules: tuple[Line, ...]
    payers: tuple[PayerCard, ...]
    counters: tuple[Counter, ...]
    notes: tuple[Note, ...]


def card(
    policy: Policy,
    subject: Subject,
    day: date,
    balances: Balances | None = None,
    opening: Balances | None = None,
    *,
    scheme_words: Callable[[str], Words] = name_of,
) -> Card:
    """What `policy` gives a person on a day. `balances`: what the year has used; `opening`: what of it was brought in.

    Never refuses: what keeps a bill from being settled stands on the card as a reason. `scheme_words`: what people call
    a scheme of insurance, which policies name by an identifier.
    """
    law, document = law_of(policy), policy.document
    balances = balances or Balances()
    force = document.in_force
    joined = _participation(law, subject, day, scheme_words)
    options = tuple(
        _option(law, code, _closed(told, joined) if joined.refused else told, day, balances, opening)
        for code, told in _options(law, subject, day)
    )
    return Card(
        policy.id,
        policy.hash,
        title(document.title, policy.id),
        tuple(source.title for source in document.sources.values()),
        document.region,
        day,
        force.from_,
        force.until,
        force.from_ <= day and (force.until is None or day < force.until) and not document.abstract,
        joined,
        category_cards(law, subject, day, joined.refused, lambda one: told_for(law, one, day).payers),
        tuple(one for one in subject.filings if one.span.holds(day)),
        options,
        () if joined.refused else tuple(_services(law, subject, day)),
    )


def _option(
    law: Law, code: str | None, told: Told, day: date, balances: Balances, opening: Balances | None
) -> Option:
    named = law.category(code) if code else NO_WORDS
    used = meters(told.counters, day, balances, opening)
    return Option(code, named, told.rules, told.payers, used, told.notes)


def _closed(told: Told, joined: Participation) -> Told:
    """The payers where no bill of the day can be settled: none applies, and the reason is the same for all."""
    reason = (Reason("participation", "", joined.words),)
    payers = tuple(replace(one, applies="no", because=reason, benefits=(), notes=()) for one in told.payers)
    return Told((), payers, (), ())


def _options(law: Law, subject: Subject, day: date) -> Iterator[tuple[str | None, Told]]:
    """All categories together; or, where one alone counts, each of those held (`Settler` tries the same ones)."""
    if law.document.identity.several != "best_single":
        yield None, told_for(law, subject, day)
        return
    held = {holding.code for holding in subject.person.categories}
    order = [code for group in law.document.people.values() for code in (group.any_ or group.all_ or [])]
    codes = [code for code in dict.fromkeys(order) if code in held]
    for code in codes or [""]:
        yield code or None, told_for(law, alone(subject, code), day)


def alone(subject: Subject, code: str) -> Subject:
    """The person with one category only."""
    kept: tuple[Holding, ...] = tuple(one for one in subject.person.categories if one.code == code)
    return replace(subject, person=replace(subject.person, categories=kept))


def told_for(law: Law, subject: Subject, day: date) -> Told:
    """What the policy gives; remembered for everybody whose known facts are the same."""
    situation = law.situation(subject, day)
    age_known = subject.person.born is not None
    outline = law.outline(law.compiled, age_known=age_known)
    known = law.known(outline, subject, situation)
    ends = {}
    for index, compiled in law.year_end.items():
        other = law.outline(compiled, age_known=age_known)
        ends[index] = other, law.known(other, subject, situation)
    signature = (
        day,
        age_known,
        tuple(known.items()),
        tuple(tuple(facts.items()) for _, facts in ends.values()),
    )
    return law.remembered(signature, lambda: _tell(law, day, outline, known, ends))


def _tell(
    law: Law,
    day: date,
    outline: Outline,
    known: dict[int, int],
    ends: dict[int, tuple[Outline, dict[int, int]]],
) -> Told:
    book = Notebook(law)
    figures = Figures(law, law.compiled, Partial(outline, day, known), book)
    rules = [line for plan in law.compiled.plan.rules if (line := rule_line(figures, plan)) is not None]
    payers: list[PayerCard] = []
    counters: list[Counter] = []
    for plan in law.compiled.plan.payers:
        told = PayerTold(figures, plan, law.compiled)
        payers.append(told.card())
        counters += told.counters
    for index, (other, facts) in ends.items():
        compiled = law.year_end[index]
        yearly = Figures(law, compiled, Partial(other, day, facts), book)
        payers.append(PayerTold(yearly, compiled.plan.payers[0], compiled).card())
        counters += owed_counters(law, payers[-1])
    return Told(tuple(rules), tuple(payers), tuple(counters), tuple(book.notes))


def _participation(
    law: Law, subject: Subject, day: date, scheme_words: Callable[[str], Words]
) -> Participation:
    """Insured or not, and whether the engine would take a bill of this day at all."""
    person = subject.person
    held = next((one for one in person.insured or () if one.span.holds(day)), None)
    scheme, tier = (held.scheme, held.tier or "") if held is not None else ("", "")
    insured = None if person.insured is None else held is not None
    try:
        if law.document.abstract:
            raise Refused("policy_abstract", "", id=law.policy.id)
        law.settler.check(person, law.situation(subject, day).bill)
    except Refused as refused:
        what, mend = refused.what, refused.mend
        said = Words(f"{what.zh}{mend.zh}", f"{what.en} {mend.en}")
        return Participation(insured, scheme, tier, said, True)
    if insured is None:
        return Participation(None, "", "", Words("未核对参保", "participation not checked"), False)
    if held is not None:
        named, inside = scheme_words(scheme), f"（{tier}）" if tier else ""
        until = held.span.ends
        zh = f"已参保：{named.zh}{inside}" + (f"，{until} 前有效" if until else "")
        en = f"insured: {named.en}{f' ({tier})' if tier else ''}" + (f", before {until}" if until else "")
        return Participation(True, scheme, tier, Words(zh, en), False)
    said = Words("未参保；各支付方是否仍适用见下", "not insured; below is which payers still apply")
    return Participation(False, "", "", said, False)


def _services(law: Law, subject: Subject, day: date) -> Iterator[Words]:
    """Rights that are not money, such as treatment before payment, unless this person cannot have them."""
    context, rights = law.services
    if not rights:
        return
    outline = law.remembered("services", lambda: Outline(context.b.program(), law.settler.rounding, ()))
    partial = Partial(outline, day, law.known(outline, subject, law.situation(subject, day)))
    for right, test in rights:
        if test is None or partial.value(test.register) != 0:
            yield title(right, right.entitlement)


__all__ = ["Card", "card", "law_of", "told_for"]
