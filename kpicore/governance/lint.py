"""What is allowed on a scorecard and seldom wise, said in both languages: what the card and the definitions show.

Specific, measurable, relevant and time-bound are looked at here; what only the past can tell is in `lint_history`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from kpicore.canonical import canonical_json, decimal_text
from kpicore.definitions.algebra.nature import additive, normal_form
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.plans.spans import CHINESE
from kpicore.definitions.plans.targets import TargetRule
from kpicore.governance.changes import Concern
from kpicore.naming import LANGUAGES, both
from kpicore.periods import parse_period

__all__ = ["HEAVY", "lint_card", "lint_lengths", "lint_target", "lint_volume"]

#: Above this weight one indicator decides nearly everything.
HEAVY = Decimal(60)

_RATES = ("percent", "ratio")


def lint_card(card: Scorecard, book: Definitions, others: Iterable[Scorecard] = ()) -> tuple[Concern, ...]:
    """What to think about before the card is applied.

    Args:
        card: The scorecard; all its indicators are in `book`.
        book: The definitions that would count.
        others: The other scorecards that are or would be in force.
    """
    return (
        *_title(card),
        *_weights(card),
        *_lines(card, book),
        *_duplicates(card, book),
        *_balance(card, book),
        *_stage(card, book),
        *_copies(card, others),
    )


def lint_target(target: TargetRule, where: str) -> tuple[Concern, ...]:
    """What to think about before a target is recorded."""
    if target.period is not None or target.value is None:
        return ()
    return (
        Concern(
            "no_period",
            where,
            both(
                f"{target.name}: a target without a period counts until somebody changes it.",
                f"{target.name}：沒有期間的目標會一直算數，直到有人改它。",
            ),
        ),
    )


def lint_lengths(targets: Iterable[TargetRule], cards: Iterable[Scorecard]) -> tuple[Concern, ...]:
    """Targets for periods of a length that no scorecard goes by which scores the indicator at their level."""
    lengths: dict[tuple[str, str], set[str]] = {}
    for card in cards:
        for line in card.lines:
            lengths.setdefault((card.level, line.indicator), set()).add(card.period)
    found: dict[tuple[str, str, str], list[TargetRule]] = {}
    for target in targets:
        if target.period is not None and target.value is not None:
            kind, known = parse_period(target.period).kind, lengths.get((target.level, target.indicator))
            if known and kind not in known:
                found.setdefault((target.level, target.indicator, kind), []).append(target)
    return tuple(
        Concern(
            "other_length",
            indicator,
            both(
                f"{len(rules)} of its targets, {rules[0].whose} among them, are for a {kind}; scorecards score {indicator} by "
                f"{' and '.join(sorted(lengths[level, indicator]))}: they are drawn in trees and scored nowhere.",
                f"{indicator} 有 {len(rules)} 個目標（例如 {rules[0].whose}）的期間是{CHINESE.get(kind, kind)}；計分卡以"
                f"{'、'.join(CHINESE.get(length, length) for length in sorted(lengths[level, indicator]))}計：它們只畫在樹上，不用來計分。",
            ),
        )
        for (level, indicator, kind), rules in found.items()
    )


def lint_volume(indicator: str, volume: Decimal | None, book: Definitions, where: str) -> tuple[Concern, ...]:
    """What is planned below something that is no rate: nothing is ever divided by it."""
    if volume is None or not additive(book, indicator):
        return ()
    return (
        Concern(
            "unused_volume",
            where,
            both(
                f"{indicator} is no rate: its volume of {decimal_text(volume)} is not used.",
                f"{indicator} 不是比率：volume {decimal_text(volume)} 不會用到。",
            ),
        ),
    )


def _title(card: Scorecard) -> Iterator[Concern]:
    """A title that one of the two languages lacks, or that is the same text in both."""
    if len({card.title.get(language) for language in LANGUAGES} - {None}) < len(LANGUAGES):
        yield Concern(
            "one_language",
            card.id,
            both(
                'The title is in one language: write title = {en = "…", zh-Hant = "…"}.',
                '標題只有一種語言：請寫 title = {en = "…", zh-Hant = "…"}。',
            ),
        )


def _scored(card: Scorecard) -> list[Line]:
    return [line for line in card.lines if line.weight > 0]


def _weights(card: Scorecard) -> Iterator[Concern]:
    scored = _scored(card)
    if len(scored) > 1 and len({line.weight for line in scored}) == 1:
        yield Concern(
            "equal_weights",
            card.id,
            both(
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
                both(
                    f"{line.indicator} alone weighs {weight} of 100.",
                    f"{line.indicator} 單項就占 100 分中的 {weight}。",
                ),
            )


def _lines(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    for line in card.lines:
        indicator = book.indicators[line.indicator]
        where = f"{card.id} {line.indicator}"
        if line.indicator not in book.serving(card.role):
            roles = ", ".join(indicator.roles)
            yield Concern(
                "other_role",
                where,
                both(
                    f"{line.indicator} is meant for {roles}, not for {card.role}.",
                    f"{line.indicator} 是為 {roles} 設計的，不是為 {card.role}。",
                ),
            )
        if line.weight > 0:
            yield from _specific(line, indicator, book, where)
            yield from _measurable(line, indicator, book, where)
        if line.why is None and line.weight > 0:
            yield Concern(
                "no_reason",
                where,
                both(
                    f'Nobody says why {line.indicator} counts: write why = "…".',
                    f'沒有說明 {line.indicator} 為何計分：請寫 why = "…"。',
                ),
            )


def _specific(line: Line, indicator: Indicator, book: Definitions, where: str) -> Iterator[Concern]:
    """An activity is a duty, not a result."""
    if indicator.indicator_type != "activity":
        return
    better = _replacing([line.indicator], book)
    proposed = ", ".join(better)
    yield Concern(
        "activity",
        where,
        both(
            f"{line.indicator} counts activity, not a result: think of {proposed or 'an indicator of what comes out of it'}.",
            f"{line.indicator} 計算的是活動量而非成果：請考慮改用{f' {proposed}' if proposed else '衡量其成果的指標'}。",
        ),
        better,
    )


def _measurable(line: Line, indicator: Indicator, book: Definitions, where: str) -> Iterator[Concern]:
    if not indicator.unit.strip() or not any(source.strip() for source in indicator.data_source.values()):
        yield Concern(
            "not_measurable",
            where,
            both(
                f"{line.indicator} has no unit or no data source: nobody can check it.",
                f"{line.indicator} 沒有單位或資料來源：無從查核。",
            ),
        )
    if indicator.unit in _RATES and additive(book, line.indicator, line.params):
        yield Concern(
            "no_denominator",
            where,
            both(
                f"{line.indicator} is a share of nothing: its formula has no denominator.",
                f"{line.indicator} 以比率表示，公式卻沒有分母。",
            ),
        )


def _duplicates(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    """The same measure under two names."""
    forms = {line.indicator: canonical_json(normal_form(book, line.indicator, line.params)) for line in _scored(card)}
    for one, other in combinations(forms, 2):
        if forms[one] == forms[other]:
            better = _replacing([one, other], book)
            merged = ", ".join(better)
            yield Concern(
                "duplicate_measure",
                f"{card.id} {one}, {other}",
                both(
                    f"{one} and {other} measure the same: one of them counts twice{f'; think of {merged}' if merged else ''}.",
                    f"{one} 與 {other} 算的是同一件事：等於重複計分{f'；請考慮合併為 {merged}' if merged else ''}。",
                ),
                better,
            )


def _replacing(names: Iterable[str], book: Definitions) -> tuple[str, ...]:
    """The indicators that say that they replace one of these."""
    wanted = set(names)
    return tuple(sorted(one.id for one in book.indicators.values() if one.replaces in wanted))


def _balance(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    scored = [(line, book.indicators[line.indicator]) for line in _scored(card)]
    kinds = {indicator.indicator_type for _, indicator in scored}
    if "outcome" in kinds and not kinds & {"process", "growth"}:
        alone = kinds == {"outcome"}
        yield Concern(
            "only_outcomes",
            card.id,
            both(
                f"{'Only outcomes' if alone else 'Outcomes'} are scored: no process or growth indicator shows what leads to "
                "them.",
                f"{'只計成果' if alone else '計算成果'}：沒有任何過程或成長指標說明成果從何而來。",
            ),
        )
    revenue = any(
        indicator.perspective == "performance"
        and indicator.unit == "money"
        and additive(book, line.indicator, line.params)
        for line, indicator in scored
    )
    watched = [book.indicators[line.indicator] for line in card.lines]
    watched += [book.indicators[gate.indicator] for gate in card.gates if gate.indicator in book.indicators]
    if revenue and not any(indicator.perspective == "risk" for indicator in watched):
        better = tuple(name for name in ("risk.complaint_rate",) if name in book.indicators)
        yield Concern(
            "no_risk",
            card.id,
            both(
                "Performance is scored and no risk: think of a complaint rate.",
                "計算業績卻沒有風險指標：請考慮加入客訴率。",
            ),
            better,
        )


def _stage(card: Scorecard, book: Definitions) -> Iterator[Concern]:
    """A business stage that nobody knows, or that no line serves."""
    if card.business_stage is None:
        return
    of_role = [template for template in book.templates.values() if template.role == card.role]
    known = sorted({template.stage for template in book.templates.values()})
    if known and card.business_stage not in known:
        yield Concern(
            "unknown_stage",
            card.id,
            both(
                f"{card.business_stage} is no business stage that a template is for: {', '.join(known)}.",
                f"{card.business_stage} 不是範本所用的業務階段：{'、'.join(known)}。",
            ),
        )
    wanted = [name for one in of_role if one.stage == card.business_stage for name in (x.indicator for x in one.lines)]
    if wanted and not {line.indicator for line in _scored(card)} & set(wanted):
        yield Concern(
            "stage_not_served",
            card.id,
            both(
                f"Nothing on the card is what the stage {card.business_stage} asks of {card.role}: {', '.join(wanted)}.",
                f"計分卡上沒有任何一項符合 {card.role} 在 {card.business_stage} 階段的重點：{'、'.join(wanted)}。",
            ),
            tuple(wanted),
        )


def _copies(card: Scorecard, others: Iterable[Scorecard]) -> Iterator[Concern]:
    """One card copied over different roles."""

    def content(one: Scorecard) -> set[tuple[str, Decimal]]:
        return {(line.indicator, line.weight) for line in one.lines}

    for other in others:
        if other.id != card.id and other.role != card.role and content(other) == content(card):
            yield Concern(
                "copied_card",
                card.id,
                both(
                    f"{card.id} scores {card.role} by what {other.id} scores {other.role} by: different duties, one card.",
                    f"{card.id} 用 {other.id} 考核 {other.role} 的同一套指標考核 {card.role}：職責不同，卻是同一張計分卡。",
                ),
            )
