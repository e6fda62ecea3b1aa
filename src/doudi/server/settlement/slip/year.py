"""The year after this bill: what each payer has paid or counted, with the limit where one holds.

Policies name their accumulators freely (`assistance_inpatient`). The explanation says which payer uses which
accumulator and against which limit; that becomes words. Only the years and the lifetime of this bill are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doudi.engine.render.amounts import accumulator, fen, grouped
from doudi.money import format_yuan
from doudi.server.settlement.slip.sums import Setting
from doudi.words import Words

Told = dict[str, Any]
PAID = Words("累计已付", "paid")
OWED_KINDS = ("_owed_in_scope", "_owed_first_pay", "_owed_over_limit", "_owed_own_pay")
OWED = Words("待年末结算的个人负担", "burden left for the year's end")
GUARANTEE = {
    "_owed_of": Words("保底计算的费用", "cost under the guarantee"),
    "_owed": Words("保底计算的个人负担", "burden under the guarantee"),
}


def year_rows(answer: Told, explanation: list[Told], setting: Setting) -> list[dict[str, str]]:
    """`name`, `period`, `amount`, `limit` (or "") of every accumulator of the bill's years that holds something."""
    limits = _limits(explanation)
    years = _years(explanation, answer)
    rows: list[dict[str, str]] = []
    owed: dict[tuple[str, str, str], int] = {}
    for scope in ("person", "household"):
        whose = setting.w("家庭 · ", "household · ") if scope == "household" else ""
        for name, periods in answer["accumulators"].get(scope, {}).items():
            for key, amount in periods.items():
                if not fen(amount) or not _shown(key, years):
                    continue
                if (ending := next((one for one in OWED_KINDS if name.endswith(one)), None)) is not None:
                    place = (whose, name.removesuffix(ending), key)
                    owed[place] = owed.get(place, 0) + fen(amount)
                    continue
                label, limit = _label(name, limits, setting)
                rows.append(_entry(whose + label, key, grouped(amount), limit, setting))
    for (whose, payer, key), amount_fen in owed.items():
        told = f"{setting.payer(payer)} · " if payer in setting.payers else ""
        label = f"{whose}{told}{OWED.say(setting.language)}"
        rows.append(_entry(label, key, format_yuan(amount_fen, grouping=True), "", setting))
    return rows


def _entry(name: str, key: str, amount: str, limit: str, setting: Setting) -> dict[str, str]:
    period = setting.w("终身", "lifetime") if key == "ever" else key
    name = name.replace(" · ", "·") if setting.language == "zh" else name
    return {"name": name, "period": period, "amount": amount, "limit": limit}


def _years(explanation: list[Told], answer: Told) -> set[str]:
    """The benefit years the bill touched; where no position tells, the newest year that is kept."""
    dates = [step["law_date"] for step in explanation if step["step"] == "bill"]
    dates += [step["identity_date"] for step in explanation if step["step"] == "bill"]
    years = {day[:4] for day in dates}
    kept = {
        key[:4]
        for scope in ("person", "household")
        for periods in answer["accumulators"].get(scope, {}).values()
        for key in periods
        if key[:4].isdigit()
    }
    return years if years & kept or not kept else {max(kept)}


def _shown(key: str, years: set[str]) -> bool:
    """Whether a period outlives the bill and belongs to its years: 2017, 2017Q3, 2017-08, 2017/C50, ever."""
    if key.partition("/")[0] == "ever":
        return True
    return key[:4] in years and (len(key) == 4 or key[4] in "Q-/") and key.count("-") < 2


def _limits(explanation: list[Told]) -> dict[str, tuple[str, str]]:
    """Accumulator → (its payer, its limit) as far as the bill's benefits met them.

    A limit keeps its sum under its own name where that is unique in the policy, else under `payer_name_paid`.
    """
    found: dict[str, tuple[str, str]] = {}
    for payer, benefit in _chosen(explanation):
        for limit in benefit["limits"]:
            if limit["kind"] != "left":
                for name in (limit["name"], f"{payer}_{limit['name']}_paid"):
                    found[name] = (payer, limit["limit"])
    return found


def _chosen(explanation: list[Told]) -> Iterator[tuple[str, Told]]:
    for step in explanation:
        if step["step"] == "payer":
            yield from ((step["payer"], one) for one in step["benefits"] if one["chosen"])


def _label(name: str, limits: dict[str, tuple[str, str]], setting: Setting) -> tuple[str, str]:
    """What an accumulator holds in words, and the limit on it ("" where none is known)."""
    if name in limits:
        payer, limit = limits[name]
        return f"{setting.payer(payer)} · {PAID.say(setting.language)}", grouped(limit)
    for ending, words in GUARANTEE.items():
        payer = name.removesuffix(ending)
        if name.endswith(ending) and payer in setting.payers:
            return f"{setting.payer(payer)} · {words.say(setting.language)}", ""
    owners = [payer for payer in setting.payers if name.startswith(f"{payer}_")]
    if name.endswith("_paid") and owners and name.removesuffix("_paid") not in owners:
        other = setting.w("其他待遇", "other benefits")
        return (
            f"{setting.payer(max(owners, key=len))} · {PAID.say(setting.language)}{setting.inside(other)}",
            "",
        )
    return accumulator(name, setting.payers, setting.language), ""
