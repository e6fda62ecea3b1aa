"""The texts of findings about what is written and does nothing (see `catalogue.py` for the columns).

Words that the engine would pass over, accumulators that two payers or two forms would move at once, members of a list
that no worked case turns on.
"""

from __future__ import annotations

INERT: dict[str, tuple[str, str, str, str]] = {
    # accumulators: one name, one meaning
    "accumulator_each": (
        "累计量 {name} 一处按病种计（each: disease），一处不按。", "The accumulator {name} counts each disease in one place and all together in another.",
        "给其中一个写 as: 另取名称。", "Name one of them with as:.",
    ),
    "accumulator_year": (
        "累计量 {name} 由两个支付方共用，而它们的年度不同：{first} 和 {second}。",
        "The accumulator {name} is shared by two payers whose years differ: {first} and {second}.",
        "统一 year，或给其中一个写 as: 另取名称。", "Give them one year, or name one accumulator with as:.",
    ),
    "across_year_mixed": (
        "起付线累计量 {name} 跨年有两种办法：{first} 和 {second}。", "The deductible {name} crosses the year in two ways: {first} and {second}.",
        "统一 across_year，或给其中一个写 as: 另取名称。", "Write one across_year, or name one of them with as:.",
    ),
    "position_when_differs": (
        "同一累计口径 {name} 下的待遇，cumulative 的 when 不同。", "Benefits that share the position {name} count different bills (cumulative.when).",
        "写成一样，或给其中一个写 cumulative: {{as: 名称}}。", "Write the same when, or name one: cumulative: {{as: name}}.",
    ),
    "catch_up_periods": (
        "同一支付方的 catch_up 待遇按两种期间补：{first} 和 {second}，已付的只记一笔。",
        "The catch_up benefits of this payer look at two periods, {first} and {second}, but what was paid is kept once.",
        "统一 cumulative 的期间，或分成两个支付方。", "Give them one cumulative period, or make them two payers.",
    ),
    "owed_of_differs": (
        "同一支付方按年的 patient_at_most 看不同的费用：{first} 和 {second}，全年自付只记一笔。",
        "The yearly patient_at_most of this payer look at {first} and at {second}, but what the patient owed is kept once.",
        "统一 of，或分成两个支付方。", "Write one of, or make them two payers.",
    ),
    # words without effect
    "catch_up_idle": (
        "pays: catch_up 只对有 cumulative 的 rate 或 bands 起作用。", "pays: catch_up works only on a rate or bands with cumulative.",
        "写 cumulative，或删去 pays。", "Write cumulative, or remove pays.",
    ),
    "guarantee_period": (
        "{name} 只看本次单据，per: year 不起作用。", "{name} looks at the bill alone: per: year has no effect.",
        "删去 per；要按全年保证，写 patient_at_most。", "Remove per; to promise over a year write patient_at_most.",
    ),
    "adjust_percent_cap": (
        "按账单百分比写的封顶线不能调整。", "A cap that is a share of the bill cannot be adjusted.",
        "分成两项待遇，各写各的封顶线。", "Make two benefits, each with its cap.",
    ),
    "default_idle": (
        "default 只补分行的表里没有的行，这里没有行。", "default stands in for missing rows of a table; there are no rows here.",
        "删去 default；日期有空缺，补一项 from 更早的。", "Remove default; to fill a gap in time add an item that begins earlier.",
    ),
    "fund_unexplained": (
        "这项待遇由 {name} 支付，同一支付方的其余待遇由 {other} 支付，没有说明。",
        "This benefit draws on {name} and the payer's others on {other}; nothing says why.",
        "改成同一项资金，或在待遇上写 cite、assumed 或 note。", "Name one fund, or write cite, assumed or note on the benefit.",
    ),
    # worked cases
    "case_indifferent": (
        "{path}：没有案例看得出 {names}。", "{path}: no case turns on {names}.",
        "少了它或移动一格，所有案例照旧：加一个只因它而不同的案例，或在 uncovered 里写 path（只说其中几项，加 members）和理由。",
        "Without it, or one step off, every case comes out the same: add a case that it alone decides, or give path (and members) with a reason under uncovered.",
    ),
}  # fmt: skip
