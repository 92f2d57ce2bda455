"""What the past says of a scorecard: targets out of reach or always reached, and lines that move as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any, TypeAlias

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.line_checks import targets_of
from kpicore.definitions.cards.scorecards import Line, Scorecard
from kpicore.definitions.indicators import Level
from kpicore.definitions.plans.targets import TargetRule
from kpicore.evaluation.history.versions import counting
from kpicore.evaluation.measuring.correlation import PLACES, spearman
from kpicore.evaluation.sealing.form import evaluate_document
from kpicore.evaluation.world import World
from kpicore.governance.changes import Concern
from kpicore.naming import both
from kpicore.periods import parse_period

__all__ = ["lint_history", "lint_targets"]

#: With fewer values or pairs the past says nothing.
LEAST = 8

#: Above this rank correlation two lines tell one story.
ALIKE = Decimal("0.95")

#: What was measured, by indicator and parameters, then by subject and period.
_Past: TypeAlias = "Mapping[tuple[str, str], Mapping[tuple[str | None, str], Decimal]]"


def lint_history(card: Scorecard, book: Definitions, world: World) -> tuple[Concern, ...]:
    """What sealed scores of the card's level and length say of it; nothing where there are fewer than eight values.

    Args:
        card: The scorecard; all its indicators are in `book`.
        book: The definitions that would count.
        world: What is recorded.
    """
    past = _past(card.level, card.period, world)
    return (*_achievable(card, book, past), *_alike(card, past))


def lint_targets(targets: Iterable[TargetRule], book: Definitions, world: World) -> tuple[Concern, ...]:
    """What sealed scores say of planned targets, one concern for each indicator, level and length of period."""
    groups: dict[tuple[Level, str, str], list[TargetRule]] = defaultdict(list)
    for target in targets:
        if target.period is not None and target.value is not None:
            kind = parse_period(target.period, world.organisation.fiscal_year_start).kind
            groups[target.level, kind, target.indicator].append(target)
    found: list[Concern] = []
    for (level, length, indicator), rules in groups.items():
        values = list(_past(level, length, world).get((indicator, _params({})), {}).values())
        better = book.indicators[indicator].better
        if len(values) < LEAST or better not in ("higher", "lower"):
            continue
        up = better == "higher"
        best = max(values) if up else min(values)
        beyond = [r for r in rules if r.value is not None and ((r.value > best) if up else (r.value < best))]
        if beyond:
            whose, reached = beyond[0].whose, decimal_text(best)
            found.append(
                Concern(
                    "target_out_of_reach",
                    indicator,
                    both(
                        f"{len(beyond)} of {len(rules)} targets of {indicator} were never reached by anybody, that of {whose} "
                        f"among them: the best of {len(values)} values is {reached}.",
                        f"{indicator} 的 {len(rules)} 個目標中有 {len(beyond)} 個從未有人達到（例如 {whose}）：{len(values)} 筆中"
                        f"最好的是 {reached}。",
                    ),
                )
            )
    return tuple(found)


def _past(level: Level, kind: str, world: World) -> _Past:
    found: dict[tuple[str, str], dict[tuple[str | None, str], Decimal]] = defaultdict(dict)
    for seal in counting(world.ledger.seals(), world.rules):
        old: dict[str, Any] = seal.document["basis"]["card"]
        if old["period"] != kind or old.get("level", "person") != level:
            continue
        params = {line["indicator"]: _params(line.get("params", {})) for line in old["lines"]}
        period = str(seal.document["period"])
        for subject in evaluate_document(seal.document)["subjects"]:
            for line in subject["lines"]:
                if line["value"] is not None and line["state"] == "ok":
                    key = (line["indicator"], params.get(line["indicator"], "{}"))
                    found[key][subject["subject"], period] = Decimal(line["value"])
    return found


def _params(params: Mapping[str, Any]) -> str:
    return str({name: list(value) if isinstance(value, tuple) else value for name, value in sorted(params.items())})


def _key(line: Line) -> tuple[str, str]:
    return line.indicator, _params(line.params)


def _achievable(card: Scorecard, book: Definitions, past: _Past) -> Iterator[Concern]:
    for line in card.lines:
        values = list(past.get(_key(line), {}).values())
        better = book.indicators[line.indicator].better
        if len(values) < LEAST or line.weight == 0 or better not in ("higher", "lower"):
            continue
        up = better == "higher"
        best, worst = (max(values), min(values)) if up else (min(values), max(values))
        for target in sorted(set(targets_of(card, line))):
            wanted, reached = decimal_text(target), decimal_text(best)
            if (target > best) if up else (target < best):
                yield Concern(
                    "target_out_of_reach",
                    f"{card.id} {line.indicator}",
                    both(
                        f"The target {wanted} of {line.indicator} was never reached: the best of {len(values)} values is {reached}.",
                        f"{line.indicator} 的目標 {wanted} 從未有人達到：{len(values)} 筆中最好的是 {reached}。",
                    ),
                )
            elif (target <= worst) if up else (target >= worst):
                yield Concern(
                    "target_always_reached",
                    f"{card.id} {line.indicator}",
                    both(
                        f"The target {wanted} of {line.indicator} was always reached: the worst of {len(values)} values is "
                        f"{decimal_text(worst)}.",
                        f"{line.indicator} 的目標 {wanted} 人人都達到：{len(values)} 筆中最差的是 {decimal_text(worst)}。",
                    ),
                )


def _alike(card: Scorecard, past: _Past) -> Iterator[Concern]:
    scored = [line for line in card.lines if line.weight > 0]
    for one, other in combinations(scored, 2):
        ours, theirs = past.get(_key(one), {}), past.get(_key(other), {})
        common = sorted(ours.keys() & theirs.keys(), key=lambda key: (key[0] or "", key[1]))
        if len(common) < LEAST:
            continue
        rho = spearman(_ranked([(ours[key], theirs[key]) for key in common]))
        if rho is not None and abs(Decimal(rho).scaleb(-PLACES)) > ALIKE:
            size = decimal_text(round(Decimal(rho).scaleb(-PLACES), 2))
            yield Concern(
                "correlated",
                f"{card.id} {one.indicator}, {other.indicator}",
                both(
                    f"{one.indicator} and {other.indicator} went together in {len(common)} cases (ρ {size}): one story told twice.",
                    f"{one.indicator} 與 {other.indicator} 在 {len(common)} 筆中同進同退（ρ {size}）：等於同一件事說兩次。",
                ),
            )


def _ranked(pairs: list[tuple[Decimal, Decimal]]) -> list[tuple[int, int]]:
    """Pairs of decimals as pairs of whole numbers in the same order."""
    places = [{value: n for n, value in enumerate(sorted({pair[side] for pair in pairs}))} for side in (0, 1)]
    return [(places[0][one], places[1][other]) for one, other in pairs]
