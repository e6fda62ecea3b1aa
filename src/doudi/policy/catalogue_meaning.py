"""The texts of findings about what a policy means (see `catalogue.py` for the columns)."""

from __future__ import annotations

MEANING: dict[str, tuple[str, str, str, str]] = {
    # values
    "value_form": (
        "一个数要么写 value（或 amount），要么写 by 和 rows，要么写按日期的列表。",
        "A number is either a value (or amount), or by and rows, or a dated list.",
        "只留一种写法。", "Keep one form.",
    ),
    "value_and_amount": (
        "value 和 amount 是一回事，却都写了。", "value and amount mean the same and both are written.",
        "只留一个。", "Keep one.",
    ),
    "by_too_many": (
        "by 最多两个属性。", "by takes two attributes at most.",
        "拆成两项待遇，或用 adjust 表示第三个属性。", "Split the benefit, or say the third attribute by adjust.",
    ),
    "table_form": (
        "by 和 rows 要一起写。", "by and rows belong together.",
        "补上缺的那个。", "Add the missing one.",
    ),
    "dated_without_from": (
        "按日期的列表里有一项没写 from。", "An item of a dated list has no from.",
        "每项都写从哪天起。", "Say from which day each item holds.",
    ),
    "dated_not_ascending": (
        "日期 {text} 没有晚于前一项，两项重叠。", "The date {text} is not after the item before: they overlap.",
        "按日期先后写，各段不重叠。", "Write them in order of date, without overlap.",
    ),
    "dated_empty": (
        "从 {text} 起的一项，until 不晚于 from，是空的。", "The item from {text} ends before it begins.",
        "until 是不含当日的结束日。", "until is the first day after the item.",
    ),
    "dated_starts_late": (
        "政策从 {start} 起施行，这个数却从 {first} 才有，中间没有值。",
        "The policy is in force from {start} but this number only begins on {first}.",
        "补上更早的一项。", "Add an earlier item.",
    ),
    "table_row_unknown": (
        "“{row}”不是 {by}{meaning}的取值。", "{row} is not a value of {by}{meaning}.", "{hint}", "{hint}",
    ),
    "table_row_missing": (
        "表里没有 {row}：{by}{meaning}是这些的单据没有数可用，会被拒绝。", "The table lacks {row}; bills with that {by}{meaning} have no value and are refused.",
        "补上这些行、写 default，或用 when 排除。", "Add the rows, a default, or exclude them by when.",
    ),
    "table_nesting": (
        "表的层数与 by 不符：by 有 {wanted} 个属性。", "The rows do not nest as by says: it has {wanted} attributes.",
        "每个属性一层。", "One level of rows for each attribute.",
    ),
    "range_outside": (
        "取值 {value} 不在区间 {range} 之内。", "The value {value} is outside the range {range}.",
        "改值或改区间。", "Correct the value or the range.",
    ),
    "range_malformed": (
        "区间“{range}”读不懂。", "The range {range} cannot be read.",
        "写成 55%–65% 或 100–500。", "Write 55%–65% or 100–500.",
    ),
    "figure_unknown": (
        "没有名为 {name} 的数据（figures）。", "There is no figure {name}.", "{hint}", "{hint}",
    ),
    "share_not_here": (
        "这里不能用 {name} 的百分比。", "A share of {name} cannot stand here.",
        "账单的百分比只能用于 cap 和 counts_at_most，并且不分行、不分日期；其他地方用 figures 里的数据。",
        "Shares of the bill belong into cap and counts_at_most, without rows and dates; elsewhere use a figure.",
    ),
    "figure_form": (
        "数据 {name} 应是金额，可以分日期；不能分行，也不能是别的数据的百分比。",
        "The figure {name} must be an amount, perhaps dated; it has no rows and is no share of another figure.",
        "写成 value: 11083，或按日期列出；分行的数写在用它的地方。", "Write value: 11083, or list dates; rows belong where the number is used.",
    ),
    "bound_crossed": (
        "{value} 越过了界限 {bound}（写在 {set}）。", "{value} crosses the bound {bound} (written at {set}).",
        "改到界限之内；界限由写下它的政策管。", "Keep within the bound; only the policy that sets it can change it.",
    ),
    # adjustments
    "adjust_form": (
        "一条调整要写且只写 set、points、times、plus、at_least、at_most 中的一个。",
        "An adjustment has exactly one of set, points, times, plus, at_least, at_most.",
        "拆成几条。", "Split it.",
    ),
    "adjust_target_missing": (
        "这项待遇没有 {number}，调整无从谈起。", "This benefit has no {number} to adjust.",
        "删去这条调整，或写出 {number}。", "Remove the adjustment or write the {number}.",
    ),
    "adjust_lowers": (
        "这条调整会降低待遇，却没有写 penalty: true。", "This adjustment lowers the benefit but does not say penalty: true.",
        "确是降低，就写 penalty: true。", "If it is meant, write penalty: true.",
    ),
    "adjust_direction": (
        "{change} 不能用于 {number}。", "{change} does not fit {number}.",
        "提高比例或封顶线用 at_least，降低起付线用 at_most。", "at_least raises rates and caps, at_most lowers deductibles.",
    ),
    # bands and ways to pay
    "band_two_edges": (
        "一段不能同时写 above 和 reaching。", "A band has above or reaching, not both.",
        "不含本数用 above，含本数用 reaching。", "above excludes the edge, reaching includes it.",
    ),
    "band_form": (
        "一段要写 rate（可加 plus），或者写 lump。", "A band holds rate (with plus), or lump.",
        "只留一种。", "Keep one.",
    ),
    "bands_first_edge": (
        "第一段应从 0 开始，写的是 {edge}。", "The first band starts at 0, not at {edge}.",
        "第一段不写 above；起付线写在 deductible。", "Leave above out of the first band; a threshold is a deductible.",
    ),
    "bands_not_ascending": (
        "分段的起点 {edge} 没有高于前一段。", "The band edge {edge} is not above the one before.",
        "从低到高写。", "Write bands from low to high.",
    ),
    "bands_up_to": (
        "这一段到 {up_to} 为止，下一段却从 {edge} 开始。", "This band ends at {up_to} but the next begins at {edge}.",
        "两个数要相同。", "They must be equal.",
    ),
    "bands_mixed": (
        "同一张分段表里混用了比例和定额。", "The bands mix rates and lumps.",
        "全部写 rate，或全部写 lump。", "Use rates throughout or lumps throughout.",
    ),
    "schedule_mismatch": (
        "schedule 写的是 {written}，分段的写法却是 {found}。", "schedule says {written} but the bands read as {found}.",
        "改成一致。", "Make them agree.",
    ),
    "benefit_two_ways": (
        "rate、bands、formula 只能写一个。", "A benefit has one of rate, bands, formula.",
        "留一个。", "Keep one.",
    ),
    "benefit_pays_nothing": (
        "这项待遇没有写怎样支付。", "The benefit does not say how it pays.",
        "写 rate、bands、formula，或保底（raises_to 等）。", "Write rate, bands, formula or a guarantee.",
    ),
    "formula_syntax": (
        "公式在“{text}”处读不懂。", "The formula cannot be read at {text}.",
        "可用 + - min(…) max(…) share(x, 30%) 和括号。", "Use + - min(…) max(…) share(x, 30%) and parentheses.",
    ),
    "formula_name": (
        "公式里没有“{text}”这个量。", "The formula has no quantity {text}.", "{hint}", "{hint}",
    ),
    # base, accumulators, caps
    "base_two_ways": (
        "whole、less、portion 只能写一个。", "A base has one of whole, less, portion.",
        "留一个。", "Keep one.",
    ),
    "payer_not_earlier": (
        "{name} 不是排在前面的支付方。", "{name} is not a payer written before this one.", "{hint}", "{hint}",
    ),
    "deductible_of_unknown": (
        "{name} 没有起付线可引用。", "{name} has no deductible to refer to.",
        "引用前面有起付线的支付方，如 deductible_of basic。", "Refer to an earlier payer with a deductible: deductible_of basic.",
    ),
    "shared_base_differs": (
        "同一累计口径 {name} 下的待遇基数不同。", "Benefits that share the position {name} have different bases.",
        "统一 covers 等写法，或给其中一个写 cumulative: {{as: 名称}}。",
        "Give them the same base, or name one: cumulative: {{as: name}}.",
    ),
    "position_with_all": (
        "choose: all 时几项待遇不能共用累计口径 {name}。", "With choose: all benefits cannot share the position {name}.",
        "各写 as:。", "Name each with as:.",
    ),
    "accumulator_period": (
        "累计量 {name} 有两种期间：{first} 和 {second}。", "The accumulator {name} has two periods: {first} and {second}.",
        "给其中一个写 as: 另取名称。", "Name one of them with as:.",
    ),
    "deductible_limit": (
        "按累计计算的起付线不能再写 at_most。", "A deductible that is part of a cumulative schedule takes no at_most.",
        "一年只扣一次的起付线本身就是上限；删去 at_most，或写 per: stay。", "It is taken once a period already: remove at_most, or write per: stay.",
    ),
    "cap_unknown": (
        "这个支付方没有名为 {name} 的封顶线。", "This payer has no cap named {name}.", "{hint}", "{hint}",
    ),
    "cap_form": (
        "“{text}”不是封顶线：应写期间和金额，或写 caps 里的名称。", "{text} is no cap: a period and an amount, or a name of caps.",
        "写成 cap: {{per: year, amount: 100000}}。", "Write cap: {{per: year, amount: 100000}}.",
    ),
    "draw_needed": (
        "{name} 从几个部分支付，而后面的 {later} 只看其中一些：先付哪部分会影响结果。",
        "{name} draws on several parts and {later} sees only some of them: the order of drawing matters.",
        "写 draw: in_order 或 draw: pro_rata。", "Write draw: in_order or draw: pro_rata.",
    ),
    "amount_test_form": (
        "金额条件要写 above 或 reaching 之一。", "An amount test has above or reaching.",
        "不含本数用 above，含本数用 reaching。", "above excludes the edge, reaching includes it.",
    ),
    "jump_not_accepted": (
        "{what}会使待遇 {name} 在某个金额处跳变，须写明接受的理由。", "{what} makes the benefit {name} jump at an amount; that must be accepted.",
        "在待遇上写 accepted: {{reason: 理由, cite: 来源}}。", "Write accepted: {{reason: …, cite: …}} on the benefit.",
    ),
    "when_empty": (
        "when 里没有条件。", "when holds no test.",
        "写出条件，或删去 when。", "Write a test or remove when.",
    ),
    "year_end_needs_total": (
        "年终结算的待遇只能以仍欠的金额为基数。", "A year-end benefit works on what is still owed.",
        "写 covers: total，去掉 cumulative、less、whole、portion。", "Write covers: total without cumulative, less, whole, portion.",
    ),
    # payers, rules, groups
    "payer_without_benefits": (
        "支付方没有待遇。", "The payer has no benefit.",
        "写 benefits，或 decided: elsewhere。", "Write benefits, or decided: elsewhere.",
    ),
    "approver_missing": (
        "个案处理没有写由谁批准。", "A case-by-case payer does not name who approves.",
        "写 approver:。", "Write approver:.",
    ),
    "bill_rule_form": (
        "一条账单规则要么写 move、of、to，要么写 fixed_price。", "A bill rule has move, of, to – or fixed_price.",
        "只留一种；of 和 to 不能相同。", "Keep one; of and to differ.",
    ),
    "subsidy_form": (
        "补贴要么写 share，要么写 amount。", "A subsidy has share or amount.",
        "留一个。", "Keep one.",
    ),
    "people_empty": (
        "这一组没有任何类别。", "The group names no category.",
        "写 any: [类别]。", "Write any: [category].",
    ),
    "name_twice": (
        "名称 {name} 用了两次，前一次在第 {line} 行。", "The name {name} is used twice, first on line {line}.",
        "改其中一个。", "Rename one.",
    ),
    "category_unknown": (
        "没有 {name} 这个人员类别。", "There is no category {name}.", "{hint}", "{hint}",
    ),
    "fund_unknown": (
        "没有 {name} 这项资金。", "There is no fund {name}.", "{hint}", "{hint}",
    ),
    "people_unknown": (
        "people 里没有 {name}。", "people has no {name}.", "{hint}", "{hint}",
    ),
    "disease_unknown": (
        "diseases 里没有 {name}。", "diseases has no {name}.", "{hint}", "{hint}",
    ),
    "procedure_unknown": (
        "procedures 里没有 {name}。", "procedures has no {name}.", "{hint}", "{hint}",
    ),
    "programme_unknown": (
        "programmes 里没有 {name}。", "programmes has no {name}.", "{hint}", "{hint}",
    ),
    "source_unknown": (
        "sources 里没有 {name}。", "sources has no {name}.", "{hint}", "{hint}",
    ),
    "code_range": (
        "编码范围“{text}”首尾长短不同或颠倒。", "The range {text} has ends of different length or order.",
        "写成 A15-A19 这样。", "Write it like A15-A19.",
    ),
    "list_count": (
        "材料说有 {count} 种，这里列了 {found} 种，而 gaps 里没有说明。",
        "The document says {count}, {found} are listed and no gap explains it.",
        "补全名单，或写一条 gaps 说明（gap: {name}_list）。", "Complete the list or add a gap named {name}_list.",
    ),
    "span_empty": (
        "until（{ends}）不晚于 from（{begins}），一天也没有。", "until ({ends}) is not after from ({begins}): no day is left.",
        "until 是不含当日的结束日。", "until is the first day after the end.",
    ),
    "order_names": (
        "order 与支付方不一致：{names}。", "order does not name each payer once: {names}.",
        "每个支付方写一次。", "Name every payer exactly once.",
    ),
    "benefit_unreachable": (
        "前面的 {name} 没有条件，这项待遇永远轮不到。", "{name} before it has no condition: this benefit is never reached.",
        "把它移到前面，或给 {name} 写 when。", "Move it up, or give {name} a when.",
    ),
    "group_unused": (
        "{path} 里的 {name} 没有被用到。", "{name} in {path} is never used.",
        "删去，或用上它。", "Remove it or use it.",
    ),
    # inheritance and libraries
    "policy_unknown": (
        "找不到政策 {name}。", "There is no policy {name}.", "{hint}", "{hint}",
    ),
    "extends_unknown": (
        "找不到上级政策 {name}。", "There is no parent policy {name}.", "{hint}", "{hint}",
    ),
    "folder_missing": (
        "政策文件夹 {folder} 不存在。", "The policy folder {folder} does not exist.",
        "检查 --policies 和 DOUDI_POLICIES。", "Check --policies and DOUDI_POLICIES.",
    ),
    "id_mismatch": (
        "policy 写的是 {written}，而文件所在位置是 {found}。", "policy says {written} but the file stands at {found}.",
        "改成一致。", "Make them agree.",
    ),
    "extends_cycle": (
        "继承成了环：{chain}。", "The policies extend each other in a circle: {chain}.",
        "去掉其中一个 extends。", "Remove one extends.",
    ),
    "region_outside": (
        "区划 {region} 不在上级政策的区划 {parent} 之内。", "Region {region} is not inside the parent's region {parent}.",
        "检查 region 或 extends。", "Check region or extends.",
    ),
    "override_form": (
        "一条覆盖要写且只写 replace、add、remove: true 中的一个。", "An override has exactly one of replace, add, remove: true.",
        "补上，或拆成几条。", "Add it, or split the override.",
    ),
    "override_dates": (
        "remove 不能带 from，until 要与 from 同写。", "remove takes no from, and until needs a from.",
        "要从某天起停止，把原值按日期改为 0，或在待遇上写 until。", "To end from a day on, replace by 0 from that day, or give the benefit an until.",
    ),
    "override_path_unknown": (
        "上级政策里没有 {path}（在“{step}”处断开）。", "The parent has no {path} (it breaks at {step}).", "{hint}", "{hint}",
    ),
    "override_add": (
        "{path} 加不上 {text}：两边要同是元数，或同是百分比。", "{text} cannot be added to {path}: both must be yuan, or both percentages.",
        "用 replace 写出新值。", "Use replace with the new value.",
    ),
    "override_conflict": (
        "{path} 在同一日期有两条覆盖，另一条在第 {line} 行。", "{path} is overridden twice for one date, first on line {line}.",
        "保留一条。", "Keep one.",
    ),
    "override_dated": (
        "{path} 不能单独按日期修订。", "{path} cannot be amended by date on its own.",
        "修订它所在的整个数（连同整张表），或去掉 from。", "Amend the whole number it belongs to (with its table), or drop from.",
    ),
    "override_without_parent": (
        "没有 extends 却写了 overrides。", "There are overrides but no extends.",
        "写明 extends，或直接写内容。", "Name the parent or write the content directly.",
    ),
    "section_name_twice": (
        "上级政策已有 {name}。", "The parent already has {name}.",
        "用 overrides 修改它，或另取名称。", "Override it, or choose another name.",
    ),
    # citations
    "uncited": (
        "{path} 没有出处。", "{path} has no source.",
        "写 cite: 来源，或 assumed: 理由。", "Write cite: source, or assumed: reason.",
    ),
    "assumption": (
        "假定 {path}：{reason}。", "Assumed {path}: {reason}.",
        "县里确认后才能用于实时结算。", "To be confirmed by the county before live settlement.",
    ),
    # worked cases
    "cases_missing": (
        "政策没有案例，或案例文件不在旁边。", "The policy has no worked cases, or their file is not beside it.",
        "写 cases: {name}.cases.yaml，并把案例放在同一文件夹。", "Write cases: {name}.cases.yaml and put that file beside the policy.",
    ),
    "case_syntax": (
        "算式“{line}”读不懂：{detail}。", "The line {line} cannot be read: {detail}.",
        "写成 b1.basic = (10000 - 300) * 70%。", "Write b1.basic = (10000 - 300) * 70%.",
    ),
    "case_arithmetic": (
        "案例 {case}：{name} 按算式是 {derived}，expect 写的是 {expected}。",
        "Case {case}: {name} is {derived} by its arithmetic, but expect says {expected}.",
        "检查哪一个错了。", "Find out which is wrong.",
    ),
    "case_underived": (
        "案例 {case}：{name} 没有在 because 里推出来。", "Case {case}: {name} is not derived in because.",
        "补上算式。", "Add its arithmetic.",
    ),
    "case_differs": (
        "案例 {case}：{name} 应为 {expected}，引擎算得 {found}。", "Case {case}: {name} should be {expected}, the engine says {found}.",
        "检查政策的写法或案例。", "Check the policy or the case.",
    ),
    "case_name_unknown": (
        "案例 {case}：没有 {name} 这一项。", "Case {case}: there is no {name}.", "{hint}", "{hint}",
    ),
    "case_refused": (
        "案例 {case}：{bill} 被拒绝（{refusal}）：{reason}", "Case {case}: {bill} is refused ({refusal}): {reason}",
        "改正事实，或写 expect: {{{bill}: {{refused: {refusal}}}}}。", "Correct the facts, or expect: {{{bill}: {{refused: {refusal}}}}}.",
    ),
    "case_uncovered": (
        "没有案例用到 {path}（{what}）。", "No case covers {path} ({what}).",
        "加一个案例，或在 uncovered 里写明理由。", "Add a case, or give the reason under uncovered.",
    ),
    "case_covered_after_all": (
        "uncovered 里的 {path} 其实有案例用到，或并不存在。", "{path} under uncovered is covered after all, or does not exist.",
        "删去这一项。", "Remove the item.",
    ),
}  # fmt: skip
