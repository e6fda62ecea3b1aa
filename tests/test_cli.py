"""The command line: what it answers, in which language, with which exit code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from doudi.cli.arguments import in_chinese
from doudi.cli.main import language_of, main

ROOT = Path(__file__).resolve().parent.parent
LIUZHI = "guizhou/liuzhi/triple-guarantee-2017"
PAGE = (ROOT / "docs" / "settle-file.md").read_text("utf-8")
FIRST, ANSWER = (
    json.loads(text) for text in re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[:2]
)


@pytest.fixture
def bill(tmp_path):
    path = tmp_path / "bill.json"
    path.write_text(json.dumps(FIRST, ensure_ascii=False), "utf-8")
    return str(path)


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def shell(*arguments, text=None, **environment):
    env = {**os.environ, "DOUDI_LANG": "", "LC_ALL": "C", "LANG": "C", **environment}
    command = [sys.executable, "-m", "doudi.cli.main", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, env=env, check=False)


# --- from the shell ----------------------------------------------------------------------------------


def test_version_is_said():
    assert re.fullmatch(r"doudi \d+\.\d+\.\d+\n", shell("--version").stdout)


def test_settles_standard_input():
    done = shell("settle", "-", "--json", text=json.dumps(FIRST))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["bills"][0]["patient"] == "6041.20"


def test_speaks_the_language_of_the_machine():
    assert "用法" in shell().stdout
    assert "usage" in shell(LANG="en_GB.UTF-8", LC_ALL="").stdout
    assert "用法" in shell(LANG="en_GB.UTF-8", DOUDI_LANG="zh").stdout


def test_piped_text_has_no_colours(bill):
    done = shell("settle", bill)
    assert "\x1b" not in done.stdout
    assert "陆仟零肆拾壹元贰角" in done.stdout


def test_internal_error_is_no_traceback(bill, monkeypatch, capsys):
    monkeypatch.setattr("doudi.cli.settle.answer", lambda *_: 1 // 0)
    code, _, err = run(capsys, "settle", bill, "--lang", "en")
    assert code == 70
    assert "internal error: ZeroDivisionError" in err
    assert "Traceback" not in err


# --- the contract ------------------------------------------------------------------------------------


def test_answer_is_what_the_page_promises(capsys, bill):
    code, out, _ = run(capsys, "settle", bill, "--json")
    told = json.loads(out)
    assert code == 0
    for key in ("id", "total", "shares", "hospital", "patient", "patient_in_scope"):
        assert told["bills"][0][key] == ANSWER["bills"][0][key]
    assert told["accumulators"] == ANSWER["accumulators"]
    assert told["policy"]["id"] == LIUZHI
    assert re.fullmatch(r"[0-9a-f]{64}", told["policy"]["hash"])


def test_answer_opens_the_next_file(capsys, bill, tmp_path):
    _, out, _ = run(capsys, "settle", bill, "--json")
    second = {**FIRST, "opening": {"accumulators": {}}, "bills": [{**FIRST["bills"][0], "id": "b2"}]}
    told = json.loads(out)["accumulators"]
    second["opening"] = {
        "accumulators": {scope: told[scope] for scope in ("person", "household")},
        "admissions": told["admissions"],
        "stays": told["stays"],
    }
    path = tmp_path / "second.json"
    path.write_text(json.dumps(second), "utf-8")
    _, out, _ = run(capsys, "settle", str(path), "--json")
    assert json.loads(out)["accumulators"]["person"]["catastrophic_scope"]["2017"] == "16020.00"


def test_list_has_the_promised_keys(capsys):
    _, out, _ = run(capsys, "policy", "list", "--json", "--lang", "en")
    listed = json.loads(out)
    assert all(set(one) == {"id", "region", "title", "in_force"} for one in listed)
    liuzhi = next(one for one in listed if one["id"] == LIUZHI)
    assert liuzhi["title"].startswith("Liuzhi")
    assert liuzhi["in_force"] == {"from": "2017-06-01", "until": None}


def test_schema_is_json(capsys):
    _, out, _ = run(capsys, "policy", "schema")
    assert "payers" in json.loads(out)["properties"]


# --- which policy ------------------------------------------------------------------------------------


def test_region_picks_the_nearest_policy(capsys, bill):
    code, out, _ = run(capsys, "settle", bill, "--region", "520203", "--json")
    assert (code, json.loads(out)["policy"]["id"]) == (0, LIUZHI)


def test_two_policies_of_a_region_are_ambiguous(capsys, bill, tmp_path):
    for name in ("aid-2017", "other-2017"):
        begin = (
            "policy",
            "new",
            f"guizhou/shuicheng/{name}",
            "--region",
            "520221",
            "--policies",
            str(tmp_path),
        )
        assert run(capsys, *begin)[0] == 0
    code, _, err = run(capsys, "settle", bill, "--region", "520221", "--policies", str(tmp_path))
    assert code == 1
    assert "policy_ambiguous" in err
    assert "guizhou/shuicheng/other-2017" in err


def test_option_wins_over_file(capsys, bill):
    code, _, err = run(capsys, "settle", bill, "--policy", "guizhou/liuzhi/nothing")
    assert code == 3
    assert LIUZHI in err


def test_no_policy_is_refused(capsys, tmp_path):
    path = tmp_path / "bill.json"
    path.write_text(json.dumps({key: value for key, value in FIRST.items() if key != "policy"}), "utf-8")
    code, out, err = run(capsys, "settle", str(path), "--json")
    assert code == 1
    assert json.loads(out)["refused"]["code"] == "policy_not_named"
    assert "policy_not_named" in err


# --- what goes wrong ---------------------------------------------------------------------------------


def test_refused_bill_says_where_and_how(capsys, tmp_path):
    broken = {**FIRST, "bills": [{**FIRST["bills"][0], "care": None}]}
    path = tmp_path / "bill.json"
    path.write_text(json.dumps(broken), "utf-8")
    code, out, err = run(capsys, "settle", str(path), "--lang", "zh")
    assert (code, out) == (1, "")
    assert err.startswith("bills[0].care: fact_missing: 政策要看“就医方式”")
    assert "→ 补上 care" in err


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["settle"], "缺少参数：FILE|-", "the following arguments are required"),
        (["settle", "x", "y"], "不认识的参数：y", "unrecognized arguments: y"),
        (["policy", "foo"], "不能是 'foo'", "invalid choice: 'foo'"),
        (["policy", "check"], "--all", "--all"),
        (["policy", "new", "a/b"], "--from", "--from"),
        (["policy", "new", "A", "--region", "520203"], "小写字母", "small letters"),
        (["settle", "x", "--policy", "a", "--region", "1"], "不能与", "not allowed with"),
        (["policy", "show", LIUZHI, "--on", "2017"], "--on", "--on"),
        (["policy", "card", LIUZHI, "x"], "--on", "--on"),
    ],
)
def test_wrong_usage(capsys, arguments, zh, en):
    for language, words in (("zh", zh), ("en", en)):
        code, _, err = run(capsys, *arguments, "--lang", language)
        assert code == 2
        assert words in err


def test_missing_file(capsys):
    code, _, err = run(capsys, "settle", "nowhere.json", "--lang", "zh")
    assert code == 3
    assert "nowhere.json" in err
    assert "没有这个文件" in err


def test_missing_folder(capsys):
    code, _, err = run(capsys, "policy", "list", "--policies", "nowhere")
    assert code == 3
    assert "folder_missing" in err


def test_malformed_policy_is_marked(capsys, tmp_path):
    (tmp_path / "county").mkdir()
    (tmp_path / "county" / "broken-2020.yaml").write_text("policy: [", "utf-8")
    code, out, err = run(capsys, "policy", "list", "--policies", str(tmp_path))
    assert code == 3
    assert "✗ county/broken-2020" in out
    assert "yaml_syntax" in err


def test_help_names_options_and_exit_codes(capsys):
    code, out, _ = run(capsys, "settle", "--help", "--lang", "en")
    assert code == 0
    assert "--policies" in out
    assert "exit codes" in out
    assert "--year-end" in out


def test_argparse_speaks_chinese():
    assert in_chinese("argument --on: expected one argument") == "参数 --on 后面要写一个值"
    assert in_chinese("something new") == "something new"


def test_language_option_wins():
    assert language_of(["--lang=en"], {"DOUDI_LANG": "zh"}) == "en"
    assert language_of(["policy", "--lang", "zh"], {"LANG": "en_US"}) == "zh"
    assert language_of([], {"LC_ALL": "zh_CN", "LANG": "en_US"}) == "zh"


# --- show, check, new, replay ------------------------------------------------------------------------


def test_show_tells_tables_sources_and_assumptions(capsys):
    _, out, _ = run(capsys, "policy", "show", LIUZHI, "--lang", "zh")
    assert re.search(r"起付线（每次住院） \[假\d+\] +100.00 +300.00 +600.00 +1,000.00", out)
    assert "“报销比例是60%”" in out
    assert "假定（材料没有给出" in out
    assert "材料互相矛盾" in out


def test_show_on_a_day_keeps_that_days_law(capsys):
    _, before, _ = run(capsys, "policy", "show", LIUZHI, "--on", "2017-08-31", "--lang", "en")
    _, after, _ = run(capsys, "policy", "show", LIUZHI, "--on", "2017-09-01", "--lang", "en")
    assert "rate: 60% (from 2017-01-01)" in before
    assert "rate: 70% (from 2017-09-01)" in after
    assert "60% (from 2017-01-01)" not in after


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_policy_can_be_shown(capsys, tmp_path, language):
    _, listed, _ = run(capsys, "policy", "list", "--json")
    for one in json.loads(listed):
        page = tmp_path / "page.html"
        assert run(capsys, "policy", "show", one["id"], "--lang", language, "--html", str(page))[0] == 0
        text = page.read_text("utf-8")
        assert "None" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        assert run(capsys, "policy", "show", one["id"], "--json")[0] == 0


def test_check_counts_cases_and_coverage(capsys):
    code, out, _ = run(capsys, "policy", "check", "tests/policies/slab.yaml", "--json")
    told = json.loads(out)["policies"][0]
    assert (code, told["ok"], told["cases"]) == (0, True, 6)
    assert told["coverage"]["values"]["covered"] == told["coverage"]["values"]["all"] > 0


def test_check_finds_and_tells(capsys, tmp_path):
    text = (ROOT / "tests/policies/slab.yaml").read_text("utf-8")
    path = tmp_path / "slab.yaml"
    path.write_text(text.replace("cases:", "# cases:").replace("rate: 50%", "rate: 0.5"), "utf-8")
    code, out, _ = run(capsys, "policy", "check", str(path), "--lang", "en")
    assert code in (1, 3)
    assert re.search(r"slab\.yaml:\d+:\d+: \w+:", out)
    assert "    → " in out


def test_new_policy_is_sound_and_never_overwritten(capsys, tmp_path):
    arguments = (
        "policy",
        "new",
        "guizhou/shuicheng/aid-2018",
        "--region",
        "520221",
        "--policies",
        str(tmp_path),
    )
    assert run(capsys, *arguments)[0] == 0
    code, out, _ = run(capsys, "policy", "check", "guizhou/shuicheng/aid-2018", "--policies", str(tmp_path))
    assert code == 0, out
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert "aid-2018.yaml" in err


def test_new_policy_from_a_parent_can_be_read(capsys, tmp_path):
    begin = ("policy", "new", "guizhou/pan/aid-2018", "--from", "guizhou/ncms-2017", "--region", "520281")
    assert run(capsys, *begin, "--policies", str(tmp_path))[0] == 0
    code, out, _ = run(
        capsys, "policy", "show", "guizhou/pan/aid-2018", "--policies", str(tmp_path), "--lang", "zh"
    )
    assert code == 0
    assert "上级政策：guizhou/ncms-2017" in out


def test_record_replays_and_a_changed_one_does_not(capsys, bill, tmp_path):
    record = tmp_path / "record.json"
    assert run(capsys, "settle", bill, "--record", str(record))[0] == 0
    assert run(capsys, "replay", str(record))[0] == 0
    record.write_text(record.read_text("utf-8").replace("6041.20", "6041.21"), "utf-8")
    code, _, err = run(capsys, "replay", str(record))
    assert code == 1
    assert "record_differs" in err


def test_gallery_agrees_and_writes_pages(capsys, tmp_path):
    code, out, _ = run(capsys, "gallery", "--out", str(tmp_path), "--json")
    told = json.loads(out)
    assert code == 0
    assert all(entry["agrees"] for entry in told)
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html",
        *(f"{one['id']}.html" for one in told),
    }


def test_the_instructions_of_a_policy_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "shandong/catastrophic-2014", "--instructions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("number catastrophic.by_amount.deductible (fen)" in line for line in lines)
    assert any(" = marginal " in line for line in lines)
