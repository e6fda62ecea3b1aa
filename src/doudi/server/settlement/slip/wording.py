"""The words of the form, Chinese first; in the English form a small English label stands beside the Chinese one."""

from __future__ import annotations

from doudi.words import Words

LABELS: dict[str, Words] = {
    "title": Words("医疗保障一站式结算单", "One-stop medical settlement slip"),
    "number": Words("结算编号", "Number"),
    "serial": Words("医院流水号", "Serial"),
    "settled_at": Words("结算时间", "Settled"),
    "name": Words("姓名", "Name"),
    "sex": Words("性别", "Sex"),
    "age": Words("年龄", "Age"),
    "id_number": Words("证件号码", "ID number"),
    "categories": Words("救助身份", "Categories"),
    "scheme": Words("参保险种", "Insurance"),
    "care": Words("就医方式", "Care"),
    "facility": Words("医疗机构", "Hospital"),
    "department": Words("科室", "Department"),
    "admitted": Words("入院日期", "Admitted"),
    "discharged": Words("出院日期", "Discharged"),
    "visited": Words("就诊日期", "Visited"),
    "diagnoses": Words("诊断", "Diagnoses"),
    "costs": Words("费用构成（元）", "Costs, yuan"),
    "total": Words("总费用", "Total"),
    "in_scope": Words("政策范围内", "In scope"),
    "first_pay": Words("先行自付", "First pay"),
    "over_limit": Words("超限价", "Over limit"),
    "own_pay": Words("全自费", "Own pay"),
    "payer": Words("支付方", "Payer"),
    "sum": Words("基数 × 比例 − 起付、限额", "Base × rate − deductible, limits"),
    "article": Words("依据", "Article"),
    "amount": Words("金额（元）", "Yuan"),
    "payers_total": Words("各方支付合计", "Paid by all payers"),
    "hospital": Words("医院承担", "Borne by the hospital"),
    "patient": Words("患者应付", "The patient pays"),
    "capitals": Words("大写", "In words"),
    "patient_in_scope": Words("其中政策范围内", "of it in scope"),
    "patient_outside": Words("政策范围外", "outside"),
    "share_in_scope": Words("政策范围内报销比例", "Paid of what is in scope"),
    "share_total": Words("总费用报销比例", "Paid of the total"),
    "payment": Words("付款方式", "Payment"),
    "year": Words("本年累计（含本次，元）", "Year totals after this bill, yuan"),
    "sources": Words("政策依据", "Articles"),
    "sign_patient": Words("患者或家属（签字）", "Patient or family"),
    "sign_clerk": Words("经办人（签字）", "Clerk"),
    "sign_check": Words("复核（医院盖章）", "Checked, hospital seal"),
    "sign_date": Words("年　　月　　日", "Date"),
}

UNKNOWN = Words("不详", "unknown")
YEARS_OLD = Words("{age} 岁", "{age}")
NO_CATEGORY = Words("无", "none")
SINCE = Words("{date} 起", "since {date}")
MORE = Words("等 {count} 项", "{count} in all")
NO_PAYER = Words("本次没有基金支付", "No fund pays for this bill")
RULE = Words("费用调整 · {name}：{text}", "Bill rule · {name}: {text}")
RULE_MOVED = Words(
    "{of}的 {rate}（{moved}）转入{to}；调整后 {after}",
    "{rate} of {of} ({moved}) moves to {to}; after: {after}",
)
RULE_PRICE = Words("按定额 {price} 结算；调整后 {after}", "settled at the price {price}; after: {after}")

REVERSED = Words("已冲正", "REVERSED")
REVERSED_TEXT = Words(
    "本单已于 {date} 冲正，不得据以收付款。", "Reversed on {date}; nothing is to be paid or claimed on it."
)
REPLACED = Words("已被替代", "REPLACED")
REPLACED_TEXT = Words(
    "本单已于 {date} 由重新结算替代，以新单为准。", "Replaced on {date} by a re-adjudication."
)
BY_NUMBER = Words("凭证编号 {number}。", "By number {number}.")
BECAUSE = Words("原因：{reason}。", "Reason: {reason}.")
VERSION = Words("第 {version} 版", "VERSION {version}")
VERSION_TEXT = Words("重新结算。", "Re-adjudicated.")
VERSION_FOR = Words("重新结算，替代 {number}。", "Re-adjudicated in the place of {number}.")

PAID_AT_ONCE = Words("当场付清 {now}", "paid at once {now}")
PAID_LATER = Words(
    "先诊疗后付费：当场付 {now}，余 {rest} 出院后付", "treat first, pay later: {now} now, {rest} afterwards"
)
PAID_IN_PARTS = Words(
    "分期付款：当场付 {now}，其余分 {count} 期：{parts}", "{now} now, {count} instalments: {parts}"
)

POLICY = Words("政策 {id}，校验码 {hash}", "Policy {id}, hash {hash}")
DECISION = Words("决定校验码 {hash}，结算引擎 {engine}", "Decision hash {hash}, engine {engine}")
QR = Words(
    "二维码内为“DOUDI:结算编号:决定校验码”，不联网也能读出；凭此在窗口调出留存的结算记录，校验码相同而金额不同的，本单已被改动。",
    "The QR code holds DOUDI:number:decision hash and is read without a network; a window finds the kept record by it:"
    " where the hash is the same and an amount is not, the paper was changed.",
)
APPEAL = Words(
    "对结算有异议的，可凭本单向{office}申请复核；不服的，可依法申请行政复议或者提起行政诉讼"
    "（《社会保险法》第八十三条、《社会救助暂行办法》第六十五条）。",
    "Objections: with this slip to {office}; then administrative review or the court"
    " (Social Insurance Law, article 83; Interim Measures for Social Assistance, article 65).",
)
APPEAL_OFFICE = Words("参保地医疗保障经办机构", "the medical security agency where you are insured")
ASSUMED = Words(
    "※ 该数在政策文件中没有载明，为政策包采用并记录在案的假定。",
    "※ This number is in no document; it is an assumption recorded in the policy.",
)
REPLACED_CHARACTERS = Words(
    "〓[…]：印刷字库没有这个字，方括号内是它的统一码（Unicode）编号：{codes}。",
    "〓[…]: the printing font lacks this character; its Unicode number stands in brackets: {codes}.",
)
