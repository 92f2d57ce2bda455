"""Words of formulas that stand for names, signs and lengths, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

DAY, HOUR, MINUTE = 86_400_000_000, 3_600_000_000, 60_000_000
PLACES: Mapping[str, tuple[str, str]] = {
    "occurred_at": ("its time", "發生時刻"),
    "valid_from": ("its start", "起始時刻"),
    "valid_to": ("its end", "結束時刻"),
    "source": ("source", "來源"),
    "period_start": ("the period's start", "期初"),
    "period_end": ("the period's end", "期末"),
    "previous_start": ("the previous period's start", "上期期初"),
    "next_end": ("the next period's end", "下期期末"),
    "as_of": ("the cut", "資料截止時刻"),
    "subject": ("subjects", "對象"),
}
LENGTHS: Mapping[str, tuple[str, str]] = {
    "days": ("days in the period", "期內天數"),
    "months": ("months in the period", "期內月數"),
}
#: What is told of a rank correlation; {} is a level of confidence.
FIGURES: Mapping[str, tuple[str, str]] = {
    "rho": ("rank correlation", "等級相關係數"),
    "low": ("lower end of the confidence interval ({}) of the rank correlation", "等級相關係數信賴區間（{}）下限"),
    "high": ("upper end of the confidence interval ({}) of the rank correlation", "等級相關係數信賴區間（{}）上限"),
    "pairs": ("number of pairs", "成對數"),
}
OPERATORS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "≠",
    exp.GT: ">",
    exp.GTE: "≥",
    exp.LT: "<",
    exp.LTE: "≤",
    exp.NullSafeEQ: "=",
    exp.NullSafeNEQ: "≠",
    exp.Add: "+",
    exp.Sub: "−",
    exp.Mul: "×",
    exp.IntDiv: "÷",
    exp.Mod: "mod",
}
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
UNITS = {
    "day": ("days", "天"),
    "week": ("weeks", "週"),
    "month": ("months", "個月"),
    "quarter": ("quarters", "季"),
    "half": ("half-years", "半年"),
    "year": ("years", "年"),
    "period": ("periods", "期"),
}
