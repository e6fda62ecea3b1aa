"""`doudi batch` and `doudi warmup` from the shell: what a person sees, exit codes, JSON, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE
from doudi.cli.main import main
from support.policies import policy
from support.tables import crowd, tables_of

LIUZHI, RONGJIANG = "guizhou/liuzhi/triple-guarantee-2017", "guizhou/rongjiang/medical-assistance-2017"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tables = tables_of(crowd(policy(LIUZHI), 5, 40))
    pq.write_table(tables.bills, tmp_path / "bills.parquet")
    pq.write_table(tables.people, tmp_path / "people.parquet")
    monkeypatch.chdir(tmp_path)
    return ["batch", "bills.parquet", "--people", "people.parquet", "--policy", LIUZHI]


def test_rows_say_how_many_and_why_not(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "-o", "out.parquet", "--lang", "zh"]) == EXIT_FINDINGS
    told = capsys.readouterr().out
    settled = len(pq.read_table("out.parquet"))
    rejected = len(pq.read_table("out.rejected.parquet"))
    assert f"200 行：结算 {settled}，退回 {rejected}" in told
    assert "no_value" in told
    assert not Path("out.parquet.work").exists()


def test_rows_as_data(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "-o", "parts/", "--json"]) == EXIT_FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 200 == told["settled"] + told["rejected"]
    assert sum(reason["bills"] for reason in told["reasons"]) == told["rejected"]
    assert len(pq.read_table("parts")) == told["settled"]


def test_totals_by_group(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "--totals", "--by", "level", "--json"]) == EXIT_OK
    rows = json.loads(capsys.readouterr().out)
    assert {row["level"] for row in rows} <= {"village", "township", "county", "city", "province", "-"}
    assert main([*files, "--totals", "--lang", "en"]) == EXIT_OK
    told = capsys.readouterr().out
    assert "medical assistance" in told
    assert "more bills are rejected" in told


def test_what_another_policy_changes(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "--against", RONGJIANG, "--changed", "changed.parquet", "--lang", "zh"]) == EXIT_OK
    told = capsys.readouterr().out
    assert f"{len(pq.read_table('changed.parquet'))} 张单据结果不同" in told
    assert "个人少付的" in told
    assert main([*files, "--against", LIUZHI, "--changed", "changed.parquet", "--json"]) == EXIT_OK
    assert json.loads(capsys.readouterr().out)["bills"] == 0


def test_a_sweep(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("numbers.csv").write_text("version,catastrophic.supplement.rate\nnow,60%\nmore,70%\n", "utf-8")
    assert main([*files, "--sweep", "numbers.csv", "--json"]) == EXIT_OK
    now, more = json.loads(capsys.readouterr().out)
    assert (now["version"], more["version"]) == ("now", "more")
    assert now["catastrophic_fen"] < more["catastrophic_fen"]


def test_one_bill_explained(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([*files, "-o", "out.parquet", "--json"])
    capsys.readouterr()
    bill = pq.read_table("out.parquet").column("id")[0].as_py()
    assert main([*files, "--explain", bill, "--lang", "zh"]) == EXIT_OK
    assert f"单据 {bill} · 总费用" in capsys.readouterr().out
    assert main([*files, "--explain", "nobody", "--lang", "zh"]) == EXIT_FINDINGS
    assert "没有单号为 nobody 的单据" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["batch", "bills.parquet", "--policy", LIUZHI], EXIT_USAGE, "say what you want"),
        (["batch", "bills.parquet", "-o", "out.parquet"], EXIT_USAGE, "name the policy"),
        (["batch", "bills.parquet", "--policy", LIUZHI, "-o", "out.csv"], EXIT_USAGE, "write out.parquet"),
        (["batch", "bills.parquet", "--policy", "guizhou/ncms-2017", "--totals"], EXIT_FINDINGS, "template"),
        (["batch", "bills.parquet", "--policy", LIUZHI, "--against", RONGJIANG], EXIT_USAGE, "--changed"),
        (["batch", "no.parquet", "--policy", LIUZHI, "--totals"], EXIT_UNREADABLE, "no such file"),
        (["batch", "people.parquet", "--policy", LIUZHI, "--totals"], EXIT_FINDINGS, "no column person"),
        (["batch", "bills.parquet", "--policy", LIUZHI, "--totals", "--by", "moon"], EXIT_FINDINGS, "moon"),
    ],
)
def test_what_is_wrong_is_said(
    files: list[str], arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--lang", "en"]) == code
    assert said in capsys.readouterr().err


def test_a_missing_extra_is_named(
    files: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("doudi.cli.batch.find_spec", lambda name: None)
    assert main([*files, "--totals", "--lang", "zh"]) == EXIT_USAGE
    assert "pip install 'doudi[batch]'" in capsys.readouterr().err


def test_warming_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["warmup", "shandong/county-community-2024", "--json"]) == EXIT_OK
    told = json.loads(capsys.readouterr().out)
    assert (told["policies"], told["kernels"]) == (1, 4)
