"""Re-adds explanations from their own numbers, without the engine: doudi settle FILE --json | python scripts/readd.py

Reads the answer of `doudi settle --json` from standard input or the files named, works every payer's amount out again
from the base, deductible, bands, guarantees and limits that the explanation states, and says where a fen is missing.
"""

# fmt: off
import json
import sys

PARTS, UNIT = ("in_scope", "first_pay", "over_limit", "own_pay"), {"fen": 1, "jiao": 10, "yuan": 100}


def fen(text):
    return int(text.replace(".", ""))


def rate_of(text):
    whole, _, fraction = text.rstrip("%").partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def rounded(ten_thousandths, how):
    step = 10_000 * UNIT[how["to"]]
    whole, rest = divmod(ten_thousandths, step)
    up = rest * 2 > step or (rest * 2 == step and (how["mode"] == "half_up" or whole % 2))
    return (whole + (how["mode"] != "down" and up)) * UNIT[how["to"]]


def f(x, s):
    threshold, bands, low, exact = fen(s["threshold"]), s["bands"], 0, 0
    if s["edges"] == "above_deductible" and s["kind"] != "quick":
        x, threshold = max(x - threshold, 0), 0
    here = bands[sum(x > fen(band["to"]) for band in bands if band["to"] is not None)]
    if s["kind"] == "lump":
        return fen(here["lump"]) if x > threshold else 0
    if s["kind"] == "slab":
        return rounded(max(x - threshold, 0) * rate_of(here["rate"]), s["rounding"])
    if s["kind"] == "quick":
        exact = x * rate_of(here["rate"]) + fen(here["plus"]) * 10_000
        return rounded(exact, s["rounding"]) if x > threshold and exact > 0 else 0
    for band in bands:
        top = max(x, low) if band["to"] is None else fen(band["to"])
        exact += max(0, min(top, x) - max(low, min(threshold, x))) * rate_of(band["rate"])
        low = top
    return rounded(exact, s["rounding"])


def benefit(told, left, whole):
    base, taken, amount = told["base"], 0, 0
    amounts = {"left": left, "whole": whole}.get(base["mode"], {})
    assert all(fen(value) == amounts.get(part, fen(value)) for part, value in base["parts"].items()), "base"
    assert fen(base["amount"]) <= sum(map(fen, base["parts"].values())), "base"
    if "deductible" in told and not told["deductible"]["in_schedule"]:
        deductible = told["deductible"]
        taken, due = fen(deductible["taken"]), fen(deductible["amount"]) - fen(deductible.get("taken_before", "0.00"))
        most = min(fen(base["amount"]), max(0, due))
        assert taken == most or (taken < most and "at_most" in deductible), "deductible"
    if s := told.get("schedule"):
        assert fen(s["end"]) - fen(s["start"]) == fen(base["amount"]) - taken, "position"
        earlier = fen(s["paid_before"]) if "paid_before" in s else f(fen(s["start"]), s) if "position" in s else 0
        amount = max(0, f(fen(s["end"]), s) - earlier)
    if "formula" in told:
        amount = fen(told["formula"]["amount"])
    if "offset" in told:
        amount = max(0, amount - sum(map(fen, told["offset"]["payers"].values())))
    for g in told.get("guarantees", []):
        year, own = g.get("year", {"owed_before": "0.00", "whole_before": "0.00"}), fen(g["whole"])
        promised = rounded((own + fen(year["whole_before"])) * rate_of(g["share"]["value"]), g["rounding"])
        floors = {"raises_to": fen(g["left"]) - own + promised, "own_at_least": promised}
        amount = max(amount, floors.get(g["kind"], fen(g["left"]) + fen(year["owed_before"]) - promised))
    for limit in told["limits"]:
        amount = max(0, min(amount, fen(limit["limit"]) - fen(limit.get("used", "0.00"))))
    assert amount == fen(told["amount"]) == sum(map(fen, told["drawn"].values())), f"amount {amount}"
    return amount


def bill(told):
    for step in told["explanation"]:
        if step["step"] == "bill" or (step["step"] == "rule" and step["applied"]):
            whole = {part: fen(value) for part, value in step["parts" if step["step"] == "bill" else "after"].items()}
            left = dict(whole)
        if step["step"] == "payer":
            paid, now = 0, dict(left)
            for each in (each for each in step["benefits"] if each["chosen"]):
                paid += benefit(each, now, whole)
                if step["choose"] == "all":
                    now = {part: now[part] - fen(each["drawn"].get(part, "0.00")) for part in PARTS}
            amount = fen(step["recorded"]) if "recorded" in step else 0 if "awaits_decision" in step else paid
            assert amount == fen(step["amount"]) == fen(told["shares"][step["payer"]]), f"payer {step['payer']}"
            left = {part: left[part] - fen(step["drawn"].get(part, "0.00")) for part in PARTS}
    patient, hospital, total = sum(left.values()), fen(told["total"]) - sum(whole.values()), fen(told["total"])
    assert (patient, hospital) == (fen(told["patient"]), fen(told["hospital"])), "patient or hospital"
    assert total == sum(map(fen, told["shares"].values())) + hospital + patient, "total"


if __name__ == "__main__":
    texts = [open(name, encoding="utf-8").read() for name in sys.argv[1:]] or [sys.stdin.read()]
    print(sum(1 for text in texts for told in json.loads(text)["bills"] if not bill(told)), "bills re-added")
