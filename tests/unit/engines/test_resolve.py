import pytest

from kpicore import Choice, Over, Ref, Target, Window, choice, count, duration
from kpicore.definitions.algebra.measures import Constant, Extremum, Root, Whole
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import Extreme, Number, Operation, RootOf, TargetOf, leaves
from kpicore.errors import InvalidDefinition, NotFound
from kpicore.periods import duration_us
from tests.unit.evaluation.worlds import book, indicator

WON = count("deal_won")


def settled(measure, by=()):
    return resolve(book(indicator(measure)), "test.it", {}, None, by, "person")


def test_choices_windows_and_wholes_are_gone():
    window = Window("start - $back", "end")
    it = Choice("mode", {"a": Over(Whole(WON, ("subject",)), window), "b": WON})
    own = book(indicator(it, params={"mode": choice("a", "b"), "back": duration("3d")}))
    (leaf,) = leaves(resolve(own, "test.it", {}, None, (), "person").node)
    assert leaf.windows == ((window, (("back", duration_us("3d")),)),)
    assert (leaf.whole, leaf.credit) == (True, None)


def test_every_node_has_its_counterpart():
    it = Root(Extremum("max", (WON, Constant(2))), Constant("months")) + Target("test.it") * 3
    found = settled(it).node
    assert isinstance(found, Operation)
    assert isinstance(found.left, RootOf)
    assert isinstance(found.left.measure, Extreme)
    assert found.left.degree == Number("months", ())
    assert found.right.left == TargetOf("test.it")


def test_equal_aggregates_are_one_leaf():
    found = settled(WON / (WON + count("deal_lost")))
    assert len(list(leaves(found.node))) == 3
    assert len(set(leaves(found.node))) == 2


def test_what_is_dropped_is_not_broken_down_by():
    found = settled(WON / Whole(WON, ("channel_id",)), by=("channel_id", "product_id"))
    assert [leaf.by for leaf in leaves(found.node)] == [("channel_id", "product_id"), ("product_id",)]


def test_missing_references_are_named():
    with pytest.raises(NotFound) as error:
        settled(Ref("test.iit"))
    assert error.value.hint == "did you mean test.it?"
    with pytest.raises(InvalidDefinition, match="not declared"):
        settled(Over(WON, Window("start - $back", "end")))


def test_a_measure_that_is_nested_too_deeply_is_refused():
    deep = WON
    for _ in range(300):
        deep = deep + 1
    with pytest.raises(InvalidDefinition) as error:
        settled(deep)
    assert error.value.code == "too_deep"
