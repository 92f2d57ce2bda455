"""Hypothesis strategies for facts: rows of any fact type, and whole ledgers with corrections and retractions.

Needs hypothesis: `pip install kpicore[testing]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen
from hypothesis import strategies as st

from kpicore.definitions.book import CORE_FACTS, Definitions
from kpicore.definitions.cards.scorecards import Organisation
from kpicore.definitions.facts import FactType, Field
from kpicore.definitions.indicators import Example
from kpicore.periods import Calendar, parse_period
from kpicore.testing import examples
from kpicore.testing.pools import APART, AROUND, KINDS, LATER_US, PEOPLE, compared, identifiers, rates, values

__all__ = ["Fact", "History", "instants", "ledgers", "rows_of"]

SOURCES = ("crm", "shop")
#: Where the organisation is: with one base currency, with another and no summer time, and without one.
ORGANISATIONS = (
    Organisation("Asia/Taipei", 1, "TWD"),
    Organisation("America/New_York", 4, "USD"),
    Organisation("UTC", 1, None),
)
#: When it is looked at: when all has ripened, and two weeks after the period.
KNOWN = (LATER_US, LATER_US, 1_776_211_200_000_000)
#: Fact types that say who people are and what money is worth; every ledger may hold them.
ALWAYS = (*CORE_FACTS.values(), "exchange_rate_set")

#: So many rows of a type are taken from an example at most.
MOST_OF_EXAMPLE = 8

_INSTANTS = tuple(around + apart for around in AROUND for apart in APART)
#: Instants inside the month that ledgers are about, at its edges, at changes of the clock, and far from it.
instants = st.sampled_from(_INSTANTS)


@frozen
class Fact:
    """A fact as it stands in the end.

    Args:
        fact_type: Name of its fact type.
        source: Where it comes from.
        row: Its fields; what is null is left out.
        before: What was recorded first and then corrected to `row`; None: it was right at once.
    """

    fact_type: str
    source: str
    row: Mapping[str, Any]
    before: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        fields = ", ".join(f"{name}={_shown(value)}" for name, value in self.row.items())
        return f"{self.fact_type} of {self.source}: {fields}"


@frozen
class History:
    """What a generated ledger holds, and what happened on the way.

    Args:
        organisation: The settings.
        facts: The facts in the end, each identity once.
        withdrawn: Facts that were recorded and taken away again; none of them is among `facts`.
        as_of: The instant of knowing, in µs UTC: what has ripened by then is final.
    """

    organisation: Organisation
    facts: tuple[Fact, ...]
    withdrawn: tuple[Fact, ...] = ()
    as_of: int = LATER_US

    def without(self, facts: Sequence[Fact]) -> History:
        """The same history without some facts."""
        gone = set(map(id, facts))
        return evolve(
            self,
            facts=tuple(fact for fact in self.facts if id(fact) not in gone),
            withdrawn=tuple(fact for fact in self.withdrawn if id(fact) not in gone),
        )

    def __str__(self) -> str:
        known = "long after" if self.as_of == LATER_US else "two weeks after"
        lines = [f"{self.organisation.timezone}, base currency {self.organisation.base_currency}, known {known}"]
        lines += [f"{fact}{f'; before: {_row(fact.before)}' if fact.before else ''}" for fact in self.facts]
        lines += [f"{fact}; withdrawn" for fact in self.withdrawn]
        return "\n".join(lines)


def rows_of(fact_type: FactType, words: Mapping[str, Sequence[Any]] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of a fact type that its checks let through: key fields, `occurred_at`, and fields that are sometimes null.

    Ids come from small pools by the field's name, so that `order_id` of a refund meets `order_id` of an order. Instants
    lie around the edges of the months of spring 2026 in several zones, at the change of the clock, and a year before.

    Args:
        fact_type: The fact type.
        words: Values that texts and integers take among others, by field; see `kpicore.testing.pools.compared`.
    """
    said = {name: tuple(given) for name, given in (words or {}).items()}
    drawn: dict[str, st.SearchStrategy[Any]] = {}
    for name, spec in fact_type.all_fields().items():
        pool = _values(fact_type, name, spec, said)
        needed = spec.required or name in fact_type.key
        # One draw a field, null one time in eight: what hypothesis can draw for one ledger is limited.
        drawn[name] = st.sampled_from(pool if needed else (*pool * 7, *[None] * len(pool)))
    return st.fixed_dictionaries(drawn).map(_settled)


@st.composite
def ledgers(
    draw: st.DrawFn, fact_types: Iterable[FactType], book: Definitions | None = None, *, most: int = 8
) -> History:
    """Histories of ledgers with facts of some types, from several sources, with corrections and retractions.

    Some are drawn field by field; others are those of the examples of the book's indicators, so that what a formula is
    about happens often, in the midst of everything else.

    Args:
        draw: Given by hypothesis.
        fact_types: The types.
        book: Definitions whose formulas say which words and numbers are worth trying; None: no formula does.
        most: How many facts a type has at most.
    """
    facts: dict[tuple[Any, ...], Fact] = {}
    fates: dict[tuple[Any, ...], str] = {}
    fact_types = tuple(fact_types)
    for fact, fate in draw(_told(book, fact_types)):
        identity = (fact.fact_type, fact.source, *(fact.row.get(name) for name in _key_of(fact_types, fact)))
        facts.setdefault(identity, fact)
        fates.setdefault(identity, fate)
    for fact_type in fact_types:
        rows = rows_of(fact_type, _words(book, fact_type.name))
        for row in draw(st.lists(rows, min_size=most // 2, max_size=most)):
            source = draw(st.sampled_from((*[SOURCES[0]] * 4, SOURCES[1])))
            fact = Fact(fact_type.name, source, _present(row))
            identity = (fact_type.name, source, *(row[name] for name in fact_type.key))
            fate = draw(st.sampled_from((*["plain"] * 5, "corrected", "withdrawn")))
            if fate == "corrected":
                before = _present(draw(rows)) | {name: row[name] for name in fact_type.key}
                fact = evolve(fact, before=before)
            facts.setdefault(identity, fact)
            fates.setdefault(identity, fate)
    withdrawn = tuple(fact for identity, fact in facts.items() if fates[identity] == "withdrawn")
    kept = tuple(fact for identity, fact in facts.items() if fates[identity] != "withdrawn")
    return History(
        draw(st.sampled_from((*ORGANISATIONS[:2] * 3, *ORGANISATIONS))), kept, withdrawn, draw(st.sampled_from(KNOWN))
    )


@st.composite
def _told(draw: st.DrawFn, book: Definitions | None, fact_types: Sequence[FactType]) -> list[tuple[Fact, str]]:
    """Facts that belong together, with what becomes of them: of one example an indicator, and rates of exchange."""
    known, found = {one.name: one for one in fact_types}, []
    if "exchange_rate_set" in known and draw(st.sampled_from((False, True, True, True))):
        found += [(Fact("exchange_rate_set", SOURCES[0], row), "plain") for row in rates()]
    for number, cases in enumerate(_cases(book)):
        rows, owner, fate = draw(
            st.tuples(
                st.sampled_from(((), *cases, *cases)),
                st.sampled_from(PEOPLE),
                st.sampled_from((*["plain"] * 12, "corrected", "withdrawn")),
            )
        )
        for name, row in rows:
            if name in known:
                own = {key: owner if value == examples.SUBJECT else value for key, value in _present(row).items()}
                before = {**own, "owner_id": PEOPLE[0]} if fate == "corrected" else None
                found.append((Fact(name, f"{SOURCES[0]} {number}", own, before), fate))
    return found


def _cases(book: Definitions | None) -> Sequence[Sequence[tuple[tuple[str, Mapping[str, Any]], ...]]]:
    """The facts of each example of each indicator of a book."""
    if book is None:
        return ()

    def make(_name: str) -> list[list[tuple[tuple[str, Mapping[str, Any]], ...]]]:
        return [
            [tuple(_facts(book, example)) for example in one.examples if example.facts]
            for one in book.indicators.values()
        ]

    found: list[list[tuple[tuple[str, Mapping[str, Any]], ...]]] = book.keep("facts of examples", "", make)
    return found


def _facts(book: Definitions, example: Example) -> Iterable[tuple[str, Mapping[str, Any]]]:
    calendar = Calendar()
    bounds = calendar.bounds(parse_period(example.period))
    middle = (bounds.start_us + bounds.end_us) // 2
    for name, given in example.facts.items():
        if name in book.fact_types:
            rows = examples.rows_of(book.fact_types[name], given, calendar, middle)
            yield from ((name, row) for row in rows[:MOST_OF_EXAMPLE])


def _key_of(fact_types: Sequence[FactType], fact: Fact) -> tuple[str, ...]:
    return next(one.key for one in fact_types if one.name == fact.fact_type)


def _words(book: Definitions | None, fact_type: str) -> dict[str, tuple[Any, ...]]:
    """What formulas that read a fact type, directly or not, compare columns with."""
    if book is None:
        return {}

    def make(name: str) -> dict[str, tuple[Any, ...]]:
        return compared(book, [other for other in book if name in book.closure([other])])

    found: dict[str, tuple[Any, ...]] = book.keep("compared", fact_type, make)
    return found


def _values(fact_type: FactType, name: str, spec: Field, said: Mapping[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    if spec.kind == "instant":
        return _INSTANTS
    if name in ("kind", "id") and {"kind", "id"} <= set(fact_type.key):
        return KINDS if name == "kind" else identifiers("thing")
    return values(name, spec, said)


def _settled(row: dict[str, Any]) -> dict[str, Any]:
    """The row with ids that go together: a thing of its kind, a parent that is not below."""
    if "id" in row and row.get("kind") in KINDS:
        row["id"] = f"{row['kind']}-{row['id'].rpartition('-')[2]}"
    for name, value in row.items():
        below = row.get(name.removeprefix("parent_"))
        if name.startswith("parent_") and value is not None and below is not None and value <= below:
            row[name] = None
    return row


def _present(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _row(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_shown(value)}" for name, value in row.items())


def _shown(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
