"""What curves, gates, modifiers and coefficients seldom mean to say: gaps that pay nothing, and rules turned round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.curve_checks import curve_values
from kpicore.definitions.cards.curves import needs_target
from kpicore.definitions.cards.line_checks import curve_of
from kpicore.definitions.cards.scorecards import Gate, Line, Modifier, Scorecard
from kpicore.definitions.indicators import Indicator
from kpicore.governance.changes import Concern
from kpicore.naming import both

__all__ = ["lint_outcome"]

_RATES = ("percent", "ratio")


def lint_outcome(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    """What to think about in curves and in what follows the sum; all indicators of the card are in `book`."""
    for line in card.lines:
        yield from _curve(card, line, book)
    for rule in card.conditions:
        yield from _condition(card, rule, book.indicators[str(rule.indicator)])
    yield from _gaps(card)


def _curve(card: Scorecard, line: Line, book: Definitions) -> Iterator[Concern]:
    where = f"{card.id} {line.indicator}"
    curve = curve_of(line, book, where)
    values = curve_values(curve, line.curve_params, where)
    if line.target is not None and not needs_target(curve.form, values):
        yield Concern(
            "unused_target",
            where,
            both(
                f"The curve {curve.name} looks at no target: the target {decimal_text(line.target)} is only shown.",
                f"得分曲線 {curve.name} 不看目標：目標 {decimal_text(line.target)} 只供顯示。",
            ),
        )
    better = book.indicators[line.indicator].better
    if curve.form == "steps" and values["tiers"] != "marginal" and _turned(values["steps"], values["of"], better):
        yield Concern(
            "steps_turned",
            where,
            both(
                f"{line.indicator} is better {better}, and the steps give fewer points for better values.",
                f"{line.indicator} 愈{'高' if better == 'higher' else '低'}愈好，但較好的數值在階梯中得分較少。",
            ),
        )


def _turned(steps: Sequence[tuple[Decimal, Decimal]], of: str, better: str) -> bool:
    """Whether somewhere a better value has fewer points; the ratio to a target is always better higher."""
    up = of == "ratio" or better == "higher"
    if of == "value" and better not in ("higher", "lower"):
        return False
    return any(low > high if up else low < high for (_, low), (_, high) in pairwise(steps))


def _condition(card: Scorecard, rule: Gate | Modifier, indicator: Indicator) -> Iterator[Concern]:
    kind = "gate" if isinstance(rule, Gate) else "modifier"
    where = f"{card.id} [[{kind}]] {rule.indicator}"
    lowers = isinstance(rule, Gate) or rule.factor < 1
    good = "below" if indicator.better == "lower" else "above" if indicator.better == "higher" else None
    if lowers and good is not None and getattr(rule, good) is not None:
        yield Concern(
            "turned_round",
            where,
            both(
                f"{indicator.id} is better {indicator.better}, and good values ({good} "
                f"{decimal_text(getattr(rule, good))}) take points away.",
                f"{indicator.id} 愈{'高' if indicator.better == 'higher' else '低'}愈好，但好的數值反而被扣分。",
            ),
        )
    if indicator.unit in _RATES and not rule.empty:
        yield Concern(
            "undecided",
            where,
            both(
                f"Nobody says what happens while {indicator.id} has no value: nothing, unless empty says otherwise.",
                f"沒有說明 {indicator.id} 無值時如何處理：未寫 empty 時不套用。",
            ),
        )
    if rule.why is None:
        yield Concern(
            "no_reason",
            where,
            both(
                f'Nobody says why there is this {kind}: write why = "…".',
                f'沒有說明為何設此{"門檻" if kind == "gate" else "調整係數"}：請寫 why = "…"。',
            ),
        )


def _gaps(card: Scorecard) -> Iterator[Concern]:
    """Totals of 0 and more that have no band or no coefficient."""
    rule = card.coefficient
    lowest = {
        "coefficient": min((total for total, _ in rule.steps), default=None) if rule and rule.kind == "steps" else None,
        "band": min(card.bands.values(), default=None),
    }
    for what, bound in lowest.items():
        if bound is not None and bound > 0:
            yield Concern(
                f"{what}_gap",
                card.id,
                both(
                    f"Totals below {decimal_text(bound)} have no {what}.",
                    f"總分低於 {decimal_text(bound)} 者沒有{'獎金係數' if what == 'coefficient' else '等級'}。",
                ),
            )
