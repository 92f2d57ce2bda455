"""Whether an indicator's measure holds together over the sources that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kpicore.definitions.algebra.kinds import parameter_kinds
from kpicore.definitions.algebra.measures import (
    Aggregate,
    Arithmetic,
    Choice,
    Constant,
    Correlation,
    Crossing,
    Given,
    Match,
    Mean,
    Measure,
    Monthly,
    Over,
    Ref,
    Root,
    Survival,
    Target,
    Whole,
)
from kpicore.definitions.algebra.reading import RESERVED_PARAMETERS, Place, check_known, expression_kind, nodes
from kpicore.definitions.algebra.sql import parameters, parse_expression, split_columns
from kpicore.definitions.book import CORE_TABLES
from kpicore.definitions.indicators import LEVELS, Example, Indicator
from kpicore.definitions.relations import Relation
from kpicore.definitions.values import chosen
from kpicore.errors import InvalidDefinition
from kpicore.naming import LANGUAGES, did_you_mean
from kpicore.periods import duration_us, edge_parameters, parse_period

if TYPE_CHECKING:
    from kpicore.definitions.book import Definitions

_LENGTHS = ("days", "months")
#: Levels of confidence that intervals may have.
CONFIDENCES = ("0.9", "0.95", "0.99")
#: The core table that examples may fill besides fact types.
SEALED = "sealed_line"
_NUMBERS = frozenset({"integer", "money", "decimal", "rate"})


def check_indicator(book: Definitions, indicator: Indicator) -> None:
    """Check the measure, credits, break-downs, parameters and examples of one indicator.

    Raises:
        InvalidDefinition: Naming the part of the measure, what is wrong, and what was probably meant.
    """
    where = indicator.id
    if not indicator.roles or not all(indicator.roles):
        raise InvalidDefinition("it serves no role", where=f"{where}, roles", hint="name one role at least")
    if not indicator.levels:
        raise InvalidDefinition("it has no level", where=f"{where}, levels", hint="name person, team or company")
    check_known(indicator.levels, LEVELS, f"{where}, levels")
    if not indicator.credit:
        raise InvalidDefinition(
            "it names no column that says who is credited",
            where=f"{where}, credit",
            hint='write credit = ("owner_id",)',
        )
    checker = _Checker(book, indicator)
    checker.least(indicator.least_sample, f"{where}, least_sample")
    for place in nodes(indicator.measure):
        checker.node(place)
    for aggregate, path, dropped in _leaves(indicator.measure, (), frozenset()):
        checker.leaf(aggregate, path, dropped)
    for example in indicator.examples:
        _check_example(book, indicator, example)


def _leaves(
    measure: Measure, path: tuple[str, ...], dropped: frozenset[str]
) -> Iterator[tuple[Aggregate, tuple[str, ...], frozenset[str]]]:
    """Aggregates with what the `Whole`s around them drop."""
    if isinstance(measure, Aggregate):
        yield measure, path, dropped
    elif isinstance(measure, Whole):
        yield from _leaves(measure.measure, (*path, "measure"), dropped | set(measure.drop))
    elif isinstance(measure, Arithmetic):
        yield from _leaves(measure.left, (*path, "left"), dropped)
        yield from _leaves(measure.right, (*path, "right"), dropped)
    elif isinstance(measure, Over | Mean | Monthly):
        yield from _leaves(measure.measure, (*path, "measure"), dropped)
    elif isinstance(measure, Root):
        yield from _leaves(measure.measure, (*path, "measure"), dropped)
        yield from _leaves(measure.degree, (*path, "degree"), dropped)
    elif isinstance(measure, Survival):
        yield from _leaves(measure.of, (*path, "of"), dropped)
    elif isinstance(measure, Crossing):
        yield from _leaves(measure.gain, (*path, "gain"), dropped)
        yield from _leaves(measure.level, (*path, "level"), dropped)
    elif isinstance(measure, Choice):
        for name, option in measure.options.items():
            yield from _leaves(option, (*path, name), dropped)
    else:
        for place, part in enumerate(getattr(measure, "measures", ()), 1):
            yield from _leaves(part, (*path, str(place)), dropped)


class _Checker:
    """Checks the nodes of one indicator, each with the path to it for errors."""

    def __init__(self, book: Definitions, indicator: Indicator) -> None:
        self.book, self.indicator = book, indicator
        self.params = parameter_kinds(indicator.params)

    def where(self, path: tuple[str, ...]) -> str:
        return ", ".join((self.indicator.id, *path))

    def node(self, place: Place) -> None:
        node, where = place.node, self.where(place.path)
        if isinstance(node, Aggregate):
            self.aggregate(node, where)
        elif isinstance(node, Constant):
            self.constant(node, where)
        elif isinstance(node, Choice):
            self.choice(node, where)
        elif isinstance(node, Correlation):
            self.correlation(node, where)
        elif isinstance(node, Given):
            self.parameter(node.param, ("integer", "decimal"), where)
        elif isinstance(node, Crossing):
            self.crossing(node, where)
        elif isinstance(node, Survival):
            self.survival(node, where)
        elif isinstance(node, Mean):
            self.mean(node, where)
        elif isinstance(node, Over):
            self.over(node, where)
        elif isinstance(node, Whole):
            if not node.drop:
                raise InvalidDefinition("it drops nothing", where=where, hint='name break-downs, or "subject"')
        elif isinstance(node, Ref | Target):
            if node.indicator not in self.book.indicators:
                raise InvalidDefinition(
                    f"there is no indicator {node.indicator}",
                    code="unknown_reference",
                    where=where,
                    hint=did_you_mean(node.indicator, self.book.indicators),
                )
        elif getattr(node, "measures", True) == ():
            raise InvalidDefinition(
                "there is nothing to choose from", where=where, hint="give a formula for each value of the parameter"
            )

    def aggregate(self, node: Aggregate, where: str) -> None:
        columns = self.source(node.source, where)
        where = f"{where}, {node.op} of {node.source}"
        spell = self.is_spell(node.source)
        if node.at != "in" and not spell:
            raise InvalidDefinition(
                f'at="{node.at}" asks for times, and {node.source} holds events', where=where, hint='leave out "at"'
            )
        if node.at == "in":
            check_known((node.time,), columns, f"{where}, time")
            if columns[node.time] != "instant":
                instants = sorted(name for name, kind in columns.items() if kind == "instant")
                raise InvalidDefinition(
                    f"{node.time} is no instant", where=f"{where}, time", hint=f"its instants: {', '.join(instants)}"
                )
        if node.op == "count" and node.of is not None:
            raise InvalidDefinition("a count has no “of”", where=where, hint="write distinct(…) to count values")
        if node.op != "count" and not node.of:
            raise InvalidDefinition(f"a {node.op} needs “of”", where=where, hint='write of="amount"')
        if node.op == "distinct":
            for part in split_columns(node.of or "", where):
                expression_kind(part.sql("duckdb"), columns, {}, self.params, f"{where}, of")
        elif node.op != "count":
            self.expect(node.of or "", columns, {}, _NUMBERS, f"{where}, of")
        if (node.share is not None) != (node.op == "quantile"):
            raise InvalidDefinition(
                "a quantile, and nothing else, has a share", where=where, hint='give share="0.5" to a quantile alone'
            )
        self.share(node.share, where)
        if node.where:
            self.expect(node.where, columns, {}, frozenset({"boolean"}), f"{where}, where")
        if node.matures:
            self.duration(node.matures, f"{where}, matures")
        for match in node.match:
            self.match(match, columns, f"{where}, match {match.source}")

    def share(self, share: str | None, where: str) -> None:
        if share is not None and (not re.fullmatch(r"0\.\d{1,6}", share) or not Decimal(share)):
            raise InvalidDefinition(
                f"{share!r} is no share", where=where, hint='write a decimal below 1 with up to six places: "0.5"'
            )

    def match(self, match: Match, row: Mapping[str, str], where: str) -> None:
        columns = self.source(match.source, where)
        check_known(match.on, columns, f"{where}, on")
        check_known(match.on, row, f"{where}, on, of the counted row")
        if match.at and (match.low or match.high):
            raise InvalidDefinition("“at” and limits exclude each other", where=where, hint="keep one of them")
        if match.at and not self.is_spell(match.source):
            raise InvalidDefinition(
                f"“at” asks for times, and {match.source} holds events", where=where, hint="write low and high instead"
            )
        if (match.low or match.high) and "occurred_at" not in columns:
            raise InvalidDefinition(
                f"{match.source} has no occurred_at for the limits", where=where, hint="write at instead of them"
            )
        for name, limit in (("at", match.at), ("low", match.low), ("high", match.high)):
            if limit:
                self.expect(limit, row, row, frozenset({"instant"}), f"{where}, {name}")
        if match.where:
            self.expect(match.where, columns, row, frozenset({"boolean"}), f"{where}, where")
        self.expect(match.of, columns, row, _NUMBERS, f"{where}, of")
        self.expect(match.least, {}, {}, _NUMBERS, f"{where}, least")
        if match.absent and (match.of, match.least) != ("1", "1"):
            raise InvalidDefinition("“absent” goes without of and least", where=where, hint="leave them out, or absent")

    def leaf(self, node: Aggregate, path: tuple[str, ...], dropped: frozenset[str]) -> None:
        where = f"{self.where(path)}, {node.op} of {node.source}"
        source = self.book.source(node.source)
        if "subject" not in dropped:
            wanted = (node.credit,) if node.credit else self.indicator.credit
            for column in wanted:
                if column not in source.credits:
                    raise InvalidDefinition(
                        f"{node.source} cannot credit {column}",
                        code="unknown_credit",
                        where=where,
                        hint=did_you_mean(column, source.credits) or f"it credits {', '.join(source.credits)}",
                    )
        columns = self.book.columns(node.source)
        check_known((name for name in self.indicator.by if name not in dropped), columns, f"{where}, by")

    def constant(self, node: Constant, where: str) -> None:
        try:
            fine = node.value in _LENGTHS or Decimal(node.value).is_finite()
        except InvalidOperation:
            fine = False
        if not fine:
            raise InvalidDefinition(
                f"{node.value!r} is no number", where=where, hint=did_you_mean(node.value, _LENGTHS)
            )

    def choice(self, node: Choice, where: str) -> None:
        check_known((node.param,), self.indicator.params, f"{where}, param")
        spec = self.indicator.params[node.param]
        if spec.kind != "choice":
            raise InvalidDefinition(f"{node.param} is no choice", where=where, hint=f"declare {node.param} as a choice")
        check_known(node.options, spec.choices, f"{where}, options")
        check_known(spec.choices, node.options, f"{where}, choices without a formula")

    def correlation(self, node: Correlation, where: str) -> None:
        for name, kind in ((node.indicator, "names"), (node.outcome, "names"), (node.lag, "integer")):
            check_known((name,), self.indicator.params, where)
            if self.indicator.params[name].kind != kind:
                raise InvalidDefinition(
                    f"{name} is no parameter of the kind {kind}", where=where, hint=f"declare {name} as {kind}"
                )
        check_known((node.level,), LEVELS, f"{where}, level")
        self.least(node.least, f"{where}, least")
        if isinstance(node.least, int) and node.least < 3:
            raise InvalidDefinition("two pairs always correlate", where=f"{where}, least", hint="ask for 8 or more")
        if (node.confidence is not None) != (node.figure in ("low", "high")):
            raise InvalidDefinition(
                "an interval, and nothing else, has a confidence",
                where=f"{where}, confidence",
                hint="give confidence to the figures low and high alone",
            )
        if node.confidence is not None:
            self.parameter(node.confidence, ("choice",), f"{where}, confidence")
            check_known(self.indicator.params[node.confidence].choices, CONFIDENCES, f"{where}, confidence")

    def least(self, given: int | str, where: str) -> None:
        """A number, or a parameter of the kind integer."""
        if isinstance(given, int):
            return
        if not given.startswith("$"):
            raise InvalidDefinition(
                f"{given!r} is not an integer", where=where, hint="write a number, or $name for a parameter"
            )
        self.parameter(given[1:], ("integer",), where)

    def parameter(self, name: str, kinds: tuple[str, ...], where: str) -> None:
        check_known((name,), self.indicator.params, where)
        if self.indicator.params[name].kind not in kinds:
            raise InvalidDefinition(
                f"{name} is no parameter of the kind {' or '.join(kinds)}",
                where=where,
                hint=f"declare {name} as {' or '.join(kinds)}",
            )

    def crossing(self, node: Crossing, where: str) -> None:
        self.parameter(node.step, ("duration",), f"{where}, step")
        self.parameter(node.most, ("integer",), f"{where}, most")
        if node.gain.op != "total" or node.gain.at != "in":
            raise InvalidDefinition(
                "what is gained is a total of events", where=f"{where}, gain", hint='write total("FACT_TYPE", "COLUMN")'
            )
        self.expect(node.age, self.source(node.gain.source, where), {}, frozenset({"integer"}), f"{where}, age")

    def survival(self, node: Survival, where: str) -> None:
        columns = self.source(node.of.source, where)
        if node.of.op != "count":
            raise InvalidDefinition("what is watched is counted", where=f"{where}, of", hint="write count(…)")
        wanted = {"since": "integer", "until": "integer", "happened": "boolean"}
        for name, kind in wanted.items():
            sql = getattr(node, name)
            self.expect(sql, columns, {}, frozenset({kind}), f"{where}, {name}")
            if parameters(parse_expression(sql, where)) - set(RESERVED_PARAMETERS):
                raise InvalidDefinition(
                    "an age has no parameters", where=f"{where}, {name}", hint="write it with columns and numbers alone"
                )
        self.share(node.share, where)

    def mean(self, node: Mean, where: str) -> None:
        for place in nodes(node.measure):
            if isinstance(place.node, Aggregate):
                check_known((node.each,), self.source(place.node.source, where), f"{where}, each")
            elif isinstance(place.node, Mean | Monthly | Crossing | Survival | Target | Ref):
                raise InvalidDefinition(
                    f"a mean has no {type(place.node).__name__} in it",
                    where=where,
                    hint="take the mean of aggregates and of arithmetic on them",
                )

    def over(self, node: Over, where: str) -> None:
        for name in edge_parameters(node.window):
            self.duration(f"${name}", f"{where}, window")

    def duration(self, written: str, where: str) -> None:
        if not written.startswith("$"):
            duration_us(written)
            return
        check_known((written[1:],), self.indicator.params, where)
        if self.indicator.params[written[1:]].kind != "duration":
            raise InvalidDefinition(
                f"{written} is no duration", where=where, hint="write days, hours or minutes: 30d, 24h, 90m"
            )

    def expect(
        self, sql: str, own: Mapping[str, str], row: Mapping[str, str], kinds: frozenset[str], where: str
    ) -> None:
        found = expression_kind(sql, own, row, self.params, where)
        if found not in kinds:
            wanted = {"boolean": "true or false", "instant": "an instant"}.get(min(kinds), "a number")
            raise InvalidDefinition(
                f"“{sql[:80]}” is {found}, not {wanted}",
                code="sql_kind",
                where=where,
                hint=f"write an expression that is {wanted}",
            )

    def source(self, name: str, where: str) -> dict[str, str]:
        found = self.book.source(name)
        if isinstance(found, Relation):
            for param, spec in found.params.items():
                own = self.indicator.params.get(param)
                if own is not None and own.kind != spec.kind:
                    raise InvalidDefinition(
                        f"{name} declares {param} as {spec.kind}, not {own.kind}",
                        where=where,
                        hint=f"declare {param} as {spec.kind}, or give it another name",
                    )
        return self.book.columns(name)

    def is_spell(self, name: str) -> bool:
        found = self.book.source(name)
        return isinstance(found, Relation) and found.spell


def _check_example(book: Definitions, indicator: Indicator, example: Example) -> None:
    where = f"{indicator.id}, example “{example.title.get('en', '')}”"
    if not all(example.title.get(language) for language in LANGUAGES):
        raise InvalidDefinition(
            "its title is not in both languages",
            code="missing_language",
            where=where,
            hint='write {"en": …, "zh-Hant": …}',
        )
    check_known(example.facts, {*book.fact_types, SEALED}, where)
    check_known(example.targets, book.indicators, f"{where}, targets")
    for name, rows in example.facts.items():
        known = set(CORE_TABLES[SEALED]) if name == SEALED else {*book.fact_types[name].all_fields(), "source"}
        for row in [] if isinstance(rows, int) else rows:
            check_known(row, known, f"{where}, {name}")
    if example.value is not None:
        try:
            Decimal(example.value)
        except InvalidOperation:
            raise InvalidDefinition(
                f"the value {example.value!r} is no number", where=where, hint="give an integer, or a decimal as text"
            ) from None
    chosen(indicator.params, example.params, where)
    parse_period(example.period)
