"""What every test of the repository shares."""

from __future__ import annotations

from hypothesis import settings

# One profile everywhere: the same cases on every machine, and no test fails because a machine is slow.
settings.register_profile("kpicore", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("kpicore")
