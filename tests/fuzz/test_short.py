"""A few broken inputs of every kind; `make fuzz` reads 50,000 of each."""

import pytest

from tests.fuzz.campaign import cases
from tests.fuzz.targets import TARGETS

CASES = {"text": 25, "jsonl": 25, "parquet": 40, "arrow": 40, "map": 25, "definition": 150, "sql": 120, "card": 300}


@pytest.mark.parametrize("target", TARGETS)
def test_broken_inputs_are_refused_by_name_or_taken(target, capfd):
    assert cases(target, 1_000_000, 1_000_000 + CASES[target]) == []
