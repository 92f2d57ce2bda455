"""What errors, findings and plans say in English is found in Chinese, and nothing in the catalogues is stale."""

import ast
import re
from pathlib import Path

import pytest

import kpicore
from kpicore.errors import InvalidInput, KpicoreError, NotFound, RefusedRow
from kpicore.reports.errors import error_lines
from kpicore.reports.translations.findings import FINDINGS, VALUES
from kpicore.reports.translations.hints import HINTS
from kpicore.reports.translations.meanings import MEANINGS
from kpicore.reports.translations.messages import MESSAGES, SYSTEM, USAGE
from kpicore.reports.translations.parts import CONDITIONS, PARTS
from kpicore.reports.translations.translated import chinese, part, part_value, rule_name

SOURCE = Path(kpicore.__file__).parent
DOCS = SOURCE.parent / "docs"
ALL = {**MESSAGES, **USAGE, **SYSTEM, **HINTS, **FINDINGS, **PARTS, **CONDITIONS}


def _written(node: ast.expr) -> list[str]:
    """The texts that an expression writes, with `{}` in the place of each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return [*_written(node.body), *_written(node.orelse)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [left + right for left in _written(node.left) for right in _written(node.right)]
    return []


@pytest.fixture(scope="module")
def written() -> set[str]:
    """Every text of the source, outside the catalogues."""
    files = [path for path in SOURCE.rglob("*.py") if "translations" not in path.parts]
    trees = (ast.parse(path.read_text("utf-8")) for path in files)
    return {text for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr) for text in _written(node)}


@pytest.mark.parametrize("catalogue", [MESSAGES, HINTS, FINDINGS], ids=["messages", "hints", "findings"])
def test_every_translation_is_of_a_sentence_that_the_source_writes(written, catalogue):
    patterns = [
        re.compile("(.+)".join(map(re.escape, text.split("{}")))) for text in written if len(text) > 9 and "{}" in text
    ]
    stale = {
        english
        for english in catalogue
        if english not in written and not any(pattern.fullmatch(english) for pattern in patterns)
    }
    assert stale == set()


@pytest.mark.parametrize("english", ALL, ids=str)
def test_every_translation_has_place_for_its_values(english):
    gaps, said = english.count("{}"), ALL[english]
    if gaps:
        used = {int(number) for number in re.findall(r"\{(\d)(?:\.said)?\}", said)}
        assert used <= set(range(gaps))
    assert said.strip()


def test_every_code_means_the_same_in_the_reference_of_both_languages():
    for column, page in enumerate(("reference/errors.md", "zh-Hant/reference/errors.md")):
        rows = re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)
        assert rows == [(code, pair[column]) for code, pair in MEANINGS.items()]


def test_a_sentence_is_translated_with_its_values():
    error = NotFound("no scorecard 'x'", code="unknown_scorecard", where="x", hint="did you mean y?")
    assert error_lines(error, "en") == ["Error: x: no scorecard 'x'", "Hint: did you mean y?"]
    assert error_lines(error, "zh-Hant") == ["錯誤：沒有計分卡 'x'", "  位置：x", "提示：是不是 y？"]


def test_what_is_not_translated_is_told_by_its_code_and_kept_below():
    error = KpicoreError("“x” leaves ties in its order", code="sql_order", where="a.b", hint="order by more")
    assert error_lines(error, "zh-Hant") == [
        "錯誤：視窗的排序分不出先後",
        "  位置：a.b",
        "  詳情：“x” leaves ties in its order",
        "提示：order by more",
    ]


def test_refused_rows_are_listed_in_both_languages():
    rows = [RefusedRow(n, "amount", "x", "is no number", line=n + 2, file="a.csv") for n in range(12)]
    error = InvalidInput(
        "12 rows are refused, and nothing of the file is recorded; the first: a.csv:2", rows=rows, code="refused_rows"
    )
    for language in ("en", "zh-Hant"):
        lines = error_lines(error, language)
        assert len([line for line in lines if "a.csv:" in line]) == 11
        assert lines[-1] == "  …"
    assert error_lines(error, "zh-Hant")[0] == "錯誤：12 列被拒，整個檔案都沒有記錄；第一個：a.csv:2"


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("there is no plugin or definition foo", "沒有外掛或定義 foo"),
        ("plugin sales defines no indicator sales.win_rat", "外掛 sales 沒有提供指標 sales.win_rat"),
        ("2026-01 is a month; scorecard x goes by quarter", "2026-01 是月；計分卡 x 以季計"),
        ("evaluate a quarter", "請評估長度為一季的期間"),
        ('write {"en": …, "zh-Hant": …}', '寫 {"en": …, "zh-Hant": …}'),
        ('write title = {en = "…", zh-Hant = "…"}', '寫 title = {en = "…", zh-Hant = "…"}'),
        (
            "Invalid value for '--level': 'x' is not one of 'person', 'team'.",
            "'--level' 的值不對：'x' 不在 'person', 'team' 之中",
        ),
        ("nobody says this", None),
    ],
)
def test_sentences_and_their_values(english, said):
    assert chinese(english) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sales.win_rate · person “Ann” · 2026-Q1", "sales.win_rate · 個人「Ann」 · 2026-Q1"),
        ("sales.win_rate · every team · every period", "sales.win_rate · 每個團隊 · 每一期"),
        ("sales.win_rate · company · 2026", "sales.win_rate · 公司 · 2026"),
        ("sales_rep", "sales_rep"),
    ],
)
def test_whose_target_a_rule_is(name: str, said: str) -> None:
    assert rule_name(name, "zh-Hant") == said
    assert rule_name(name, "en") == name


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("kind", "bonus", "種類 獎金"),
        ("base of everyone", "20000", "每個人的基數 20000"),
        ("base of Ann", "20000", "Ann 的基數 20000"),
        ("coefficient at 120", "1.5", "總分 120 的係數 1.5"),
        ("coefficient kind", "steps", "係數的種類 級距"),
        ("gate sales.win_rate below", "0.5", "門檻 sales.win_rate 低於 0.5"),
        ("gate below 0.5", "cap 60", "門檻（低於 0.5） 上限 60"),
        ("company periods 2026-Q1", "1.1", "2026-Q1 的公司係數 1.1"),
        ("schedule until month 3: rest", "proportional", "到職 3 個月內：其餘 按比例"),
        ("target of every person in 2026-Q1", "10", "每個人在 2026-Q1 的目標 10"),
        ("modifier below 0.1", "factor 0.9, no_denominator pass", "調整係數（低於 0.1） 乘以 0.9，無分母時不套用"),
        (
            "trigger",
            "sales.win_rate of company below 0.25 for 2 quarters",
            "觸發條件 公司的 sales.win_rate 連續 2 季低於 0.25",
        ),
        ("why", "cap 3", "原因 cap 3"),
        ("made.by.a.plugin", "bonus", "made.by.a.plugin bonus"),
    ],
)
def test_the_parts_of_plans(what, value, said):
    assert f"{part(what, 'zh-Hant')} {part_value(what, value, 'zh-Hant')}" == said
    assert (part(what, "en"), part_value(what, value, "en")) == (what, value)


def test_words_of_values_are_words():
    assert all(value and not value.isascii() for value in VALUES.values())
