"""The texts of findings about harm: more cost, more hardship, numbers too large (see `catalogue.py`)."""

from __future__ import annotations

HARM: dict[str, tuple[str, str, str, str]] = {
    "harm_more_cost": (
        "费用增加会伤人：{words}", "More cost does harm: {words}",
        "改掉这个原因；办法本身如此的，在待遇上写 accepted: {{reason: 理由, cite: 来源}}。用 --bills 文件夹 写出这两张单据。",
        "Mend it; if the law is so, write accepted: {{reason: …, cite: …}} on the benefit. --bills DIR writes the two bills.",
    ),
    "harm_hardship": (
        "困难身份反而更差：{words}", "Hardship is worse: {words}",
        "困难身份不应更差：改比例、起付线、限额或待遇的次序。办法本身如此的，在待遇上写 accepted: {{reason: 理由, cite: 来源}}。",
        "Hardship should never be worse: change rate, deductible, cap or the order of benefits. If the law is so, write accepted: {{reason: …, cite: …}} on the benefit.",
    ),
    "accepted_idle": (
        "待遇 {name} 写了 accepted，但已逐类证明它没有跳变，也不会因费用增加而多付。",
        "The benefit {name} has accepted, but it is proved that it neither jumps nor pays more than one for one.",
        "删去 accepted。", "Remove accepted.",
    ),
    "number_too_large": (
        "编译后的指令 {instruction} 在允许的金额内可能超出64位整数。",
        "The compiled instruction {instruction} may leave 64 bits for amounts within the bounds.",
        "减小公式或表里的倍数。", "Use smaller factors in the formula or table.",
    ),
}  # fmt: skip
