"""Why a bill is refused: one text a code, in two languages, with what would mend it."""

from __future__ import annotations

from doudi.words import Words

# code → (what zh, what en, mend zh, mend en)
REFUSALS: dict[str, tuple[str, str, str, str]] = {
    "file_shape": (
        "结算文件的最外层应有 person 和 bills。", "A settle file has person and bills at the top.",
        "对照 docs/settle-file.md 补全。", "See docs/settle-file.md.",
    ),
    "json_malformed": (
        "不是有效的 JSON：{detail}。", "This is not valid JSON: {detail}.",
        "检查引号、逗号和括号。", "Check quotes, commas and brackets.",
    ),
    "key_unknown": (
        "没有“{key}”这个字段。", "There is no field {key}.", "{hint}", "{hint}",
    ),
    "field_missing": (
        "缺少“{key}”。", "{key} is missing.",
        "补上这个字段。", "Add the field.",
    ),
    "field_type": (
        "“{key}”应当是{kind}。", "{key} must be {kind_en}.",
        "改正这个字段。", "Correct the field.",
    ),
    "amount_not_text": (
        "金额 {key} 写成了带小数的数，会丢分。", "The amount {key} is a JSON number with a fraction and may lose fen.",
        "写成文字，如 \"30000.00\"。", "Write it as text, such as \"30000.00\".",
    ),
    "amount_malformed": (
        "金额 {key}：{detail}", "Amount {key}: {detail}",
        "写元数，最多两位小数，如 \"30000.00\"。", "Write yuan with at most two decimals, such as \"30000.00\".",
    ),
    "amount_negative": (
        "金额 {key} 是负数。", "The amount {key} is negative.",
        "退费用冲正和更正，不写负数。", "A refund is a reversal or correction, never a negative bill.",
    ),
    "amount_too_large": (
        "金额 {key} 超过上限。", "The amount {key} exceeds the bound.",
        "检查是否多写了几位。", "Check for extra digits.",
    ),
    "date_malformed": (
        "“{key}”不是日期：{text}。", "{key} is not a date: {text}.",
        "写成 2017-09-01。", "Write 2017-09-01.",
    ),
    "dates_reversed": (
        "{second} 早于 {first}。", "{second} is before {first}.",
        "检查日期。", "Check the dates.",
    ),
    "not_one_of": (
        "“{key}”不能是 {text}。", "{key} cannot be {text}.", "{hint}", "{hint}",
    ),
    "parts_differ_from_total": (
        "四部分费用之和是 {sum}，总费用是 {total}。", "The parts sum to {sum}, the total is {total}.",
        "政策范围内、先行自付、超限价、全自费四项之和要等于总费用。", "in_scope, first_pay, over_limit and own_pay must sum to total.",
    ),
    "bill_empty": (
        "总费用是 0。", "The bill is empty.",
        "没有费用就不结算。", "There is nothing to settle.",
    ),
    "portion_too_large": (
        "标记金额 {key} 大于总费用。", "The portion {key} exceeds the total.",
        "检查标记金额。", "Check the portion.",
    ),
    "table_unreadable": (
        "读不出这个表：{detail}", "The table cannot be read: {detail}",
        "写成 Parquet 文件。", "Write it as a Parquet file.",
    ),
    "rows_lost": (
        "{rows} 行里结算 {settled} 行、退回 {rejected} 行，合不上。", "Of {rows} rows {settled} are settled and {rejected} rejected: they do not add up.",
        "这是程序的错误，请报告；结果不要使用。", "This is a fault of the program: report it and do not use the result.",
    ),
    "number_unknown": (
        "政策里没有名为“{key}”的数。", "The policy has no number called {key}.",
        "{hint}", "{hint}",
    ),
    "columns_only": (
        "{id} 按每种身份分别试算（best_single），不能成列结算。", "{id} tries each category alone (best_single) and cannot be settled as columns.",
        "逐张结算，或改用 best_per_payer。", "Settle its bills one by one, or write best_per_payer.",
    ),
    "bill_not_found": (
        "没有单号为 {key} 的单据。", "There is no bill {key}.",
        "检查单号。", "Check the id.",
    ),
    "bill_of_many": (
        "单号 {key} 不止一人有：{people}。", "More than one person has a bill {key}: {people}.",
        "用 --person 写明是谁的。", "Say whose with --person.",
    ),
    "sweep_empty": (
        "没有一行数可算。", "There is no row of numbers.",
        "第一行写数的名字，以下每行一组数。", "Name the numbers in the first row and write a set of them in each row below.",
    ),
    "folder_of_others": (
        "文件夹 {folder} 里有别的文件。", "The folder {folder} holds other files.",
        "换一个空文件夹；这里的文件一个也没有动。", "Name an empty folder; nothing in this one was touched.",
    ),
    "column_missing": (
        "表里缺少“{key}”这一列。", "The table has no column {key}.",
        "对照 docs/batch.md 补上。", "Add it; see docs/batch.md.",
    ),
    "column_unknown": (
        "不认识“{key}”这一列。", "{key} is not a column of this table.",
        "删去或改名，可用的列见 docs/batch.md。", "Remove or rename it; docs/batch.md lists the columns.",
    ),
    "column_type": (
        "“{key}”这一列应当是{kind}。", "The column {key} must be {kind_en}.",
        "按这个类型写出。", "Write it with this type.",
    ),
    "person_not_listed": (
        "人员表里没有“{key}”。", "{key} is not in the table of people.",
        "补上这个人，再结算他的单据。", "Add the person, then settle the bill.",
    ),
    "person_twice": (
        "人员表里“{key}”出现了两次。", "{key} stands twice in the table of people.",
        "每人只留一行。", "Keep one row a person.",
    ),
    "bill_twice": (
        "单号 {key} 出现了两次。", "The bill id {key} occurs twice.",
        "每张单据一个单号。", "Give each bill its own id.",
    ),
    "person_missing": (
        "没有写这是谁的单据。", "The file does not say whose bills these are.",
        "补上 person.id。", "Add person.id.",
    ),
    "insured_twice": (
        "参保记录互相重叠。", "Insurance periods overlap.",
        "每段参保首尾相接、不重叠。", "Let one begin where the other ends.",
    ),
    "not_insured": (
        "{day} 这天没有参保。", "The person is not insured on {day}.",
        "补录参保记录，或按未参保处理。", "Correct the enrolment, or treat as uninsured.",
    ),
    "scheme_not_served": (
        "政策不适用于险种 {scheme}。", "The policy does not serve the scheme {scheme}.",
        "选用该险种的政策。", "Use that scheme's policy.",
    ),
    "date_outside_policy": (
        "{day} 不在政策施行期内（{begins} 起{ends}）。", "{day} is outside the policy's time ({begins} to {ends_en}).",
        "选用当日施行的政策。", "Use the policy in force on that day.",
    ),
    "year_crossed": (
        "本次住院跨了年度，而政策要求按年度拆单。", "The stay crosses the benefit year, and the policy splits such stays.",
        "拆成两张单据，stay 写同一个编号。", "Write two bills with the same stay.",
    ),
    "fact_missing": (
        "政策要看“{fact}”，单据上没有。", "The policy looks at {fact}, which the bill does not give.",
        "补上 {key}。", "Add {key}.",
    ),
    "no_value": (
        "政策没有为这张单据给出“{label}”的数。", "The policy gives no number for {label} on this bill.",
        "检查级别、日期等事实，或请政策人员补上。", "Check level, dates and the like, or complete the policy.",
    ),
    "recorded_exceeds": (
        "{payer} 已记录的金额大于它所付部分的余额。", "The amount recorded for {payer} exceeds what is left of its parts.",
        "核对医保平台返回的金额。", "Compare with what the insurance platform returned.",
    ),
    "recorded_unknown": (
        "政策里没有支付方 {payer}。", "The policy has no payer {payer}.", "{hint}", "{hint}",
    ),
    "recorded_missing": (
        "{payer} 由别的系统决定，单据上没有它的金额。", "{payer} is decided elsewhere and the bill does not give its amount.",
        "补上 recorded.{payer}。", "Add recorded.{payer}.",
    ),
    "decision_exceeds": (
        "{payer} 的个案金额超过了限额。", "The amount decided for {payer} exceeds its limit.",
        "重新审批。", "Decide again.",
    ),
    "decision_without_approver": (
        "{payer} 的个案金额没有写批准人。", "The amount decided for {payer} names no approver.",
        "补上 approver。", "Add approver.",
    ),
    "catalogue_missing": (
        "单据列了费用明细，却没有给目录。", "The bill has fee lines but no catalogue is given.",
        "在文件里写 catalogue，或用 --catalogue。", "Give catalogue in the file, or --catalogue.",
    ),
    "parts_differ_from_lines": (
        "{key} 写的是 {stated}，明细合计是 {sum}。", "{key} says {stated}, the fee lines sum to {sum}.",
        "删去各部分金额，由明细算出，或改正明细。", "Leave the parts to the lines, or correct the lines.",
    ),
    "catalogue_twice": (
        "目录里 {item} 在 {day} 有两条。", "The catalogue has {item} twice on {day}.",
        "给其中一条写 until，使日期不重叠。", "End one with until so that they do not overlap.",
    ),
    "line_unknown": (
        "目录里没有 {item}（{day}）。", "The catalogue has no {item} on {day}.",
        "补目录，或改正编码。", "Complete the catalogue or correct the code.",
    ),
    "accumulator_full": (
        "累计量 {name} 超过上限。", "The accumulator {name} exceeds its bound.",
        "检查期初余额。", "Check the opening balances.",
    ),
    "policy_not_named": (
        "没有写用哪个政策。", "No policy is named.",
        "写 policy，或用 --policy、--region。", "Write policy, or use --policy or --region.",
    ),
    "policy_ambiguous": (
        "{region} 在 {day} 有几个政策：{ids}。", "{region} has several policies on {day}: {ids}.",
        "用 --policy 指定一个。", "Choose one with --policy.",
    ),
    "policy_none": (
        "{region} 在 {day} 没有政策。", "{region} has no policy on {day}.",
        "用 doudi policy list 查看。", "See doudi policy list.",
    ),
    "policy_abstract": (
        "{id} 是模板，不能直接结算。", "{id} is a template and settles no bill.",
        "用继承它的县级政策。", "Use a policy that extends it.",
    ),
    "record_differs": (
        "复算结果与记录不同：{what}。", "The replay differs from the record: {what}.",
        "核对政策和引擎版本。", "Compare policy and engine version.",
    ),
}  # fmt: skip


class Refused(Exception):
    """A bill (or a whole file) is refused; nothing was settled for it.

    `path` says where in the settle file, such as `bills[0].facility.level`.
    """

    def __init__(self, code: str, path: str = "", **values: object) -> None:
        self.code, self.path = code, path
        what_zh, what_en, mend_zh, mend_en = REFUSALS[code]
        zh = {name: value.zh if isinstance(value, Words) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Words) else value for name, value in values.items()}
        self.what = Words(what_zh.format(**zh), what_en.format(**en))
        self.mend = Words(mend_zh.format(**zh), mend_en.format(**en))
        super().__init__(f"{path}: {code}: {self.what.en} {self.mend.en}")
