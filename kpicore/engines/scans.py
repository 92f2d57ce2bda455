"""One scan is one statement: every aggregate over the same rows is a column of it, every window a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.measures import Match
from kpicore.definitions.reading import PERIOD_COLUMNS
from kpicore.definitions.values import Value
from kpicore.engines import windows
from kpicore.engines.credit import Subject, subject
from kpicore.engines.expressions import ROW, Compiler, Expression
from kpicore.engines.facts import quoted
from kpicore.engines.matches import BASE, CompiledMatch, compile_match, early
from kpicore.engines.maturity import Horizon, horizon
from kpicore.engines.relations import Clauses, binding
from kpicore.engines.resolve import Leaf
from kpicore.engines.windows import WINDOW, Span
from kpicore.periods import END_OF_TIME_US

SUBJECT = "kpi_subject"
_WINDOWS = "kpi$windows"


@frozen
class Key:
    """What aggregates must share to be columns of one statement."""

    source: str
    params: tuple[tuple[str, Value], ...]
    at: str
    time: str
    credit: str | None
    by: tuple[str, ...]


@frozen
class LeafColumns:
    """Places of a leaf's columns in its statement's result.

    Args:
        value: Count, distinct count or total.
        population: How many rows count.
        summed: For totals: of how many rows the expression is not null.
        currencies: Places of the smallest and largest currency, where several would not add up.
        early: How many rows have a match before its window.
        anonymous_money: Whether it adds up money of rows that do not say their currency.
    """

    value: int
    population: int
    summed: int | None
    currencies: tuple[int, int] | None
    early: tuple[int, ...]
    anonymous_money: bool


@frozen
class Scan:
    """A compiled scan.

    Args:
        sql: The statement.
        by: The break-downs, which stand before the leaves' columns as d0, d1 …
        subjects: Whether rows have a subject.
        spans: The windows, by number.
        columns: Places of each leaf's columns among c0, c1 …
        reads: Fact types and core tables that it reads.
    """

    sql: str
    by: tuple[str, ...]
    subjects: bool
    spans: tuple[Span, ...]
    columns: Mapping[Leaf, LeafColumns]
    reads: frozenset[str]


@frozen
class Setting:
    """What all scans of one call share.

    Args:
        book: The definitions.
        level: person, team or company.
        base_currency: The organisation's base currency, or None.
        as_of: The instant of the cut, or None.
        several_currencies: Whether money may be of several currencies that nothing brings together.
    """

    book: Definitions
    level: str
    base_currency: str | None
    as_of: int | None
    several_currencies: bool = False

    def compiler(self, leaf: Leaf) -> Compiler:
        """A compiler of the leaf's expressions."""
        as_of = END_OF_TIME_US if self.as_of is None else self.as_of
        return Compiler(self.book, leaf.aggregate.source, {**dict(leaf.params), "as_of": as_of}, leaf.indicator)

    def horizon(self, leaf: Leaf) -> Horizon:
        """How long after its time a row of the leaf is final."""
        return horizon(leaf.aggregate, self.compiler(leaf))


def key_of(leaf: Leaf, setting: Setting) -> Key:
    """What the leaf shares with others of its statement."""
    aggregate = leaf.aggregate
    credit = leaf.credit if setting.level != "company" else None
    time = aggregate.time if aggregate.at == "in" else ""
    params = binding(setting.book, aggregate.source, dict(leaf.params))
    return Key(aggregate.source, params, aggregate.at, time, credit, leaf.by)


def compile_scan(key: Key, leaves: Iterable[Leaf], spans: Sequence[Span], setting: Setting) -> Scan:
    """Compile the statement of leaves that share a key.

    Args:
        key: Their key.
        leaves: The leaves, each once.
        spans: The windows that are asked for; every leaf is computed for all of them.
        setting: What all scans share.

    Raises:
        InvalidDefinition: An expression names what is not there.
    """
    return Statement(key, tuple(spans), setting).compile(list(leaves))


@frozen
class Counted:
    """Which rows a leaf counts.

    Args:
        conditions: What must hold, SQL over the counted rows and the matches.
        early: Conditions of rows that have a match before its window.
        money: Whether a condition reads money.
    """

    conditions: tuple[str, ...]
    early: tuple[tuple[str, ...], ...]
    money: bool


class Statement:
    """A statement over the rows of one source in some windows, while it is put together.

    Args:
        key: What its leaves share.
        spans: The windows.
        setting: What all statements share.
    """

    def __init__(self, key: Key, spans: tuple[Span, ...], setting: Setting) -> None:
        self.key, self.spans, self.setting = key, spans, setting
        self.clauses = Clauses(setting.book, setting.base_currency)
        self.row: set[str] = set(key.by)
        self.periods = key.at != "in"
        self.columns: dict[str, int] = {}
        self.matches: dict[str, CompiledMatch] = {}

    def compile(self, leaves: Sequence[Leaf]) -> Scan:
        """The statement of all aggregates of the leaves."""
        places = {leaf: self.leaf(leaf) for leaf in leaves}
        who = self.subject()
        dims = [*([f"{who.sql} as {SUBJECT}"] if who else []), f"{ROW}.{WINDOW}"]
        dims += [f"{ROW}.{quoted(column)} as d{n}" for n, column in enumerate(self.key.by)]
        outs = [f"{sql} as c{n}" for sql, n in self.columns.items()]
        group = ", ".join(str(n + 1) for n in range(len(dims)))
        sql = self.select(", ".join(dims + outs), who) + f" group by {group}"
        return Scan(sql, self.key.by, who is not None, self.spans, places, frozenset(self.clauses.reads))

    def select(self, columns: str, who: Subject | None) -> str:
        """The statement up to its FROM, with everything that was used until now."""
        name = self.clauses.source(self.key.source, dict(self.key.params))
        self.clauses.reads.update(who.core if who else ())
        self.clauses.add(_WINDOWS, windows.table(self.spans))
        self.clauses.add(BASE, self.rows(name))
        joins = who.joins if who else ""
        for number, found in enumerate(self.matches.values()):
            self.clauses.add(f"kpi$match{number}", found.sql)
            joins += self.joined(number, found)
        return f"{self.clauses.text()}select {columns} from {quoted(BASE)} {ROW}{joins}"

    def leaf(self, leaf: Leaf) -> LeafColumns:
        """Add the columns of a leaf."""
        counted = self.counted(leaf)
        conditions, money = counted.conditions, counted.money
        odd = tuple(self.column("count(*)", early) for early in counted.early)
        population = self.column("count(*)", conditions)
        summed, value = None, population
        if leaf.aggregate.op == "distinct":
            of, filled = self.told_apart(leaf)
            value = self.column(f"count(distinct {of})", [*conditions, *filled])
        elif leaf.aggregate.op == "total":
            part = self.added(leaf)
            money |= self.money(part)
            value = self.column(f"sum({part.sql})", conditions)
            summed = self.column(f"count({part.sql})", conditions)
        named = "currency" in self.setting.book.columns(self.key.source)
        money &= self.setting.several_currencies
        currencies = self.currencies(conditions) if money and named else None
        return LeafColumns(value, population, summed, currencies, odd, money and not named)

    def counted(self, leaf: Leaf) -> Counted:
        """Which rows a leaf counts; its matches become clauses of the statement."""
        aggregate, compiler = leaf.aggregate, self.setting.compiler(leaf)
        conditions: list[str] = []
        money = False
        wait = self.setting.horizon(leaf).wait if aggregate.young == "drop" and self.setting.as_of is not None else 0
        if wait:
            self.row.add(aggregate.time)
            conditions.append(f"{ROW}.{quoted(aggregate.time)} + {wait} <= {self.setting.as_of}")
        if aggregate.where is not None:
            where = self.use(compiler.of_row(aggregate.where))
            conditions.append(f"({where.sql})")
            money = self.money(where)
        early_ones = []
        for match in aggregate.match:
            wrong = early(match, aggregate.time, self.source_key()) if aggregate.at == "in" else None
            if wrong is not None:
                early_ones.append((*conditions, self.met(wrong, compiler)))
        conditions += [self.met(match, compiler) for match in aggregate.match]
        return Counted(tuple(conditions), tuple(early_ones), money)

    def told_apart(self, leaf: Leaf) -> tuple[str, list[str]]:
        """What a distinct count tells apart, and that none of several columns is null."""
        parts = [self.use(part) for part in self.setting.compiler(leaf).columns(leaf.aggregate.of or "")]
        if len(parts) == 1:
            return parts[0].sql, []
        return f"({', '.join(part.sql for part in parts)})", [f"({part.sql}) is not null" for part in parts]

    def added(self, leaf: Leaf) -> Expression:
        """What a row adds to a total."""
        return self.use(self.setting.compiler(leaf).of_row(leaf.aggregate.of or "1"))

    def use(self, expression: Expression) -> Expression:
        self.row |= expression.row
        self.periods |= expression.periods
        return expression

    def money(self, expression: Expression) -> bool:
        kinds = self.setting.book.columns(self.key.source)
        return any(kinds[column] == "money" for column in expression.row)

    def currencies(self, conditions: Sequence[str]) -> tuple[int, int]:
        """Amounts of several currencies do not add up where there is no base currency to bring them to."""
        self.row.add("currency")
        column = f"{ROW}.{quoted('currency')}"
        return self.column(f"min({column})", conditions), self.column(f"max({column})", conditions)

    def column(self, aggregate: str, conditions: Sequence[str]) -> int:
        sql = f"{aggregate} filter (where {' and '.join(conditions)})" if conditions else aggregate
        return self.columns.setdefault(sql, len(self.columns))

    def met(self, match: Match, compiler: Compiler) -> str:
        found = compile_match(
            match, compiler, self.source_key(), lambda name: self.clauses.source(name, compiler.params)
        )
        self.row |= found.row
        self.periods |= found.periods
        self.matches.setdefault(found.sql, found)
        number = list(self.matches).index(found.sql)
        return f"m{number}.hit is {'' if found.absent else 'not '}null"

    def joined(self, number: int, match: CompiledMatch) -> str:
        # Keys of relations may be null; shared columns that are null meet nothing.
        same = "is not distinct from" if match.keys == self.source_key() and not self.is_fact() else "="
        keys = [f"m{number}.{quoted(column)} {same} {ROW}.{quoted(column)}" for column in match.keys]
        keys.append(f"m{number}.{WINDOW} = {ROW}.{WINDOW}")
        return f" left join {quoted(f'kpi$match{number}')} m{number} on {' and '.join(keys)}"

    def source_key(self) -> tuple[str, ...]:
        found = self.setting.book.source(self.key.source)
        return (*found.key, "source") if isinstance(found, FactType) else tuple(found.key)

    def is_fact(self) -> bool:
        return isinstance(self.setting.book.source(self.key.source), FactType)

    def subject(self) -> Subject | None:
        if self.key.credit is None:
            return None
        self.row.add(self.key.credit)
        kind = self.setting.book.source(self.key.source).credits[self.key.credit]
        self.row.add(self.key.time if self.key.at == "in" else "valid_from")
        moment = {
            "in": f"{ROW}.{quoted(self.key.time)}",
            "start": f"({ROW}.period_start - 1)",
            "end": f"({ROW}.period_end - 1)",
            "during": f"greatest({ROW}.valid_from, {ROW}.period_start)",
        }[self.key.at]
        return subject(kind, self.key.credit, self.setting.level, moment)

    def rows(self, source: str) -> str:
        """The counted rows with their windows: only the columns that are read."""
        names = sorted(self.row)
        bounds = [f"w.{column}" for column in PERIOD_COLUMNS] if self.periods else []
        time = f"r.{quoted(self.key.time)}"
        if self.key.at == "in" and windows.apart(self.spans):
            inner = [*(f"r.{quoted(name)}" for name in names), f"{windows.number(time, self.spans)} as {WINDOW}"]
            read = f"select {', '.join(inner)} from {source} r where {windows.inside(time, self.spans)}"
            outer = [*(f"q.{quoted(name)}" for name in names), f"q.{WINDOW}", *bounds]
            join = f" join {quoted(_WINDOWS)} w on w.{WINDOW} = q.{WINDOW}" if bounds else ""
            gaps = "" if windows.gapless(self.spans) else f" where q.{WINDOW} is not null"
            return f"select {', '.join(outer)} from ({read}) q{join}{gaps}"
        holds = {
            "in": f"{time} >= w.period_start and {time} < w.period_end",
            "start": "r.valid_from < w.period_start and (r.valid_to is null or w.period_start <= r.valid_to)",
            "end": "r.valid_from < w.period_end and (r.valid_to is null or w.period_end <= r.valid_to)",
            "during": "r.valid_from < w.period_end and (r.valid_to is null or w.period_start < r.valid_to)",
        }[self.key.at]
        outer = [*(f"r.{quoted(name)}" for name in names), f"w.{WINDOW}", *bounds]
        return f"select {', '.join(outer)} from {source} r join {quoted(_WINDOWS)} w on {holds}"
