"""Plugins written for one test: modules with the metadata of an installed distribution."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Install = Callable[..., Path]

GOOD = """
    from kpicore import Indicator, count, hookimpl, total

    won = Indicator("{name}.won", title="Won", measure=total("deal_won", "amount"), perspective="performance",
                    roles=["sales"], unit="money", data_source="CRM")

    @hookimpl
    def provide_definitions():
        return [won]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """`install("tea", source)` writes module tea and a distribution acme-tea whose entry point names it."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def write(
        name: str,
        source: str | None = None,
        *,
        module: str | None = None,
        distribution: str | None = None,
        version: str = "1.0",
    ) -> Path:
        module = module or f"acme_{name}"
        distribution = distribution or f"acme-{name}"
        file = site / f"{module}.py"
        file.write_text(textwrap.dedent(GOOD.format(name=name) if source is None else source), encoding="utf-8")
        about = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (about / "entry_points.txt").write_text(f"[kpicore]\n{name} = {module}\n")
        importlib.invalidate_caches()
        return file

    yield write
    for name in set(sys.modules) - before:
        if name.startswith(("acme_", "kpicore_file_")):
            del sys.modules[name]
