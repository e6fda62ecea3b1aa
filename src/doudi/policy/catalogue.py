"""The texts of every finding about a policy: code → (what zh, what en, mend zh, mend en).

Placeholders in braces are filled where the finding is made. Each code has a bad policy in `tests/bad/` that shows it.
"""

from __future__ import annotations

from doudi.policy.catalogue_meaning import MEANING

CATALOGUE: dict[str, tuple[str, str, str, str]] = {
    # the file and its YAML
    "file_unreadable": (
        "文件读不到：{reason}。", "The file cannot be read: {reason}.",
        "检查路径和权限。", "Check the path and the permissions.",
    ),
    "file_too_large": (
        "文件有 {size} 字节，超过 {limit} 字节的上限。", "The file has {size} bytes, more than the {limit} allowed.",
        "把长名单拆成单独的政策或目录文件。", "Move long lists into files of their own.",
    ),
    "file_not_utf8": (
        "文件不是 UTF-8 编码。", "The file is not UTF-8.",
        "用编辑器另存为 UTF-8。", "Save it as UTF-8.",
    ),
    "yaml_tab": (
        "缩进里有制表符。", "There is a tab in the indentation.",
        "缩进只用空格。", "Indent with spaces only.",
    ),
    "yaml_syntax": (
        "YAML 写法有误：{detail}。", "The YAML is malformed: {detail}.",
        "检查这一行和上一行的缩进、引号和冒号。", "Check indentation, quotes and colons here and one line above.",
    ),
    "yaml_character": (
        "文件里有 YAML 不允许的字符：{detail}。", "The file holds a character that YAML forbids: {detail}.",
        "删除该字符。", "Remove it.",
    ),
    "yaml_second_document": (
        "一个文件里有第二份文档（---）。", "The file holds a second document (---).",
        "一个文件只写一项政策。", "Write one policy a file.",
    ),
    "yaml_too_deep": (
        "嵌套超过 {limit} 层。", "Nesting is deeper than {limit} levels.",
        "展平结构。", "Flatten it.",
    ),
    "yaml_alias": (
        "不允许使用锚点或别名（{name}）。", "Anchors and aliases are not allowed ({name}).",
        "把内容写出来，或放进 people、diseases 等有名称的组。", "Write it out, or name it under people, diseases …",
    ),
    "yaml_tag": (
        "不允许使用标签 {tag}。", "The tag {tag} is not allowed.",
        "删除标签，只写值。", "Remove the tag and write the plain value.",
    ),
    "document_not_mapping": (
        "文件最外层应当是“键: 值”。", "The file must be a mapping at the top.",
        "从 policy: 这一行写起。", "Begin with a line policy: …",
    ),
    "key_not_scalar": (
        "键应当是一个词。", "A key must be one word.",
        "把键写成普通文字。", "Write the key as plain text.",
    ),
    "key_not_text": (
        "键 {key} 在 YAML 里不是文字（会被读成真假值、数或日期）。",
        "The key {key} is not text in YAML (it reads as a truth value, a number or a date).",
        "加引号：\"{key}\"。", "Quote it: \"{key}\".",
    ),
    "key_twice": (
        "键 {key} 写了两次，前一次在第 {line} 行。", "The key {key} is written twice, first on line {line}.",
        "保留一个。", "Keep one of them.",
    ),
    # the shape of the forms
    "key_unknown": (
        "这里没有“{key}”这个键。", "There is no key {key} here.", "{hint}", "{hint}",
    ),
    "key_missing": (
        "缺少“{key}”。", "{key} is missing.",
        "补上 {key}:。", "Add {key}:.",
    ),
    "expected_mapping": (
        "这里应当写“键: 值”。", "A mapping (key: value) is expected here.",
        "换行后缩进写出各个键，或写成 {{键: 值}}。", "Write its keys indented below, or as {{key: value}}.",
    ),
    "expected_list": (
        "这里应当是一个列表。", "A list is expected here.",
        "每项以“- ”开头，或写成 [甲, 乙]。", "Begin each item with “- ”, or write [a, b].",
    ),
    "expected_text": (
        "这里应当是一个值，而不是结构或空白。", "One value is expected here, not a structure or nothing.",
        "写出这个值。", "Write the value.",
    ),
    "list_empty": (
        "列表是空的。", "The list is empty.",
        "写出至少一项，或删去这个键。", "Write at least one item or remove the key.",
    ),
    "not_one_of": (
        "“{text}”不在允许的取值之中。", "{text} is not one of the allowed values.", "{hint}", "{hint}",
    ),
    "form_wrong": (
        "写法不对：{detail}。", "The form is wrong: {detail}.",
        "对照 docs/policy-language.md 修改。", "See docs/policy-language.md.",
    ),
    # amounts, rates, dates and other scalars
    "amount_full_width": (
        "金额“{text}”用了全角字符。", "The amount {text} has full-width characters.",
        "改用半角数字，如 6000。", "Use plain digits, such as 6000.",
    ),
    "amount_percent": (
        "这里要金额（元），写的是百分比“{text}”。", "An amount in yuan is expected, not the percentage {text}.",
        "写元数，如 6000；收入或总费用的百分比写成 10% of income。", "Write yuan, such as 6000, or 10% of income.",
    ),
    "amount_grouped": (
        "金额“{text}”有千位分隔符。", "The amount {text} has thousands separators.",
        "去掉分隔符。", "Remove them.",
    ),
    "amount_scientific": (
        "金额“{text}”用了科学记数法。", "The amount {text} is in scientific notation.",
        "把数字写全。", "Write out the digits.",
    ),
    "amount_unit": (
        "金额“{text}”带了单位或货币符号。", "The amount {text} carries a unit or a currency sign.",
        "只写元数：1万 写成 10000。", "Write yuan only: 10000.",
    ),
    "amount_negative": (
        "金额“{text}”是负数。", "The amount {text} is negative.",
        "这里的金额从 0 起。", "Amounts here start at 0.",
    ),
    "amount_leading_zero": (
        "金额“{text}”以 0 开头。", "The amount {text} has a leading zero.",
        "去掉开头的 0。", "Remove it.",
    ),
    "amount_decimals": (
        "金额“{text}”不止两位小数。", "The amount {text} has more than two decimals.",
        "最多写到分。", "Fen are the smallest unit.",
    ),
    "amount_malformed": (
        "“{text}”不是金额。", "{text} is not an amount.",
        "写元数，最多两位小数，如 6000 或 300.50。", "Write yuan with at most two decimals: 6000 or 300.50.",
    ),
    "amount_too_large": (
        "金额“{text}”超过十亿元的上限。", "The amount {text} exceeds the bound of 10⁹ yuan.",
        "不封顶就不写 cap。", "If there is no limit, write no cap.",
    ),
    "rate_full_width": (
        "比例“{text}”用了全角字符。", "The rate {text} has full-width characters.",
        "改用半角，如 60%。", "Use plain characters, such as 60%.",
    ),
    "rate_without_percent": (
        "比例“{text}”没有百分号。", "The rate {text} has no percent sign.",
        "写成 60% 这样；0.6 就是 60%。", "Write it like 60%; 0.6 is 60%.",
    ),
    "rate_decimals": (
        "比例“{text}”不止两位小数。", "The rate {text} has more than two decimals.",
        "最多两位小数，如 62.55%。", "Two decimals at most, such as 62.55%.",
    ),
    "rate_too_high": (
        "比例“{text}”超过 100%。", "The rate {text} exceeds 100 %.",
        "写 0% 到 100%。", "Write 0% to 100%.",
    ),
    "rate_malformed": (
        "“{text}”不是比例。", "{text} is not a rate.",
        "写成 60% 或 62.5%。", "Write 60% or 62.5%.",
    ),
    "share_of_malformed": (
        "“{text}”没有说清是谁的百分比。", "{text} does not say of what it is a share.",
        "写成 10% of income 或 30% of total。", "Write 10% of income or 30% of total.",
    ),
    "date_format": (
        "“{text}”不是日期的写法。", "{text} is not how a date is written.",
        "写成 2017-06-01。", "Write 2017-06-01.",
    ),
    "date_impossible": (
        "日历上没有 {text} 这一天。", "There is no day {text} in the calendar.",
        "检查月和日。", "Check month and day.",
    ),
    "truth_format": (
        "“{text}”不是真假值。", "{text} is not a truth value.",
        "只写 true 或 false。", "Write true or false.",
    ),
    "name_format": (
        "“{text}”不能作名称。", "{text} cannot be a name.",
        "名称用小写英文字母、数字和下划线，以字母开头。", "Names are lower-case letters, digits and _, starting with a letter.",
    ),
    "id_format": (
        "“{text}”不能作政策编号。", "{text} cannot be a policy id.",
        "写成 guizhou/liuzhi/triple-guarantee-2017 这样。", "Write it like guizhou/liuzhi/triple-guarantee-2017.",
    ),
    "region_format": (
        "“{text}”不是行政区划代码。", "{text} is not a division code.",
        "写 6 位或 12 位数字，开头的 0 要保留，如 \"520203\"。", "Write 6 or 12 digits as text, such as \"520203\".",
    ),
    "digits_format": (
        "“{text}”不是区划代码的开头几位。", "{text} is not the beginning of a division code.",
        "写 2 到 12 位数字，如 \"5202\"。", "Write 2 to 12 digits, such as \"5202\".",
    ),
    "month_day_format": (
        "“{text}”不是月-日。", "{text} is not a month and day.",
        "写成 \"01-01\"，每月最多到 28 日。", "Write \"01-01\"; days go up to 28.",
    ),
    "code_prefix_format": (
        "“{text}”不是疾病或手术编码。", "{text} is not a disease or procedure code.",
        "写编码的开头或同样长短的一段，如 N18.0、A15-A19、55.6。", "Write a prefix or a range of equal length: N18.0, A15-A19, 55.6.",
    ),
    "count_malformed": (
        "“{text}”不是个数。", "{text} is not a count.",
        "写 0 或正整数，不加小数点和逗号。", "Write a whole number without separators.",
    ),
    "cite_form": (
        "出处的写法不对。", "The citation is malformed.",
        "写 cite: 来源名，或 cite: {{来源名: 原文}}。", "Write cite: source, or cite: {{source: passage}}.",
    ),
    **MEANING,
}  # fmt: skip
