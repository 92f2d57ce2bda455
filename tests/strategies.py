"""Hypothesis strategies for definitions of every class: well-formed as data, with names that need not exist."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kpicore.definitions.algebra import measures as m
from kpicore.definitions.cards.curves import FORM_PARAMETERS, Curve
from kpicore.definitions.cards.scorecards import Coefficient, Gate, Line, Modifier, Organisation, Scorecard, TargetLine
from kpicore.definitions.facts import FactType, Field
from kpicore.definitions.indicators import Example, Indicator
from kpicore.definitions.parameters import Parameter
from kpicore.definitions.relations import Relation

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
plugin_names = st.builds("{}.{}".format, names, names)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
texts = st.fixed_dictionaries({"en": words, "zh-Hant": words})
numbers = st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False)
durations = st.builds("{}{}".format, st.integers(0, 999), st.sampled_from("dhm"))
versions = st.builds("{}.{}".format, st.integers(0, 9), st.integers(0, 9))

fields = st.builds(
    Field,
    kind=st.sampled_from(["id", "text", "boolean", "integer", "money", "decimal", "rate", "instant"]),
    title=texts,
    required=st.booleans(),
    default=st.none() | st.just("0"),
)


@st.composite
def fact_types(draw: st.DrawFn) -> FactType:
    own = draw(st.dictionaries(names, fields, min_size=1, max_size=5))
    return FactType(
        draw(names | plugin_names),
        draw(texts),
        draw(st.lists(st.sampled_from(sorted(own)), min_size=1, max_size=2, unique=True)),
        own,
        draw(texts),
        version=draw(versions),
    )


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    kind = draw(st.sampled_from(["duration", "integer", "decimal", "choice", "names"]))
    title = draw(texts)
    if kind == "duration":
        return Parameter("duration", draw(durations), title=title)
    if kind == "choice":
        options = draw(st.lists(names, min_size=1, max_size=3, unique=True))
        return Parameter("choice", options[0], options, title)
    if kind == "names":
        return Parameter("names", draw(st.lists(words, min_size=1, max_size=3)), title=title)
    if kind == "integer":
        return Parameter("integer", draw(st.integers(-(10**9), 10**9)), title=title)
    return Parameter("decimal", draw(numbers), title=title)


parameter_sets = st.dictionaries(names, parameters(), max_size=3)

relations = st.builds(
    Relation,
    name=names | plugin_names,
    title=texts,
    sql=st.sampled_from(["select l.* from lead_created l", "select d.deal_id, d.occurred_at\n  from deal_won d"]),
    key=st.lists(names, min_size=1, max_size=2),
    spell=st.booleans(),
    params=parameter_sets,
    reads=st.dictionaries(names, st.tuples(durations, durations), max_size=2),
    titles=st.dictionaries(names, texts, max_size=2),
    version=versions,
)

matches = st.builds(
    m.Match,
    source=names,
    on=st.lists(names, max_size=2),
    low=st.none() | st.just("occurred_at"),
    high=st.none() | st.just("occurred_at + $horizon"),
    bounds=st.sampled_from(["[]", "[)", "(]", "()"]),
    where=st.none() | st.just("amount > row.amount"),
    least=st.sampled_from(["1", "2"]),
    absent=st.booleans(),
)

aggregates = st.builds(
    m.Aggregate,
    op=st.sampled_from(["count", "distinct", "total"]),
    source=names,
    of=st.none() | names,
    where=st.none() | st.just("valid"),
    match=st.lists(matches, max_size=2),
    at=st.sampled_from(["in", "start", "end", "during"]),
    credit=st.none() | names,
    matures=st.none() | durations,
    young=st.sampled_from(["flag", "drop"]),
)

windows = st.sampled_from([m.PRIOR, m.YEAR_BEFORE, m.Window("start - $lag", "end")])


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(m.Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(m.Over, inner, windows),
        st.builds(m.Whole, inner, st.lists(names, min_size=1, max_size=2)),
        st.builds(m.Extremum, st.sampled_from(["min", "max"]), st.lists(inner, min_size=1, max_size=3), st.booleans()),
        st.builds(m.Root, inner, inner),
        st.builds(m.Choice, names, st.dictionaries(names, inner, min_size=1, max_size=2)),
    )


measures: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        aggregates,
        st.builds(m.Constant, numbers | st.sampled_from(["days", "months"])),
        st.builds(m.Target, plugin_names),
        st.builds(m.Ref, plugin_names),
    ),
    _larger,
    max_leaves=6,
)

_values: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words
examples = st.builds(
    Example,
    title=texts,
    facts=st.dictionaries(names, st.integers(0, 9) | st.lists(st.dictionaries(names, _values, max_size=2), max_size=2)),
    value=st.none() | st.just("0.25"),
    state=st.sampled_from(["ok", "no_denominator"]),
    params=st.dictionaries(names, words, max_size=1),
    period=st.sampled_from(["2026-03", "2026-Q1"]),
)

indicators = st.builds(
    Indicator,
    plugin_names,
    title=texts,
    measure=measures,
    perspective=st.sampled_from(["performance", "operations", "capability", "risk"]),
    roles=st.lists(names, min_size=1, max_size=2),
    unit=st.sampled_from(["count", "money", "per 100 orders"]),
    better=st.sampled_from(["higher", "lower", "range", "none"]),
    data_source=texts,
    definition=st.just({}) | texts,
    indicator_type=st.sampled_from(["outcome", "process", "guard"]),
    params=parameter_sets,
    credit=st.lists(names, min_size=1, max_size=2),
    by=st.lists(names, max_size=2),
    levels=st.lists(st.sampled_from(["person", "team", "company"]), min_size=1, unique=True),
    least_sample=st.integers(0, 100) | names.map("${}".format),
    examples=st.lists(examples, max_size=1),
    replaces=st.none() | plugin_names,
    version=versions,
)

curves = st.builds(
    Curve, names | plugin_names, texts, st.sampled_from(list(FORM_PARAMETERS)), parameter_sets, version=versions
)

_weights = st.decimals(0, 100, places=2)
scorecards = st.builds(
    Scorecard,
    id=names,
    title=texts,
    role=names,
    period=st.sampled_from(["month", "quarter"]),
    effective=st.dates().map(str),
    lines=st.lists(
        st.builds(
            Line,
            plugin_names,
            _weights,
            target=st.none() | numbers,
            cap=st.none() | numbers,
            params=st.dictionaries(names, words, max_size=1),
            why=st.none() | words,
        ),
        max_size=3,
    ),
    level=st.sampled_from(["person", "team", "company"]),
    targets=st.lists(st.builds(TargetLine, plugin_names, numbers, subject=st.none() | words), max_size=2),
    empty=st.dictionaries(st.just("immature"), st.sampled_from(["redistribute", "block", "last"])),
    fallback=st.dictionaries(st.just("immature"), st.sampled_from(["keep", "block"])),
    gates=st.lists(
        st.builds(
            Gate,
            plugin_names,
            below=st.none() | numbers,
            total=st.none() | numbers,
            empty=st.dictionaries(st.just("missing_data"), st.sampled_from(["pass", "block"])),
            title=st.just({}) | texts,
        ),
        max_size=1,
    ),
    modifiers=st.lists(
        st.builds(Modifier, numbers, st.none() | plugin_names, above=st.none() | numbers, subject=st.none() | words),
        max_size=2,
    ),
    cap=st.none() | numbers,
    bands=st.dictionaries(st.sampled_from("ABC"), numbers),
    coefficient=st.none()
    | st.builds(
        Coefficient, st.sampled_from(["steps", "linear"]), st.lists(st.tuples(numbers, numbers), max_size=2).map(tuple)
    ),
)

organisations = st.builds(
    Organisation,
    st.sampled_from(["UTC", "Asia/Taipei"]),
    st.integers(1, 12),
    st.none() | st.sampled_from(["TWD", "USD"]),
)

definitions: st.SearchStrategy[Any] = st.one_of(fact_types(), relations, indicators, curves, scorecards, organisations)
