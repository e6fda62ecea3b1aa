"""The closed enumerations of a bill and their integer codes, with the words people use for them."""

from __future__ import annotations

from doudi.words import Words

LEVELS = ("village", "township", "county", "city", "province")
GRADES = ("1", "2", "3")
CARES = ("inpatient", "outpatient", "special_outpatient", "emergency", "day_surgery", "pharmacy")
PLACES = ("pooling_area", "province", "elsewhere")
CHANNELS = ("network", "by_hand")
ADMISSIONS = ("1", "2", "3", "4", "5")

DOMAINS: dict[str, tuple[str, ...]] = {
    "level": LEVELS,
    "grade": GRADES,
    "care": CARES,
    "place": PLACES,
    "channel": CHANNELS,
    "admission": ADMISSIONS,
}

NAMES: dict[str, Words] = {
    "village": Words("村级", "village"),
    "township": Words("乡镇级", "township"),
    "county": Words("县级", "county"),
    "city": Words("市级", "city"),
    "province": Words("省级", "province"),
    "inpatient": Words("住院", "inpatient"),
    "outpatient": Words("门诊", "outpatient"),
    "special_outpatient": Words("特殊病门诊", "special outpatient"),
    "emergency": Words("急诊", "emergency"),
    "day_surgery": Words("日间手术", "day surgery"),
    "pharmacy": Words("药店", "pharmacy"),
    "pooling_area": Words("统筹区内", "in the pooling area"),
    "elsewhere": Words("省外", "outside the province"),
    "network": Words("联网", "network"),
    "by_hand": Words("手工报销", "by hand"),
    "in_scope": Words("政策范围内", "in scope"),
    "first_pay": Words("先行自付", "first pay"),
    "over_limit": Words("超限价", "over the price limit"),
    "own_pay": Words("全自费", "own pay"),
    "total": Words("总费用", "total"),
    "person": Words("个人", "person"),
    "household": Words("家庭", "household"),
    "bill": Words("每单", "a bill"),
    "stay": Words("每次住院", "a stay"),
    "day": Words("每日", "a day"),
    "month": Words("每月", "a month"),
    "quarter": Words("每季", "a quarter"),
    "year": Words("每年", "a year"),
    "lifetime": Words("终身", "a lifetime"),
}


def name_of(word: str) -> Words:
    """The words for a value of an enumeration; the value itself where it has none."""
    return NAMES.get(word, Words(word, word))
