"""The laws of a plugin as test cases: its definitions, its examples, and all its indicators over generated ledgers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kpicore.definitions.book import Definitions, name_of
from kpicore.definitions.indicators import LEVELS, Indicator, Level
from kpicore.errors import KpicoreError
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost
from kpicore.testing.definition_laws import survives, untranslated
from kpicore.testing.examples import run_example

if TYPE_CHECKING:
    import random

    from kpicore.testing.fact_laws import Asked, Broken, Case, Law
    from kpicore.testing.strategies import History

#: So many ledgers are generated for a plugin; each takes a second or two.
LEDGERS = 2
#: So often at most a law is tried again to find fewer facts that break it.
TRIES = 150
#: So many broken laws are told of one ledger.
MOST_TOLD = 3


def laws_of(
    plugin: str, path: str | os.PathLike[str] | None = None, *, ledgers: int | None = None
) -> Callable[[str], None]:
    """A test function with a case for each law of a plugin: `test_laws = laws_of("sales")`.

    The laws: definitions hold together and survive JSON with their digests; every text is there in both languages; every example comes
    out; and, over generated ledgers with all indicators measured together: the order of rows, batches, corrections,
    retractions and threads do not matter; shared scans equal separate ones; one period is the same among several; the
    company is its persons pooled, for what adds up; relations look no further than they say; results that are kept are
    those of measuring again after late facts; and a sealed evaluation replays with the plugin unloaded.

    Args:
        plugin: Name of the plugin.
        path: A plugin that is not installed: a Python file, or a folder with a pyproject.toml.
        ledgers: How many ledgers are generated; None: what the environment variable KPICORE_LAWS_LEDGERS says, or 2.

    Raises:
        NotFound: There is no plugin of that name.
        Refused: It is broken.
    """
    import pytest

    catalog = Catalog(PluginHost(path=path))
    own = catalog.host.plugin(plugin).require().definitions
    book = catalog.definitions
    indicators = tuple(definition for definition in own if isinstance(definition, Indicator))
    cases: dict[str, Callable[[], Sequence[str]]] = {
        "definitions hold together": lambda: [wrong for one in own for wrong in _unsound(catalog, name_of(one))],
        "definitions survive JSON": lambda: [wrong for one in own for wrong in survives(one, book)],
        "texts are there in both languages": lambda: [wrong for one in own for wrong in untranslated(one)],
    }
    if indicators:
        many = ledgers or int(os.environ.get("KPICORE_LAWS_LEDGERS", LEDGERS))
        cases["facts"] = lambda: list(_broken(book, indicators, many))
    for one in indicators:
        for example in one.examples:
            cases[f"{one.id}: {example.title.get('en', '')}"] = _example(one, example, book)

    @pytest.mark.parametrize("law", cases)
    def test_law(law: str) -> None:
        wrong = cases[law]()
        if wrong:
            pytest.fail("\n".join(wrong), pytrace=False)

    return test_law


def _unsound(catalog: Catalog, name: str) -> list[str]:
    try:
        catalog.check(name)
    except KpicoreError as error:
        return [str(error)]
    return []


def _example(indicator: Indicator, example: Any, book: Definitions) -> Callable[[], Sequence[str]]:
    def run() -> Sequence[str]:
        result = run_example(indicator, example, book)
        return [] if result.passed else [str(result)]

    return run


def _broken(book: Definitions, indicators: Sequence[Indicator], many: int) -> Iterator[str]:
    """What is broken in the first generated ledger that breaks a law, with the fewest facts that still do."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    from kpicore.testing.fact_laws import FACT_LAWS, Case
    from kpicore.testing.strategies import ALWAYS, ledgers

    used = book.closure(one.id for one in indicators)
    names = {*used.fact_types, *ALWAYS} & set(book.fact_types)
    types = [book.fact_types[name] for name in sorted(names)]
    found: list[tuple[Law, Broken]] = []
    cases: list[Case] = []

    @settings(
        max_examples=many + 1,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(ledgers(types, used), st.randoms(use_true_random=False))
    def hold(history: History, chance: random.Random) -> None:
        if found or len(history.facts) + len(history.withdrawn) <= len(types):
            return  # hypothesis begins with the simplest ledger, which says little
        level = LEVELS[len(cases) % len(LEVELS)]
        cases.append(Case(book, [_asked(one, level, chance) for one in indicators], history))
        with cases[-1] as case:
            found.extend((law, broken) for law in FACT_LAWS for broken in _tried(law, case))

    hold()
    said: dict[str, None] = {}
    for law, broken in found:
        if broken.law not in said and len(said) < MOST_TOLD:
            said[broken.law] = None
            yield _told(*_smallest(cases[-1], law, broken))


def _asked(indicator: Indicator, level: Level, chance: random.Random) -> Asked:
    """An indicator with one of its formulas, one of its credits, and with or without its break-downs."""
    from kpicore.testing.fact_laws import Asked

    params = {name: chance.choice(spec.choices) for name, spec in indicator.params.items() if spec.choices}
    at: Any = level if level in indicator.levels else indicator.levels[0]
    by = chance.choice((None, ())) if indicator.by else None
    return Asked(indicator, at, params, chance.choice(indicator.credit), by)


def _tried(law: Law, case: Case) -> list[Broken]:
    """What a law finds; an error while measuring breaks every law."""
    from kpicore.testing.fact_laws import Broken

    try:
        return list(law(case))
    except KpicoreError as error:
        return [Broken("whatever facts there are, they can be measured", error.where or "", str(error))]


def _smallest(case: Case, law: Law, broken: Broken) -> tuple[Case, Broken]:
    """The case with only the indicator that breaks the law, and as few facts as still break it."""
    left = TRIES

    def still(asked: Sequence[Asked], history: History) -> bool:
        nonlocal case, broken, left
        left -= 1
        smaller = type(case)(case.book, asked, history)
        with smaller:
            again = [other for other in _tried(law, smaller) if (other.law, other.what) == (broken.law, broken.what)]
        if again:
            case, broken = smaller, again[0]
        return bool(again)

    for one in case.asked:
        if one.indicator.id == broken.what and still([one], case.history):
            break
    size = (len(case.history.facts) + len(case.history.withdrawn)) // 2
    while size and left > 0:
        shrunk = False
        facts = [*case.history.facts, *case.history.withdrawn]
        for start in range(0, len(facts), size):
            history = case.history.without(facts[start : start + size])
            shrunk |= left > 0 and still(case.asked, history)
        if not shrunk:
            size //= 2
    return case, broken


def _told(case: Case, broken: Broken) -> str:
    asked = next((str(one) for one in case.asked if one.indicator.id == broken.what), broken.what)
    return f"{broken.law}: not so for {asked}\n  {broken.said}\nfacts:\n  " + str(case.history).replace("\n", "\n  ")
