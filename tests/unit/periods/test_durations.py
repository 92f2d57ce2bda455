import pytest

from kpicore.errors import InvalidInput
from kpicore.periods import duration_us


@pytest.mark.parametrize(("text", "seconds"), [("30d", 2_592_000), ("24h", 86_400), ("90m", 5_400), ("0d", 0)])
def test_durations(text: str, seconds: int) -> None:
    assert duration_us(text) == seconds * 1_000_000


@pytest.mark.parametrize("text", ["30", "d", "-1d", "1.5d", "30 d", "90d; drop", "9999999d"])
def test_bad_durations(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a duration"):
        duration_us(text)
