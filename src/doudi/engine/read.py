"""Reads the settle file (docs/settle-file.md) into facts, or refuses it saying what, where and how to mend it."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from typing import Any

from doudi.engine.data import Balances, Bill, Event, Facility, Facts, Filing, Holding, Insurance, Person, Span
from doudi.engine.fields import Fields, read_yuan
from doudi.engine.lines import Catalogue, read_catalogue, read_lines
from doudi.engine.refusals import Refused
from doudi.engine.vocabulary import CARES, CHANNELS, GRADES, LEVELS
from doudi.money import MAX_ACCUMULATOR, format_yuan
from doudi.policy.conditions import PARTS

FILE_KEYS = ("policy", "person", "opening", "bills", "events", "catalogue", "year_end", "enrolment", "note")
PERSON_KEYS = ("id", "name", "born", "sex", "household", "region", "insured", "contract", "categories")
BILL_KEYS = (
    "id", "stay", "care", "facility", "admitted", "discharged", "settled", "referred", "emergency", "accident",
    "assessed", "channel", "filings", "roster", "diagnoses", "procedures", "admission", "total", *PARTS,
    "portions", "recorded", "decided", "lines", "note",
)  # fmt: skip


def parse_json(text: str) -> Any:
    """JSON as Python objects; numbers with a fraction stay recognisable as such. Raises Refused."""
    try:
        return json.loads(text, object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError) as error:
        raise Refused("json_malformed", "", detail=str(error)) from error


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key written twice is an error and not a silent last-one-wins."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key written twice: {next(name for name in names if names.count(name) > 1)}")
    return found


def read_facts(data: Any, catalogue: Any = None) -> Facts:
    """A settle file as facts. Raises Refused."""
    if not isinstance(data, dict) or "bills" not in data:
        raise Refused("file_shape")
    fields = Fields(data, "", FILE_KEYS)
    if not fields.has("person"):
        raise Refused("person_missing", "person")
    prices = read_catalogue(data.get("catalogue") if catalogue is None else catalogue)
    bills = tuple(_bill(item, path, prices) for item, path in fields.objects("bills"))
    seen: set[str] = set()
    for bill in bills:
        if bill.id in seen:
            raise Refused("bill_twice", bill.path, key=bill.id)
        seen.add(bill.id)
    events = tuple(_event(item, path) for item, path in fields.objects("events"))
    person = _person(fields.need("person"))
    return Facts(person, bills, _opening(data.get("opening")), events, fields.text("policy"),
                 _years(fields, "year_end"), _years(fields, "enrolment"))  # fmt: skip


def _years(fields: Fields, key: str) -> tuple[int, ...]:
    for year in fields.texts(key):
        if not re.fullmatch("(19|2[0-9])[0-9]{2}", year):
            raise Refused("date_malformed", fields.at(key), key=key, text=year)
    return tuple(int(year) for year in fields.texts(key))


def _person(data: Any) -> Person:
    fields = Fields(data, "person", PERSON_KEYS)
    if not fields.text("id"):
        raise Refused("person_missing", "person.id")
    holdings = []
    for item, path in fields.objects("categories"):
        inner = Fields(item, path, ("code", "from", "until", "department", "known_since", "note"))
        holdings.append(Holding(inner.name("code"), _span(inner)))
    return Person(
        str(fields.text("id")),
        fields.day("born"),
        fields.one_of("sex", ("F", "M")),
        fields.text("household"),
        fields.text("region"),
        _insured(fields),
        bool(fields.flag("contract")),
        tuple(holdings),
    )


def _span(fields: Fields) -> Span:
    begins, ends = fields.day("from"), fields.day("until")
    if begins and ends and ends < begins:
        raise Refused("dates_reversed", fields.at("until"), first="from", second="until")
    return Span(begins, ends)


def _insured(fields: Fields) -> tuple[Insurance, ...] | None:
    value = fields.data.get("insured")
    if value is None:
        return None
    if value is False or value == "false":
        return ()
    items = value if isinstance(value, list) else [value]
    found = []
    for index, item in enumerate(items):
        inner = Fields(item, f"person.insured[{index}]", ("scheme", "tier", "from", "until"))
        found.append(Insurance(inner.name("scheme"), inner.text("tier"), _span(inner)))
    found.sort(key=lambda insurance: insurance.span.begins or date.min)
    for before, after in pairwise(found):
        if before.span.ends is None or (after.span.begins or date.min) < before.span.ends:
            raise Refused("insured_twice", "person.insured")
    return tuple(found)


def _bill(data: Any, path: str, prices: Catalogue | None) -> Bill:
    fields = Fields(data, path, BILL_KEYS)
    admitted, discharged, settled = _dates(fields)
    parts, portions, lines = _parts(fields, prices, admitted)
    given = Fields(fields.data.get("decided") or {}, fields.at("decided"))
    decisions = {}
    for payer in given.data:
        decision = Fields(given.data[payer], given.at(payer), ("amount", "approver", "reason"))
        if not decision.text("approver"):
            raise Refused("decision_without_approver", decision.path, payer=payer)
        decisions[payer] = decision.yuan("amount")
    bill_id = fields.name("id")
    return Bill(
        id=bill_id,
        care=fields.one_of("care", CARES),
        admitted=admitted,
        discharged=discharged,
        settled=settled,
        parts=parts,
        facility=_facility(fields),
        stay=fields.text("stay") or bill_id,
        referred=bool(fields.flag("referred")),
        emergency=bool(fields.flag("emergency")),
        accident=_accident(fields),
        assessed=bool(fields.flag("assessed")),
        channel=fields.one_of("channel", CHANNELS) or "network",
        filings=tuple(_filing(item, where) for item, where in fields.objects("filings")),
        roster=fields.texts("roster"),
        diagnoses=fields.texts("diagnoses"),
        procedures=fields.texts("procedures"),
        admission=fields.count("admission"),
        portions=portions,
        recorded=fields.amounts("recorded"),
        decisions=decisions,
        lines=lines,
        path=path,
    )


def _dates(fields: Fields) -> tuple[date, date, date]:
    admitted, discharged, settled = (fields.day(key) for key in ("admitted", "discharged", "settled"))
    discharged = discharged or settled or admitted
    if discharged is None:
        raise Refused("field_missing", fields.at("discharged"), key="discharged")
    admitted, settled = admitted or discharged, settled or discharged
    if discharged < admitted:
        raise Refused("dates_reversed", fields.at("discharged"), first="admitted", second="discharged")
    if settled < admitted:
        raise Refused("dates_reversed", fields.at("settled"), first="admitted", second="settled")
    return admitted, discharged, settled


def _parts(
    fields: Fields, prices: Catalogue | None, admitted: date
) -> tuple[dict[str, int], dict[str, int], tuple[Any, ...]]:
    portions = fields.amounts("portions")
    lines: tuple[Any, ...] = ()
    if fields.has("lines"):
        if prices is None:
            raise Refused("catalogue_missing", fields.at("lines"))
        lines, marked = read_lines(fields, prices, admitted)
        parts = {part: sum(line.parts[part] for line in lines) for part in PARTS}
        portions = {**marked, **portions}
        for part in PARTS:
            if fields.has(part) and (stated := fields.yuan(part)) != parts[part]:
                shown = {"stated": format_yuan(stated), "sum": format_yuan(parts[part])}
                raise Refused("parts_differ_from_lines", fields.at(part), key=part, **shown)
    else:
        parts = {part: fields.yuan(part) for part in PARTS}
    total = sum(parts.values())
    if fields.has("total") and (stated := fields.yuan("total")) != total:
        raise Refused(
            "parts_differ_from_total", fields.at("total"), sum=format_yuan(total), total=format_yuan(stated)
        )
    if total == 0:
        raise Refused("bill_empty", fields.path)
    if total > MAX_ACCUMULATOR:
        raise Refused("amount_too_large", fields.at("total"), key="total")
    for name, amount in portions.items():
        if amount > total:
            raise Refused("portion_too_large", fields.at(f"portions.{name}"), key=name)
    return parts, portions, lines


def _facility(fields: Fields) -> Facility:
    if not fields.has("facility"):
        return Facility()
    keys = ("level", "grade", "designated", "region", "designated_for", "code", "name")
    inner = Fields(fields.data["facility"], fields.at("facility"), keys)
    return Facility(
        inner.one_of("level", LEVELS),
        inner.one_of("grade", GRADES),
        inner.flag("designated", None),
        inner.text("region"),
        inner.texts("designated_for"),
    )


def _accident(fields: Fields) -> bool:
    value = fields.data.get("accident")
    if isinstance(value, dict):
        return bool(Fields(value, fields.at("accident")).flag("third_party", True))
    return bool(fields.flag("accident"))


def _filing(item: Any, path: str) -> Filing:
    if isinstance(item, str):
        return Filing(item, Span(None, None))
    inner = Fields(item, path, ("kind", "from", "until", "filed_by", "source", "note"))
    return Filing(inner.name("kind"), _span(inner))


def _event(item: Any, path: str) -> Event:
    inner = Fields(item, path, ("event", "date", "note"))
    inner.need("date")
    return Event(inner.name("event"), inner.day("date") or date.min)


def _opening(data: Any) -> Balances:
    balances = Balances()
    if data is None:
        return balances
    fields = Fields(data, "opening", ("accumulators", "admissions", "stays"))
    scopes = Fields(
        data.get("accumulators") or {}, "opening.accumulators", ("person", "household", "admissions", "stays")
    )
    for scope in ("person", "household"):
        names = Fields(scopes.data.get(scope) or {}, scopes.at(scope))
        for name in names.data:
            periods = Fields(names.data[name], names.at(name))
            balances.of(scope)[name] = {
                key: read_yuan(value, periods.at(key), key, MAX_ACCUMULATOR)
                for key, value in periods.data.items()
            }
    counts = {**scopes.data, **fields.data}  # an answer's `accumulators` may be handed back whole
    admissions = Fields(counts.get("admissions") or {}, "opening.admissions")
    balances.admissions = {year: admissions.count(year) or 0 for year in admissions.data}
    stays = Fields(counts.get("stays") or {}, "opening.stays")
    balances.stays = {stay: stays.count(stay) or 1 for stay in stays.data}
    return balances
