"""What a bill could meet of a policy: two policies with the same sense settle every bill alike from the same sources.

The sense is what the engine is given – the compiled programs with their numbers, the groups of people and diseases,
dates and switches – premiums and grants, which fund pays, and for every number whether it is cited, assumed (and so
to be confirmed by the county) or neither. Dates outside the policy's time are cut to it. Not in it are titles, quoted
words and layout, what else is cited beside an assumption, and targets, which are measured and pay nobody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from faults_sites import CITES, WORDS

from doudi.engine.compile.beyond import compile_enrolment, compile_grants
from doudi.engine.compile.bill import compile_policy, compile_year_end
from doudi.engine.program import Cell, Program, Version
from doudi.policy.citations import needing_source, source_at
from doudi.policy.document import PolicyDocument
from doudi.policy.library import Library, Policy, region_prefix
from doudi.policy.problems import PolicyError

NOT_MET = {*WORDS, *CITES, "count", "accepted", "categories", "targets"}
IN_PROGRAM = {"payers", "bill", "figures", "order"}  # told by the programs
_USUAL_YEAR = {"begins": "01-01", "as_of": "discharged", "across": "whole"}
KEPT = ("fund", "decided", "settled", "for", "from", "until", "bound")  # what programs do not show of a payer


def sense(folder: Path, target: str) -> Any:
    """The sense of a policy in a folder; None where it cannot be loaded or compiled."""
    try:
        return sense_of(Library([folder], shipped=False).load(target))
    except (PolicyError, KeyError, IndexError, ValueError):
        return None


def sense_of(policy: Policy) -> Any:
    """The sense of a loaded policy."""
    document = policy.document
    dumped = document.model_dump(by_alias=True, warnings=False)
    dumped["pooling_area"] = document.pooling_area or region_prefix(document.region)
    dumped["year"] |= {key: dumped["year"][key] or usual for key, usual in _USUAL_YEAR.items()}
    rest = {
        key: _bare(value, document) for key, value in dumped.items() if key not in (*NOT_MET, *IN_PROGRAM)
    }
    payers = [
        (payer["payer"], [_kept(form) for form in (payer, *payer["benefits"])]) for payer in dumped["payers"]
    ]
    return [_program(program, document) for program in _programs(document)], rest, payers, _sources(policy)


def _programs(document: PolicyDocument) -> list[Program]:
    yearly = [index for index, payer in enumerate(document.payers) if payer.settled == "year_end"]
    return [
        compile_policy(document).program,
        *(compile_year_end(document, index).program for index in yearly),
        compile_grants(document).program,
        compile_enrolment(document).program,
    ]


def _program(program: Program, document: PolicyDocument) -> Program:
    """The program with the versions of its numbers cut to the policy's time, and without their places in the file."""
    cells = tuple(
        (register, Cell(cell.label, cell.unit, tuple(_version(one, document) for one in cell.versions)))
        for register, cell in program.cells
    )
    return replace(program, cells=cells)


def _version(version: Version, document: PolicyDocument) -> Version:
    begins, ends = _cut(version.begins, version.ends, document)
    return Version(begins, ends, version.value, ())


def _cut(begins: date | None, ends: date | None, document: PolicyDocument) -> tuple[date | None, date | None]:
    """A span without what lies outside the policy's time."""
    first, last = document.in_force.from_, document.in_force.until
    return (None if begins is not None and begins <= first else begins), (
        None if ends is not None and last is not None and ends >= last else ends
    )


def _kept(form: dict[str, Any]) -> Any:
    return {key: form[key] for key in KEPT if form.get(key) is not None}


def _bare(value: Any, document: PolicyDocument) -> Any:
    """A dumped form without words for people, its dates cut, its lists without an order that means nothing."""
    if isinstance(value, dict):
        bare = {name: _bare(inner, document) for name, inner in value.items() if name not in NOT_MET}
        if (
            "from" in bare
            and "until" in bare
            and value != document.in_force.model_dump(by_alias=True, warnings=False)
        ):
            bare["from"], bare["until"] = _cut(bare["from"], bare["until"], document)
        if bare.get("all") and len(bare["all"]) == 1 and bare.get("any") is None:
            bare["any"], bare["all"] = bare["all"], None
        return bare
    if isinstance(value, list):
        return sorted((_bare(inner, document) for inner in value), key=repr)
    return value


def _sources(policy: Policy) -> Any:
    """Path of every number, date and list → whether it is assumed, cited from the policy's sources, or neither."""
    known, found = set(policy.document.sources), {}
    for path in needing_source(policy):
        if not NOT_MET & {path[0], path[-1]}:
            cited = source_at(policy.tree, path)
            names = {name for name, _ in cited.cites}
            state = "assumed" if cited.assumed is not None else "cited" if names else "neither"
            found[tuple("any" if step == "all" else step for step in path)] = sorted(names - known) or state
    return found
