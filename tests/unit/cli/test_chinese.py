"""What people see with `--lang zh-Hant` is Chinese, whatever they do wrong."""

import re

import pytest

CARD = """
[scorecard]
id = "reps"
title = {{en = "Reps", zh-Hant = "業務"}}
role = "sales"
level = "person"
period = "quarter"
effective = 2026-01-01
{head}
[[line]]
indicator = "{indicator}"
weight = "{weight}"
target = "0.5"
curve = "ratio"
"""
MISTAKES = {
    "unknown command": (["evalute"], "沒有指令 evalute；是不是 evaluate？"),
    "unknown subcommand": (["plugins", "shw"], "沒有指令 shw；是不是 show？"),
    "missing argument": (["evaluate"], "缺少參數 'CARD'"),
    "missing option": (["evaluate", "reps"], "缺少選項 '--period'"),
    "unknown option": (["evaluate", "reps", "--perod", "x"], "沒有選項 '--perod'，是不是 '--period'？"),
    "no value": (["evaluate", "reps", "--period"], "選項 '--period' 需要一個值"),
    "too many": (["explain", "a", "b", "c"], "多了參數（c）"),
    "bad choice": (["measure", "x", "--period", "2026", "--level", "city"], "'--level' 的值不對：'city' 不在 "),
    "bad number": (["facts", "deal", "--limit", "x"], "'--limit' 的值不對：'x' 不是整數"),
    "no ledger": (["evaluate", "reps", "--period", "2026-Q1", "--ledger", "no.db"], "沒有帳本"),
    "unknown scorecard": (["evaluate", "reps", "--period", "2026-Q1"], "沒有計分卡 'reps'"),
    "unknown indicator": (["measure", "sales.win_rat", "--period", "2026-Q1"], "外掛 sales 沒有提供指標 sales.win_rat"),
    "bad period": (["measure", "sales.win_rate", "--period", "2026-Q9"], "'2026-Q9' 不是期間"),
    "bad parameter": (
        ["measure", "sales.win_rate", "--period", "2026", "--param", "x=1"],
        "沒有參數 'x'",
    ),
    "bad id": (["explain", "abc"], "'abc' 不是評估的編號"),
    "unknown plugin": (["plugins", "show", "foo"], "沒有外掛或定義 foo"),
    "unknown fact type": (["facts", "leed"], "沒有事實類型 leed"),
    "no map": (["import", "a.csv", "--map", "no.toml"], "沒有對照表 no.toml"),
    "no rule file": (["plan", "no.toml"], "沒有這個檔案或資料夾"),
    "not built": (["export"], "kpicore export 尚未實作"),
    "no such dispute": (["dispute", "show", "D9"], "沒有申訴 D9"),
    "weights": (["plan", "weights.toml"], "權重合計是 90，不是 100"),
    "unknown key": (["plan", "key.toml"], "不認得的鍵 'perod'"),
    "missing key": (["plan", "missing.toml"], "缺少 role"),
    "not TOML": (["plan", "broken.toml"], "不是 TOML：Expected"),
}


@pytest.fixture
def house(kpicore, tmp_path, monkeypatch):
    monkeypatch.setenv("KPICORE_LEDGER", "kpi.db")
    kpicore("init")
    card = {"head": "", "indicator": "sales.win_rate", "weight": "100"}
    (tmp_path / "weights.toml").write_text(CARD.format(**{**card, "weight": "90"}), "utf-8")
    (tmp_path / "key.toml").write_text(CARD.format(**{**card, "head": 'perod = "year"'}), "utf-8")
    (tmp_path / "missing.toml").write_text(CARD.format(**card).replace('role = "sales"\n', ""), "utf-8")
    (tmp_path / "broken.toml").write_text("[scorecard\n", "utf-8")
    return kpicore


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_chinese(house, mistake):
    arguments, said = MISTAKES[mistake]
    done = house(*arguments, "--lang", "zh-Hant") if mistake != "no value" else house("--lang=zh-Hant", *arguments)
    first = done.err.splitlines()[0]
    assert (done.code, first[: len(said) + 3]) == (2, f"錯誤：{said}")
    english = house(*arguments)
    assert english.err.startswith("Error: ")
    assert house(*arguments, "--json").json["error"]["message"].isascii()


def test_the_terminals_language_counts_for_errors_too(house, monkeypatch):
    monkeypatch.setenv("LANG", "zh_TW.UTF-8")
    assert house("evalute").err.startswith("錯誤：")
    assert house("evalute", "--lang", "en").err.startswith("Error: ")


def test_doctor_and_plugins_speak_chinese(house):
    found = house("doctor", "--lang", "zh-Hant").out
    assert re.search("權限 +檔案與資料夾可讀可寫", found)
    assert "帳本" in found
    assert "已載入" in found
    listed = house("plugins", "list", "--lang", "zh-Hant").out.splitlines()
    assert listed[0].split() == ["名稱", "狀態", "版本", "套件", "定義數"]
    assert "已載入" in listed[1]
    assert "loaded" in house("plugins", "list").out
