"""What is allowed on a scorecard and seldom wise, said in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.scorecards import Scorecard
from kpicore.governance.changes import Concern
from kpicore.naming import Text

#: Above this weight one indicator decides nearly everything.
HEAVY = Decimal(60)


def lint_card(card: Scorecard, book: Definitions) -> tuple[Concern, ...]:
    """What to think about before the card is applied; all its indicators are in `book`."""
    return (*_weights(card), *_lines(card, book), *_balance(card, book))


def _weights(card: Scorecard) -> Iterator[Concern]:
    scored = [line for line in card.lines if line.weight > 0]
    if len(scored) > 1 and len({line.weight for line in scored}) == 1:
        yield Concern(
            "equal_weights",
            card.id,
            _said(
                f"All {len(scored)} lines weigh the same: an average, not a priority.",
                f"全部 {len(scored)} 項權重相同：這是平均，不是取捨。",
            ),
        )
    for line in scored:
        if line.weight > HEAVY:
            weight = decimal_text(line.weight)
            yield Concern(
                "heavy_weight",
                f"{card.id} {line.indicator}",
                _said(
                    f"{line.indicator} alone weighs {weight} of 100.",
                    f"{line.indicator} 單項就占 100 分中的 {weight}。",
                ),
            )


def _lines(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    for line in card.lines:
        indicator = book.indicators[line.indicator]
        where = f"{card.id} {line.indicator}"
        if card.role not in indicator.roles:
            roles = ", ".join(indicator.roles)
            yield Concern(
                "other_role",
                where,
                _said(
                    f"{line.indicator} is meant for {roles}, not for {card.role}.",
                    f"{line.indicator} 是為 {roles} 設計的，不是為 {card.role}。",
                ),
            )
        if indicator.indicator_type == "activity" and line.weight > 0:
            yield Concern(
                "activity",
                where,
                _said(
                    f"{line.indicator} counts activity, not a result: think of an indicator of what comes out of it.",
                    f"{line.indicator} 計算的是活動量而非成果：請考慮改用衡量其成果的指標。",
                ),
            )
        if line.why is None and line.weight > 0:
            yield Concern(
                "no_reason",
                where,
                _said(
                    f'Nobody says why {line.indicator} counts: write why = "…".',
                    f'沒有說明 {line.indicator} 為何計分：請寫 why = "…"。',
                ),
            )


def _balance(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    scored = [book.indicators[line.indicator] for line in card.lines if line.weight > 0]
    kinds = {indicator.indicator_type for indicator in scored}
    if kinds == {"outcome"}:
        yield Concern(
            "only_outcomes",
            card.id,
            _said(
                "Only outcomes are scored: no process or growth indicator shows what leads to them.",
                "只計成果：沒有任何過程或成長指標說明成果從何而來。",
            ),
        )
    perspectives = {indicator.perspective for indicator in scored}
    if "performance" in perspectives and "risk" not in perspectives:
        yield Concern(
            "no_risk",
            card.id,
            _said(
                "Performance is scored and no risk: think of a complaint rate.",
                "計算業績卻沒有風險指標：請考慮加入客訴率。",
            ),
        )


def _said(english: str, chinese: str) -> Text:
    return {"en": english, "zh-Hant": chinese}
