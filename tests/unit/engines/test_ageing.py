import pytest

from kpicore import count
from kpicore.engines.ageing import ages, names_cut
from kpicore.engines.resolve import resolve
from kpicore.engines.resolved import leaves
from tests.unit.evaluation.worlds import book, indicator


@pytest.mark.parametrize(
    ("measure", "named", "aged"),
    [
        (count("deal_won"), False, False),
        (count("deal_won", where="amount > 1"), False, False),
        (count("deal_won", where="occurred_at < $as_of"), True, True),
        (count("deal_won", young="drop"), False, True),
    ],
)
def test_what_names_the_cut_or_drops_what_is_young_depends_on_it(measure, named, aged):
    found = list(leaves(resolve(book(indicator(measure)), "test.it", {}, None, (), "person").node))
    assert (names_cut(found[0]), ages(found)) == (named, aged)
