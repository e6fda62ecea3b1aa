"""The upper half of a slip: whose it is, where and when, and the banners of one that no longer stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from doudi.engine.vocabulary import name_of
from doudi.money import format_yuan
from doudi.server.settlement.slip.data import HeadCategory, HeadDiagnosis, Payment, Slip
from doudi.server.settlement.slip.glyphs import breakable, cut
from doudi.server.settlement.slip.wording import (
    BECAUSE,
    BY_NUMBER,
    LABELS,
    MORE,
    NO_CATEGORY,
    PAID_AT_ONCE,
    PAID_IN_PARTS,
    PAID_LATER,
    REPLACED,
    REPLACED_TEXT,
    REVERSED,
    REVERSED_TEXT,
    SINCE,
    UNKNOWN,
    VERSION,
    VERSION_FOR,
    VERSION_TEXT,
    YEARS_OLD,
)
from doudi.words import Language, Words

LONGEST = 60
"""Characters of a name, a hospital, a ward; a longer one is cut and shows it."""
LONGEST_DIAGNOSIS, MOST_DIAGNOSES, MOST_CATEGORIES, LONGEST_REASON = 32, 60, 14, 160
SHANGHAI = timezone(timedelta(hours=8))
"""China has one time and has kept it unchanged since 1991; no slip is older."""


def label(key: str, language: Language) -> dict[str, str]:
    """A label in Chinese, and in the English form its small English companion."""
    words = LABELS[key]
    return {"zh": words.zh, "en": words.en if language == "en" else ""}


def _field(text: str, length: int = LONGEST) -> str:
    return breakable(cut(text, length))


def both(words: Words, language: Language) -> str:
    """A word of the person: Chinese, in the English form followed by its English."""
    return f"{words.zh} {words.en}" if language == "en" and words.en and words.en != words.zh else words.zh


def person_fields(slip: Slip, language: Language) -> dict[str, Any]:
    """Name to settlement time, each as text."""
    head, bill = slip.head, slip.record["facts"]["bills"][slip.bill]
    unknown = UNKNOWN.say(language)
    care = name_of(bill["care"]) if bill.get("care") else UNKNOWN
    where = [text.strip() for text in (head.department, head.ward) if text.strip()]
    level = both(head.facility_level, language)
    facility = _field(head.facility)
    return {
        "name": _field(head.name),
        "sex": both(head.sex, language) or unknown,
        "age": YEARS_OLD.filled(age=head.age).say(language) if head.age is not None else unknown,
        "id_number": _field(head.masked_number, 32) or unknown,
        "categories": _category_texts(head.categories, language),
        "scheme": _field(both(head.scheme, language)) or unknown,
        "care": both(care, language),
        "facility": f"{facility}（{level}）" if level else facility,
        "facility_code": _field(head.facility_code, 24),
        "department": _field(" ".join(where), 40) or "—",
        "admitted": bill.get("admitted") or "",
        "discharged": bill.get("discharged") or bill.get("settled") or "",
        "settled_at": f"{slip.settled_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "serial": _field(head.serial, 40),
        "clerk": _field(head.clerk, 20),
    }


def _category_texts(categories: Sequence[HeadCategory], language: Language) -> list[str]:
    """`低保对象（民政局，2016-01-01 起）` for each category."""
    texts = []
    for one in categories[:MOST_CATEGORIES]:
        since = SINCE.filled(date=one.from_date).say(language) if one.from_date else ""
        inside = "，".join(text for text in (one.department.strip(), since) if text)
        name = _field(both(one.name, language), 40)
        texts.append(f"{name}（{cut(inside, 50)}）" if inside else name)
    if len(categories) > MOST_CATEGORIES:
        texts.append(MORE.filled(count=len(categories)).say(language))
    return texts or [NO_CATEGORY.say(language)]


def diagnosis_texts(diagnoses: Sequence[HeadDiagnosis], language: Language) -> list[str]:
    """`M17.9 膝关节病` for each diagnosis, the main one first; how many there are where not all are told."""
    texts = [
        f"{_field(one.code, 20)} {_field(one.name, LONGEST_DIAGNOSIS)}".strip()
        for one in diagnoses[:MOST_DIAGNOSES]
    ]
    if len(diagnoses) > MOST_DIAGNOSES:
        texts.append(MORE.filled(count=len(diagnoses)).say(language))
    return texts or [UNKNOWN.say(language)]


def banners(slip: Slip, language: Language) -> list[dict[str, str]]:
    """What must be seen first: reversed, replaced, a later version and why."""
    told = []
    if slip.state == "reversed":
        told.append((REVERSED, [REVERSED_TEXT.filled(date=slip.state_date)]))
    if slip.state == "replaced":
        told.append((REPLACED, [REPLACED_TEXT.filled(date=slip.state_date)]))
    if told:
        told[0][1].extend(_details(slip.state_by, slip.state_reason))
    if slip.version > 1:
        instead = _field(slip.replaces, 40)
        said = [VERSION_FOR.filled(number=instead) if instead else VERSION_TEXT, *_details("", slip.reason)]
        told.append((VERSION.filled(version=slip.version), said))
    between = "" if language == "zh" else " "
    return [
        {"strong": strong.say(language), "text": between.join(words.say(language) for words in text)}
        for strong, text in told
    ]


def _details(number: str, reason: str) -> list[Words]:
    details = []
    if number.strip():
        details.append(BY_NUMBER.filled(number=_field(number, 40)))
    if reason.strip():
        details.append(BECAUSE.filled(reason=_field(reason, LONGEST_REASON).rstrip("。.")))
    return details


def payment_text(payment: Payment | None, patient_fen: int, language: Language) -> str:
    """How the patient's share is paid, "" where nothing is said."""
    if payment is None:
        return ""
    now = format_yuan(payment.now_fen, grouping=True)
    channel = f"（{_field(payment.channel, 20)}）" if payment.channel.strip() else ""
    if payment.means == "at_once":
        return PAID_AT_ONCE.filled(now=now).say(language) + channel
    if payment.means == "later":
        rest = format_yuan(patient_fen - payment.now_fen, grouping=True)
        return PAID_LATER.filled(now=now + channel, rest=rest).say(language)
    parts = "；".join(f"{day} {format_yuan(amount, grouping=True)}" for day, amount in payment.instalments)
    count = len(payment.instalments)
    return PAID_IN_PARTS.filled(now=now + channel, count=count, parts=parts).say(language)
