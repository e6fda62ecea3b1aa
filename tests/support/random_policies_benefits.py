"""Benefits of a random policy: base, deductible, schedule, adjustments, guarantees, caps – every form of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, get_args

from doudi.policy.benefits import Period
from doudi.policy.conditions import PARTS, PartOrTotal
from support.random_policies_groups import condition
from support.random_policies_numbers import (
    Draw,
    Tree,
    amount,
    number,
    number_fields,
    parts,
    rate,
    yuan,
)

PERIODS: tuple[str, ...] = get_args(Period)
POSITIONS = ("year", "year", "stay", "month", "quarter", "household_year", "lifetime", "day", "bill")
PORTIONS = ("tcm", "basic_drugs")
STEPS = ("slab", "lump", "quick")


@dataclass
class Payer:
    """What the benefits of one payer have in common, so that each accumulator keeps one meaning."""

    name: str
    earlier: list[str]
    deductibles: list[str]
    last: bool
    choose: str
    year_end: bool = False
    period: str = "year"
    position: str = "year"
    across: str = "difference"
    base: Tree | None = None
    caps: dict[str, Tree] = field(default_factory=dict)
    owed: list[str] = field(default_factory=lambda: ["in_scope"])
    has_deductible: bool = False
    cliff: bool = False


def benefit(d: Draw, payer: Payer, index: int, conditional: bool) -> Tree:
    """One benefit, as it stands below its payer."""
    d.cliff = d.coarse or payer.cliff
    tree: Tree = {"benefit": f"part_{index}"}
    if conditional:
        tree["when"] = condition(d)
    base = _position(d, payer, tree, index) if d.chance(30) and not payer.year_end else None
    tree |= base if base is not None else _base(d, payer)
    if d.chance(45):
        tree["deductible"] = _deductible(d, payer, tree)
    _pays(d, payer, tree)
    if d.chance(35):
        tree["cap"] = _caps(d, payer)
    if adjusts := [
        _adjust(d, target) for target in _targets(tree) if d.chance(45) for _ in range(d.choice((1, 1, 2)))
    ]:
        tree["adjust"] = adjusts
    if payer.earlier and not payer.year_end and d.chance(12):
        tree["offset"] = d.one_or_more(payer.earlier, 2)
    _more(d, payer, tree)
    return tree


def _more(d: Draw, payer: Payer, tree: Tree) -> None:
    """Dates, names, the order of drawing, and `accepted` where the benefit jumps."""
    many = len(tree.get("covers") or []) > 1 or "total" in (tree.get("covers") or [])
    if many and (not payer.last or d.chance(60)):
        tree["draw"] = d.choice(("in_order", "pro_rata"))
    if d.chance(8):
        tree["name"] = d.choice(("待遇", {"zh": "待遇", "en": "benefit"}))
    if d.chance(6):
        tree["fund"] = d.choice(d.funds)
    if d.chance(7):
        tree["from"] = d.day(-100, 500)
    if d.chance(7):
        tree["until"] = d.day(501, 1100)
    if (
        d.cliff
        or tree.get("schedule") in STEPS
        or {"lump", "plus"} & {key for b in tree.get("bands", []) for key in b}
    ):
        tree["accepted"] = d.cited({"reason": "测试"})
    if d.chance(10):
        d.cited(tree, 70)


# --- base and position ---------------------------------------------------------------------------------------


def _base(d: Draw, payer: Payer) -> Tree:
    """What the benefit counts: what is left, all of it, or all without what some payers drew; a portion; a cut."""
    covers = ["total"] if d.chance(10 + 50 * payer.year_end) else parts(d)
    tree: Tree = {"covers": covers}
    if payer.year_end:
        return tree
    kind = d.randrange(100)
    if kind < 8:
        tree["whole"] = "true"
    elif kind < 16 and payer.earlier:
        tree["less"] = d.one_or_more(payer.earlier, 2)
    elif kind < 22:
        tree["portion"] = d.choice(PORTIONS)
    elif kind < 28 and payer.deductibles:
        tree["portion"] = f"deductible_of {d.choice(payer.deductibles)}"
    if "portion" not in tree and payer.deductibles and d.chance(10):
        tree["without"] = f"deductible_of {d.choice(payer.deductibles)}"
    if d.chance(10):
        bill = f"{d.choice(('30%', '62.5%', '90%'))} of {d.choice(get_args(PartOrTotal))}"
        tree["counts_at_most"] = bill if d.chance(60) else amount(d)
    return tree


def _position(d: Draw, payer: Payer, tree: Tree, index: int) -> Tree:
    """A cumulative benefit: it shares the payer's position and base, or has a named one. Answers its base."""
    if payer.choose != "all" and d.chance(70):
        payer.base = payer.base or _base(d, payer)
        short = d.chance(50)
        tree["cumulative"] = payer.position if short else {"per": payer.position}
        base = payer.base
    else:
        form: Tree = {"as": f"{payer.name}_{index}_scope"}
        if payer.position != "year" or d.chance(70):
            form["per"] = payer.position
        if d.chance(40):
            form["when"] = condition(d, 1)
        tree["cumulative"] = form
        base = _base(d, payer)
    if d.chance(30):
        tree["pays"] = d.choice(("catch_up", "catch_up", "difference"))
    return base


# --- deductible ----------------------------------------------------------------------------------------------


def _deductible(d: Draw, payer: Payer, tree: Tree) -> Any:
    payer.has_deductible = True
    if d.chance(25) and ("cumulative" in tree or (payer.period, payer.across) == ("stay", "difference")):
        return number(d, amount)
    form = number_fields(d, amount)
    in_schedule = "cumulative" in tree and (payer.period == payer.position or d.chance(60))
    if not in_schedule:
        form["per"] = payer.period
        form["across_year"] = payer.across
        if d.chance(25):
            form["as"] = f"{payer.name}_{payer.period}_{payer.across}_threshold"
        if d.chance(30):
            form["at_most"] = _yearly(d, payer)
    elif d.chance(40):
        form["per"] = payer.position
    if d.chance(20):
        form["counts_again"] = d.choice(("true", "false"))
    return form


def _yearly(d: Draw, payer: Payer) -> Any:
    """The most that deductibles take in a period."""
    if d.chance(25):
        return yuan(d)
    form = number_fields(d, amount)
    if d.chance(60):
        form["per"] = d.choice(PERIODS)
    if d.chance(30):
        form["as"] = f"{payer.name}_{form.get('per', 'year')}_most"
    return form


# --- how it pays ---------------------------------------------------------------------------------------------


def _pays(d: Draw, payer: Payer, tree: Tree) -> None:
    """One way to pay, or guarantees alone, or both."""
    kind = d.randrange(100)
    if kind < 50:
        tree["rate"] = number(d, rate)
    elif kind < 82:
        _bands(d, tree)
    elif kind < 92:
        tree["formula"] = formula(d, payer)
    if kind >= 92 or d.chance(18):
        for key in d.sample(("raises_to", "own_at_least", "patient_at_most"), k=d.choice((1, 1, 2))):
            tree[key] = _guarantee(d, payer, key)
    if not {"rate", "bands"} & tree.keys():
        tree.pop("pays", None)


def _guarantee(d: Draw, payer: Payer, key: str) -> Tree:
    of = d.choice((["in_scope"], ["in_scope", "first_pay"], ["total"], d.some(PARTS, 3)))
    form: Tree = {"share": number(d, rate), "of": of[0] if len(of) == 1 and d.chance(50) else of}
    if key == "patient_at_most" and d.chance(50) and not payer.year_end:
        form |= {"of": payer.owed, "per": "year"}
    elif d.chance(20):
        form["per"] = "bill"
    return d.cited(form)


def _bands(d: Draw, tree: Tree) -> None:
    """A schedule of two to four bands, and its kind where the bands leave it open."""
    kind = d.choice(("marginal", "marginal", "slab", "lump", "quick"))
    edges = sorted(
        {d.randint(1, 99_999) if d.chance(20) else d.randint(1, 60) * 1000 for _ in range(d.randint(1, 3))}
    )
    bands: list[Tree] = []
    for index, edge in enumerate([0, *edges]):
        band: Tree = {d.choice(("above", "reaching")): str(edge)} if edge or d.chance(15) else {}
        if kind == "lump":
            band["lump"] = yuan(d, 30_000)
        else:
            band["rate"] = number(d, rate)
        if kind == "quick" and (index or d.chance(20)):
            band["plus"] = d.choice(("-", "")) + yuan(d, 3000)
        if index < len(edges) and d.chance(20):
            band["up_to"] = str(edges[index])
        bands.append(d.cited(band, 10))
    tree["bands"] = bands
    if kind == "slab" or d.chance(30):
        tree["schedule"] = kind
    if d.chance(30):
        tree["edges"] = d.choice(("absolute", "above_deductible"))


def formula(d: Draw, payer: Payer, depth: int = 3) -> str:
    """A formula over the base, the parts and what earlier payers paid."""
    names = ["base", "base", "total", *PARTS, *(f"whole_{part}" for part in PARTS)]
    names += [] if payer.year_end else [f"paid_{earlier}" for earlier in payer.earlier]
    kind = d.randrange(100) if depth else 0
    if kind < 25:
        return yuan(d) if d.chance(25) else d.choice(names)
    left, right = formula(d, payer, depth - 1), formula(d, payer, depth - 1)
    if kind < 45:
        return f"share({left}, {rate(d)})"
    if kind < 60:
        return f"min({left}, {right})"
    if kind < 75:
        return f"max({left}, {right})"
    return f"{left} + {right}" if kind < 85 else f"({left} - {right})"


# --- adjustments and caps ------------------------------------------------------------------------------------


def _targets(tree: Tree) -> list[str]:
    """The numbers of a benefit that an adjustment may change."""
    rates = "rate" in tree or any("rate" in band for band in tree.get("bands", []))
    caps = tree.get("cap") if isinstance(tree.get("cap"), list) else [tree.get("cap")]
    own = [cap for cap in caps if isinstance(cap, dict)]
    plain = bool(own) and not any(_of_bill(cap) for cap in own)
    return ["rate"] * rates + ["deductible"] * ("deductible" in tree) + ["cap"] * plain


def _of_bill(cap: Tree) -> bool:
    """Whether a cap is a share of the bill, which no adjustment changes."""
    value = cap.get("value", cap.get("amount"))
    return isinstance(value, str) and any(value.endswith(f" of {part}") for part in (*PARTS, "total"))


def _adjust(d: Draw, target: str) -> Tree:
    """One change of a number, for better, or as a penalty for worse."""
    form: Tree = {"number": target}
    penalty = d.chance(25)
    if d.chance(85):
        form["when"] = condition(d, 1)
    changes = [
        "set",
        "times",
        *{"rate": ["points", "at_least"], "deductible": ["plus", "at_most"], "cap": ["plus", "at_least"]}[
            target
        ],
    ]
    change = d.choice(changes)
    worse = penalty != (target == "deductible")
    if change == "times":
        form[change] = number(
            d, lambda d: d.choice(("50%", "80%", "100%") if worse else ("100%", "110%", "150%", "1000%"))
        )
    elif change == "plus":
        form[change] = number(d, lambda d: ("-" if worse else "") + yuan(d, 5000))
    elif change == "points":
        form[change] = number(d, lambda d: d.choice(("2.5%", "5%", "10%", "30%")))
    else:
        form[change] = number(d, rate if target == "rate" else amount)
    if penalty:
        form["penalty"] = "true"
    elif d.chance(25):
        form["stack"] = "true"
    if target == "rate" and d.chance(20):
        low = d.choice(("0", "5000", "10000"))
        form["within"] = d.choice(({"above": low, "up_to": "200000"}, {"up_to": "30000"}, {"above": low}))
    return d.cited(form, 15)


def cap(d: Draw, payer: Payer, named: bool) -> Tree:
    """A cap of any period; its accumulator's name says period and scope, so that it has one meaning."""
    per = d.choice(PERIODS)
    if d.chance(20):
        form: Tree = {"amount": f"{d.choice(('30%', '50%', '62.5%'))} of {d.choice(get_args(PartOrTotal))}"}
    else:
        form = number_fields(d, amount)
    if per != "bill" or d.chance(50):
        form["per"] = per
    each = "_each" if d.chance(15) else ""
    if each:
        form["each"] = "disease"
    if not named or d.chance(30):
        owner = "shared" if d.shares_accumulators and d.chance(30) else payer.name
        form["as"] = f"{owner}_{per}{each}_capped"
    return form


def _caps(d: Draw, payer: Payer) -> Any:
    """One or more caps, of the benefit's own or by name."""
    chosen: list[Any] = [d.choice(list(payer.caps))] if payer.caps and d.chance(60) else []
    if not chosen or d.chance(30):
        chosen.append(cap(d, payer, named=False))
    last = chosen[-1]
    if isinstance(last, dict) and "each" not in last and last.get("per", "bill") == payer.period:
        last.pop("as", None)
    return chosen[0] if len(chosen) == 1 and d.chance(60) else chosen
