"""Fictional names: Han names with surnames of Guizhou, some rare characters, some names with the dot.

The lists are our own choice of common characters; no roster was looked at. Weights are rough and mean nothing.
"""

from __future__ import annotations

from random import Random

SURNAMES = (
    "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆"
    "金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万覃武钱严莫孔向常单仇区查解欧阳"
)
COMMON, REST = SURNAMES[:20], SURNAMES[20:-2]
COMPOUND = ("欧阳", "上官", "司马")
MEN = "伟强军平勇杰涛明刚华建国林福贵祥德忠文武兵辉斌亮波云龙海山川松柏志成新友才发财光先学仕朝兴"
WOMEN = "芳英秀兰凤珍桂梅琴霞玉丽红艳娟敏静燕春花莲菊翠香云芬素贞群美琼慧仙彩银会珍"
CHILDREN = "梓涵宇轩子墨浩然欣怡一诺雨桐思琪俊豪佳怡天佑若汐可心语桐博文嘉铭晨曦"
RARE = ("䶮", "𠮷", "犇", "淼", "喆", "堃", "祎", "昇")
"""Characters that systems lose: one of Extension A, one beyond the basic plane, and some merely uncommon."""
YI = ("沙马·阿依", "吉克·曲布", "阿西·木呷", "曲比·史布", "勒格·阿木", "吉木·日洛", "俄其·伍各", "阿苏·尔古")
DOTTED, HAS_RARE = 0.01, 0.004


def surname(chance: Random) -> str:
    """A family name."""
    kind = chance.random()
    if kind < 0.55:
        return chance.choice(COMMON)
    return chance.choice(REST) if kind < 0.995 else chance.choice(COMPOUND)


def given(chance: Random, sex: str, born: int) -> str:
    """A given name of one or two characters; newer ones for who was born from 2005 on."""
    letters = CHILDREN if born >= 2005 else MEN if sex == "1" else WOMEN
    if chance.random() < HAS_RARE:
        return chance.choice(letters) + chance.choice(RARE)
    if chance.random() < 0.12:
        return chance.choice(letters)
    return chance.choice(letters) + chance.choice(letters)


def dotted(chance: Random) -> str:
    """A name with the dot, as some Yi people write theirs; one in four has a further syllable, so that some are long."""
    name = chance.choice(YI)
    return name + chance.choice("子木果尔") if chance.random() < 0.25 else name
