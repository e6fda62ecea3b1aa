"""What a filing of each kind must say, and what of a kind exists only once on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from doudi.engine.vocabulary import LEVELS
from doudi.server.filings import errors
from doudi.server.filings.data import Terms
from doudi.server.filings.kinds import KINDS
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import check_period, fitting
from doudi.server.reference.api import facility
from doudi.words import Words

EVIDENCE = Words("佐证", "The evidence")


def checked(terms: Terms, actor: Actor) -> Terms:
    """The terms with the actor's own facility and the usual end filled in; refused where a fact is missing or not theirs.

    An emergency concerns one admission: without an end it holds for that day.
    """
    kind = KINDS.get(terms.kind)
    if kind is None:
        raise errors.no_such_kind(terms.kind)
    if actor.facility:
        if not kind.by_facility:
            raise errors.not_by_facility(kind.code)
        if terms.facility not in (None, actor.facility):
            raise errors.not_your_facility()
        terms = replace(terms, facility=actor.facility)
    terms = replace(
        terms,
        disease_code=fitting(terms.disease_code, errors.FACTS["disease_code"], "disease_code", 30).upper(),
        reason=fitting(terms.reason, errors.FACTS["reason"], "reason"),
        evidence=fitting(terms.evidence, EVIDENCE, "evidence"),
    )
    if terms.kind == "emergency" and terms.until_date is None:
        terms = replace(terms, until_date=terms.from_date + timedelta(days=1))
    for fact in sorted(kind.needs):
        if not _states(terms, fact):
            raise errors.fact_missing(kind.code, fact)
    if terms.target_level and terms.target_level not in LEVELS:
        raise errors.level_unknown(terms.target_level, LEVELS)
    if terms.third_party_bp is not None and not 0 <= terms.third_party_bp <= 10_000:
        raise errors.share_out_of_range()
    check_period(terms.from_date, terms.until_date)
    for number in (terms.facility, terms.target_facility):
        if number is not None:
            facility(viewer=actor, facility=number, day=terms.from_date)  # refuses one that does not exist
    return terms


def _states(terms: Terms, fact: str) -> bool:
    if fact == "target":
        return (terms.target_facility is None) == bool(terms.target_level)
    value = getattr(terms, fact)
    return bool(value.strip()) if isinstance(value, str) else value is not None


def subject(terms: Terms) -> str:
    """What of the kind exists only once on a day: the disease, the target, or the facility."""
    if terms.kind == "special_outpatient":
        return terms.disease_code
    if terms.kind in ("referral", "chosen_institution"):
        return terms.target_level or f"facility {terms.target_facility}"
    return f"facility {terms.facility}" if terms.facility is not None else "county"
