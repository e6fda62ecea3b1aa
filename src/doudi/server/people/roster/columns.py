"""The columns of rosters in use and their headings (已脱贫人口名单 of 2022, earlier forms, household registers).

Other columns of such files are kept with the import and not read here: categories are the matter of recognition.
"""

from __future__ import annotations

from doudi.server.imports.api import Column
from doudi.words import Words

COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        Words("姓名", "Name"),
        ("人员姓名", "家庭成员姓名", "成员姓名", "患者姓名"),
        needed=True,
        personal=True,
        longest=80,
    ),
    Column(
        "number",
        Words("证件号码", "Document number"),
        (
            "身份证号",
            "身份证号码",
            "公民身份号码",
            "身份证",
            "证件号",
            "居民身份证号码",
            "身份证件号码",
            "残疾人证号",
            "证件编号",
        ),
        form="id_number",
        personal=True,
        guide=Words(
            "18 位身份证号、残疾人证号或出生医学证明编号；暂无证件的留空。",
            "ID, disability card or birth certificate; empty without a document.",
        ),
    ),
    Column("number_kind", Words("证件类型", "Kind of document"), ("证件种类", "身份证件类型")),
    Column("sex", Words("性别", "Sex"), guide=Words("无身份证时必填。", "Needed without an ID.")),
    Column(
        "birth_date",
        Words("出生日期", "Date of birth"),
        ("出生年月日", "生日", "出生年月"),
        form="date",
        personal=True,
    ),
    Column(
        "household",
        Words("户编号", "Household number"),
        ("户号", "家庭编号", "家庭编码", "户编码"),
        form="identifier",
        longest=40,
    ),
    Column(
        "relation",
        Words("与户主关系", "Relation to head"),
        ("与户主的关系", "户主关系", "家庭关系", "与户主之关系"),
    ),
    Column("head_name", Words("户主姓名", "Head of household"), ("户主",), personal=True, longest=80),
    Column(
        "township", Words("乡镇", "Township"), ("乡(镇)", "乡镇(街道)", "乡镇名称", "所属乡镇", "镇乡", "镇")
    ),
    Column(
        "village", Words("行政村", "Village"), ("村", "村(社区)", "村名称", "所属村", "行政村(社区)", "村居")
    ),
    Column(
        "phone",
        Words("联系电话", "Phone"),
        ("人联系电话", "本人电话", "手机号码", "手机号", "电话", "联系方式"),
        personal=True,
    ),
    Column(
        "household_phone",
        Words("户联系电话", "Phone of the household"),
        ("户主电话", "家庭电话"),
        personal=True,
    ),
    Column("ethnicity", Words("民族", "Ethnicity"), ("民族名称",)),
    Column("address", Words("家庭住址", "Address"), ("住址", "地址", "家庭地址", "户籍地址"), personal=True),
)
SEX_WORDS = {"男": "1", "女": "2", "男性": "1", "女性": "2", "1": "1", "2": "2", "M": "1", "F": "2"}
KIND_WORDS = {
    "居民身份证": "id",
    "身份证": "id",
    "居民身份证(户口簿)": "id",
    "残疾人证": "id",
    "出生医学证明": "birth",
    "出生证": "birth",
    "港澳居民来往内地通行证": "hk_macau",
    "台湾居民来往大陆通行证": "taiwan",
    "外国人永久居留身份证": "foreign",
    "外国人永久居留证": "foreign",
    "护照": "passport",
    "无": "none",
    "无证件": "none",
    "暂无证件": "none",
}
"""Kinds of document as files write them. Codes of the national dictionary differ by edition and are not read."""
