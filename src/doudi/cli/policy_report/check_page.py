"""The check of a policy as a page fit for a meeting: the verdict, what it rests on, what is proved, who pays what."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from doudi.cli.policy_report.curve_section import CurveSection
from doudi.cli.policy_report.harm_section import HarmSection
from doudi.cli.policy_report.style import report as report_page
from doudi.engine.render.amounts import percent_of
from doudi.policy.library import Policy
from doudi.policy.problems import Problem, Where
from doudi.proof.harm.verdict import HarmReport
from doudi.words import Language

if TYPE_CHECKING:
    from doudi.cli.policy_check import Counts, Report


def check_page(report: Report, policy: Policy | None, harm: HarmReport | None, language: Language) -> str:
    """The page; without a policy (it could not be read) only what is to be mended."""
    writer = _Writer(report, policy, harm, language)
    title = writer.title()
    parts = [writer.head(title), writer.verdict(), writer.findings()]
    if policy is not None:
        parts += [writer.cases(), writer.harm_section()]
        if not report.abstract:
            parts.append(CurveSection(policy, language).html())
        parts += [writer.assumptions(), writer.footer()]
    return report_page(title, "\n".join(part for part in parts if part), language)


class _Writer:
    """Writes the pieces around the pictures."""

    def __init__(
        self, report: Report, policy: Policy | None, harm: HarmReport | None, language: Language
    ) -> None:
        self.report, self.policy, self.harm, self.language = report, policy, harm, language

    def w(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    @staticmethod
    def place(where: Where) -> str:
        """A place for people who do not have this machine: the file's name and the line."""
        return f"{Path(where.file).name}:{where.line}"

    def title(self) -> str:
        """The name of the policy."""
        if self.policy is None:
            return self.report.id
        title = self.policy.document.title
        return self.w(title.zh, title.en or title.zh)

    def head(self, title: str) -> str:
        """Title, id, time in force."""
        told = escape(self.report.id)
        if self.policy is not None:
            force = self.policy.document.in_force
            told += f" · <code>{self.policy.hash[:12]}</code> · {self.w('施行', 'in force')} {force.from_}"
            told += f" – {force.until}" if force.until else self.w(" 起", " on")
        check = self.w("政策检查报告", "Policy check")
        return f'<header><p class="quiet">{check}</p><h1>{escape(title)}</h1><p class="quiet">{told}</p></header>'

    def verdict(self) -> str:
        """The answer, and the few figures it rests on."""
        faults = len(self.report.faults)
        if faults:
            text, tone = self.w(f"✗ {faults} 处要改", f"✗ {faults} to mend"), "refused"
        elif self.harm is not None and not self.harm.harmless:
            text, tone = self.w("✗ 不能说无害", "✗ harm, or no proof of none"), "refused"
        else:
            text, tone = self.w("✓ 没有发现问题", "✓ nothing found"), "good"
        said = (
            [self._cases_said(), self._harm_said(), self._assumed_said()] if self.policy is not None else []
        )
        return f'<p class="verdict {tone}">{text}</p><p class="quiet">{escape(self.w("；", "; ").join(said))}</p>'

    def _cases_said(self) -> str:
        if not self.report.cases:
            return self.w("没有案例", "no cases")
        return self.w(
            f"案例 {self.report.cases} 个、单据 {self.report.bills} 张，逐分相符"
            if not self._case_faults()
            else f"案例 {self.report.cases} 个，有不符",
            f"{self.report.cases} cases with {self.report.bills} bills agree to the fen"
            if not self._case_faults()
            else f"{self.report.cases} cases, not all agree",
        )

    def _case_faults(self) -> list[Problem]:
        return [found for found in self.report.faults if found.code.startswith("case_")]

    def _harm_said(self) -> str:
        if self.harm is None:
            return self.w("无害性未检查", "no harm: not checked")
        if self.harm.findings:
            return self.w(f"{len(self.harm.findings)} 处会伤人", f"{len(self.harm.findings)} harmful")
        return (
            self.w("没有未声明的伤害", "no undeclared harm")
            if self.harm.harmless
            else self.w("无害性未判定", "no harm: undecided")
        )

    def _assumed_said(self) -> str:
        count = len(self.report.assumptions)
        return (
            self.w(f"假定 {count} 处，须由县里确认", f"{count} assumptions for the county to confirm")
            if count
            else self.w("没有假定", "no assumption")
        )

    def findings(self) -> str:
        """What is to be mended: the place, what is wrong, what to do."""
        faults = self.report.faults
        if not faults:
            return ""
        title = self.w("要改的地方", "To mend")
        return f'<section><h2 class="level-1">{title}</h2>{self._listed(faults)}</section>'

    def _listed(self, problems: Sequence[Problem]) -> str:
        items = "".join(
            f"<li>{escape(found.what.say(self.language))} "
            f'<span class="quiet">{escape(found.mend.say(self.language))}<br>'
            f"<code>{escape(self.place(found.where))}</code> {escape(found.code)}</span></li>"
            for found in problems
        )
        return f'<ul class="changes">{items}</ul>'

    def cases(self) -> str:
        """The worked cases and what they cover."""
        title = self.w("案例和覆盖", "Worked cases and coverage")
        if self.report.abstract:
            lines = [
                f"<p>{self.w('模板，案例写在继承它的政策里', 'a template: its cases stand with its children')}</p>"
            ]
        else:
            lines = [
                self._bar(self.w("读到的数", "values read"), self.report.values),
                self._bar(self.w("走到的分支", "branches taken"), self.report.branches),
            ]
        return f'<section><h2 class="level-1">{title}</h2>{"".join(lines)}</section>'

    def _bar(self, name: str, counts: Counts) -> str:
        covered, whole, excused = counts
        if not whole:
            return ""
        said = f"{covered}/{whole} ({percent_of(covered, whole)})"
        if excused:
            said += self.w(
                f"，{excused} 处写明了不设案例的原因", f", {excused} with a reason why no case reaches it"
            )
        if missing := whole - covered - excused:
            said += self.w(f"，{missing} 处没有", f", {missing} not at all")
        done, reasoned = 1000 * covered // whole, 1000 * (covered + excused) // whole
        return (
            f'<p class="coverage"><span>{name}</span><svg viewBox="0 0 1000 10" preserveAspectRatio="none" '
            f'aria-hidden="true"><rect class="track" width="1000" height="10"/>'
            f'<rect class="reasoned" width="{reasoned}" height="10"/>'
            f'<rect class="done" width="{done}" height="10"/></svg>'
            f"<span>{said}</span></p>"
        )

    def harm_section(self) -> str:
        """What is proved; said as well where nothing was."""
        if self.harm is not None and self.policy is not None:
            return HarmSection(self.policy, self.harm, self.language).html()
        title = self.w("会不会伤人", "No harm")
        text = self.w("这次没有检查无害性。", "No harm was not checked this time.")
        return f'<section><h2 class="level-1">{title}</h2><p class="quiet">{text}</p></section>'

    def assumptions(self) -> str:
        """Everything that stands without a source."""
        found = self.report.assumptions
        if not found:
            return ""
        title = self.w(f"假定（{len(found)}）", f"Assumptions ({len(found)})")
        items = "".join(
            f'<li>{escape(one.what.say(self.language))} <code class="quiet">{escape(self.place(one.where))}</code></li>'
            for one in found
        )
        return f'<section><h2 class="level-1">{title}</h2><ul class="changes assumed">{items}</ul></section>'

    def footer(self) -> str:
        """Which content was checked."""
        policy = self.policy
        said = self.w("政策内容指纹", "hash of the policy's content")
        return (
            f"<footer>{escape(policy.id)} · {said} <code>{policy.hash}</code></footer>"
            if policy is not None
            else ""
        )
