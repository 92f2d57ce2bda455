"""What the tour says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

STEPS: Mapping[str, tuple[str, str]] = {
    "welcome": (
        """From CSV files to scores that can be computed again, digit for digit.
The data: the sales opportunities of a fictional company in 2017 (Maven Analytics, public domain).""",
        "從 CSV 檔到每一位數字都能重算的分數。\n資料：一家虛構公司 2017 年的銷售機會（Maven Analytics，公共領域）。",
    ),
    "import": (
        "Facts go in. An import map says what each column means; one file is one transaction.",
        "先匯入事實。匯入對照表說明每一欄的意思；一個檔案就是一筆交易。",
    ),
    "apply": (
        "Rules go in. A scorecard says what counts for a role, how much, from when; who decided it and why is kept.",
        "再套用規則。計分卡說明一個角色看什麼、占多少、何時生效；誰決定、為什麼，都會留下。",
    ),
    "measure": (
        "Any indicator can be measured at every level and over any period, straight from the facts.",
        "任何指標都能按各層級、各期間，直接由事實量出來。",
    ),
    "evaluate": (
        "Everyone is scored, quarter by quarter: the value, how much of the target that is, and the total.",
        "逐季為每個人計分：數值、達成目標的比例，以及總分。",
    ),
    "seal": (
        "An evaluation that counts is sealed: with the facts, rules and definitions that it stands on.",
        "算數的評估要封存，連同它所依據的事實、規則與定義。",
    ),
    "rescore": (
        """A new strategy is proposed: the win rate 40 → 60, revenue 60 → 40. What would the whole year have looked like?
Scored from the sealed measurements; nothing is recorded. Who gains most, and who loses most:""",
        "有人提議新策略：贏單率 40 → 60，成交金額 60 → 40。整年會變成怎樣？\n由封存的測量值計分，不記錄任何東西。得益最多與損失最多的人：",
    ),
    "shift": (
        "It is decided, and for the past year at that. Evaluated today, the fourth quarter looks different:",
        "決定採用，而且追溯到整個去年。今天再評估第四季，結果就不同了：",
    ),
    "replay": (
        "What was sealed does not move: computed again from the ledger, every digit is the same.",
        "封存的不會動：由帳本重新計算，每一位數字都相同。",
    ),
    "later": (
        "January: two deals of December arrive late, one value was mistyped, and one deal was a test.",
        "一月：兩筆十二月的成交遲到，一筆金額打錯，還有一筆只是測試。",
    ),
    "restate": (
        "Restated with what is known now, under the rules of then: who moves, and by which fact.",
        "以現在所知的事實、當時的規則重述：誰的分數動了，因為哪一筆事實。",
    ),
    "explain": (
        "Ask how a score was built, and follow it down to the deals and to the decision that set each weight.",
        "想知道一個分數怎麼來，可以一路追到每一筆成交，以及定下每個權重的決定。",
    ),
    "report": (
        "Write it down for the person: one page that needs nothing else. Without --subject there is one for everyone.",
        "寫成給本人的報告：一個不需要任何其他東西的頁面。不加 --subject 就會為所有人寫。",
    ),
    "next": ("What to try next:", "接下來可以試試："),
    "kept": ("Ledger, data, maps and scorecards are in {folder}.", "帳本、資料、對照表與計分卡都在 {folder}。"),
}

TRY: tuple[tuple[str, str, str], ...] = (
    (
        "kpicore measure sales.revenue_won --period 2017-01..2017-12 --level company --ledger {ledger}",
        "revenue month by month",
        "逐月成交金額",
    ),
    (
        "kpicore measure sales.win_rate --period 2017 --level company --by product_id --ledger {ledger}",
        "win rate of each product",
        "各產品的贏單率",
    ),
    (
        'kpicore explain {evaluation} --subject "{subject}" --ledger {ledger}',
        "another agent's score",
        "另一位的分數",
    ),
    (
        "kpicore report {evaluation} --out report --ledger {ledger}",
        "a page for everyone, and one for each of them",
        "所有人一份報告，每人再各一份",
    ),
    ("kpicore replay {evaluation} --json --ledger {ledger}", "the same for programs", "給程式用的輸出"),
    ("kpicore plugins show sales.win_rate", "what an indicator means", "指標的定義"),
    ("kpicore --lang zh-Hant demo", "the tour in Chinese", "中文版導覽"),
)


def step(name: str, language: str) -> str:
    """What the tour says before a step."""
    english, chinese = STEPS[name]
    return chinese if language == "zh-Hant" else english
