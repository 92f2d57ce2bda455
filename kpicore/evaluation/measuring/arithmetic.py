"""The arithmetic of one request: its measure over all its cells at once, and the states that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen

from kpicore.definitions.indicators import Level, State
from kpicore.engines.resolved import (
    CorrelationOf,
    CrossingOf,
    Extreme,
    Leaf,
    MeanOf,
    MonthlyOf,
    Node,
    Number,
    Operation,
    Resolved,
    RootOf,
    SurvivalOf,
    TargetOf,
    leaves,
)
from kpicore.engines.scans import Setting
from kpicore.engines.windows import Span
from kpicore.evaluation.measuring.cellset import CellSet, Gathered
from kpicore.evaluation.measuring.measured import VALUE_PLACES, nothing
from kpicore.evaluation.numbers import quantities
from kpicore.evaluation.numbers.ages import by_place, survived
from kpicore.evaluation.numbers.exact import Fixed, Mask
from kpicore.evaluation.numbers.keys import Dictionary
from kpicore.evaluation.numbers.quantities import EMPTY, HIDDEN, IMMATURE, MISSING, PROVISIONAL, Quantity
from kpicore.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable

#: Flags that say why facts are missing, and others.
NULL_AMOUNT, SEVERAL_CURRENCIES, INCOMPLETE_FEED, NO_TARGET = (
    "null_amount",
    "several_currencies",
    "incomplete_feed",
    "no_target",
)
EARLY_EVENT, LOW_SAMPLE = "early_event", "low_sample"


@frozen(eq=False)
class Finished:
    """The cells of a request with what is shown of them; see `Measured`."""

    numerator: Fixed
    denominator: Fixed
    values: Fixed
    no_numerator: Mask
    no_denominator: Mask
    no_value: Mask
    states: tuple[State, ...]
    flags: tuple[tuple[str, ...], ...]


@frozen(eq=False)
class Circumstances:
    """What decides about states besides the numbers.

    Args:
        setting: What the scans shared.
        periods: The periods.
        seen: A period through windows.
        spans: The window of each leaf in each period.
        ends: The end of each period in µs UTC.
        complete_until: The least instant up to which the feeds that a leaf reads are complete; None: they are.
        mixed: Leaves whose money may be of several currencies that cannot be told apart.
        target: Targets by indicator, subject and period; None where there is none.
        currencies: The currencies of all results.
        correlation: A rank correlation over a period, in units of 10⁻¹², and its number of pairs.
    """

    setting: Setting
    periods: Sequence[Period]
    seen: Callable[[Period, Any], Period]
    spans: Mapping[Leaf, Sequence[Span]]
    ends: Sequence[int]
    complete_until: Mapping[Leaf, int | None]
    mixed: frozenset[Leaf]
    target: Callable[[str, Level, str | None, str], Decimal | None]
    currencies: Dictionary
    correlation: Callable[[CorrelationOf, Period], tuple[int | None, int]]


def compute(resolved: Resolved, cells: CellSet, around: Circumstances) -> Finished:
    """Compute every cell of a request.

    Args:
        resolved: What is asked for.
        cells: Its cells.
        around: What else decides about states.
    """
    arithmetic = _Arithmetic(resolved, cells, around)
    found = arithmetic.node(resolved.node)
    found = arithmetic.check_currencies(found)
    return _finish(found, len(cells), resolved)


class _Arithmetic:
    def __init__(self, resolved: Resolved, cells: CellSet, around: Circumstances) -> None:
        self.resolved, self.cells, self.around = resolved, cells, around
        self.length = len(cells)
        self.currencies: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = []
        unit = resolved.indicator.unit
        self.zero_flag = "no_acquisition" if unit == "money" else "zero_denominator"
        self._subjects: tuple[str | None, ...] | None = None

    def node(self, node: Node) -> Quantity:
        if isinstance(node, Leaf):
            return self.leaf(node)
        if isinstance(node, Number):
            return quantities.quantity(self.number(node), self.clean())
        if isinstance(node, TargetOf):
            return self.target(node)
        if isinstance(node, CorrelationOf):
            return self.correlation(node)
        if isinstance(node, MeanOf):
            return self.mean(node)
        if isinstance(node, MonthlyOf):
            return quantities.monthly([self.node(part) for part in node.parts], self.months())
        if isinstance(node, SurvivalOf):
            return self.survival(node)
        if isinstance(node, CrossingOf):
            return quantities.crossed(self.node(node.level), [self.leaf(part) for part in node.parts])
        if isinstance(node, Extreme):
            return quantities.extreme(node.op, [self.node(part) for part in node.parts], skip=node.skip)
        if isinstance(node, RootOf):
            return quantities.rooted(self.node(node.measure), self.node(node.degree))
        return self.operation(node)

    def operation(self, node: Operation) -> Quantity:
        left = self.node(node.left)
        factor = _factor(node.right) if node.op in "*/" else None
        if factor is not None:
            scaled = _finite(factor if node.op == "*" else 1 / factor)
            if scaled is not None:
                return left.scaled(Fixed.of(scaled))
        if node.op == "*":
            ahead = _factor(node.left)
            right = self.node(node.right)
            scaled = None if ahead is None else _finite(ahead)
            return right.scaled(Fixed.of(scaled)) if scaled is not None else quantities.multiplied(left, right)
        right = self.node(node.right)
        if node.op == "/":
            return quantities.divided(left, right, node.right, self.zero_flag)
        return quantities.added(left, right, 1 if node.op == "+" else -1)

    def leaf(self, leaf: Leaf) -> Quantity:
        gathered = self.cells.gather(leaf, self.around.currencies)
        flags: dict[str, Mask] = {}
        bits = self.maturity(leaf)

        def missing(name: str, mask: Mask) -> None:
            nonlocal bits
            if mask.any():
                bits = bits | np.where(mask, MISSING, 0).astype(np.uint8)
                flags[name] = mask

        missing(INCOMPLETE_FEED, self.incomplete(leaf))
        missing(NULL_AMOUNT, _nulls(gathered))
        if leaf in self.around.mixed:
            missing(SEVERAL_CURRENCIES, gathered.population > 0)
        if gathered.currencies is not None:
            self.currencies.append(gathered.currencies)
        if gathered.early is not None and gathered.early.any():
            flags[EARLY_EVENT] = gathered.early
        found = quantities.quantity(gathered.values, bits, flags)
        if leaf.aggregate.op == "quantile":
            # Engines say twice a quantile, which is an integer where the values are.
            found = quantities.unpooled(found.scaled(Fixed.of(Decimal("0.5"))), gathered.population == 0)
        return found

    def mean(self, node: MeanOf) -> Quantity:
        """The mean over finer cells: of one more column."""
        own = list(dict.fromkeys(leaves(node.measure)))
        by = (*self.resolved.by, node.each)
        cells = self.cells.finer(own, by)
        parts = _Arithmetic(evolve(self.resolved, by=by), cells, self.around)
        found = parts.check_currencies(parts.node(node.measure))
        return quantities.averaged(found, self.cells.places_of(cells), self.length)

    def survival(self, node: SurvivalOf) -> Quantity:
        """Kaplan and Meier's estimate over finer cells: of the ages at which watching begins and ends."""
        bits = np.zeros(self.length, dtype=np.uint8)
        counts: list[Sequence[Mapping[int, int]]] = []
        flags: dict[str, Mask] = {}
        for leaf in (node.entered, node.left, node.happened):
            cells = self.cells.finer([leaf], leaf.by)
            found = _Arithmetic(evolve(self.resolved, by=leaf.by), cells, self.around).leaf(leaf)
            places = self.cells.places_of(cells)
            counts.append(by_place(places, cells.dims(leaf.by[-1]), found.above.values, self.length))
            gone = self.incomplete(leaf)
            bits |= np.where(gone, MISSING, 0).astype(np.uint8)
            flags |= {INCOMPLETE_FEED: gone} if gone.any() else {}
        entered, left, happened = counts
        return survived(
            entered, left, happened, node.share, quantities.quantity(Fixed.of(0).spread(self.length), bits, flags)
        )

    def maturity(self, leaf: Leaf) -> quantities.Bits:
        """Per cell, whether every row, or none, of the leaf's window is final at the cut."""
        setting = self.around.setting
        if setting.as_of is None or leaf.aggregate.young == "drop":
            return self.clean()
        horizon = setting.horizon(leaf)
        late = [max(span.end - end, 0) for span, end in zip(self.around.spans[leaf], self.around.ends, strict=True)]
        if not horizon.wait and not horizon.next_period and not any(late):
            return self.clean()
        # What a window reads after the period's end is waited for like the horizon of a match.
        of_period = [
            0
            if horizon.matured(span) <= setting.as_of
            else IMMATURE
            if horizon.begins(span) + tail > setting.as_of
            else PROVISIONAL
            for span, tail in zip(self.around.spans[leaf], late, strict=True)
        ]
        return np.array(of_period, dtype=np.uint8)[self.cells.period]

    def incomplete(self, leaf: Leaf) -> Mask:
        until = self.around.complete_until[leaf]
        if until is None:
            return nothing(self.length)
        return np.array([span.end > until for span in self.around.spans[leaf]], dtype=np.bool_)[self.cells.period]

    def number(self, node: Number) -> Fixed:
        if node.value not in ("days", "months"):
            return Fixed.of(Decimal(node.value)).spread(self.length)
        seen = [self.around.seen(period, node.windows) for period in self.around.periods]
        lengths = [one.days if node.value == "days" else one.months for one in seen]
        return Fixed(np.array(lengths, dtype=np.int64)[self.cells.period])

    def months(self) -> quantities.Places:
        """How many months the period of each cell has."""
        return np.array([period.months for period in self.around.periods], dtype=np.int64)[self.cells.period]

    def target(self, node: TargetOf) -> Quantity:
        if self._subjects is None:
            self._subjects = self.cells.subjects()
        level: Any = self.around.setting.level
        found = [
            self.around.target(node.indicator, level, subject, self.around.periods[period].id)
            for subject, period in zip(self._subjects, self.cells.period.tolist(), strict=True)
        ]
        gone = np.array([value is None for value in found], dtype=np.bool_)
        bits = np.where(gone, MISSING, 0).astype(np.uint8)
        values = Fixed.of([Decimal(0) if value is None else value for value in found])
        return quantities.quantity(values, bits, {NO_TARGET: gone} if gone.any() else {})

    def correlation(self, node: CorrelationOf) -> Quantity:
        seen = [self.around.seen(period, node.windows) for period in self.around.periods]
        found = [self.around.correlation(node, period) for period in seen]
        gone = np.array([value is None for value, _ in found], dtype=np.bool_)[self.cells.period]
        few = np.array([pairs < node.least for _, pairs in found], dtype=np.bool_)[self.cells.period]
        units = Fixed.of([value or 0 for value, _ in found]).values[self.cells.period]
        bits = np.where(gone, EMPTY | HIDDEN, 0).astype(np.uint8)
        flags = {LOW_SAMPLE: few} if few.any() else {}
        return Quantity(Fixed(units, VALUE_PLACES), None, None, bits, False, flags)

    def check_currencies(self, found: Quantity) -> Quantity:
        """Money of several currencies among all leaves of a cell does not add up."""
        if not self.currencies:
            return found
        nothing_ = len(self.around.currencies)
        low = np.full(self.length, nothing_, dtype=np.int64)
        high = np.full(self.length, -1, dtype=np.int64)
        null = self.around.currencies.codes(_null())[0]
        for smallest, largest in self.currencies:
            named = (smallest >= 0) & (smallest != null)
            low = np.where(named, np.minimum(low, smallest), low)
            high = np.where(named, np.maximum(high, largest), high)
        several = (high >= 0) & (low < high)
        if not several.any():
            return found
        bits = found.bits | np.where(several, MISSING, 0).astype(np.uint8)
        flags = dict(found.flags)
        flags[SEVERAL_CURRENCIES] = flags[SEVERAL_CURRENCIES] | several if SEVERAL_CURRENCIES in flags else several
        return Quantity(found.above, found.below, found.base, bits, found.pooled, flags)

    def clean(self) -> quantities.Bits:
        return np.zeros(self.length, dtype=np.uint8)


def _finish(found: Quantity, length: int, resolved: Resolved) -> Finished:
    bits, one = found.bits, Fixed.of(1)
    above = found.above.spread(length)
    below = found.denominators().spread(length)
    valued = (bits & (MISSING | IMMATURE | EMPTY)) == 0
    if found.plain:
        values = above.quantised(VALUE_PLACES)
    else:
        values = above.where(valued, Fixed.of(0)).divided(below.where(valued, one), VALUE_PLACES)
    hidden = ((bits & (MISSING | HIDDEN)) != 0) | np.full(length, not found.pooled)
    flags = dict(found.flags)
    sample = (above if found.plain else below).less(Fixed.of(resolved.least_sample))
    if resolved.least_sample > 0 and found.pooled:
        few = sample & ((bits & (MISSING | HIDDEN)) == 0)
        if few.any():
            flags[LOW_SAMPLE] = few
    return Finished(
        above,
        below,
        values,
        hidden,
        hidden | np.full(length, found.plain),
        ~valued,
        tuple(_STATES[bits].tolist()),
        _flag_names(flags, length),
    )


def _state(bits: int) -> State:
    if bits & MISSING:
        return "missing_data"
    if bits & IMMATURE:
        return "immature"
    if bits & EMPTY:
        return "no_denominator"
    return "provisional" if bits & PROVISIONAL else "ok"


_STATES = np.array([_state(bits) for bits in range(32)], dtype=np.object_)


def _flag_names(flags: Mapping[str, Mask], length: int) -> tuple[tuple[str, ...], ...]:
    if not flags:
        return ((),) * length
    names = sorted(flags)
    # Few combinations occur: each is one tuple, whatever the number of cells.
    marks = np.zeros(length, dtype=np.int64)
    for place, name in enumerate(names):
        marks |= flags[name].astype(np.int64) << place
    kinds, which = np.unique(marks, return_inverse=True)
    found = np.empty(len(kinds), dtype=np.object_)
    found[:] = [tuple(name for place, name in enumerate(names) if kind >> place & 1) for kind in kinds.tolist()]
    return tuple(found[which].tolist())


def _nulls(gathered: Gathered) -> Mask:
    if gathered.summed is None:
        return np.zeros(len(gathered.population), dtype=np.bool_)
    return np.asarray(gathered.summed < gathered.population, dtype=np.bool_)


def _factor(node: Node) -> Fraction | None:
    """A constant above 0 that numerators can be multiplied with."""
    if isinstance(node, Number) and node.value not in ("days", "months"):
        value = Fraction(Decimal(node.value))
        return value if value > 0 else None
    return None


def _finite(value: Fraction) -> Decimal | None:
    """The number as a decimal with an end, or None where it has none."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    units = value.numerator * 10**places // value.denominator
    return Decimal((0, tuple(map(int, str(units))), -places))


def _null() -> Any:
    import pyarrow as pa

    return pa.nulls(1, pa.string())
