"""The check of a policy as a page: verdict, proofs, pictures with their cliffs, assumptions; whole and closed HTML."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from doudi.cli.main import main
from doudi.cli.policy_check import Report, check
from doudi.cli.policy_report.check_page import check_page
from doudi.cli.policy_report.curve_pictures import Axis, ceiling, large
from doudi.cli.policy_report.harm_section import KINDS, METHODS, HarmSection
from doudi.policy.library import Library
from doudi.proof.harm.verdict import Accepted, Amounts, Harm, HarmReport, Overflow, PayerMethod
from doudi.words import Language, Words
from support.policies import SMALL_FOLDER, policy

VOID = {"meta", "br", "rect", "line", "path", "circle"}


class Balance(HTMLParser):
    """Remembers whatever is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def unbalanced(text: str) -> list[str]:
    parser = Balance()
    parser.feed(text)
    parser.close()
    return parser.wrong + parser.open


@cache
def checked(policy_id: str) -> Report:
    return check(Library([SMALL_FOLDER]), policy_id)


def page(policy_id: str, language: Language = "zh", harm: HarmReport | None = None) -> str:
    report = checked(policy_id)
    return check_page(report, report.policy, harm, language)


HARM = Harm(
    kind="patient_gains",
    words=Words("县医院的人，费用 20,000.01 比 20,000.00 少付 2,000.00", "one fen more and 2,000.00 less"),
    before={"person": {"id": "p"}, "bills": [{"id": "b", "in_scope": "20000.00"}]},
    after={"person": {"id": "p"}, "bills": [{"id": "b", "in_scope": "20000.01"}]},
    amounts=Amounts((2_000_000, 2_000_001), (800_000, 600_000), (1_200_000, 1_400_001), (("aid", 1_200_000, 1_400_001),)),
    payer="aid",
    benefit="large",
    path=("payers", 0, "benefits", 0),
    step_fen=1,
)  # fmt: skip


def harm_report(**changes: object) -> HarmReport:
    told: dict[str, object] = {
        "policy": "amount-cliff", "method": "branches",
        "payers": (PayerMethod("aid", "branches", Words("金额条件", "a test on an amount")),),
        "hardship": "tested", "classes": 12, "vectors": 345, "findings": (), "accepted": (), "overflow": Overflow(True),
    }  # fmt: skip
    return HarmReport(**{**told, **changes})  # type: ignore[arg-type]


def test_the_verdict_comes_first() -> None:
    text = page("amount-cliff")
    assert (
        text.index("✓ 没有发现问题")
        < text.index("案例和覆盖")
        < text.index("费用越高，谁付多少")
        < text.index("假定（4）")
    )
    assert "无害性未检查" in text


def test_cliffs_stand_in_words_with_their_reason() -> None:
    text = page("amount-cliff")
    assert (
        "① 各级机构：总费用由 9,999.99 到 10,000.00，个人负担由 4,999.99 到 4,000.00（少付 999.99），由医疗救助引起"
        ' <span class="quiet">已确认：测试用的跳变</span>'
    ) in text
    english = page("amount-cliff", "en")
    assert "② at every level: from a bill of 20,000.00 to 20,000.01 the patient pays 6,000.00" in english
    assert "instead of 8,000.00 (−2,000.00), because of medical aid" in english
    assert text.count('class="cliff"') == 4  # two cliffs in the lines and in the stack


def test_a_cliff_that_nobody_accepted_says_so(tmp_path: Path) -> None:
    text = (
        (SMALL_FOLDER / "amount-cliff.yaml")
        .read_text("utf-8")
        .replace("cases: amount-cliff.cases.yaml\n", "")
    )
    text = re.sub(r", accepted: \{reason: 测试用的跳变, assumed: 测试用\}", "", text)
    (tmp_path / "amount-cliff.yaml").write_text(text, "utf-8")
    report = check(Library([tmp_path]), "amount-cliff")
    shown = check_page(report, report.policy, None, "zh")
    assert f"✗ {len(report.faults)} 处要改" in shown
    assert [one.code for one in report.faults].count("jump_not_accepted") == 2
    assert shown.count("没有写明为什么保留") == 2


def test_shown_amounts_are_exact() -> None:
    """County hospital, nobody's category, 30,000: 300 deductible, 70 %, catastrophic 60 % above 6,000."""
    text = page("guizhou/liuzhi/triple-guarantee-2017")
    row = re.search(r"县级</span></td>(.*?)</tr>", text)
    assert row is not None
    assert re.findall(r"[\d,]+\.\d\d", row[1]) == [
        "1,710.00", "3,210.00", "7,284.00", "15,684.00", "27,684.00", "63,684.00",
    ]  # fmt: skip


def test_groups_with_the_same_pictures_stand_together() -> None:
    text = page("guizhou/liuzhi/triple-guarantee-2017")
    groups = re.findall(r'<h3 class="level-2">(.*?)</h3>', text)
    assert groups == [
        "没有救助身份的人",
        "14类医疗救助保障对象、民政部门返还参合缴费的对象、计生部门返还参合缴费的对象",
        "特困人员、失独家庭",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "policy_id",
    ["amount-cliff", "shandong/poverty-2017", "guizhou/ncms-2017", "rounding-down-yuan", "year-end-person"],
)
def test_pages_are_closed_and_have_no_leftovers(policy_id: str, language: Language) -> None:
    text = page(policy_id, language)
    assert unbalanced(text) == []
    assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert "Words(" not in text
    assert "None" not in text


def test_a_template_has_no_pictures() -> None:
    text = page("guizhou/ncms-2017")
    assert "<svg class" not in text
    assert "模板，案例写在继承它的政策里" in text


def test_a_harm_is_shown_as_two_bills() -> None:
    text = page("amount-cliff", harm=harm_report(findings=(HARM,)))
    assert "✗ 不能说无害" in text
    assert "1. 费用多了，个人反而少付" in text
    assert "费用越高，个人有时反而占便宜：见下" in text
    assert "县医院的人，费用 20,000.01 比 20,000.00 少付 2,000.00" in text
    rows = dict(re.findall(r"<tr><td>([^<]+)</td>(<td class=number>.*?)</tr>", text))
    assert re.findall(r">([^<>]+)</td>", rows["个人负担"]) == ["8,000.00", "6,000.00", "−2,000.00"]
    assert re.findall(r">([^<>]+)</td>", rows["医疗救助"]) == ["12,000.00", "14,000.01", "+2,000.01"]
    assert "20000.01" in text  # the settle file to replay
    assert "payers.0.benefits.0" in text


def test_what_is_proved_says_how() -> None:
    text = page(
        "amount-cliff", harm=harm_report(accepted=(Accepted("aid", "large", "测试用的跳变", (), HARM),))
    )
    assert "✓ 没有未声明的伤害" in text
    assert "费用越高，个人不会反而占便宜：逐类证明" in text
    assert "更困难的人不会更吃亏：只试过，没有证明" in text
    assert "人和单据 12 类，分支组合 345 种" in text
    assert "所有数都在 64 位以内" in text
    assert "理由：测试用的跳变" in text


def test_an_overflow_and_an_undecided_question_are_no_success() -> None:
    found = harm_report(method="undecided", overflow=Overflow(False, ("r7 = mul r1 r2",)))
    text = page("amount-cliff", harm=found)
    assert "？ 尚不能下结论" in text
    assert "r7 = mul r1 r2" in text
    assert "✗ 不能说无害" in text


def test_every_method_and_kind_has_words() -> None:
    """The checker's words are the page's."""
    from typing import get_args

    from doudi.proof.harm.verdict import Kind, Method

    assert set(METHODS) == set(get_args(Method))
    assert set(KINDS) == set(get_args(Kind))
    assert (
        HarmSection(policy("amount-cliff"), harm_report(overflow=None), "en")
        .html()
        .count("overflow: not checked")
        == 1
    )


# the command


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "reports" / "check.html"
    arguments = [
        "policy",
        "check",
        "slab",
        "--policies",
        str(SMALL_FOLDER),
        "--html",
        str(out),
        "--lang",
        "zh",
    ]
    assert main(arguments) == 0
    assert "已写" in capsys.readouterr().out
    assert "测试：全额分档" in out.read_text("utf-8")
    assert main(["policy", "check", "--all", "--html", str(out), "--lang", "zh"]) == 2


def test_a_policy_that_cannot_be_read_still_has_a_page(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("policy: bad\ntitle: {zh: 坏}\n", "utf-8")
    out = tmp_path / "bad.html"
    assert main(["policy", "check", str(bad), "--html", str(out), "--lang", "zh"]) == 3
    text = out.read_text("utf-8")
    assert "要改的地方" in text
    assert unbalanced(text) == []


# the axes


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [(0, "0", "0"), (500_000, "5,000", "5k"), (2_500_000, "2.5 万", "25k"), (50_000_000, "50 万", "500k")],
)
def test_round_amounts_are_short(amount: int, zh: str, en: str) -> None:
    assert large(amount) == Words(zh, en)


def test_axes_begin_at_nothing_and_end_at_the_largest() -> None:
    assert [ceiling(amount) for amount in (1, 100, 101, 15_050_000, 0)] == [100, 100, 200, 20_000_000, 100]
    assert [Axis(100).x(at) for at in (0, 50, 100)] == [0, 5_000, 10_000]
    assert [Axis(100, 10).x(at) for at in (0, 10, 55, 100)] == [0, 5_000, 7_500, 10_000]
