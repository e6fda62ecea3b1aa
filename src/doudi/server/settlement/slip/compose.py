"""From a slip to what the template prints: texts only, in their places, every sum checked, every character printable.

`compose` is pure: the same slip gives the same data, in any process, in any year. It refuses to write a paper that
contradicts itself: parts that are not the total, payers that are not their sum, a record whose hash is not its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from doudi.engine.record import canonical
from doudi.engine.render.amounts import fen, grouped, percent_of
from doudi.engine.render.narrative import payer_names
from doudi.engine.vocabulary import name_of
from doudi.money import capital_yuan, format_yuan
from doudi.server.settlement.slip.articles import Articles
from doudi.server.settlement.slip.data import Slip
from doudi.server.settlement.slip.glyphs import Writer, cut
from doudi.server.settlement.slip.payers import payer_rows
from doudi.server.settlement.slip.person import banners, diagnosis_texts, label, payment_text, person_fields
from doudi.server.settlement.slip.sums import Setting
from doudi.server.settlement.slip.wording import (
    APPEAL,
    APPEAL_OFFICE,
    ASSUMED,
    DECISION,
    LABELS,
    NO_PAYER,
    POLICY,
    QR,
    REPLACED_CHARACTERS,
    RULE,
    RULE_MOVED,
    RULE_PRICE,
)
from doudi.server.settlement.slip.year import year_rows
from doudi.words import Language

Told = dict[str, Any]
PARTS = ("in_scope", "first_pay", "over_limit", "own_pay")
MASK = 2
"""One of the eight patterns of a QR code. Any can be read; trying all costs more than the rest of a slip."""


class SlipContradicts(ValueError):
    """A record or payment that does not add up or is not what its hash says; names the sum, never a person."""


def compose(slip: Slip, language: Language = "zh") -> dict[str, Any]:
    """What the template of the slip's head prints. Raises SlipContradicts and BrokenHead."""
    record = slip.record
    answer, bill = record["answer"], record["answer"]["bills"][slip.bill]
    _check(slip, bill)
    explanation = bill["explanation"]
    articles = Articles()
    setting = Setting(language, payer_names(explanation), _parts_decided(explanation), articles)
    composed = {
        "language": language,
        "labels": {key: label(key, language) for key in LABELS},
        "county": cut(slip.head.county, 30),
        "number": cut(slip.number, 40),
        "qr": qr_rows(qr_text(slip)),
        "banners": banners(slip, language),
        **person_fields(slip, language),
        "diagnoses": diagnosis_texts(slip.head.diagnoses, language),
        "costs": {"total": grouped(bill["total"]), **_billed(explanation)},
        "rules": _rules(explanation, setting),
        "payers": payer_rows(explanation, setting),
        "no_payer": "" if setting.payers else NO_PAYER.say(language),
        "payers_total": _sum(bill["shares"].values()),
        "hospital": grouped(bill["hospital"]),
        **_patient(bill, explanation),
        "payment": payment_text(slip.payment, fen(bill["patient"]), language),
        "year": year_rows(answer, explanation, setting),
        "sources": articles.listed(),
    }
    return _printable(composed, _small_print(slip, language, assumed=articles.assumed), language)


def qr_text(slip: Slip) -> str:
    """What the QR code says; without a network it ties the paper to the decision it was printed from."""
    return f"DOUDI:{slip.number}:{slip.record['sha256']}"


def qr_rows(text: str) -> list[list[int]]:
    """The code's rows as lengths of runs, black and white in turn beginning with black (which may be 0)."""
    import segno

    rows = []
    for row in segno.make(text, error="m", micro=False, mask=MASK).matrix:
        runs, colour = [0], 1
        for module in row:
            if module != colour:
                runs.append(0)
                colour = module
            runs[-1] += 1
        rows.append(runs)
    return rows


# sums


def _check(slip: Slip, bill: Told) -> None:
    """Refuse what contradicts itself."""
    record = slip.record
    body = {key: value for key, value in record.items() if key != "sha256"}
    if hashlib.sha256(canonical(body)).hexdigest() != record["sha256"]:
        raise SlipContradicts("sha256")
    explanation, total = bill["explanation"], fen(bill["total"])
    parts = explanation[0]["parts"]
    steps = [step for step in explanation if step["step"] == "payer"]
    shares = {step["payer"]: step["amount"] for step in steps}
    patient = fen(bill["patient"])
    checks = {
        "parts": _total(parts.values()) == total,
        "shares": shares == bill["shares"] and len(steps) == len(shares),
        "total": _total(bill["shares"].values()) + fen(bill["hospital"]) + patient == total,
        "patient_in_scope": 0 <= fen(bill["patient_in_scope"]) <= patient,
        "payment": slip.payment is None
        or _paid(slip.payment.now_fen, slip.payment.instalments, slip) == patient,
    }
    if broken := [name for name, holds in checks.items() if not holds]:
        raise SlipContradicts(", ".join(broken))


def _paid(now_fen: int, instalments: tuple[tuple[str, int], ...], slip: Slip) -> int:
    """What a payment comes to; what is paid later is the rest by definition."""
    if slip.payment is not None and slip.payment.means == "later":
        owed = fen(slip.record["answer"]["bills"][slip.bill]["patient"])
        return owed if 0 <= now_fen <= owed and not instalments else -1
    return now_fen + sum(amount for _, amount in instalments)


def _total(amounts: Any) -> int:
    return sum(fen(amount) for amount in amounts)


def _sum(amounts: Any) -> str:
    return format_yuan(_total(amounts), grouping=True)


def _billed(explanation: list[Told]) -> dict[str, str]:
    parts = explanation[0]["parts"]
    return {part: grouped(parts.get(part, "0.00")) for part in PARTS}


def _parts_decided(explanation: list[Told]) -> dict[str, str]:
    """The parts as the payers meet them: after the last bill rule that applied."""
    parts: dict[str, str] = dict(explanation[0]["parts"])
    for step in explanation:
        if step["step"] == "rule" and step["applied"]:
            parts = dict(step["after"])
    return parts


def _rules(explanation: list[Told], setting: Setting) -> list[dict[str, Any]]:
    """The bill rules that changed the parts, each in one line."""
    rows = []
    for step in explanation:
        if step["step"] != "rule" or not step["applied"]:
            continue
        after = setting.w("，", ", ").join(
            f"{name_of(part).say(setting.language)} {grouped(amount)}"
            for part, amount in step["after"].items()
            if fen(amount)
        )
        if step["kind"] == "move":
            text = RULE_MOVED.filled(
                of=name_of(step["of"]).say(setting.language),
                to=name_of(step["to"]).say(setting.language),
                rate=step["number"]["value"],
                moved=grouped(step["moved"]),
                after=after,
            )
        else:
            text = RULE_PRICE.filled(price=grouped(step["price"]), after=after)
        told = RULE.filled(name=setting.name(step["name"]), text=text.say(setting.language))
        marks = setting.articles.of(step["number"])
        rows.append({"text": told.say(setting.language), "marks": list(marks)})
    return rows


def _patient(bill: Told, explanation: list[Told]) -> dict[str, str]:
    """What the patient pays, in figures and capitals, of it in scope, and both shares in percent."""
    total, patient, inside = fen(bill["total"]), fen(bill["patient"]), fen(bill["patient_in_scope"])
    in_scope = fen(explanation[0]["parts"]["in_scope"])
    return {
        "patient": grouped(bill["patient"]),
        "capitals": capital_yuan(patient),
        "patient_in_scope": grouped(bill["patient_in_scope"]),
        "patient_outside": format_yuan(patient - inside, grouping=True),
        "share_in_scope": percent_of(max(0, in_scope - inside), in_scope),
        "share_total": percent_of(total - patient, total),
    }


# small print


def _small_print(slip: Slip, language: Language, *, assumed: bool) -> list[str]:
    record: Mapping[str, Any] = slip.record
    office = slip.head.appeal_to.strip() or APPEAL_OFFICE.say(language)
    lines = [
        APPEAL.filled(office=office).say(language),
        POLICY.filled(id=record["policy"]["id"], hash=record["policy"]["hash"]).say(language),
        DECISION.filled(hash=record["sha256"], engine=record["engine"]).say(language),
        QR.say(language),
    ]
    if assumed:
        lines.append(ASSUMED.say(language))
    return lines


def _printable(composed: dict[str, Any], small_print: list[str], language: Language) -> dict[str, Any]:
    """Every text made safe for the printer; what had to be replaced is said in the small print."""
    writer = Writer()
    safe: dict[str, Any] = _walk(composed | {"small_print": small_print}, writer)
    if writer.replaced:
        codes = "、".join(f"U+{ord(character):04X}" for character in sorted(writer.replaced)[:24])
        more = "…" if len(writer.replaced) > 24 else ""
        safe["small_print"].append(REPLACED_CHARACTERS.filled(codes=codes + more).say(language))
    return safe


def _walk(data: Any, writer: Writer) -> Any:
    if isinstance(data, str):
        return writer.safe(data)
    if isinstance(data, dict):
        return {key: _walk(value, writer) for key, value in data.items()}
    if isinstance(data, list):
        return [_walk(value, writer) for value in data]
    return data
