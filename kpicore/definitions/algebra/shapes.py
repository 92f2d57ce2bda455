"""The shape of a relation: its columns with their kinds, and which of them identify a row.

The shape is worked out from the SQL and the shapes of what it reads, for the small grammar that definitions may use.
On the way every column is looked up, and every window whose result depends on the order of rows must have an order
that leaves no ties: then a relation does not depend on how rows happen to lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn, TypeAlias

from attrs import frozen
from sqlglot import exp

from kpicore.definitions.algebra.allowed import READ
from kpicore.definitions.algebra.kinds import NULL, Typing
from kpicore.definitions.algebra.sql import table_name
from kpicore.errors import InvalidDefinition
from kpicore.naming import did_you_mean

#: A column of one of the tables in a FROM clause: (alias, name).
Place: TypeAlias = "tuple[str, str]"

_ORDERED = (exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)


@frozen
class Shape:
    """Columns with their kinds, and sets of columns of which each identifies a row."""

    columns: Mapping[str, str]
    unique: tuple[frozenset[str], ...] = ()


def shape_of(tree: exp.Query, source: Callable[[str], Shape], parameter: Callable[[str], str], where: str) -> Shape:
    """The shape of a checked SELECT.

    Args:
        tree: What `parse_select` gave.
        source: The shape of a fact type, relation or core table by name; raises where there is none.
        parameter: The kind of a parameter by name; raises where there is none.
        where: Who says it, for errors.

    Raises:
        InvalidDefinition: On an unknown or ambiguous column, columns that do not go together, or a window without a
            total order.
    """
    return _Reader(source, parameter, where, {}).query(tree)


@frozen
class _Reader:
    source: Callable[[str], Shape]
    parameter: Callable[[str], str]
    where: str
    ctes: dict[str, Shape]

    def query(self, tree: exp.Expr, *, named: bool = True) -> Shape:
        with_ = tree.args.get("with_")
        for cte in with_.expressions if with_ else ():
            if cte.alias.lower() in self.ctes:
                self.fail(f"{cte.alias} is defined twice")
            self.ctes[cte.alias.lower()] = self.query(cte.this)
        if isinstance(tree, exp.Union):
            return self.union(tree)
        return _Select(self, tree, named).shape()

    def union(self, tree: exp.Union) -> Shape:
        branches: list[exp.Expr] = []
        left: exp.Expr = tree
        while isinstance(left, exp.Union):
            branches.insert(0, left.expression)
            left = left.this
        branches.insert(0, left)
        shapes = [self.query(branch, named=branch is branches[0]) for branch in branches]
        first, *others = shapes
        columns = dict(first.columns)
        for other in others:
            if len(other.columns) != len(columns):
                self.fail(f"branches of a union have {len(columns)} and {len(other.columns)} columns")
            typing = Typing(_no_column, self.parameter, lambda _window: None, self.where)
            columns = {
                name: typing.agree(pair, exp.column(name))
                for name, pair in zip(columns, zip(columns.values(), other.columns.values(), strict=True), strict=True)
            }
        return Shape(columns, self.union_keys(branches, shapes))

    def union_keys(self, branches: Sequence[exp.Expr], shapes: Sequence[Shape]) -> tuple[frozenset[str], ...]:
        """A column that is another constant in each branch tells the branches apart; the keys of all do the rest."""
        names = list(shapes[0].columns)
        constants = [_constants(branch) for branch in branches]
        telling = {n for i, n in enumerate(names) if len({c[i] for c in constants if i in c}) == len(branches)}
        if not telling or not all(shape.unique for shape in shapes):
            return ()
        keys = {names[list(s.columns).index(name)] for s in shapes for name in s.unique[0]}
        return (frozenset(keys | {min(telling)}),)

    def table(self, node: exp.Expr) -> tuple[str, Shape]:
        if isinstance(node, exp.Subquery):
            if not node.alias:
                self.fail("a query in FROM has no name", "write (select …) as name")
            return node.alias.lower(), self.query(node.this)
        if not isinstance(node, exp.Table):
            self.fail(f"“{node.sql(READ)[:60]}” is not a table")
        name = table_name(node)
        shape = self.ctes.get(name) or self.source(name)
        return (node.alias or node.name).lower(), shape

    def fail(self, message: str, hint: str | None = None, code: str = "sql_shape") -> NoReturn:
        raise InvalidDefinition(message, code=code, where=self.where, hint=hint)


def _no_column(column: exp.Column) -> NoReturn:
    raise AssertionError(column)


def _constants(branch: exp.Expr) -> dict[int, str]:
    """Positions of the SELECT list that hold a literal text, with the text."""
    found = {}
    for place, projection in enumerate(branch.expressions):
        value = projection.this if isinstance(projection, exp.Alias) else projection
        if isinstance(value, exp.Literal) and value.is_string:
            found[place] = value.name
        elif isinstance(value, exp.Column) and isinstance(value.this, exp.Star):
            break
    return found


class _Select:
    """One SELECT: its tables, what determines what among their columns, and its list."""

    def __init__(self, reader: _Reader, tree: exp.Expr, named: bool) -> None:
        self.reader, self.tree, self.named = reader, tree, named
        self.tables: dict[str, Shape] = {}
        self.given: set[Place] = set()
        self.implied: list[tuple[Place, Place]] = []
        self.typing = Typing(self.column, reader.parameter, self.window, reader.where)
        self.group: tuple[exp.Expr, ...] = tuple(tree.args["group"].expressions) if tree.args.get("group") else ()
        self.read_tables()

    def read_tables(self) -> None:
        origin = self.tree.args.get("from_")
        joins = self.tree.args.get("joins") or ()
        for node in (*((origin.this,) if origin else ()), *(join.this for join in joins)):
            alias, shape = self.reader.table(node)
            if alias in self.tables:
                self.reader.fail(f"two tables are called {alias}", "give each its own name with as")
            self.tables[alias] = shape
        for join in joins:
            on = join.args.get("on")
            if on is None and join.text("side"):
                self.reader.fail(f"the join of {join.this.sql(READ)[:40]} has no on")
            if on is not None:
                self.typing.expect(on, frozenset({"boolean"}), "true or false")
                self.note_equalities(on, join.alias_or_name.lower() if join.text("side") else None)
        where = self.tree.args.get("where")
        if where is not None:
            self.typing.expect(where.this, frozenset({"boolean"}), "true or false")
            self.note_equalities(where.this, None)

    def note_equalities(self, condition: exp.Expr, optional: str | None) -> None:
        """Remember `a = b` and `a = constant`; for the table of a left join only what determines that table."""
        pending = [condition]
        while pending:
            node = pending.pop()
            if isinstance(node, exp.And | exp.Paren):
                pending.extend(node.iter_expressions())
            elif isinstance(node, exp.EQ):
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(one, exp.Column) and (optional is None or self.place(one)[0] == optional):
                        if isinstance(other, exp.Column):
                            self.implied.append((self.place(other), self.place(one)))
                        elif isinstance(other, exp.Literal | exp.Placeholder | exp.Boolean):
                            self.given.add(self.place(one))

    def place(self, column: exp.Column) -> Place:
        name, alias = column.name.lower(), column.text("table").lower()
        if alias:
            if alias not in self.tables:
                self.reader.fail(f"no table is called {alias}", did_you_mean(alias, self.tables), code="unknown_column")
            if name not in self.tables[alias].columns:
                hint = did_you_mean(name, self.tables[alias].columns)
                self.reader.fail(f"{alias} has no column {name}", hint, code="unknown_column")
            return alias, name
        owners = [alias for alias, shape in self.tables.items() if name in shape.columns]
        if len(owners) != 1:
            every = {column for shape in self.tables.values() for column in shape.columns}
            if owners:
                self.reader.fail(
                    f"{name} is a column of {' and of '.join(owners)}", "write alias.column", code="unknown_column"
                )
            self.reader.fail(f"there is no column {name}", did_you_mean(name, every), code="unknown_column")
        return owners[0], name

    def column(self, column: exp.Column) -> str:
        alias, name = self.place(column)
        return self.tables[alias].columns[name]

    def determined(self, known: Iterable[Place]) -> set[Place]:
        """All columns whose values follow from those of `known`."""
        found = set(known) | self.given
        before = -1
        while len(found) > before:
            before = len(found)
            found.update(other for one, other in self.implied if one in found)
            for alias, shape in self.tables.items():
                if any(all((alias, name) in found for name in key) for key in shape.unique):
                    found.update((alias, name) for name in shape.columns)
        return found

    def identifies(self, known: Iterable[Place]) -> bool:
        found = self.determined(known)
        return all(any(all((a, n) in found for n in key) for key in s.unique) for a, s in self.tables.items())

    def window(self, node: exp.Window) -> None:
        function = node.this.this if isinstance(node.this, exp.IgnoreNulls) else node.this
        spec, order = node.args.get("spec"), node.args.get("order")
        by_rows = spec is not None and spec.text("kind").upper() == "ROWS"
        if not isinstance(function, _ORDERED) and not by_rows:
            return
        parts = (*(node.args.get("partition_by") or ()), *(item.this for item in (order.expressions if order else ())))
        known = {self.place(part) for part in parts if isinstance(part, exp.Column)}
        if self.group:
            total = {self.place(g) for g in self.group if isinstance(g, exp.Column)} <= self.determined(known)
        else:
            total = order is not None and self.identifies(known)
        if not total:
            self.reader.fail(
                f"“{node.sql(READ)[:120]}” leaves ties in its order",
                "end its order by with the key of every table in FROM, and `source` where the key is that of a fact",
                code="sql_order",
            )

    def shape(self) -> Shape:
        columns: dict[str, str] = {}
        passed: dict[Place, str] = {}
        numbered: list[tuple[str, exp.Window]] = []
        for name, value in self.projections():
            if name in columns:
                self.reader.fail(f"two columns are called {name}")
            columns[name] = self.typing.kind(value)
            if columns[name] == NULL:
                self.reader.fail(f"{name} is null everywhere", "say of which kind: cast(null as bigint)")
            if isinstance(value, exp.Column):
                passed.setdefault(self.place(value), name)
            if isinstance(value, exp.Window) and isinstance(value.this, exp.RowNumber):
                numbered.append((name, value))
        having = self.tree.args.get("having")
        if having is not None:
            self.typing.expect(having.this, frozenset({"boolean"}), "true or false")
        for item in self.group:
            self.typing.kind(item)
        return Shape(columns, tuple(self.keys(columns, passed, numbered)))

    def projections(self) -> Iterable[tuple[str, exp.Expr]]:
        for place, projection in enumerate(self.tree.expressions):
            if isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
                alias = projection.text("table").lower()
                if alias not in self.tables:
                    self.reader.fail(
                        f"no table is called {alias}", did_you_mean(alias, self.tables), code="unknown_column"
                    )
                for name in self.tables[alias].columns:
                    yield name, exp.column(name, table=alias)
            elif isinstance(projection, exp.Alias):
                yield projection.alias.lower(), projection.this
            elif isinstance(projection, exp.Column):
                yield projection.name.lower(), projection
            elif not self.named:
                yield f"column {place}", projection
            else:
                self.reader.fail(f"“{projection.sql(READ)[:60]}” has no name", "write … as name")

    def keys(
        self, columns: Mapping[str, str], passed: Mapping[Place, str], numbered: Sequence[tuple[str, exp.Window]]
    ) -> Iterable[frozenset[str]]:
        for places in self.row_keys():
            needed = [place for place in sorted(places) if place not in self.given]
            if all(place in passed for place in needed):
                yield frozenset(passed[place] for place in needed)
        if not self.group:
            for name, window in numbered:
                parts = window.args.get("partition_by") or ()
                places = {self.place(part) for part in parts if isinstance(part, exp.Column)}
                if len(places) == len(parts) and all(place in passed for place in places):
                    yield frozenset({name, *(passed[place] for place in places)})
        if self.tree.args.get("distinct"):
            yield frozenset(columns)

    def row_keys(self) -> Iterable[set[Place]]:
        """Sets of columns of the tables of which each identifies a row of this SELECT."""
        if self.group:
            if all(isinstance(item, exp.Column) for item in self.group):
                yield {self.place(item) for item in self.group if isinstance(item, exp.Column)}
            return
        if not self.tables or any(isinstance(p.unalias(), exp.AggFunc | exp.Filter) for p in self.tree.expressions):
            yield set()
            return
        found = False
        for alias, shape in self.tables.items():
            for key in shape.unique:
                places = {(alias, name) for name in key}
                if self.identifies(places):
                    found = True
                    yield places
        if not found and all(shape.unique for shape in self.tables.values()):
            yield {(alias, name) for alias, shape in self.tables.items() for name in shape.unique[0]}
