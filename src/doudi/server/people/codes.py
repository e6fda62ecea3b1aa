"""Codes of two standards as tables: relation to the head of the household (GB/T 4761), ethnicity (GB/T 3304).

With the words that rosters use. The lists are as commonly printed; only the relations that occur in rosters are kept.
"""

from __future__ import annotations

from doudi.words import Words

RELATIONS: dict[str, Words] = {
    "01": Words("本人", "Self"),
    "02": Words("户主", "Head"),
    "10": Words("配偶", "Spouse"),
    "20": Words("子", "Son"),
    "28": Words("女婿", "Son-in-law"),
    "30": Words("女", "Daughter"),
    "38": Words("儿媳", "Daughter-in-law"),
    "40": Words("孙子女", "Grandchild"),
    "41": Words("孙子", "Grandson"),
    "42": Words("孙女", "Granddaughter"),
    "43": Words("外孙子", "Daughter's son"),
    "44": Words("外孙女", "Daughter's daughter"),
    "50": Words("父母", "Parent"),
    "51": Words("父亲", "Father"),
    "52": Words("母亲", "Mother"),
    "57": Words("岳父母或公婆", "Parent-in-law"),
    "60": Words("祖父母", "Grandparent"),
    "70": Words("兄弟姐妹", "Sibling"),
    "97": Words("其他亲属", "Other relative"),
    "99": Words("非亲属", "Not related"),
}
"""GB/T 4761-2008. `01` and `02` both name the head; we write `02`."""
HEAD = "02"
HEADS = frozenset({"01", "02"})

RELATION_WORDS: dict[str, str] = {
    **{words.zh: code for code, words in RELATIONS.items()},
    "本人或户主": "02",
    "户主": "02",
    "本人": "02",
    "妻": "10",
    "妻子": "10",
    "夫": "10",
    "丈夫": "10",
    "之妻": "10",
    "之夫": "10",
    "儿子": "20",
    "长子": "20",
    "次子": "20",
    "三子": "20",
    "养子": "20",
    "继子": "20",
    "之子": "20",
    "独生子": "20",
    "女儿": "30",
    "长女": "30",
    "次女": "30",
    "三女": "30",
    "养女": "30",
    "继女": "30",
    "之女": "30",
    "独生女": "30",
    "之女婿": "28",
    "之儿媳": "38",
    "媳妇": "38",
    "之孙子": "41",
    "孙": "41",
    "之孙女": "42",
    "之外孙子": "43",
    "外孙": "43",
    "之外孙女": "44",
    "父": "51",
    "之父": "51",
    "母": "52",
    "之母": "52",
    "之岳父": "57",
    "之岳母": "57",
    "岳父": "57",
    "岳母": "57",
    "公公": "57",
    "婆婆": "57",
    "之公公": "57",
    "之婆婆": "57",
    "祖父": "60",
    "祖母": "60",
    "爷爷": "60",
    "奶奶": "60",
    "之祖父": "60",
    "之祖母": "60",
    "外祖父": "60",
    "外祖母": "60",
    "之外祖父": "60",
    "之外祖母": "60",
    "兄": "70",
    "弟": "70",
    "姐": "70",
    "妹": "70",
    "哥哥": "70",
    "弟弟": "70",
    "姐姐": "70",
    "妹妹": "70",
    "之兄弟姐妹": "70",
    "侄": "97",
    "侄子": "97",
    "侄女": "97",
    "外甥": "97",
    "之侄儿": "97",
    "之侄女": "97",
    "曾祖父": "97",
    "曾祖母": "97",
    "曾孙子": "97",
    "曾孙女": "97",
    "其他": "97",
    "其他关系": "97",
}
"""What rosters write, to the code."""

_PEOPLES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇
柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔
独龙 鄂伦春 赫哲 门巴 珞巴 基诺
""".split()  # noqa: SIM905 - a list to be read
ETHNICITIES: dict[str, str] = {
    f"{number:02d}": name + "族" for number, name in enumerate(_PEOPLES, start=1)
} | {
    "97": "其他",
    "98": "外国血统",
}
"""GB/T 3304-1991, numeric codes."""
ETHNICITY_WORDS: dict[str, str] = {
    **{name: code for code, name in ETHNICITIES.items()},
    **{name.removesuffix("族"): code for code, name in ETHNICITIES.items()},
    "革家人": "97",
    "穿青人": "97",
    "未识别民族": "97",
}


def relation_code(text: str) -> str | None:
    """The code of what a roster writes (之长子, 长子, 20), or None."""
    plain = text.strip()
    if plain in RELATIONS:
        return plain
    return RELATION_WORDS.get(plain) or RELATION_WORDS.get(plain.removeprefix("之"))


def ethnicity_code(text: str) -> str | None:
    """The code of 苗族, 苗 or 06, or None."""
    plain = text.strip()
    return plain if plain in ETHNICITIES else ETHNICITY_WORDS.get(plain)
