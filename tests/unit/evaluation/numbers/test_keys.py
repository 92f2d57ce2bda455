from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.errors import InvalidInput
from kpicore.evaluation.numbers.keys import Dictionary, Index, combined, distinct

texts = st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=3)), max_size=6)


@given(texts, texts)
def test_codes_follow_code_points_with_null_last(one, other):
    columns = [pa.array(one, pa.string()), pa.array(other, pa.string())]
    found = Dictionary(columns)
    known = set(one) | set(other)
    assert found.values.to_pylist() == [
        *sorted(item for item in known if item is not None),
        *([None] if None in known else []),
    ]
    assert [found.values[code].as_py() for code in found.codes(columns[0]).tolist()] == one
    assert found.codes(pa.array(["nowhere to be found"])).tolist() == [-1]


def test_numbers_of_several_types_are_one_dictionary():
    found = Dictionary([pa.array([2, None], pa.int64()), pa.array([Decimal("1.50")], pa.decimal128(18, 4))])
    assert found.values.to_pylist() == [Decimal("1.5000"), Decimal(2), None]
    assert found.codes(pa.array([2], pa.int64())).tolist() == [1]
    with pytest.raises(InvalidInput) as error:
        Dictionary([pa.array([2]), pa.array(["x"])])
    assert error.value.code == "bad_break_down"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), unique=True, max_size=8))
def test_combined_numbers_keep_the_order_and_are_found_again(pairs):
    columns = [np.array([pair[place] for pair in pairs], dtype=np.int64) for place in (0, 1)]
    numbers = combined(columns, (4, 5))
    assert [pairs[place] for place in np.argsort(numbers)] == sorted(pairs)
    missing = [n for n in range(20) if n not in numbers.tolist()]
    for total in (20, 20_000):  # looked up in a table of all numbers, and searched for
        index = Index(numbers, total)
        assert index.places(numbers).tolist() == list(range(len(pairs)))
        assert set(index.places(np.array(missing, dtype=np.int64)).tolist()) <= {-1}


def test_more_combinations_than_numbers_are_refused():
    with pytest.raises(InvalidInput) as error:
        combined([np.zeros(1, dtype=np.int64)] * 3, (2**31, 2**31, 2))
    assert error.value.code == "too_fine"


@given(st.lists(st.lists(st.integers(0, 19), max_size=5)), st.sampled_from([(4, 5), (4, 500)]))
def test_distinct_numbers_are_the_same_whether_marked_or_sorted(parts, sizes):
    numbers = [np.array(part, dtype=np.int64) for part in parts]
    assert distinct(numbers, sizes).tolist() == sorted({number for part in parts for number in part})


def test_codes_are_named():
    found = Dictionary([pa.array(["b", None, "a"])])
    assert found.named(np.array([2, 0, 1, 1])) == [None, "a", "b", "b"]
