"""The texts of every finding about a policy: code → (what zh, what en, mend zh, mend en).

Placeholders in braces are filled where the finding is made. Each code has a bad policy in `tests/bad/` that shows it.
"""

from __future__ import annotations

from doudi.policy.catalogue_harm import HARM
from doudi.policy.catalogue_inert import INERT
from doudi.policy.catalogue_meaning import MEANING

CATALOGUE: dict[str, tuple[str, str, str, str]] = {
    # the file and its YAML
    "file_unreadable": (
        "文件读不到：{reason}。", "The file cannot be read: {reason}.",
        "检查路径和权限。", "Check the path and the permissions.",
    ),
    "file_too_large": (
        "文件有 {size} 字节，超过 {limit} 字节的上限。", "The file has {size} bytes, more than the {limit} allowed.",
        "一个文件只写一项政策；共用的部分放进上级政策，用 extends 继承。",
        "Write one policy a file; put what several share into a parent and extend it.",
    ),
    "file_not_utf8": (
        "从这里起不是 UTF-8 编码，多半是 GBK。", "From here on the file is not UTF-8; probably it is GBK.",
        "用编辑器另存为 UTF-8。", "Save it as UTF-8.",
    ),
    "yaml_tab": (
        "这里有制表符（Tab），全文共 {lines} 行。", "There is a tab here; {lines} line(s) of the file have one.",
        "都换成空格。", "Replace every tab by spaces.",
    ),
    "yaml_blank": (
        "这里的空白是{name}，YAML 把它当作文字。", "The blank here is {name}, which YAML takes for text.",
        "换成半角空格。", "Replace it by a plain space.",
    ),
    "yaml_full_width": (
        "这里用了全角的“{mark}”。", "A full-width {mark} stands here.",
        "换成半角的“{plain}”，后面空一格。", "Write a plain {plain} with a space after it.",
    ),
    "yaml_syntax": (
        "YAML 写法有误：{detail}。", "The YAML is malformed: {detail}.", "{hint}", "{hint}",
    ),
    "yaml_character": (
        "这里有看不见的控制字符 {character}。", "An invisible control character {character} stands here.",
        "删除它。", "Remove it.",
    ),
    "yaml_second_document": (
        "一个文件里有第二份文档（---）。", "The file holds a second document (---).",
        "一个文件只写一项政策。", "Write one policy a file.",
    ),
    "yaml_too_deep": (
        "嵌套超过 {limit} 层。", "Nesting is deeper than {limit} levels.",
        "减少括号和缩进的层数。", "Use fewer levels of brackets and indentation.",
    ),
    "yaml_alias": (
        "不允许使用锚点或别名（{name}）。", "Anchors and aliases are not allowed ({name}).",
        "把内容写出来，或放进 people、diseases 等有名称的组。", "Write it out, or name it under people, diseases …",
    ),
    "yaml_tag": (
        "不允许使用标签 {tag}。", "The tag {tag} is not allowed.",
        "删去标签，只留后面的值；以 ! 开头的文字要加引号。", "Keep the plain value; quote text that begins with !.",
    ),
    "document_not_mapping": (
        "文件最外层应当是“键: 值”。", "The file must be a mapping (key: value) at the top.",
        "从 policy: 这一行写起。", "Begin with a line policy: …",
    ),
    "key_not_scalar": (
        "键应当是一个词，这里却是列表或结构。", "A key must be one word; here it is a list or a mapping.",
        "把键写成普通文字；要写列表，先写键，再写 [甲, 乙]。", "Write a word as the key; a list is a value: key: [a, b].",
    ),
    "key_empty": (
        "冒号前面没有键。", "No key stands before the colon.",
        "写出键，或删去这一行。", "Write the key or remove the line.",
    ),
    "key_not_text": (
        "键 {key} 没有加引号，YAML 会把它读成真假值、数或日期。",
        "The key {key} is not quoted: YAML reads it as a truth value, a number or a date.",
        "加引号：\"{key}\"。", "Quote it: \"{key}\".",
    ),
    "key_twice": (
        "键 {key} 写了两次，前一次在第 {line} 行。", "The key {key} is written twice, first on line {line}.",
        "只留一个。", "Keep one of them.",
    ),
    # the shape of the forms
    "key_unknown": (
        "这里没有“{key}”这个键。", "There is no key {key} here.", "{hint}", "{hint}",
    ),
    "key_missing": (
        "缺少“{key}”{meaning}。", "{key} is missing{meaning}.",
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
        "这里应当写一个值，而不是空白、列表或结构。", "One value is expected here, not nothing, a list or a mapping.",
        "写出这个值。", "Write the value.",
    ),
    "list_empty": (
        "这里一项也没有写。", "Nothing is listed here.",
        "写出至少一项，或删去这个键。", "Write at least one item or remove the key.",
    ),
    "not_one_of": (
        "“{text}”不在允许的取值之中。", "{text} is not one of the allowed values.", "{hint}", "{hint}",
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
        "金额“{text}”用逗号或空格分了节。", "The digits of {text} are grouped by commas or spaces.",
        "写成 {plain}。", "Write {plain}.",
    ),
    "amount_scientific": (
        "金额“{text}”用了科学记数法。", "The amount {text} is in scientific notation.",
        "把数字写全。", "Write out the digits.",
    ),
    "amount_unit": (
        "金额“{text}”带了单位或货币符号。", "The amount {text} carries a unit or a currency sign.",
        "只写元数，如 {plain}。", "Write the number of yuan alone, such as {plain}.",
    ),
    "amount_negative": (
        "金额“{text}”是负数，这里的金额从 0 起。", "The amount {text} is negative; amounts here start at 0.",
        "去掉负号；减少起付线用 adjust 的 plus。", "Drop the sign; to lower a deductible use plus in adjust.",
    ),
    "amount_leading_zero": (
        "金额“{text}”以 0 开头。", "The amount {text} has a leading zero.",
        "去掉开头的 0。", "Drop the leading zero.",
    ),
    "amount_decimals": (
        "金额“{text}”不止两位小数。", "The amount {text} has more than two decimals.",
        "最多写到分，即两位小数。", "Write two decimals at most; fen are the smallest unit.",
    ),
    "amount_malformed": (
        "“{text}”不是金额。", "{text} is not an amount.",
        "写元数，最多两位小数，如 6000 或 300.50。", "Write yuan with at most two decimals: 6000 or 300.50.",
    ),
    "amount_too_large": (
        "金额“{text}”超过 {limit} 元的上限。", "The amount {text} exceeds the bound of {limit} yuan.",
        "不封顶就不写 cap。", "If there is no limit, write no cap.",
    ),
    "rate_full_width": (
        "比例“{text}”用了全角字符。", "The rate {text} has full-width characters.",
        "改用半角，如 60%。", "Use plain characters, such as 60%.",
    ),
    "rate_without_percent": (
        "比例“{text}”没有百分号。", "The rate {text} has no percent sign.", "{hint}", "{hint}",
    ),
    "rate_tenths": (
        "比例“{text}”用了“成”。", "The rate {text} counts in tenths (成).",
        "写百分数：六成写成 60%。", "Write a percentage: 六成 is 60%.",
    ),
    "rate_negative": (
        "比例“{text}”是负数。", "The rate {text} is negative.",
        "降低比例写正数并加 penalty: true，如 points: 10%, penalty: true。",
        "To lower a rate write it positive with penalty: true, such as points: 10%, penalty: true.",
    ),
    "rate_decimals": (
        "比例“{text}”不止两位小数。", "The rate {text} has more than two decimals.",
        "最多两位小数，如 62.55%。", "Two decimals at most, such as 62.55%.",
    ),
    "rate_too_large": (
        "比例“{text}”超过 {limit}。", "The rate {text} exceeds {limit}.",
        "写 0% 到 {limit}。", "Write 0% to {limit}.",
    ),
    "rate_malformed": (
        "“{text}”不是比例。", "{text} is not a rate.",
        "写成 {plain} 这样。", "Write it like {plain}.",
    ),
    "share_of_malformed": (
        "“{text}”没有说清是谁的百分比。", "{text} does not say of what it is a share.",
        "写成 10% of income 或 30% of total。", "Write 10% of income or 30% of total.",
    ),
    "date_format": (
        "“{text}”不是日期的写法。", "{text} is not how a date is written.",
        "{hint}", "{hint}",
    ),
    "date_impossible": (
        "日历上没有 {text} 这一天。", "There is no day {text} in the calendar.", "{hint}", "{hint}",
    ),
    "truth_format": (
        "“{text}”不是真假值，这里只认 true 和 false。", "{text} is not a truth value; only true and false are.",
        "{hint}", "{hint}",
    ),
    "name_format": (
        "“{text}”不能作名称：名称用小写英文字母、数字和下划线，以字母开头。",
        "{text} cannot be a name: names are lower-case letters, digits and _, starting with a letter.",
        "{hint}", "{hint}",
    ),
    "id_format": (
        "“{text}”不能作政策编号：编号是文件在政策文件夹里的位置，不带 .yaml，用小写字母、数字、- 和 /。",
        "{text} cannot be a policy id: it is the file's place without .yaml, in lower-case letters, digits, - and /.",
        "{hint}", "{hint}",
    ),
    "region_format": (
        "“{text}”不是行政区划代码：应为 6 位或 12 位数字，如 \"520203\"。",
        "{text} is not a division code: 6 or 12 digits are expected, such as \"520203\".",
        "{hint}", "{hint}",
    ),
    "digits_format": (
        "“{text}”不是区划代码的开头几位。", "{text} is not the beginning of a division code.",
        "写 2 到 12 位数字，如 \"5202\"。", "Write 2 to 12 digits, such as \"5202\".",
    ),
    "month_day_format": (
        "“{text}”不是“月-日”，如 \"01-01\"；日最大到 28。",
        "{text} is not a month and day such as \"01-01\" (up to day 28).",
        "{hint}", "{hint}",
    ),
    "code_prefix_format": (
        "“{text}”不是疾病或手术编码；应写编码的开头或一段，如 N18.0、A15-A19、55.6。",
        "{text} is not a disease or procedure code; write a prefix or a range: N18.0, A15-A19, 55.6.",
        "{hint}", "{hint}",
    ),
    "count_malformed": (
        "“{text}”不是个数。", "{text} is not a count.",
        "写 0 或正整数，不带单位、小数点和逗号。", "Write a whole number without unit, point or separators.",
    ),
    "cite_form": (
        "出处的写法不对。", "The citation is malformed.",
        "写 cite: 来源名，或 cite: {{来源名: 原文}}。", "Write cite: source, or cite: {{source: passage}}.",
    ),
    **MEANING,
    **HARM,
    **INERT,
}  # fmt: skip
