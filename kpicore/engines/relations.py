"""Relations as WITH clauses: each once a statement for every binding of its parameters, after what it reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import frozen
from sqlglot import exp

from kpicore.canonical import sha256_hex
from kpicore.definitions.algebra.sql import bind, parse_select, table_name, tables
from kpicore.definitions.book import CORE_TABLES, Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.relations import Relation
from kpicore.definitions.values import Value, bound, chosen
from kpicore.engines.facts import quoted, stored_columns, view, viewed


def own_params(relation: Relation, given: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a relation's parameters: those of the same name that it is read with, else its defaults."""
    values = bound(relation.params, chosen(relation.params, {}, relation.name))
    for name, spec in relation.params.items():
        if name in given and (spec.kind != "choice" or given[name] in spec.choices):
            values[name] = given[name]
    return values


def binding(book: Definitions, source: str, given: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """What distinguishes one reading of a source from another: its parameters and those of what it reads."""
    found = book.source(source)
    return () if isinstance(found, FactType) else tuple(sorted(own_params(found, given).items()))


@frozen
class Body:
    """A relation's SELECT with its parameters bound.

    Args:
        sql: The SELECT over the clauses of what it reads.
        reads: Names of what it reads.
        names: Every name in it, which the columns that it reads are among; None: it may depend on any column.
        passes: Whether it hands on columns that it does not name, by `*`.
        heavy: Whether it does more than to pick rows and columns of one source.
    """

    sql: str
    reads: tuple[str, ...]
    names: frozenset[str] | None
    passes: bool
    heavy: bool


@frozen
class Clause:
    """A relation as one clause of a WITH.

    Args:
        sql: Its SELECT.
        reads: Names of the clauses that it reads.
        body: The relation's body.
        columns: The columns that it has.
    """

    sql: str
    reads: tuple[str, ...]
    body: Body
    columns: tuple[str, ...]


class Clauses:
    """The WITH clauses of one statement, in an order in which each stands after what it reads.

    Args:
        book: The definitions.
        base_currency: The organisation's base currency, or None.
    """

    def __init__(self, book: Definitions, base_currency: str | None) -> None:
        self.book, self.base_currency = book, base_currency
        self._sql: dict[str, str] = {}
        # Columns of fact types that are read; None: all.
        self._columns: dict[str, set[str] | None] = {}
        #: Relations among the clauses, by the names of these.
        self.relations: dict[str, Clause] = {}
        #: Clauses of relations that the statement itself reads, with the columns that it reads of them; None: all.
        self.roots: dict[str, frozenset[str] | None] = {}
        #: Registered tables that the statement reads, fact types and core tables by name.
        self.reads: set[str] = set()

    def source(self, name: str, params: Mapping[str, Value], columns: Collection[str] | None = None) -> str:
        """The quoted name under which the statement reads a fact type, relation or core table.

        Args:
            name: Its name.
            params: Values that a relation may read.
            columns: The columns that are read of it; None: all.
        """
        if name in CORE_TABLES:
            self.reads.add(name)
            return quoted(name)
        found = self.book.source(name)
        if isinstance(found, FactType):
            self.reads.add(name)
            known = self._columns.setdefault(name, set())
            self._columns[name] = None if known is None or columns is None else known.union(columns)
            return self.add(viewed(name), name)
        own = own_params(found, params)
        alias = self._relation(found, own)
        before = self.roots.get(alias, frozenset())
        self.roots[alias] = None if before is None or columns is None else before.union(columns)
        return quoted(alias)

    def _relation(self, found: Relation, own: Mapping[str, Value]) -> str:
        """The clause of a relation, after those of what it reads."""
        alias = _alias(found, own)
        if alias not in self._sql:
            body = relation_body(self.book, found, own)
            reads = tuple(self._read(read, own) for read in body.reads)
            self._sql[alias] = body.sql
            self.relations[alias] = Clause(body.sql, reads, body, tuple(self.book.columns(found.name)))
        return alias

    def _read(self, name: str, params: Mapping[str, Value]) -> str:
        """The name of the clause or table under which a relation reads a source."""
        found = None if name in CORE_TABLES else self.book.source(name)
        if isinstance(found, Relation):
            return self._relation(found, own_params(found, params))
        self.source(name, params)
        return name if found is None else viewed(name)

    def add(self, name: str, sql: str) -> str:
        """Add a clause once; its quoted name."""
        self._sql.setdefault(name, sql)
        return quoted(name)

    def text(self) -> str:
        """The WITH of the statement, or nothing."""
        return with_clauses(self.all())

    def all(self) -> dict[str, str]:
        """The SELECT of each clause by its name, in order."""
        views = {viewed(name): self._view(name) for name in self._columns}
        return {name: views.get(name, sql) for name, sql in self._sql.items()}

    def stored(self) -> dict[str, frozenset[str] | None]:
        """The columns of each fact type's stored table that the statement reads; None: all."""
        return {
            name: None if columns is None else stored_columns(self._fact_type(name), columns, self.base_currency)
            for name, columns in self._columns.items()
        }

    def _view(self, name: str) -> str:
        return view(self._fact_type(name), self.base_currency, self._columns[name])

    def _fact_type(self, name: str) -> FactType:
        return self.book.fact_types[name]


def with_clauses(clauses: Mapping[str, str]) -> str:
    """A WITH of SELECTs by name, or nothing."""
    if not clauses:
        return ""
    return "with " + ", ".join(f"{quoted(name)} as ({sql})" for name, sql in clauses.items()) + " "


def relation_body(book: Definitions, relation: Relation, own: Mapping[str, Value]) -> Body:
    """The SELECT of a relation over the clauses of what it reads; made once for every binding of its parameters.

    Args:
        book: The definitions.
        relation: The relation.
        own: The values of its parameters.
    """

    def make(_key: str) -> Body:
        tree = parse_select(relation.sql, relation.name)
        reads: dict[str, None] = {}
        for table in tables(tree):
            name = table_name(table)
            reads[name] = None
            named = exp.TableAlias(this=exp.to_identifier(table.alias or table.name))
            clause = exp.to_identifier(_clause(book, name, own), quoted=True)
            table.replace(exp.Table(this=clause, alias=named))
        names, passes = _names(tree)
        heavy = any(True for _ in tree.find_all(exp.Join, exp.Window, exp.Group, exp.AggFunc, exp.Distinct))
        return Body(bind(tree, own, relation.name).sql("duckdb"), tuple(reads), names, passes, heavy)

    body: Body = book.keep("relation body", _alias(relation, own), make)
    return body


def _names(tree: exp.Expr) -> tuple[frozenset[str] | None, bool]:
    """What a SELECT names, and whether it hands on what it does not name; see `Body`."""
    names = frozenset(node.name.lower() for node in tree.find_all(exp.Identifier))
    passes = any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star))
    natural = any(join.method for join in tree.find_all(exp.Join))
    told_apart = passes and any(True for _ in tree.find_all(exp.SetOperation, exp.Distinct))
    return None if natural or told_apart else names, passes


def _clause(book: Definitions, name: str, params: Mapping[str, Value]) -> str:
    """The name of the table or clause that a source is read from."""
    if name in CORE_TABLES:
        return name
    found = book.source(name)
    return viewed(name) if isinstance(found, FactType) else _alias(found, own_params(found, params))


def _alias(relation: Relation, own: Mapping[str, Value]) -> str:
    key = sha256_hex(repr(sorted(own.items())).encode())[:12] if own else ""
    return f"relation${relation.name}${key}"
