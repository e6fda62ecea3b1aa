"""What people call the forms of a policy and the choices inside them: one table a kind of word, no sentence.

`LABELS` names every key of every form; a key that needs another word in one form has a row `Form.key`, and an empty
name says that the form around it is name enough. A test keeps the table complete.
"""

from __future__ import annotations

from doudi.words import Words

NO_WORD = Words("", "")

LABELS: dict[str, Words] = {
    # the whole policy
    "title": Words("标题", "title"),
    "region": Words("地区", "region"),
    "in_force": Words("施行", "in force"),
    "InForce.from_": Words("开始", "from"),
    "InForce.until": Words("结束", "until"),
    "abstract": Words("模板", "template"),
    "variant": Words("另一种读法", "variant"),
    "law": Words("按哪一天适用政策", "law date"),
    "LawRule.as_of": NO_WORD,
    "identity": Words("身份", "identity"),
    "IdentityRule.as_of": Words("认定日", "identity date"),
    "several": Words("多重身份", "several identities"),
    "year": Words("医疗年度", "benefit year"),
    "begins": Words("起始日", "begins"),
    "as_of": Words("归属日", "belongs by"),
    "across": Words("跨年住院", "stay across the year"),
    "rounding": Words("舍入", "rounding"),
    "to": Words("转入", "moves to"),
    "RoundingRule.to": Words("单位", "unit"),
    "mode": Words("方式", "mode"),
    "reversal": Words("冲正后的后续单据", "later bills after a reversal"),
    "pooling_area": Words("统筹区", "pooling area"),
    "schemes": Words("险种", "schemes"),
    "sources": Words("来源文件", "source document"),
    "gaps": Words("材料缺口", "gap in the documents"),
    "figures": Words("统计数", "figure"),
    "funds": Words("基金", "fund"),
    "categories": Words("人员类别", "category"),
    "people": Words("人群", "group of people"),
    "diseases": Words("病种", "disease group"),
    "procedures": Words("手术操作", "procedure"),
    "programmes": Words("专项救治", "programme"),
    "bill": Words("费用调整", "bill rule"),
    "payers": Words("支付方", "payer"),
    "enrolment": Words("参保缴费", "enrolment"),
    "grants": Words("定额补助", "grant"),
    "entitlements": Words("服务", "entitlement"),
    "claims": Words("手工报销", "claims by hand"),
    "targets": Words("目标", "target"),
    # what every form may have
    "cite": Words("出处", "citation"),
    "assumed": Words("假定", "assumption"),
    "note": Words("说明", "note"),
    "range": Words("材料所写范围", "range in the document"),
    "bound": Words("上下限约束", "bound"),
    "name": Words("名称", "name"),
    "zh": Words("中文名称", "Chinese name"),
    "en": Words("英文名称", "English name"),
    "when": Words("条件", "condition"),
    "from_": Words("起", "from"),
    "until": Words("止", "until"),
    "fund": Words("资金", "fund"),
    "covers": Words("支付范围", "covers"),
    "cap": Words("封顶", "cap"),
    "per": Words("期间", "period"),
    "as_": Words("累计量", "accumulator"),
    "value": NO_WORD,
    "share": Words("比例", "share"),
    "amount": Words("金额", "amount"),
    "of": Words("基数", "of"),
    "kind": Words("性质", "kind"),
    # groups
    "department": Words("审查单位", "department"),
    "basis": Words("依据", "basis"),
    "any_": NO_WORD,
    "all_": Words("同时符合", "all of"),
    "none": Words("不含", "none of"),
    "keeps": Words("退出后继续享受", "kept after exit"),
    "after_exit_until": NO_WORD,
    "icd10": NO_WORD,
    "icd9cm3": NO_WORD,
    "anywhere": Words("含其他诊断", "other diagnoses count"),
    "age": Words("年龄", "age"),
    "roster": Words("须列入救治台账", "needs an entry in the roster"),
    "count": Words("病种数", "number of diseases"),
    "names": NO_WORD,
    "routing": Words("就诊", "routing"),
    "levels": NO_WORD,
    "designated": Words("须定点医院", "needs a designated hospital"),
    # bill rules and payers
    "move": Words("转出比例", "share moved"),
    "fixed_price": Words("定额", "fixed price"),
    "below": Words("实际费用低于定额时", "where the cost is below the price"),
    "decided": Words("由谁决定", "decided"),
    "approver": Words("批准人", "approver"),
    "settled": Words("何时结算", "settled"),
    "for_": Words("结算对象", "for"),
    "choose": Words("几项待遇时", "of several benefits"),
    "caps": Words("共用封顶", "shared cap"),
    "clearing": Words("清算", "clearing"),
    "advanced_by": Words("垫付", "advanced by"),
    "float_": Words("预付周转金", "float"),
    "repaid": Words("拨付", "repaid"),
    "benefits": Words("待遇", "benefit"),
    # benefits
    "whole": Words("按原额计", "counted as billed"),
    "less": Words("只减去这些支付方已付", "less only what was paid by"),
    "portion": Words("其中专项费用", "portion"),
    "without": Words("不含", "without"),
    "counts_at_most": Words("计入不超过", "counts at most"),
    "deductible": Words("起付线", "deductible"),
    "at_most": Words("最多", "at most"),
    "at_least": Words("最少", "at least"),
    "about": Words("约", "about"),
    "across_year": Words("跨年住院的起付线", "deductible of a stay across the year"),
    "counts_again": Words("跨年后重新计次", "the admission counts again"),
    "each": Words("分别计算", "each"),
    "rate": Words("比例", "rate"),
    "bands": Words("分段", "band"),
    "above": Words("起点（超过）", "begins above"),
    "reaching": Words("起点（达到）", "begins at"),
    "plus": Words("加", "plus"),
    "lump": Words("定额", "sum"),
    "edges": Words("分段起点", "edges of the bands"),
    "schedule": Words("计算方法", "schedule"),
    "cumulative": Words("累计", "position"),
    "pays": Words("支付", "pays"),
    "adjust": Words("调整", "adjustment"),
    "number": NO_WORD,
    "stack": Words("叠加", "stacks"),
    "penalty": Words("降低待遇", "penalty"),
    "within": Words("适用段", "within"),
    "set": NO_WORD,
    "points": NO_WORD,
    "times": NO_WORD,
    "RateAdjust.at_least": NO_WORD,
    "AmountAdjust.plus": NO_WORD,
    "AmountAdjust.at_least": NO_WORD,
    "AmountAdjust.at_most": NO_WORD,
    "offset": Words("抵扣", "offset by"),
    "raises_to": Words("补足到", "raised to"),
    "own_at_least": Words("本待遇保底", "guaranteed by this benefit"),
    "patient_at_most": Words("个人负担不超过", "patient at most"),
    "draw": Words("分摊", "draw"),
    "accepted": Words("已确认的断点", "accepted cliff"),
    "reason": NO_WORD,
    "formula": Words("公式", "formula"),
    # beyond the bill
    "premium": Words("缴费标准", "premium"),
    "subsidies": Words("资助", "subsidy"),
    "pay": Words("资助方式", "way of paying"),
    "event": Words("事由", "event"),
    "instalments": Words("可分期", "instalments"),
    "where": Words("地点", "where"),
    "within_working_days": Words("时限（工作日）", "working days"),
    "stops_clock": Words("不计入时限", "stops the clock"),
    "papers": Words("材料", "papers"),
    "numerator": Words("分子", "numerator"),
    "denominator": Words("分母", "denominator"),
    "goal": Words("目标值", "goal"),
    # sources
    "document": Words("文件号", "document"),
    "section": Words("章节", "section"),
    "url": Words("网址", "address"),
    "published": Words("发布日", "published"),
}

_AS_OF = {
    "admitted": Words("入院日", "admission"),
    "discharged": Words("出院日", "discharge"),
    "settled": Words("结算日", "settlement"),
}
_MEASURES = {
    "patient": Words("个人负担", "patient's share"),
    "patient_in_scope": Words("政策范围内个人负担", "patient's share in scope"),
    "total": Words("总费用", "total"),
    "in_scope": Words("政策范围内费用", "in-scope cost"),
    "paid": Words("各方支付", "paid by all"),
    "paid_in_scope": Words("政策范围内支付", "paid in scope"),
}

CHOICES: dict[str, dict[str, Words]] = {
    "as_of": _AS_OF,
    "several": {
        "best_per_payer": Words("逐个支付方就高不就低", "the best for each payer"),
        "best_single": Words("只按最有利的一种身份", "the single best"),
    },
    "across": {
        "whole": Words("整单归一个年度", "one bill in one year"),
        "split": Words("按年度拆单", "split by year"),
    },
    "RoundingRule.to": {"fen": Words("分", "fen"), "jiao": Words("角", "jiao"), "yuan": Words("元", "yuan")},
    "mode": {
        "half_up": Words("四舍五入", "half up"),
        "half_even": Words("四舍六入五成双", "half to even"),
        "down": Words("舍去零头", "down"),
    },
    "reversal": {
        "replay": Words("重新结算", "settled again"),
        "stand": Words("保持不变", "left as they are"),
    },
    "decided": {
        "here": Words("本系统", "here"),
        "elsewhere": Words("别的系统", "elsewhere"),
        "case_by_case": Words("个案审批", "case by case"),
    },
    "settled": {"bill": Words("随单据", "with the bill"), "year_end": Words("年末", "at year end")},
    "for_": {"person": Words("个人", "a person"), "household": Words("家庭", "a household")},
    "choose": {
        "first": Words("取第一项符合的", "the first that applies"),
        "best": Words("取最高一项", "the best"),
        "all": Words("各项都付", "all of them"),
    },
    "advanced_by": {"hospital": Words("医院", "the hospital")},
    "repaid": {
        "at_once": Words("即时拨付", "at once"),
        "monthly": Words("按月拨付", "monthly"),
        "quarterly": Words("按季拨付", "quarterly"),
        "yearly": Words("按年拨付", "yearly"),
    },
    "below": {"actual": Words("按实际费用", "the cost"), "price": Words("按定额", "the price")},
    "edges": {
        "absolute": Words("从零算起", "counted from zero"),
        "above_deductible": Words("从起付线算起", "counted from the deductible"),
    },
    "schedule": {
        "marginal": Words("分段累进", "marginal"),
        "slab": Words("全额按所在档", "the whole at the rate of its band"),
        "lump": Words("按档定额", "a sum by band"),
        "quick": Words("速算扣除", "quick deduction"),
    },
    "pays": {"difference": Words("付差额", "the difference"), "catch_up": Words("补足前期", "catches up")},
    "draw": {"in_order": Words("依次", "in order"), "pro_rata": Words("按比例", "pro rata")},
    "across_year": {
        "old": Words("只扣上年", "of the old year"),
        "difference": Words("补差额", "the difference"),
        "new": Words("只扣新年", "of the new year"),
    },
    "pay": {
        "direct": Words("直接资助", "direct"),
        "first_refund_later": Words("先缴后返", "paid first and refunded"),
    },
    "Gap.kind": {
        "silent": Words("材料没有写", "not said"),
        "open": Words("可作不同理解", "open"),
        "conflict": Words("材料互相矛盾", "contradiction"),
    },
    "numerator": _MEASURES,
    "denominator": _MEASURES,
    "each": {"disease": Words("每个病种", "each disease")},
    "Grant.per": {
        "event": Words("每次", "each time"),
        "month": Words("每月", "a month"),
        "year": Words("每年", "a year"),
    },
}

ADJUSTED = {
    "rate": Words("比例", "rate"),
    "deductible": Words("起付线", "deductible"),
    "cap": Words("封顶", "cap"),
}
GRADES = {"1": Words("一级", "grade 1"), "2": Words("二级", "grade 2"), "3": Words("三级", "grade 3")}
ATTRIBUTES = {
    "level": Words("机构级别", "facility level"),
    "grade": Words("机构等级", "hospital grade"),
    "care": Words("就医方式", "kind of care"),
    "scheme": Words("险种", "scheme"),
    "tier": Words("缴费档次", "tier"),
    "place": Words("就医地", "place"),
    "channel": Words("结算方式", "channel"),
    "admission": Words("本年第几次住院", "admission of the year"),
    "people": Words("人群", "people"),
    "disease": Words("病种", "disease"),
}


def label(form: str, key: str) -> Words:
    """What people call a key of a form."""
    return LABELS.get(f"{form}.{key}") or LABELS[key]


def choice(form: str, key: str, value: str) -> Words | None:
    """The words of a choice; None where the key holds no choice."""
    found = CHOICES.get(f"{form}.{key}") or CHOICES.get(key) or {}
    return found.get(value)
