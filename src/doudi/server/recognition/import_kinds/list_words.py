"""What lists call the categories, heading by heading, and which of ours they mean.

The headings and values are those of the poverty registers and of the departments' own lists (已脱贫人口名单 and its
forerunners). A value that means no category says so with an empty tuple; a value that stands nowhere is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from doudi.server.recognition.categories import known_categories

SEPARATORS = re.compile("[、，,;；/|+和]+")

_DESTITUTE = ("destitute",)
_ALLOWANCE = ("subsistence_allowance",)

VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "poverty": {  # 脱贫属性
        "未脱贫": ("registered_poor",),
        "贫困户": ("registered_poor",),
        "未脱贫户": ("registered_poor",),
        "已脱贫": ("left_poverty",),
        "脱贫": ("left_poverty",),
        "脱贫户": ("left_poverty",),
        "稳定脱贫": ("left_poverty",),
        "脱贫享受政策": ("left_poverty",),
        "脱贫不享受政策": ("left_poverty",),
        "返贫": ("returned_to_poverty",),
        "返贫户": ("returned_to_poverty",),
        "致贫返贫": ("returned_to_poverty",),
        "非贫困户": (),
    },
    "poor_household": {  # 贫困户属性
        "一般贫困户": (),
        "一般农户": (),
        "低保贫困户": _ALLOWANCE,
        "低保户": _ALLOWANCE,
        "五保贫困户": _DESTITUTE,
        "五保户": _DESTITUTE,
        "五保户(特困)": _DESTITUTE,
        "特困供养贫困户": _DESTITUTE,
        "特困供养户": _DESTITUTE,
    },
    "household_type": {  # 户类型
        "普通农户": (),
        "一般农户": (),
        "脱贫户": ("left_poverty",),
        "监测户": (),
        "监测对象": (),
        "脱贫户/监测户": ("left_poverty",),
    },
    "monitored": {  # 监测对象类型
        "脱贫不稳定户": ("unstable_after_poverty",),
        "脱贫不稳定": ("unstable_after_poverty",),
        "边缘易致贫户": ("margin_prone_poverty",),
        "边缘易致贫": ("margin_prone_poverty",),
        "边缘户": ("margin_prone_poverty",),
        "突发严重困难户": ("sudden_hardship",),
        "突发严重困难": ("sudden_hardship",),
        "无": (),
        "非监测对象": (),
    },
    "disability": {  # 残疾等级
        "一级": ("disabled", "severely_disabled"),
        "二级": ("disabled", "severely_disabled"),
        "三级": ("disabled",),
        "四级": ("disabled",),
        "1": ("disabled", "severely_disabled"),
        "2": ("disabled", "severely_disabled"),
        "3": ("disabled",),
        "4": ("disabled",),
        "无": (),
    },
}

SHORT_NAMES: Mapping[str, str] = {
    "特困": "destitute",
    "特困人员": "destitute",
    "特困供养": "destitute",
    "五保": "destitute",
    "农村五保": "destitute",
    "五保户": "destitute",
    "城市三无": "destitute",
    "低保": "subsistence_allowance",
    "低保户": "subsistence_allowance",
    "低保对象": "subsistence_allowance",
    "农村低保": "subsistence_allowance",
    "城市低保": "subsistence_allowance",
    "城乡低保": "subsistence_allowance",
    "低保边缘": "low_income_margin",
    "低保边缘户": "low_income_margin",
    "低保边缘家庭": "low_income_margin",
    "事实无人抚养": "de_facto_orphan",
    "因病致贫": "illness_poverty",
    "建档立卡": "registered_poor",
    "建档立卡贫困户": "registered_poor",
    "建档立卡贫困人员": "registered_poor",
    "贫困人口": "registered_poor",
    "脱贫人口": "left_poverty",
    "已脱贫": "left_poverty",
    "脱贫户": "left_poverty",
    "监测对象": "monitored",
    "监测户": "monitored",
    "脱贫不稳定户": "unstable_after_poverty",
    "边缘易致贫户": "margin_prone_poverty",
    "突发严重困难户": "sudden_hardship",
    "返贫致贫": "returned_to_poverty",
    "优抚对象": "entitled_veteran",
    "重点优抚": "key_entitled_veteran",
    "残疾": "disabled",
    "重度残疾": "severely_disabled",
    "重残": "severely_disabled",
    "计生两户": "family_planning_two",
    "计生特殊家庭": "family_planning_special",
    "失独家庭": "family_planning_special",
    "精减退职老职工": "retired_1960s",
    "艾滋病": "aids",
    "结核病": "tuberculosis",
    "麻风病": "leprosy",
    "透析": "dialysis",
    "精神障碍": "mental_disorder",
}


def categories_named(text: str) -> tuple[tuple[str, ...], str | None]:
    """The categories that a cell names, by identifier, full name or a usual short one; and the first unknown name."""
    names = _full_names()
    if text in names:  # a full name may hold a separator
        return (names[text],), None
    found: list[str] = []
    for part in filter(None, (part.strip() for part in SEPARATORS.split(text))):
        code = names.get(part) or SHORT_NAMES.get(part)
        if code is None:
            return (), part
        if code not in found:
            found.append(code)
    return tuple(found), None


@cache
def _full_names() -> Mapping[str, str]:
    return {
        name: code for code, one in known_categories().items() for name in (code, one.words.zh, one.words.en)
    }


def categories_of_value(column: str, text: str) -> tuple[str, ...] | None:
    """The categories that a value of a closed list means, or None where it stands nowhere."""
    return VALUES[column].get(text.replace("（", "(").replace("）", ")").replace(" ", ""))
