"""A trial as the window shows it: a bar a payer, what each rests on, why another pays nothing, what would change that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from doudi.engine.render.amounts import percent_of
from doudi.engine.render.narrative import Chapter, Sentence, narrate
from doudi.engine.render.notes import Note, Notes
from doudi.money import capital_yuan
from doudi.server.settlement.api import Trial
from doudi.words import Language, Words

SCALE = 10_000
"""The width of a whole bar."""
PART_WORDS = {
    "in_scope": Words("政策范围内", "in scope"), "first_pay": Words("先行自付", "first pay"),
    "over_limit": Words("超限价", "over limit"), "own_pay": Words("全自费", "own pay"),
}  # fmt: skip
MENDS: Mapping[str, Words] = {
    "referred": Words("补办转诊备案（F4）后可重新试算", "file the referral (F4), then try again"),
    "emergency": Words(
        "确属急诊的，登记急诊（F7）后可重新试算", "if it was one, file the emergency (F7), then try again"
    ),
    "filing": Words("由参保地办理备案后可重新试算", "file it where the person is insured, then try again"),
    "people": Words("由主管部门认定身份后可重新试算", "once the department has recognised it, try again"),
    "uninsured": Words("参保到账后可重新试算", "once the person is insured, try again"),
    "contract": Words("家庭医生签约后可重新试算", "once there is a contract, try again"),
    "assessed": Words(
        "已评估困难的，在“更多”中勾选后可重新试算", "where it was assessed, tick it under More"
    ),
}
"""What changes a condition that does not hold, by the kind of the condition."""
TRUTHS = frozenset({"referred", "emergency", "uninsured", "contract", "assessed"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the bar of the whole bill. `start` and `width` of `SCALE`."""

    kind: str
    words: Words
    fen: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the picture: who pays how much of the bill, from where it begins, and what that rests on."""

    payer: str
    name: str
    fen: int
    percent: str
    start: int
    width: int
    recorded: bool
    applied: bool
    sentences: tuple[Sentence, ...]
    notes: tuple[Note, ...]
    mends: tuple[Words, ...] = ()

    @property
    def why_not(self) -> str:
        """Why nothing is paid: what deserves a look, else the first sentence that is no heading."""
        told = [one for one in self.sentences if one.tone != "head"]
        found = next((one for one in told if one.tone in ("look", "refused")), told[0] if told else None)
        return found.text if found is not None and not self.fen else ""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the result shows beside the trial's own figures."""

    parts: tuple[Piece, ...]
    bars: tuple[Bar, ...]
    about: tuple[Sentence, ...]
    capitals: str
    paid_percent: str
    in_scope_percent: str
    patient_percent: str
    hospital_start: int
    hospital_width: int
    patient_start: int
    patient_width: int


def picture(trial: Trial, language: Language) -> Picture:
    """The picture of a trial in a language."""
    return picture_of(
        trial.explanation,
        {part: getattr(trial, f"{part}_fen") for part in PART_WORDS},
        {one.payer: (one.fen, one.recorded) for one in trial.shares},
        (trial.hospital_fen, trial.patient_fen, trial.patient_in_scope_fen),
        language,
    )  # fmt: skip


def picture_of(
    explanation: list[Any],
    parts: Mapping[str, int],
    shares: Mapping[str, tuple[int, bool]],
    rest: tuple[int, int, int],
    language: Language,
) -> Picture:
    """The picture of a decision. `shares`: payer → fen, and whether it was recorded.

    `rest`: what the hospital and the patient bear, and how much of the patient's is in scope.
    """
    total = sum(parts.values())
    hospital, patient, in_scope_left = rest
    notes = Notes(language)
    chapters = narrate(explanation, language, notes)
    steps = {step["payer"]: step for step in explanation if step["step"] == "payer"}
    told = {one.key: one for one in chapters if one.kind == "payer"}
    bars, at = [], 0
    for payer, (amount, recorded) in shares.items():
        chapter = told[payer]
        bars.append(_bar(chapter, steps[payer], amount, total, at, recorded, notes))
        at += amount
    in_scope = parts["in_scope"]
    return Picture(
        tuple(_parts(parts, total)),
        tuple(bars),
        tuple(sentence for one in chapters if one.kind in ("bill", "rule") for sentence in one.sentences[1:]),
        capital_yuan(patient),
        percent_of(total - patient - hospital, total),
        percent_of(max(0, in_scope - in_scope_left), in_scope),
        percent_of(patient, total),
        _of(at, total),
        _of(hospital, total),
        _of(at + hospital, total),
        _of(patient, total),
    )


def _bar(chapter: Chapter, step: Any, amount: int, total: int, at: int, recorded: bool, notes: Notes) -> Bar:
    marks = {mark for sentence in chapter.sentences for mark in sentence.marks}
    return Bar(
        chapter.key,
        chapter.title,
        amount,
        percent_of(amount, total) if amount else "",
        _of(at, total),
        _of(amount, total),
        recorded,
        chapter.applied,
        tuple(chapter.sentences),
        tuple(note for note in notes.notes.values() if note.mark in marks),
        tuple(dict.fromkeys(_mends(step))) if not amount else (),
    )


def _of(part: int, whole: int) -> int:
    return min(SCALE, part * SCALE // whole) if whole else 0


def _parts(parts: Mapping[str, int], total: int) -> Iterator[Piece]:
    at = 0
    for kind, fen in parts.items():
        yield Piece(kind, PART_WORDS[kind], fen, _of(at, total), _of(fen, total))
        at += fen


def _mends(step: Mapping[str, Any]) -> Iterator[Words]:
    """What would change that a payer pays nothing: of its own conditions, else of its benefits'."""
    if not step["applied"]:
        yield from _unmet(step["test"], wanted=True)
        return
    for benefit in step["benefits"]:
        if not benefit["applied"]:
            yield from _unmet(benefit["test"], wanted=True)


def _unmet(test: Mapping[str, Any] | None, *, wanted: bool) -> Iterable[Words]:
    """Only where all that fails can be mended: to file a referral helps nobody whose care is another."""
    if test is None or test["holds"] == wanted:
        return ()
    if test["kind"] == "not":
        return _unmet(test["parts"][0], wanted=not wanted)
    if test.get("parts"):
        failing = [part for part in test["parts"] if part["holds"] != wanted]
        found = [list(_unmet(part, wanted=wanted)) for part in failing]
        if test["kind"] == "any" or all(found):
            return [words for one in found for words in one]
        return ()
    truth = "false" if test["kind"] == "uninsured" else "true"
    if not wanted or (test["kind"] in TRUTHS and test.get("argument") != truth):
        return ()
    words = MENDS.get(test["kind"])
    return (words,) if words else ()
