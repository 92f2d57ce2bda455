"""One scan is one statement: every aggregate over the same rows is a column of it, every window a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.values import Value
from kpicore.engines.credit import Subject, subject
from kpicore.engines.edges import limits_of
from kpicore.engines.expressions import ROW, Compiler, Expression, quantile
from kpicore.engines.facts import quoted
from kpicore.engines.matches import BASE, CompiledMatch, Met, compile_match, early, met, source_key
from kpicore.engines.maturity import Horizon, horizon
from kpicore.engines.relations import Clause, Clauses, binding, with_clauses
from kpicore.engines.resolved import Leaf
from kpicore.engines.windows import WINDOW, Frame
from kpicore.periods import END_OF_TIME_US

SUBJECT = "kpi_subject"
_WINDOWS = "w"


@frozen(cache_hash=True)
class Key:
    """What aggregates must share to be columns of one statement."""

    source: str
    params: tuple[tuple[str, Value], ...]
    at: str
    time: str
    credit: str | None
    by: tuple[str, ...]
    matches: tuple[Met, ...]


@frozen
class LeafColumns:
    """Places of a leaf's columns in its statement's result.

    Args:
        value: Count, distinct count or total.
        population: How many rows count; None where it is enough that there is a row in the result.
        summed: For totals: of how many rows the expression is not null.
        currencies: Places of the smallest and largest currency, where several would not add up.
        anonymous_money: Whether it adds up money of rows that do not say their currency.
    """

    value: int
    population: int | None
    summed: int | None
    currencies: tuple[int, int] | None
    anonymous_money: bool


@frozen(eq=False)
class Scan:
    """A compiled scan.

    Args:
        key: What its leaves share.
        clauses: The SELECTs of its WITH by name, in order.
        select: The statement after its WITH.
        relations: Those of the clauses that are relations.
        roots: Of the relations that it reads itself the columns; None: all.
        by: The break-downs, which stand before the leaves' columns as d0, d1 …
        subjects: Whether rows have a subject.
        frame: The windows, by number.
        columns: Places of the columns of each leaf that counts these rows, among c0, c1 …
        early: For leaves whose matches came too early in these rows: the place of how many they are.
        reads: Fact types and core tables that it reads.
        stored: The columns of each fact type's stored table that it reads; None: all.
    """

    key: Key
    clauses: Mapping[str, str]
    select: str
    relations: Mapping[str, Clause]
    roots: Mapping[str, frozenset[str] | None]
    by: tuple[str, ...]
    subjects: bool
    frame: Frame
    columns: Mapping[Leaf, LeafColumns]
    early: Mapping[Leaf, int]
    reads: frozenset[str]
    stored: Mapping[str, frozenset[str] | None]

    @property
    def sql(self) -> str:
        """The statement."""
        return with_clauses(self.clauses) + self.select


@define(frozen=True, slots=False, eq=False)
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
        found = self._compilers.get(leaf)
        if found is None:
            found = Compiler(self.book, leaf.aggregate.source, self.params(leaf), leaf.indicator)
            self._compilers[leaf] = found
        return found

    def params(self, leaf: Leaf) -> dict[str, Value]:
        """The values that the leaf's expressions may name."""
        return {**dict(leaf.params), **self.now}

    @property
    def now(self) -> dict[str, Value]:
        """The instant of the cut, as expressions name it."""
        return {"as_of": END_OF_TIME_US if self.as_of is None else self.as_of}

    def horizon(self, leaf: Leaf) -> Horizon:
        """How long after its time a row of the leaf is final."""
        if any("$as_of" in (match.high or "") for match in leaf.aggregate.match):
            return horizon(leaf.aggregate, self.compiler(leaf))
        found: Horizon = self.book.keep("horizon", leaf, lambda _: horizon(leaf.aggregate, self.compiler(leaf)))
        return found

    @cached_property
    def _compilers(self) -> dict[Leaf, Compiler]:
        return {}


def key_of(leaf: Leaf, setting: Setting) -> Key:
    """What the leaf shares with others of its statement."""
    return _key(leaf, setting, tuple(met(match, setting.book, setting.params(leaf)) for match in leaf.aggregate.match))


def early_keys(leaf: Leaf, setting: Setting) -> tuple[Key, ...]:
    """Of the statements that say how many rows have a match before its window, where that can only be an error."""
    aggregate, book = leaf.aggregate, setting.book
    if aggregate.at != "in":
        return ()
    key = source_key(book, aggregate.source)
    wrong = (early(match, aggregate.time, key) for match in aggregate.match)
    return tuple(_key(leaf, setting, (met(match, book, setting.params(leaf)),)) for match in wrong if match is not None)


def _key(leaf: Leaf, setting: Setting, matches: tuple[Met, ...]) -> Key:
    aggregate = leaf.aggregate
    credit = leaf.credit if setting.level != "company" else None
    time = aggregate.time if aggregate.at == "in" else ""
    params = binding(setting.book, aggregate.source, dict(leaf.params))
    return Key(aggregate.source, params, aggregate.at, time, credit, leaf.by, tuple(dict.fromkeys(matches)))


def compile_scan(key: Key, leaves: Iterable[Leaf], frame: Frame, setting: Setting, early: Iterable[Leaf] = ()) -> Scan:
    """Compile the statement of leaves that share a key.

    Args:
        key: Their key.
        leaves: The leaves, each once.
        frame: The windows that are asked for; every leaf is computed for all of them.
        setting: What all scans share.
        early: Leaves for which the key is one of `early_keys`.

    Raises:
        InvalidDefinition: An expression names what is not there.
    """
    return Statement(key, frame, setting).compile(list(leaves), list(early))


@frozen
class Counted:
    """Which rows a leaf counts among those of its statement.

    Args:
        conditions: What must hold, SQL over the counted rows.
        money: Whether a condition reads money.
    """

    conditions: tuple[str, ...]
    money: bool


class Statement:
    """A statement over the rows of one source in some windows, while it is put together.

    Args:
        key: What its leaves share.
        frame: The windows.
        setting: What all statements share.
    """

    def __init__(self, key: Key, frame: Frame, setting: Setting) -> None:
        self.key, self.frame, self.setting = key, frame, setting
        self.where = key.source
        self.clauses = Clauses(setting.book, setting.base_currency)
        self.row: set[str] = set(key.by) & set(setting.book.columns(key.source))
        self.periods = False
        self.columns: dict[str, int] = {}
        #: Conditions that hold for every row that anything counts.
        self.common: tuple[str, ...] = ()

    def compile(self, leaves: Sequence[Leaf], early: Sequence[Leaf]) -> Scan:
        """The statement of all aggregates of the leaves."""
        self.where = next(leaf.indicator for leaf in (*leaves, *early))
        counted = [self.counted(leaf).conditions for leaf in (*leaves, *early)]
        self.common = tuple(one for one in counted[0] if all(one in conditions for conditions in counted))
        places = {leaf: self.leaf(leaf) for leaf in leaves}
        odd = {leaf: self.column("count(*)", self.counted(leaf).conditions) for leaf in early}
        who = self.subject()
        dims = [*([f"{who.sql} as {SUBJECT}"] if who else []), f"{ROW}.{WINDOW}"]
        dims += [f"{self.dimension(one)} as d{n}" for n, one in enumerate(self.key.by)]
        outs = [f"{sql} as c{n}" for sql, n in self.columns.items()]
        group = ", ".join(str(n + 1) for n in range(len(dims)))
        common = f" where {' and '.join(self.common)}" if self.common else ""
        sql = self.rows_of(", ".join(dims + outs), who) + f"{common} group by {group}"
        found, by, named = self.clauses, self.key.by, who is not None
        reads, stored = frozenset(found.reads), found.stored()
        return Scan(
            self.key, found.all(), sql, found.relations, found.roots, by, named, self.frame, places, odd, reads, stored
        )

    def select(self, columns: str, who: Subject | None) -> str:
        """The statement up to its FROM, with everything that was used until now."""
        sql = self.rows_of(columns, who)
        return self.clauses.text() + sql

    def rows_of(self, columns: str, who: Subject | None) -> str:
        """As `select`, without the clauses."""
        found = [self.match(one) for one in self.key.matches]
        for match in found:
            self.row |= match.row
            self.periods |= match.periods
        placed = {self.key.time} if self.key.at == "in" else {"valid_from", "valid_to"}
        name = self.clauses.source(self.key.source, dict(self.key.params), self.row | placed)
        self.clauses.reads.update(who.core if who else ())
        base = f"({self.rows(name)})"
        if any(match.base for match in found):
            base = self.clauses.add(BASE, base[1:-1])
        for match in found:
            base = f"(select {ROW}.* from {base} {ROW}{match.join})"
        return f"select {columns} from {base} {ROW}{who.joins if who else ''}"

    def match(self, found: Met) -> CompiledMatch:
        """A match of the key."""
        book, key = self.setting.book, self.key
        compiler = Compiler(book, key.source, dict(found.params), self.where)
        nullable = not isinstance(book.source(key.source), FactType)
        limits = limits_of(found.match, dict(found.params), key.time if key.at == "in" else "")
        low = None if limits.low is None else min(map(limits.low.of, self.frame.spans))
        high = None if limits.high is None else max(map(limits.high.of, self.frame.spans))
        read = dict(found.binding)
        return compile_match(
            found,
            compiler,
            source_key(book, key.source),
            lambda name, columns: self.clauses.source(name, read, columns),
            nullable=nullable,
            inside=(low, high),
            frame=self.frame,
        )

    def leaf(self, leaf: Leaf) -> LeafColumns:
        """Add the columns of a leaf."""
        counted = self.counted(leaf)
        # Where all share a condition, a group of rows is there only if some of them fulfil it.
        conditions, money = self.other(counted.conditions), counted.money
        population: int | None = None
        summed = None
        if leaf.aggregate.op in ("count", "total") or (leaf.aggregate.op == "distinct" and conditions):
            population = self.column("count(*)", conditions)
        if leaf.aggregate.op == "distinct":
            of, filled = self.told_apart(leaf)
            value = self.column(f"count(distinct {of})", [*conditions, *filled])
        elif leaf.aggregate.op == "quantile":
            part = self.added(leaf)
            money |= self.money(part)
            conditions = (*conditions, f"{part.sql} is not null")
            population = self.column("count(*)", conditions)
            value = self.expression(quantile(part.sql, leaf.aggregate.share or "0.5", " and ".join(conditions)))
        elif leaf.aggregate.op == "total":
            part = self.added(leaf)
            money |= self.money(part)
            value = self.column(f"sum({part.sql})", conditions)
            summed = self.column(f"count({part.sql})", conditions)
        else:
            value = self.column("count(*)", conditions)
        named = "currency" in self.setting.book.columns(self.key.source)
        money &= self.setting.several_currencies
        currencies = self.currencies(conditions) if money and named else None
        return LeafColumns(value, population, summed, currencies, money and not named)

    def counted(self, leaf: Leaf) -> Counted:
        """Which rows a leaf counts."""
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
        return Counted(tuple(conditions), money)

    def dimension(self, by: str) -> str:
        """A break-down: a column, or an expression over the counted row."""
        if by in self.row:
            return f"{ROW}.{quoted(by)}"
        compiler = Compiler(self.setting.book, self.key.source, self.setting.now, self.where)
        return self.use(compiler.of_row(by)).sql

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

    def other(self, conditions: Iterable[str]) -> tuple[str, ...]:
        """Those of some conditions that not every counted row fulfils."""
        return tuple(one for one in conditions if one not in self.common)

    def column(self, aggregate: str, conditions: Iterable[str]) -> int:
        conditions = self.other(conditions)
        return self.expression(f"{aggregate} filter (where {' and '.join(conditions)})" if conditions else aggregate)

    def expression(self, sql: str) -> int:
        """The place of a column among the statement's results."""
        return self.columns.setdefault(sql, len(self.columns))

    def subject(self) -> Subject | None:
        if self.key.credit is None:
            return None
        self.row.add(self.key.credit)
        kind = self.setting.book.source(self.key.source).credits[self.key.credit]
        moment = ""
        if kind != "person" or self.setting.level != "person":
            self.row.add(self.key.time if self.key.at == "in" else "valid_from")
            self.periods |= self.key.at != "in"
            moment = {
                "in": f"{ROW}.{quoted(self.key.time)}",
                "start": f"({ROW}.period_start - 1)",
                "end": f"({ROW}.period_end - 1)",
                "during": f"greatest({ROW}.valid_from, {ROW}.period_start)",
            }[self.key.at]
        return subject(kind, self.key.credit, self.setting.level, moment)

    def rows(self, source: str) -> str:
        """The counted rows with their windows: only the columns that are read."""
        frame, names = self.frame, [f"r.{quoted(name)}" for name in sorted(self.row)]
        columns = ", ".join([*names, *frame.columns(_WINDOWS, bounds=self.periods)])
        read = f"select {columns} from {source} r"
        if self.key.at == "in":
            return read + frame.joined(f"r.{quoted(self.key.time)}", _WINDOWS)
        start, end = (frame.bound(name, _WINDOWS) for name in ("period_start", "period_end"))
        holds = {
            "start": f"r.valid_from < {start} and (r.valid_to is null or {start} <= r.valid_to)",
            "end": f"r.valid_from < {end} and (r.valid_to is null or {end} <= r.valid_to)",
            "during": f"r.valid_from < {end} and (r.valid_to is null or {start} < r.valid_to)",
        }[self.key.at]
        return read + (f" where {holds}" if frame.single else f" join {quoted(frame.name)} {_WINDOWS} on {holds}")
