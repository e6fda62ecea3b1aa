"""Explanations say what they are known to say, word for word. See `sentences_reset.py` to write it down anew."""

from pathlib import Path

from doudi.engine.render.html import page
from doudi.engine.render.slip import beyond_sentences
from doudi.engine.render.text import explanation_lines
from doudi.engine.vocabulary import name_of
from sentences_reset import EXPECTED, told
from support.files import a_bill, settled
from support.policies import one_benefit, written


def test_every_kind_of_sentence_is_as_it_was_read_and_approved() -> None:
    assert told() == EXPECTED.read_text("utf-8")


def test_a_page_is_of_one_language_from_its_head_to_its_last_table(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%, cap: {per: year, amount: 100}"))
    answer = settled(trial, a_bill(in_scope="100"))
    zh, en = page(answer, "zh"), page(answer, "en")
    assert '<html lang="zh-CN">' in zh
    assert '<html lang="en">' in en
    for word, wort in [("累计量", "accumulator"), ("期间", "period"), ("结算后累计", "Accumulators after")]:
        assert (f">{word}<" in zh, f">{wort}<" in en, f">{word}<" in en, f">{wort}<" in zh) == (
            True,
            True,
            False,
            False,
        )


def test_a_grant_is_called_by_its_name_and_none_is_said_quietly(tmp_path: Path) -> None:
    grant = "grants: [{grant: house_aid, name: 补助, event: flood, amount: 100, assumed: 测试用}]\n"
    trial = written(tmp_path, one_benefit("rate: 50%") + grant)
    events = [{"event": "flood", "date": "2017-07-01"}, {"event": "fire", "date": "2017-07-02"}]
    assert beyond_sentences(settled(trial, events=events), "en") == [
        ("2017-07-01 · grant house aid: 100.00", "plain"),
        ("2017-07-02 · fire: no grant", "quiet"),
    ]


def test_what_a_terminal_colours_stands_out_for_a_reason(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%, cap: {per: bill, amount: 30}"))
    lines = dict(explanation_lines(settled(trial, a_bill(in_scope="100")), "en"))
    assert lines["aid −30.00"] == "payer"
    assert lines["  · share → 30.00"] == "head"
    assert [tone for text, tone in lines.items() if "50.00 → 30.00" in text] == ["look"]


def target(name: str, goal: str) -> str:
    about = "name: {zh: 自付, en: own share}, numerator: patient, denominator: total"
    return f"  - {{target: {name}, {about}, goal: {goal}, assumed: 测试用}}\n"


TARGETS = "targets:\n" + target("low", "{at_most: 10%}") + target("high", "{at_least: 10%}")


def test_a_target_that_is_missed_stands_out_and_one_that_is_met_does_not(tmp_path: Path) -> None:
    answer = settled(written(tmp_path, one_benefit("rate: 50%") + TARGETS), a_bill(in_scope="100"))
    missed, met = beyond_sentences(answer, "en")
    assert ("50% (≤ 10%, not met)" in missed[0], missed[1]) == (True, "look")
    assert ("50% (≥ 10%, met)" in met[0], met[1]) == (True, "quiet")
    assert beyond_sentences(answer, "zh")[0][0].startswith("目标 · 自付：50%（")


def test_how_often_a_limit_counts_anew_is_said_in_both_languages() -> None:
    words = {
        "bill": "每单 / a bill",
        "stay": "每次住院 / a stay",
        "day": "每日 / a day",
        "month": "每月 / a month",
        "quarter": "每季 / a quarter",
        "year": "每年 / a year",
        "lifetime": "终身 / a lifetime",
    }
    assert {period: f"{name_of(period).zh} / {name_of(period).en}" for period in words} == words


def test_sources_are_named_before_their_passages(tmp_path: Path) -> None:
    source = "sources: {notice: {title: 某县通知, document: none}}\n"
    trial = written(tmp_path, source + one_benefit("rate: 50%, cite: {notice: 按50%支付}"))
    text = [line for line, _ in explanation_lines(settled(trial, a_bill(in_scope="100")), "zh")]
    assert text[text.index("出处") + 1] == "  某县通知"
    assert "“按50%支付”" in text[text.index("出处") + 2]
