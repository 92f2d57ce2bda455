from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.canonical import canonical_json, decimal_text, sha256_hex


@pytest.mark.parametrize(
    ("value", "written"),
    [("1.50", "1.5"), ("100", "100"), ("1E+3", "1000"), ("-0.00", "0"), ("1E-7", "0.0000001"), ("-2.10", "-2.1")],
)
def test_decimals_have_neither_exponent_nor_trailing_zeros(value: str, written: str) -> None:
    assert decimal_text(Decimal(value)) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=30))
def test_a_decimal_keeps_its_value(value: Decimal) -> None:
    assert Decimal(decimal_text(value)) == value


def test_keys_stand_in_the_order_of_utf16_and_escapes_are_those_of_ecmascript() -> None:
    document = {"\ufb33": 1, "\U0001f600": 2, "é": [None, True, '\u0007\n€"'], "1": {"b": Decimal("2.0"), "a": ()}}
    expected = '{"1":{"a":[],"b":"2"},"é":[null,true,"\\u0007\\n€\\""],"\U0001f600":2,"\ufb33":1}'
    assert canonical_json(document) == expected.encode()


@pytest.mark.parametrize("value", [1.0, {1: 2}, object(), {"a": [0.5]}, b"x"])
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**53, Decimal("NaN"), "\ud800", {"\ud800": 1}])
def test_what_cannot_be_written_exactly_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**50), 2**50)))
def test_the_order_in_which_keys_were_put_does_not_matter(document: dict[str, int]) -> None:
    assert canonical_json(document) == canonical_json(dict(reversed(document.items())))


def test_digest() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner), st.tuples(inner), st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), DOCUMENTS))
def test_the_quick_way_writes_the_same_bytes(document: dict[str, object]) -> None:
    # What is not a dictionary itself never takes the quick way.
    assert canonical_json(document) == canonical_json([document])[1:-1]
