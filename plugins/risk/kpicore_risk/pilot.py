"""The pilot's question: do people who attain the indicator attain the outcome as well?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from kpicore import Choice, Correlation, Example, Indicator, Parameter, choice, names

Figure: TypeAlias = Literal["rho", "low", "high", "pairs"]
PROCESS, OUTCOME = "sales.lead_to_deal_rate", "sales.sales_revenue"
FIGURES: tuple[Figure, ...] = ("rho", "low", "high", "pairs")
CONFIDENCES = {"0.95": "95 %", "0.9": "90 %", "0.99": "99 %"}


def _of(figure: Figure, level: Literal["person", "team"]) -> Correlation:
    confidence = "confidence" if figure in ("low", "high") else None
    return Correlation("indicator", "outcome", "lag", level, "$least_sample", figure, confidence)


def scored(pairs: Sequence[tuple[int, int]], level: str = "person", **more: Any) -> list[Mapping[str, Any]]:
    """Sealed lines of as many subjects: what each attained in the indicator and in the outcome, in hundredths."""
    return [
        {
            "evaluation": "card.2026-03",
            "subject": f"subject {number}",
            "level": level,
            "line": line,
            "indicator": indicator,
            "attainment": f"{attained / 100:.2f}",
            **more,
        }
        for number, pair in enumerate(pairs)
        for line, (indicator, attained) in enumerate(zip((PROCESS, OUTCOME), pair, strict=True), 1)
    ]


RISING = [(n, n * n) for n in range(1, 9)]
#: Ten pairs whose places differ by 0, 1 or more.
TEN = list(enumerate((2, 1, 4, 3, 6, 10, 5, 8, 7, 9), 1))

indicator_outcome_correlation = Indicator(
    "risk.indicator_outcome_correlation",
    title={"en": "Correlation of an indicator with an outcome", "zh-Hant": "指標達成率與業務結果的相關性"},
    definition={
        "en": "Spearman's rank correlation between what people attained in one indicator and in an outcome, over the sealed "
        "scores of the period, from −1 to 1; with a lag, the outcome of so many periods later. Ties share their mean "
        "rank; with fewer than eight pairs there is none. How many pairs there are and the ends of the confidence "
        "interval (of Fisher's z; none where the order is the same or the reverse throughout) are figures beside it. Who "
        "tries many indicators and lags will find one that correlates by chance; and no correlation says what causes what.",
        "zh-Hant": "期內已封存評分中，同一對象某指標達成率與業務結果達成率的 Spearman 等級相關係數，介於 −1 與 1；設時差時取其後若干期的結果。"
        "同分取平均名次；不足八對不計算。另可讀成對數與信賴區間上下限（Fisher z 轉換；次序完全相同或相反時無區間）。"
        "多試幾個指標與時差，總有一個碰巧相關；相關不代表因果。",
    },
    perspective="risk",
    indicator_type="meta",
    roles=["scheme_owner"],
    unit="ratio",
    better="none",
    data_source={"en": "Sealed evaluations", "zh-Hant": "已封存的評分"},
    params={
        "indicator": names(PROCESS, title={"en": "indicator", "zh-Hant": "指標"}),
        "outcome": names(OUTCOME, title={"en": "outcome", "zh-Hant": "業務結果"}),
        "lag": Parameter("integer", "0", (), {"en": "periods later", "zh-Hant": "時差期數"}),
        "scored": choice(
            "person",
            "team",
            titles={"person": {"en": "people", "zh-Hant": "個人"}, "team": {"en": "teams", "zh-Hant": "團隊"}},
            title={"en": "scorecards of the level", "zh-Hant": "計分卡層級"},
        ),
        "figure": choice(
            *FIGURES,
            titles={
                "rho": {"en": "correlation", "zh-Hant": "相關係數"},
                "low": {"en": "lower end of the interval", "zh-Hant": "區間下限"},
                "high": {"en": "upper end of the interval", "zh-Hant": "區間上限"},
                "pairs": {"en": "how many pairs", "zh-Hant": "成對數"},
            },
            title={"en": "figure", "zh-Hant": "數字"},
        ),
        "confidence": choice(
            "0.95",
            "0.9",
            "0.99",
            titles={share: {"en": percent, "zh-Hant": percent} for share, percent in CONFIDENCES.items()},
            title={"en": "level of confidence", "zh-Hant": "信賴水準"},
        ),
        "least_sample": Parameter("integer", "8", (), {"en": "fewest pairs", "zh-Hant": "最少成對數"}),
    },
    levels=("company",),
    measure=Choice(
        "figure",
        {
            figure: Choice("scored", {"person": _of(figure, "person"), "team": _of(figure, "team")})
            for figure in FIGURES
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by whether the indicator measures what matters; moves its weight, or whether it stays at all.",
        "zh-Hant": "取決於指標是否切中要害；影響其權重與去留。",
    },
    examples=[
        Example(
            {"en": "who attains more of one attains more of the other", "zh-Hant": "一方越高，另一方越高"},
            {"sealed_line": scored(RISING)},
            "1",
        ),
        Example(
            {"en": "the other way round", "zh-Hant": "一高一低"},
            {"sealed_line": scored([(n, -square) for n, square in RISING])},
            "-1",
        ),
        Example(
            {"en": "ties share their mean rank", "zh-Hant": "同分取平均名次"},
            {"sealed_line": scored([(n, n // 2) for n in range(8)])},
            "0.975900072949",
        ),
        Example(
            {"en": "teams", "zh-Hant": "團隊"},
            {"sealed_line": [*scored(RISING, "team"), *scored([(1, 2), (2, 1)], evaluation="another")]},
            "1",
            params={"scored": "team"},
        ),
        *(
            Example(
                {"en": f"of ten pairs: {name}", "zh-Hant": f"十對：{word}"},
                {"sealed_line": scored(TEN)},
                value,
                params=params,
            )
            for name, word, value, params in (
                ("the correlation", "相關係數", "0.818181818182", {}),
                ("the lower end", "區間下限", "0.287145454088", {"figure": "low"}),
                ("the upper end", "區間上限", "0.964528060087", {"figure": "high"}),
                ("the lower end of 90 %", "90% 區間下限", "0.407866135933", {"figure": "low", "confidence": "0.9"}),
                ("the upper end of 99 %", "99% 區間上限", "0.979130296837", {"figure": "high", "confidence": "0.99"}),
                ("how many they are", "成對數", "10", {"figure": "pairs"}),
            )
        ),
        Example(
            {"en": "the same order throughout has no interval", "zh-Hant": "次序完全相同者無區間"},
            {"sealed_line": scored(RISING)},
            state="no_denominator",
            params={"figure": "low"},
        ),
        Example(
            {"en": "five pairs, where so few are declared to be enough", "zh-Hant": "聲明五對即可"},
            {"sealed_line": scored(RISING[:5])},
            "1",
            params={"least_sample": "5"},
        ),
        Example(
            {"en": "seven pairs are too few", "zh-Hant": "七對不足"},
            {"sealed_line": scored(RISING[:7])},
            state="no_denominator",
        ),
        Example(
            {"en": "where all attain the same there is no order", "zh-Hant": "全部相同則無先後"},
            {"sealed_line": scored([(n, 100) for n in range(9)])},
            state="no_denominator",
        ),
        Example({"en": "nothing was sealed", "zh-Hant": "沒有已封存的評分"}, {}, state="no_denominator"),
    ],
)
