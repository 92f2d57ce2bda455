"""Relations as WITH clauses: each once a statement for every binding of its parameters, after what it reads."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from kpicore.canonical import sha256_hex
from kpicore.definitions.book import CORE_TABLES, Definitions
from kpicore.definitions.facts import FactType
from kpicore.definitions.relations import Relation
from kpicore.definitions.sql import bind, parse_select, table_name, tables
from kpicore.definitions.values import Value, bound, chosen
from kpicore.engines.facts import quoted, view, viewed
from kpicore.errors import InvalidDefinition


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


class Clauses:
    """The WITH clauses of one statement, in an order in which each stands after what it reads.

    Args:
        book: The definitions.
        base_currency: The organisation's base currency, or None.
    """

    def __init__(self, book: Definitions, base_currency: str | None) -> None:
        self.book, self.base_currency = book, base_currency
        self._sql: dict[str, str] = {}
        #: Registered tables that the statement reads, fact types and core tables by name.
        self.reads: set[str] = set()

    def source(self, name: str, params: Mapping[str, Value]) -> str:
        """The quoted name under which the statement reads a fact type, relation or core table."""
        if name in CORE_TABLES:
            self.reads.add(name)
            return quoted(name)
        found = self.book.source(name)
        if isinstance(found, FactType):
            self.reads.add(name)
            return self.add(viewed(name), view(found, self.base_currency))
        own = own_params(found, params)
        key = sha256_hex(repr(sorted(own.items())).encode())[:8] if own else ""
        alias = f"relation${name}${key}"
        if alias not in self._sql:
            self._sql[alias] = self._relation(found, own)
            # Reading it may have added clauses: it belongs after them.
            self._sql[alias] = self._sql.pop(alias)
        return quoted(alias)

    def add(self, name: str, sql: str) -> str:
        """Add a clause once; its quoted name."""
        self._sql.setdefault(name, sql)
        return quoted(name)

    def text(self) -> str:
        """The WITH of the statement, or nothing."""
        if not self._sql:
            return ""
        return "with " + ", ".join(f"{quoted(name)} as ({sql})" for name, sql in self._sql.items()) + " "

    def _relation(self, relation: Relation, own: Mapping[str, Value]) -> str:
        tree = parse_select(relation.sql, relation.name)
        for table in tables(tree):
            name = table_name(table)
            if name == relation.name:
                raise InvalidDefinition(f"{name} reads itself", code="cycle", where=name)
            read = self.source(name, own)
            alias = table.alias or table.name
            table.replace(
                exp.Table(
                    this=exp.to_identifier(read[1:-1], quoted=True), alias=exp.TableAlias(this=exp.to_identifier(alias))
                )
            )
        return bind(tree, own, relation.name).sql("duckdb")
