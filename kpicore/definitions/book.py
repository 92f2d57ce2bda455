"""A set of definitions that refer to each other by name.

Making one costs nothing but a dictionary; what a name refers to, its digest, its columns are worked out when asked for
and kept. Whether everything holds together is what `checks.check` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from kpicore.canonical import canonical_json, sha256_hex
from kpicore.definitions.cards.curves import Curve
from kpicore.definitions.facts import FactType
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.plans.awards import AWARD_KINDS, Award, Bonus, Eligibility, Innovation, Star
from kpicore.definitions.plans.roles import EVERYONE, Role
from kpicore.definitions.plans.templates import Template
from kpicore.definitions.relations import Relation
from kpicore.errors import InvalidDefinition, NotFound
from kpicore.naming import did_you_mean

if TYPE_CHECKING:
    from kpicore.definitions.algebra.shapes import Shape

Definition: TypeAlias = "FactType | Relation | Indicator | Curve | Role | Template | Award"
_Kind = TypeVar("_Kind", FactType, Relation, Indicator, Curve, Role, Template)

#: Tables that every engine offers to relations, their columns with kinds, and which columns identify a row.
CORE_TABLES: Mapping[str, Mapping[str, str]] = {
    "assignment": {
        "employee_id": "id",
        "role": "text",
        "team_id": "id",
        "territory": "id",
        "hired_at": "instant",
        "valid_from": "instant",
        "valid_to": "instant",
    },
    "responsibility": {
        "kind": "text",
        "id": "id",
        "employee_id": "id",
        "team_id": "id",
        "valid_from": "instant",
        "valid_to": "instant",
    },
    "calendar": {"day": "integer", "starts_at": "instant", "ends_at": "instant"},
    "team_path": {"team_id": "id", "ancestor_id": "id", "valid_from": "instant", "valid_to": "instant"},
    # Weights in hundredths, attainment in 10⁻⁹, totals in 10⁻¹¹; nulls where there was nothing to score.
    "sealed_line": {
        "evaluation": "text",
        "scorecard": "text",
        "period": "text",
        "starts_at": "instant",
        "ends_at": "instant",
        "level": "text",
        "subject": "id",
        "line": "integer",
        "indicator": "text",
        "weight": "integer",
        "attainment": "integer",
        "total": "integer",
    },
}
CORE_KEYS: Mapping[str, tuple[str, ...]] = {
    "assignment": ("employee_id", "valid_from"),
    "responsibility": ("kind", "id", "valid_from"),
    "calendar": ("day",),
    "team_path": ("team_id", "ancestor_id", "valid_from"),
    "sealed_line": ("evaluation", "subject", "line"),
}
#: The fact type that a core table is made from.
CORE_FACTS: Mapping[str, str] = {
    "assignment": "employee_assigned",
    "responsibility": "responsibility_assigned",
    "team_path": "team_defined",
}


def name_of(definition: Definition) -> str:
    """The id of an indicator or award, another definition's name."""
    if isinstance(definition, Indicator | Bonus | Star | Innovation | Eligibility):
        return definition.id
    return definition.name


def fact_columns(fact_type: FactType) -> dict[str, str]:
    """Columns that a fact type offers in SQL, with kinds.

    Money is in the base currency; what the source said stands beside it as `<name>_original`, and `rate` is what it
    was multiplied with. `source` says where the row came from.
    """
    columns: dict[str, str] = {}
    for name, spec in fact_type.all_fields().items():
        columns[name] = spec.kind
        if spec.kind == "money":
            columns[f"{name}_original"] = "money"
    if any(fact_type.money_fields()):
        columns["rate"] = "rate"
    columns["source"] = "text"
    return columns


class Definitions:
    """An immutable collection of definitions by name; names are unique over all kinds."""

    def __init__(self, items: Mapping[str, Definition]) -> None:
        self._items = MappingProxyType(dict(items))
        self._kept: dict[tuple[str, object], Any] = {}

    @classmethod
    def of(cls, definitions: Iterable[Definition]) -> Definitions:
        """The collection of `definitions`.

        Raises:
            InvalidDefinition: If two have the same name.
        """
        items: dict[str, Definition] = {}
        for definition in definitions:
            name = name_of(definition)
            if name in items:
                raise InvalidDefinition(
                    f"{name} is defined twice",
                    code="defined_twice",
                    where=name,
                    hint="rename one of them, or take it out",
                )
            items[name] = definition
        return cls(items)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definitions) and self._items == other._items

    __hash__ = None  # type: ignore[assignment]  # definitions hold mappings

    def __getitem__(self, name: str) -> Definition:
        return self.get(name)

    def __repr__(self) -> str:
        return f"Definitions({', '.join(self._items)})"

    def get(self, name: str) -> Definition:
        """The definition of that name.

        Raises:
            NotFound: If there is none, with the closest name.
        """
        if name not in self._items:
            raise NotFound(f"there is no definition {name}", where=name, hint=did_you_mean(name, self._items))
        return self._items[name]

    @property
    def fact_types(self) -> Mapping[str, FactType]:
        """Fact types by name."""
        return self._all(FactType)

    @property
    def relations(self) -> Mapping[str, Relation]:
        """Relations by name."""
        return self._all(Relation)

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return self._all(Indicator)

    @property
    def curves(self) -> Mapping[str, Curve]:
        """Curves by name."""
        return self._all(Curve)

    @property
    def roles(self) -> Mapping[str, Role]:
        """Roles by name."""
        return self._all(Role)

    @property
    def templates(self) -> Mapping[str, Template]:
        """Templates of scorecards by name."""
        return self._all(Template)

    @property
    def awards(self) -> Mapping[str, Award]:
        """Awards by id."""
        kinds = tuple(AWARD_KINDS.values())
        found: Mapping[str, Award] = self.keep(
            "all",
            "Award",
            lambda _: MappingProxyType({name: item for name, item in self._items.items() if isinstance(item, kinds)}),
        )
        return found

    def serving(self, role: str) -> frozenset[str]:
        """Ids of the indicators that serve a role: those that name it or everyone, and those of its key result areas."""

        def make(role: str) -> frozenset[str]:
            named = (one.id for one in self.indicators.values() if {role, EVERYONE} & set(one.roles))
            areas = (name for one in self.roles.values() if one.role == role for name in one.indicators)
            return frozenset((*named, *areas))

        found: frozenset[str] = self.keep("serving", role, make)
        return found

    def source(self, name: str) -> FactType | Relation:
        """The fact type or relation of that name.

        Raises:
            NotFound: If there is none, with the closest name.
        """
        found = self._items.get(name)
        if isinstance(found, FactType | Relation):
            return found
        raise NotFound(
            f"there is no fact type or relation {name}",
            where=name,
            hint=did_you_mean(name, [*self.fact_types, *self.relations]),
        )

    def merged(self, other: Definitions) -> Definitions:
        """Both together; where both have a name, the one of `other` counts."""
        return Definitions({**self._items, **other._items})

    def references(self, name: str) -> frozenset[str]:
        """What the definition itself names: sources, indicators, and the fact types behind core tables."""
        found: frozenset[str] = self.keep("references", name, self._references)
        return found

    def known_references(self, name: str) -> Iterator[str]:
        """References, without fact types of core tables that are not here: an empty core table serves then."""
        core = set(CORE_FACTS.values())
        return (other for other in self.references(name) if other in self._items or other not in core)

    def closure(self, names: Iterable[str]) -> Definitions:
        """The named definitions and all that they refer to, directly or not, in the order of this collection.

        Raises:
            NotFound: If a name, or one that is referred to, is not here.
        """
        wanted: set[str] = set()
        pending = list(names)
        while pending:
            name = pending.pop()
            if name not in wanted:
                self.get(name)
                wanted.add(name)
                pending.extend(self.known_references(name))
        return Definitions({name: item for name, item in self._items.items() if name in wanted})

    def digest(self, name: str) -> str:
        """SHA-256 of the whole definition and of all that it refers to.

        Raises:
            NotFound: If something that it refers to is not here.
            InvalidDefinition: If it refers to itself.
        """
        return self._digest(name, ())

    def meaning(self, name: str) -> str:
        """SHA-256 of what computes: formulas, SQL, parameters, the fields that they name, through all references.

        Titles, texts, white space in SQL and fields that nothing names do not count.

        Raises:
            NotFound: If something that it refers to is not here.
            InvalidDefinition: If it refers to itself.
        """
        from kpicore.definitions.algebra.meaning import meaning

        found: str = self.keep("meaning", name, lambda _name: meaning(self, _name))
        return found

    def shape(self, source: str) -> Shape:
        """Columns with kinds, and what identifies a row, of a fact type, relation or core table.

        Raises:
            NotFound: If there is none of that name.
            InvalidDefinition: If a relation's SQL does not hold together.
        """
        from kpicore.definitions.algebra.reading import shape

        return shape(self, source, ())

    def columns(self, source: str) -> dict[str, str]:
        """Columns of a fact type, relation or core table, each with its kind, in order.

        Raises:
            NotFound: If there is none of that name.
            InvalidDefinition: If a relation's SQL does not hold together.
        """
        return dict(self.shape(source).columns)

    def keep(self, what: str, name: Any, make: Callable[[Any], Any]) -> Any:
        """What `make(name)` gives, worked out once; `name` can be hashed, and definitions never change."""
        key = (what, name)
        if key not in self._kept:
            self._kept[key] = make(name)
        return self._kept[key]

    def _all(self, kind: type[_Kind]) -> Mapping[str, _Kind]:
        found: Mapping[str, _Kind] = self.keep(
            "all",
            kind.__name__,
            lambda _: MappingProxyType({name: item for name, item in self._items.items() if isinstance(item, kind)}),
        )
        return found

    def _references(self, name: str) -> frozenset[str]:
        from kpicore.definitions.algebra.reading import references

        return references(self.get(name))

    def _digest(self, name: str, path: tuple[str, ...]) -> str:
        if name in path:
            raise InvalidDefinition(
                f"{name} refers to itself: {' → '.join([*path[path.index(name) :], name])}",
                code="cycle",
                where=name,
                hint="take one way out",
            )

        def make(name: str) -> str:
            from kpicore.definitions.codec import to_document

            over = {other: self._digest(other, (*path, name)) for other in self.known_references(name)}
            return sha256_hex(canonical_json({"definition": to_document(self.get(name)), "over": over}))

        found: str = self.keep("digest", name, make)
        return found
