"""What is proved about no harm, how, and the bills that show what is wrong: the same words on the page and elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from doudi.cli.policy_check_harm import METHODS
from doudi.cli.policy_report.diff_tables import signed
from doudi.engine.render.html import table
from doudi.money import format_yuan
from doudi.policy.library import Policy
from doudi.proof.amendment_words import Speech
from doudi.proof.harm.verdict import Accepted, Harm, HarmReport, Kind, Method
from doudi.words import Language, Words

KINDS = {
    "patient_gains": Words("费用多了，个人反而少付", "more cost, and the patient pays less"),
    "payers_fall": Words("费用多了，各方付的反而少了", "more cost, and the payers pay less together"),
    "hardship_worse": Words("更困难的人反而付得更多", "more hardship, and the patient pays more"),
    "above_left": Words("付的超过剩下的", "a payer pays more than is left"),
    "negative_share": Words("出现负数", "a share below zero"),
}


class HarmSection:
    """Renders one report of the checker."""

    def __init__(self, policy: Policy, found: HarmReport, language: Language) -> None:
        self.speech, self.found, self.language = Speech(policy), found, language

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def say(self, words: Words) -> str:
        """Words, safe for a page."""
        return escape(words.say(self.language))

    def html(self) -> str:
        """The section."""
        parts = [
            f'<h2 class="level-1">{self.w("会不会伤人", "No harm")}</h2>',
            *self.verdict(),
            self.payers(),
        ]
        parts += [self.harm(one, number) for number, one in enumerate(self.found.findings, start=1)]
        if self.found.accepted:
            parts.append(f"<h3>{self.w('已确认保留的断点', 'Accepted jumps')}</h3>")
            parts += [self.accepted(one) for one in self.found.accepted]
        parts += [f'<p class="quiet">{self.say(note)}</p>' for note in self.found.notes]
        return f'<section class="harm">{"".join(parts)}</section>'

    def verdict(self) -> Iterator[str]:
        """What holds and how it is known; whether every number fits."""
        found = self.found
        if found.findings:
            text = self.w(f"✗ {len(found.findings)} 处会伤人", f"✗ {len(found.findings)} harmful")
        elif found.harmless:
            text = self.w("✓ 没有未声明的伤害", "✓ no undeclared harm")
        else:
            text = self.w("？ 尚不能下结论", "? no conclusion yet")
        yield f'<p class="{"good" if found.harmless else "refused"}"><strong>{text}</strong></p>'
        for claim, broken, method, kinds in self.claims():
            harmed = any(one.kind in kinds for one in found.findings)
            known = self.w("见下", "see below") if harmed else METHODS[method].say(self.language)
            yield f"<p>{escape(broken if harmed else claim)}{self.w('：', ': ')}{escape(known)}</p>"
        looked = self.w(
            f"人和单据 {found.classes:,} 类，分支组合 {found.vectors:,} 种",
            f"classes of people and bills: {found.classes:,}; combinations of branches: {found.vectors:,}",
        )
        yield f'<p class="quiet">{looked}</p>'
        yield from self.overflow()

    def claims(self) -> Iterator[tuple[str, str, Method, tuple[Kind, ...]]]:
        """Each claim: how it reads when it holds and when it does not, how it is known, what would break it."""
        yield (
            self.w("费用越高，个人不会反而占便宜", "more cost never pays"),
            self.w("费用越高，个人有时反而占便宜", "more cost sometimes pays"),
            self.found.method,
            ("patient_gains", "payers_fall", "above_left", "negative_share"),
        )
        yield (
            self.w("更困难的人不会更吃亏", "more hardship never costs"),
            self.w("更困难的人有时更吃亏", "more hardship sometimes costs"),
            self.found.hardship,
            ("hardship_worse",),
        )

    def overflow(self) -> Iterator[str]:
        """Whether any amount can leave 64 bits."""
        verdict = self.found.overflow
        if verdict is None:
            yield f'<p class="quiet">{self.w("溢出：未检查", "overflow: not checked")}</p>'
        elif verdict.safe:
            text = self.w("溢出：所有数都在 64 位以内", "overflow: every number stays within 64 bits")
            yield f"<p>{text}</p>"
        else:
            text = self.w("溢出：可能超出 64 位", "overflow: may leave 64 bits")
            listed = "".join(f"<li><code>{escape(one)}</code></li>" for one in verdict.instructions)
            yield f'<p class="refused">{text}</p><ul>{listed}</ul>'

    def payers(self) -> str:
        """How it is known for each payer."""
        rows = [
            [self.say(self.speech.payer(one.payer)), self.say(METHODS[one.method]), self.say(one.why)]
            for one in self.found.payers
        ]
        heads = [self.w("支付方", "payer"), self.w("方法", "method"), self.w("说明", "why")]
        return table(heads, rows) if rows else ""

    def harm(self, harm: Harm, number: int) -> str:
        """One finding as two bills beside each other."""
        head = f"{number}. {self.say(KINDS[harm.kind])}"
        return (
            f'<article class="finding"><h3>{head}</h3><p>{self.say(harm.words)}</p>{self.amounts(harm)}'
            f'<p class="quiet">{self.where(harm)}</p>{self.files(harm)}</article>'
        )

    def amounts(self, harm: Harm) -> str:
        """Total, each payer, patient: before and after."""
        rows = [(self.w("总费用", "total"), *harm.amounts.total)]
        rows += [
            (self.speech.payer(name).say(self.language), was, now)
            for name, was, now in harm.amounts.each
            if was or now
        ]
        rows.append((self.w("各方合计", "all payers"), *harm.amounts.payers))
        rows.append((self.w("个人负担", "patient"), *harm.amounts.patient))
        cells = [
            [escape(name), *(format_yuan(one, grouping=True) for one in (was, now)), signed(now - was)]
            for name, was, now in rows
        ]
        heads = ["", self.w("前", "before"), self.w("后", "after"), self.w("差", "difference")]
        return table(heads, cells, (1, 2, 3))

    def where(self, harm: Harm) -> str:
        """The payer and the place in the policy."""
        path = ".".join(str(step) for step in harm.path)
        return f"{self.say(self.speech.payer(harm.payer))} · <code>{escape(path)}</code>"

    def files(self, harm: Harm) -> str:
        """The two settle files, to be replayed."""
        title = self.w("两张单据的结算文件", "the two settle files")
        shown = "".join(
            f"<pre>{escape(json.dumps(one, ensure_ascii=False, indent=1))}</pre>"
            for one in (harm.before, harm.after)
        )
        head = f"<summary><span>{title}</span></summary>"
        return f'<details class="passed">{head}<div class="files">{shown}</div></details>'

    def benefit(self, one: Accepted) -> str:
        """The benefit by its name."""
        for payer in self.speech.document.payers:
            for benefit in payer.benefits:
                if (payer.payer, benefit.benefit) == (one.payer, one.benefit):
                    return self.say(self.speech.title(benefit.name, one.benefit))
        return escape(one.benefit)

    def accepted(self, one: Accepted) -> str:
        """A jump the policy admits, with its reason and, where there is one, its bill."""
        payer = self.say(self.speech.payer(one.payer))
        inside = (
            f"<p>{self.say(one.shown.words)}</p>{self.amounts(one.shown)}" if one.shown is not None else ""
        )
        return (
            f'<article class="finding accepted"><p><strong>{payer} · {self.benefit(one)}</strong> '
            f"{self.w('理由：', 'reason: ')}{escape(one.reason)}</p>{inside}</article>"
        )
