"""What the forms alone cannot say: do the names exist, do the bands ascend, can the compiler know what is meant.

Each check is a small generator of findings over the typed document; the tree gives the place. Errors here keep a
policy from settling bills; what only an author should hear is in `advice.py` and `citations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from doudi.policy.checks.accumulators import accumulator_problems, parts_of
from doudi.policy.checks.benefits import benefit_problems, payer_caps
from doudi.policy.checks.idle import idle_problems
from doudi.policy.checks.numbers import number_problems
from doudi.policy.conditions import When
from doudi.policy.document import PolicyDocument
from doudi.policy.payers import Payer
from doudi.policy.problems import Problem, problem
from doudi.policy.source import Node
from doudi.policy.validate import locate, where_of
from doudi.policy.values import Model, Reading
from doudi.words import did_you_mean

Path = tuple[str | int, ...]
Check = Callable[[PolicyDocument, Node], Iterator[Problem]]


def meaning_problems(document: PolicyDocument, tree: Node) -> list[Problem]:
    """Every finding about what the policy means."""
    checks: list[Check] = [_spans, _names_once, _order, _conditions, _groups, number_problems, _payers,
                           accumulator_problems, idle_problems]  # fmt: skip
    return sorted(
        (found for check in checks for found in check(document, tree)), key=lambda found: found.where
    )


def forms_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Model]]:
    """Every form of a policy with its path, the document first."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from forms_of(item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from forms_of(item, (*path, key))
    elif isinstance(value, Model):
        yield path, value
        for name, field in type(value).model_fields.items():
            yield from forms_of(getattr(value, name), (*path, field.alias or name))


def _spans(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """Forms that end before they begin (readings of numbers are checked where they are read)."""
    for path, form in forms_of(document):
        begins, ends = getattr(form, "from_", None), getattr(form, "until", None)
        if begins is not None and ends is not None and ends <= begins and not isinstance(form, Reading):
            node, shown = locate(tree, (*path, "until"))
            yield problem("span_empty", node.where, shown, begins=begins, ends=ends)


def _names_once(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """Names in lists; those of mappings cannot be written twice."""
    lists: list[tuple[Path, str, list[Any]]] = [
        (("payers",), "payer", document.payers),
        (("bill",), "rule", document.bill),
        (("grants",), "grant", document.grants),
        (("entitlements",), "entitlement", document.entitlements),
        (("targets",), "target", document.targets),
        (("gaps",), "gap", document.gaps),
        (("enrolment", "subsidies"), "subsidy", document.enrolment.subsidies if document.enrolment else []),
    ]
    lists += [
        (("payers", i, "benefits"), "benefit", payer.benefits) for i, payer in enumerate(document.payers)
    ]
    for path, key, forms in lists:
        names = [getattr(form, key) for form in forms]
        for index, name in enumerate(names):
            if name in names[:index]:
                first = where_of(tree, (*path, names.index(name), key)).line
                yield problem("name_twice", where_of(tree, (*path, index, key)), name=name, line=first)


def _order(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    if document.order is not None and sorted(document.order) != sorted(p.payer for p in document.payers):
        odd = sorted(set(document.order) ^ {payer.payer for payer in document.payers}) or document.order
        yield problem("order_names", where_of(tree, ("order",)), names=", ".join(odd))


def conditions_of(document: PolicyDocument) -> Iterator[tuple[Path, When]]:
    """Every condition of a policy with its path, nested ones included."""
    return ((path, form) for path, form in forms_of(document) if isinstance(form, When))


def _conditions(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    known: dict[str, Collection[str]] = {
        "people": document.people,
        "disease": document.diseases,
        "procedure": document.procedures,
        "programme": document.programmes,
        "routed": document.programmes,
        "designated_for": document.programmes,
    }
    for path, when in conditions_of(document):
        for key, groups in known.items():
            for index, name in enumerate(getattr(when, key) or []):
                if name not in groups:
                    yield unknown_group(key, name, list(groups), tree, (*path, key, index))


def unknown_group(key: str, name: str, known: list[str], tree: Node, path: Path) -> Problem:
    """The finding for a group that does not exist."""
    node, shown = locate(tree, path)
    hint = did_you_mean(name, known)
    if key == "people":
        return problem("people_unknown", node.where, shown, name=name, hint=hint)
    if key == "disease":
        return problem("disease_unknown", node.where, shown, name=name, hint=hint)
    if key == "procedure":
        return problem("procedure_unknown", node.where, shown, name=name, hint=hint)
    return problem("programme_unknown", node.where, shown, name=name, hint=hint)


def _groups(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    """Groups named outside conditions, and the codes of diseases and procedures."""
    for path, key, name in _named_groups(document, tree):
        known = document.people if key == "people" else document.diseases
        if name not in known:
            yield unknown_group(key, name, list(known), tree, path)
    codes: list[tuple[Path, list[str]]] = [
        (("diseases", name, "icd10"), disease.icd10) for name, disease in document.diseases.items()
    ]
    codes += [(("procedures", name, "icd9cm3"), group.icd9cm3) for name, group in document.procedures.items()]
    for path, patterns in codes:
        for index, pattern in enumerate(patterns):
            low, dash, high = pattern.partition("-")
            if dash and (len(low) != len(high) or low > high):
                yield problem("code_range", where_of(tree, (*path, index)), text=pattern)


def _named_groups(document: PolicyDocument, tree: Node) -> Iterator[tuple[Path, str, str]]:
    """(path, `people` or `disease`, name) of every group that a programme or a subsidy names."""
    for name, programme in document.programmes.items():
        path: Path = ("programmes", name)
        for index, person in enumerate(programme.people or []):
            yield (*path, "people", index), "people", person
        first = tree.at(*path, "diseases", 0)
        plain = first is not None and first.text() is not None
        for i, listed in enumerate(programme.diseases):
            steps: Path = (*path, "diseases") if plain else (*path, "diseases", i, "names")
            for index, disease in enumerate(listed.names):
                yield (*steps, index), "disease", disease
        for i, routing in enumerate(programme.routing):
            for index, disease in enumerate(routing.diseases or []):
                yield (*path, "routing", i, "diseases", index), "disease", disease
    for i, subsidy in enumerate(document.enrolment.subsidies if document.enrolment else []):
        for index, person in enumerate(subsidy.people or []):
            yield ("enrolment", "subsidies", i, "people", index), "people", person


def _payers(document: PolicyDocument, tree: Node) -> Iterator[Problem]:
    seen: list[str] = []
    deductibles: set[str] = set()
    order = document.order or [payer.payer for payer in document.payers]
    listed = sorted(
        enumerate(document.payers),
        key=lambda item: order.index(item[1].payer) if item[1].payer in order else 0,
    )
    for index, payer in listed:
        yield from payer_caps(payer, tree, ("payers", index))
        for number, benefit in enumerate(payer.benefits):
            path: Path = ("payers", index, "benefits", number)
            yearly = (
                payer.settled == "year_end"
            )  # its statement knows nothing of what each bill's payers drew
            known = ([], set()) if yearly else (seen, deductibles)
            yield from benefit_problems(tree, payer, benefit, path, *known)
        yield from _draw_problems(payer, index, listed, tree)
        if payer.settled == "year_end":
            continue
        seen.append(payer.payer)
        if any(benefit.deductible is not None for benefit in payer.benefits):
            deductibles.add(payer.payer)


def _draw_problems(
    payer: Payer, index: int, listed: list[tuple[int, Payer]], tree: Node
) -> Iterator[Problem]:
    """Several parts drawn, and a later payer that sees only some of them: `draw` must be written."""
    position = [item[0] for item in listed].index(index)
    later = [other for _, other in listed[position + 1 :]]
    for number, benefit in enumerate(payer.benefits):
        mine = set(parts_of(payer, benefit))
        if len(mine) < 2 or benefit.draw is not None:
            continue
        for other in later:
            if any(mine & set(parts_of(other, b)) not in (set(), mine) for b in other.benefits):
                where = where_of(tree, ("payers", index, "benefits", number))
                yield problem("draw_needed", where, name=benefit.benefit, later=other.payer)
                break
