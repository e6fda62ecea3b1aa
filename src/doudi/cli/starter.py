"""The texts with which a new policy begins: commented, complete, and to be confirmed number by number."""

from __future__ import annotations

STANDALONE = """\
# {id}
#
# 每个数都要写出处（cite）；没有出处的写 assumed 和理由。改一处，跑一次：doudi policy check {file}
# Each number needs its source (cite); without one, write assumed and why. After each change run the check.

policy: {id}
title: {{zh: 请改成政策名称, en: please name the policy}}
region: "{region}"
in_force: {{from: {year}-01-01, until: null, assumed: 待确认施行日}}
cases: {name}.cases.yaml

sources: {{}}
# 来源文件，如 / the documents, such as
#   notice: {{title: ××县人民政府关于……的通知, url: null, published: {year}-01-01}}
# 然后在数字旁写 / and beside a number: cite: {{notice: 原文中的一句}}

people:
  assisted:
    zh: 医疗救助对象
    en: assisted people
    any: [destitute, subsistence_allowance]     # 类别见 vocabulary/categories.yaml
    assumed: 待确认救助对象的范围

payers:
  # 支付方从前往后付；前一方付剩的，才轮到后一方。 Payers pay in this order, each on what is left.
  - payer: basic
    name: {{zh: 基本医保, en: basic insurance}}
    fund: resident_basic
    decided: elsewhere                          # 国家平台已定，单据用 recorded 带来金额；下面只作试算
    benefits:
      - benefit: inpatient
        name: {{zh: 住院, en: inpatient care}}
        when: {{care: inpatient}}
        covers: in_scope                        # 政策范围内费用
        deductible: {{by: level, rows: {{township: 100, county: 300, city: 600, province: 1000}}, assumed: 待确认}}
        rate: {{by: level, rows: {{township: 85%, county: 70%, city: 60%, province: 50%}}, assumed: 待确认}}

  - payer: assistance
    name: {{zh: 医疗救助, en: medical assistance}}
    fund: medical_assistance
    when: {{people: assisted}}
    benefits:
      - benefit: aid
        name: {{zh: 按比例救助, en: proportional aid}}
        when: {{care: inpatient}}
        covers: in_scope
        rate: {{value: 70%, assumed: 待确认}}
        cap: {{per: year, amount: 20000, assumed: 待确认}}
"""

STANDALONE_CASES = """\
# 手算的案例：because 写怎么算，expect 写结果，检查时与引擎逐分核对。
# Cases worked by hand: because says how, expect what; the check holds both against the engine.
policy: {id}
cases:
{levels}
  - case: cap_of_the_year
    zh: 医疗救助到年度限额
    derived: 待确认的数
    person: {{id: p1, categories: [{{code: subsistence_allowance, from: 2000-01-01}}]}}
    bills:
      - {{id: b1, care: inpatient, facility: {{level: county}}, discharged: {year}-09-01, in_scope: 130000}}
    because:
      - b1.basic = (130000 - 300) * 70%
      - b1.assistance = min(20000, (130000 - b1.basic) * 70%)
      - b1.patient = 130000 - b1.basic - b1.assistance
      - funds.resident_basic = b1.basic
      - funds.medical_assistance = b1.assistance
    expect:
      b1: {{basic: 90790.00, assistance: 20000.00, patient: 19210.00}}
      funds: {{resident_basic: 90790.00, medical_assistance: 20000.00}}

  - case: not_assisted
    zh: 不是救助对象
    derived: 待确认的数
    person: {{id: p2}}
    bills:
      - {{id: b1, care: inpatient, facility: {{level: county}}, discharged: {year}-09-01, in_scope: 10000}}
    because:
      - b1.basic = (10000 - 300) * 70%
      - b1.patient = 10000 - b1.basic
    expect:
      b1: {{basic: 6790.00, patient: 3210.00}}

  - case: outpatient_pays_nothing
    zh: 门诊没有待遇
    derived: 待确认的数
    person: {{id: p1, categories: [{{code: destitute, from: 2000-01-01}}]}}
    bills:
      - {{id: b1, care: outpatient, facility: {{level: county}}, discharged: {year}-09-01, in_scope: 1000}}
    because:
      - b1.patient = 1000
    expect:
      b1: {{patient: 1000.00}}
"""

LEVEL_CASE = """\
  - case: inpatient_{level}
    zh: 救助对象{words}住院
    derived: 待确认的数
    person: {{id: p1, categories: [{{code: destitute, from: 2000-01-01}}]}}
    bills:
      - {{id: b1, care: inpatient, facility: {{level: {level}}}, discharged: {year}-09-01, in_scope: 10000}}
    because:
      - b1.basic = (10000 - {deductible}) * {rate}
      - b1.assistance = (10000 - b1.basic) * 70%
      - b1.patient = 10000 - b1.basic - b1.assistance
    expect:
      b1: {{basic: {basic}, assistance: {assistance}, patient: {patient}}}
"""

LEVELS = (
    ("township", "乡镇级", "100", "85%", "8415.00", "1109.50", "475.50"),
    ("county", "县级", "300", "70%", "6790.00", "2247.00", "963.00"),
    ("city", "市级", "600", "60%", "5640.00", "3052.00", "1308.00"),
    ("province", "省级", "1000", "50%", "4500.00", "3850.00", "1650.00"),
)

EXTENDING = """\
# {id}
#
# 以 {parent} 为上级：这里没有写的，都与上级相同。改一处，跑一次：doudi policy check {file}
# Extends {parent}: what is not written here is as there. After each change run the check.

policy: {id}
title: {{zh: 请改成本地政策名称, en: please name the local policy}}
region: "{region}"
in_force: {{from: {begins}, until: null, assumed: 待确认施行日}}
extends: {parent}
{pooling}cases: {name}.cases.yaml

# 本地的来源文件 / documents of this place
# sources:
#   county: {{title: ××县……的通知, published: {begins}}}

# 本地改动：路径是 支付方.待遇.键；下面是上级可以改的数。
# Changes: a path is payer.benefit.key; these are the numbers of the parent that can be changed.
# overrides:
{paths}
"""

EXTENDING_CASES = """\
# 手算的案例：because 写怎么算，expect 写结果，检查时与引擎逐分核对。至少十二个，其中三个是一年几张单据。
# Cases worked by hand; at least twelve, three of them years of several bills.
policy: {id}
cases: []
#  - case: first
#    zh: 一句话说明
#    cite: county
#    person: {{id: p1, categories: [{{code: destitute, from: 2000-01-01}}]}}
#    bills:
#      - {{id: b1, care: inpatient, facility: {{level: county}}, discharged: {begins}, in_scope: 10000}}
#    because:
#      - b1.basic = (10000 - 300) * 70%
#      - b1.patient = 10000 - b1.basic
#    expect:
#      b1: {{basic: 6790.00, patient: 3210.00}}
"""


def standalone(policy_id: str, region: str, year: int, file: str) -> tuple[str, str]:
    """A policy from nothing, with its cases."""
    words = {
        "id": policy_id,
        "region": region,
        "year": year,
        "file": file,
        "name": policy_id.rpartition("/")[2],
    }
    levels = "\n".join(
        LEVEL_CASE.format(
            level=level, words=name, year=year, deductible=deductible, rate=rate, basic=basic,
            assistance=assistance, patient=patient,
        )
        for level, name, deductible, rate, basic, assistance, patient in LEVELS
    )  # fmt: skip
    return STANDALONE.format(**words), STANDALONE_CASES.format(**words, levels=levels)


def extending(
    policy_id: str, parent: str, region: str, begins: str, file: str, paths: list[str], pooling: str | None
) -> tuple[str, str]:
    """A policy that extends another, with a file for its cases."""
    lines = "\n".join(f"#   - {{path: {path}, replace: …, cite: county}}" for path in paths)
    words = {
        "id": policy_id, "parent": parent, "region": region, "begins": begins, "file": file,
        "name": policy_id.rpartition("/")[2], "paths": lines,
        "pooling": f'pooling_area: "{pooling}"   # 统筹区代码的开头几位，待确认 / leading digits, to be confirmed\n'
        if pooling else "",
    }  # fmt: skip
    return EXTENDING.format(**words), EXTENDING_CASES.format(**words)
