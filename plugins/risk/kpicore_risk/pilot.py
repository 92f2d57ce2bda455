"""The pilot's question: do people who attain the indicator attain the outcome as well?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpicore import Choice, Correlation, Example, Indicator, Parameter, choice, names

PROCESS, OUTCOME = "sales.lead_to_deal_rate", "sales.sales_revenue"


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

indicator_outcome_correlation = Indicator(
    "risk.indicator_outcome_correlation",
    title={"en": "Correlation of an indicator with an outcome", "zh-Hant": "指標達成率與業務結果的相關性"},
    definition={
        "en": "Spearman's rank correlation between what people attained in one indicator and in an outcome, over the sealed "
        "scores of the period, from −1 to 1; with a lag, the outcome of so many periods later. Ties share their mean "
        "rank; with fewer than eight pairs there is none. Who tries many indicators will find one that correlates by "
        "chance; and no correlation says what causes what.",
        "zh-Hant": "期內已封存評分中,同一對象某指標達成率與業務結果達成率的 Spearman 等級相關係數,介於 −1 與 1;設時差時取其後若干期的結果。"
        "同分取平均名次;不足八對不計算。多試幾個指標,總有一個碰巧相關;相關不代表因果。",
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
    },
    levels=("company",),
    measure=Choice(
        "scored",
        {
            "person": Correlation("indicator", "outcome", "lag", "person"),
            "team": Correlation("indicator", "outcome", "lag", "team"),
        },
    ),
    moves={
        "en": "Moved by whether the indicator measures what matters; moves its weight, or whether it stays at all.",
        "zh-Hant": "取決於指標是否切中要害;影響其權重與去留。",
    },
    examples=[
        Example(
            {"en": "who attains more of one attains more of the other", "zh-Hant": "一方越高,另一方越高"},
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
