"""`make bench`: the table of all benchmarks, printed, and with `--write` put into the documentation."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import house, measuring, memory, scoring, storing
from tests.benchmarks.timing import Row

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "performance.md"
#: What can be asked for by itself.
ROWS = (
    *("record", "events", "single", "read", "kept", "appends"),
    *("measure", "few", "seal", "rescore", "grow", "memory"),
)
BEGIN, END = "<!-- results of {facts} facts -->", "<!-- end of results -->"


def build(folder: Path, facts: int) -> house.House:
    """The ledger of that many facts."""
    (folder / "large").mkdir()
    return house.build(folder / "large", facts)


Timed = Callable[[], "Row | list[Row]"]


def timings(large: house.House, folder: Path, runs: int) -> dict[str, Timed]:
    """What gives the rows of the table, by a short name."""
    files = folder / "files"
    return {
        "record": lambda: storing.recording(large, files, runs),
        "events": lambda: storing.event_a_fact(large, files, 1),
        "single": lambda: storing.single_facts(large, files, runs),
        "read": lambda: storing.reading(large, files, runs),
        "kept": lambda: storing.kept(large, files, 2 * runs + 1),
        "appends": lambda: storing.small_appends(large, files, runs),
        "measure": lambda: measuring.measuring(large, runs),
        "few": lambda: measuring.small(folder / "small", 2 * runs + 1),
        "seal": lambda: scoring.sealing(large, 2 * runs + 1),
        "rescore": lambda: scoring.rescoring(large, runs),
        "grow": lambda: measuring.growing(large, runs),
    }


def rows(folder: Path, facts: int, runs: int, chosen: Collection[str]) -> Iterator[Row]:
    """The rows of the table, one after the other; all where none is chosen."""
    for part in ("small", "files"):
        (folder / part).mkdir()
    large = build(folder, facts)
    try:
        for name, timed in timings(large, folder, runs).items():
            if not chosen or name in chosen:
                found = timed()
                yield from found if isinstance(found, list) else [found]
    finally:
        large.kpi.close()


def line(row: Row) -> str:
    """A row in Markdown."""
    bound = "" if row.bound is None else f"≤ {row.bound:.2f}"
    peak = "" if row.peak is None else f"{row.peak:,}"
    shown = f"{row.seconds * 1000:,.1f}", f"{row.reference_seconds * 1000:,.1f}"
    return f"| {row.name} | {row.reference} | {shown[0]} | {shown[1]} | {row.ratio:.3g} | {bound} | {peak} |"


HEAD = """\
| what | reference | ms | reference, ms | ratio | wanted | peak, MiB |
|---|---|--:|--:|--:|--:|--:|"""


def machine() -> str:
    """What it ran on."""
    cores, memory, model = 0, 0, platform.processor() or platform.machine()
    try:
        for text in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            name, _, value = text.partition(":")
            if name.strip() == "model name":
                cores, model = cores + 1, value.strip()
        memory = int(Path("/proc/meminfo").read_text("utf-8").split()[1]) // 2**20
    except OSError:
        pass
    parts = [f"{cores} cores of {model}" if cores else model, f"{memory} GiB" if memory else "", platform.system()]
    parts += [f"Python {platform.python_version()}"]
    parts += [f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "eventsourcing")]
    return ", ".join(part for part in parts if part)


def write(facts: int, text: str) -> None:
    """Put the table of that many facts in the place of the one before, or after all others."""
    page = PAGE.read_text("utf-8")
    begin = BEGIN.format(facts=f"{facts:,}")
    block = f"{begin}\n\n{text}\n\n{END}"
    before, found, after = page.partition(begin)
    page = before + block + after.partition(END)[2] if found else f"{page.rstrip()}\n\n{block}\n"
    PAGE.write_text(page, "utf-8")


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description="Ratios to references that are timed in the same run.")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", nargs="*", default=[], metavar="ROW", help=f"only these of {', '.join(ROWS)}")
    parser.add_argument("--write", action="store_true", help="put the table into docs/reference/performance.md")
    chosen = parser.parse_args()
    if set(chosen.rows) - set(ROWS):
        parser.error(f"rows are {', '.join(ROWS)}")
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kpicore-bench-") as name:
        if chosen.rows == ["memory"]:
            build(Path(name), chosen.facts).kpi.close()
        else:
            _say(HEAD, lines)
            for found in rows(Path(name), chosen.facts, chosen.runs, chosen.rows):
                _say(line(found), lines)
        if not chosen.rows or "memory" in chosen.rows:
            _say("\n" * bool(lines) + memory.HEAD, lines)
            for taken in memory.measuring(Path(name) / "large" / "kpi.db", chosen.facts):
                _say(taken.line, lines)
    if chosen.write:
        times = "one run" if chosen.runs == 1 else f"medians of {chosen.runs} runs"
        write(chosen.facts, f"### {chosen.facts:,} facts\n\n{machine()}; {times}.\n\n" + "\n".join(lines))


def _say(text: str, lines: list[str]) -> None:
    lines.append(text)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
