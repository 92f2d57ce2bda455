"""The tour, step by step: each step is a call that a user could make, and shows what came out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from kpicore.demo.words import TRY, step
from kpicore.errors import Refused
from kpicore.kpi import Kpi
from kpicore.settings import CONFIG_FILE, resolve

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.definitions.indicators import Level

QUARTERS = ("2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4")
CARD = "sales_rep"
SUBJECT = "Darcel Schlecht"
OTHER = "Anna Snelling"
SOURCE = "crm"
IMPORTS = (("sales_teams.csv", "maps/people.toml"), ("sales_pipeline.csv", "maps/deals.toml"))
FOLDERS = ("data", "scorecards", "new_strategy", "later")
LEDGER = "kpi.db"
#: A deal that was only a test.
TEST_DEAL = "ML5QMJPM"
#: The page that the tour ends with.
PAGE = "report.html"
#: How many agents the tables of the tour show.
SHOWN = 10


@frozen
class Stage:
    """Where the tour shows itself.

    Args:
        language: en or zh-Hant.
        show: Prints a text or a table; does nothing when the tour answers a program.
        command: How the command is called in this terminal: `kpicore`, or its path.
    """

    language: str
    show: Callable[[RenderableType], None]
    command: str = "kpicore"

    def step(self, name: str, *commands: str) -> None:
        """What comes now, and the commands that would do the same."""
        from rich.rule import Rule
        from rich.text import Text

        self.show(Rule(style="dim"))
        self.show(Text(step(name, self.language), style="bold"))
        for command in commands:
            self.show(Text(f"$ {command}", style="green"))


def unpack(folder: Path) -> None:
    """Copy data, maps and scorecards of the tour into a folder.

    Raises:
        Refused: Something of that name is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = [name for name in (*FOLDERS, LEDGER, CONFIG_FILE, PAGE) if (folder / name).exists()]
    if there:
        raise Refused(
            f"{', '.join(there)} is there already",
            code="folder_in_use",
            where=str(folder),
            hint="name another folder, or remove it",
        )
    for name in FOLDERS:
        with as_file(files("kpicore.demo") / name) as packed:
            shutil.copytree(packed, folder / name)
    (folder / CONFIG_FILE).write_text(f'ledger = "{LEDGER}"\n', encoding="utf-8")


def run(folder: Path, stage: Stage) -> dict[str, Any]:
    """The whole tour in a folder that holds its files.

    Returns:
        What came out, as `demo --json` prints it.
    """
    from rich.text import Text

    stage.show(Text(step("welcome", stage.language)))
    with Kpi(resolve(folder / LEDGER)) as kpi:
        imported = _import(kpi, folder, stage)
        _apply(kpi, folder / "scorecards", stage)
        measured = _measure(kpi, stage)
        evaluations = _evaluate(kpi, stage)
        sealed = _seal(kpi, evaluations, stage)
        last = sealed[-1]["evaluation"]
        rescored = _rescore(kpi, folder, sealed, stage)
        shifted = _shift(kpi, folder, stage, evaluations[-1])
        _later(kpi, folder, stage)
        restated = _restate(kpi, last, stage)
        replays = _replay(kpi, sealed, stage)
        _explain(kpi, last, stage)
        page = _report(kpi, folder, last, stage)
    return {
        "imported": imported,
        "measured": measured,
        "evaluations": sealed,
        "rescored": rescored,
        "shifted": shifted,
        "restated": restated,
        "replays": replays,
        "report": page,
    }


def farewell(folder: Path, kept: bool, last: str, stage: Stage) -> None:
    """What to try next, as commands that work when they are copied."""
    from rich.rule import Rule
    from rich.text import Text

    stage.show(Rule(style="dim"))
    if kept:
        stage.show(Text(step("kept", stage.language).format(folder=folder)))
    stage.show(Text(step("next", stage.language), style="bold"))
    ledger = folder / LEDGER if kept else Path("tour") / LEDGER
    if not kept:
        said = "the tour again, and its files stay in ./tour" if stage.language == "en" else "再走一次，檔案留在 ./tour"
        _try(stage, "kpicore demo --keep tour", said)
    for command, english, chinese in TRY:
        filled = command.format(ledger=ledger, evaluation=last, subject=OTHER)
        _try(stage, filled, english if stage.language == "en" else chinese)


def _try(stage: Stage, command: str, says: str) -> None:
    from rich.text import Text

    command = command.replace("kpicore", stage.command, 1)
    stage.show(Text.assemble(("  # " + says, "dim")))
    stage.show(Text(f"  {command}", style="green", no_wrap=True, overflow="ignore"))


def _import(kpi: Kpi, folder: Path, stage: Stage) -> list[dict[str, Any]]:
    from kpicore.reports.records import imported

    data = folder / "data"
    stage.step("import", *(f"kpicore import data/{file} --map data/{map_}" for file, map_ in IMPORTS))
    documents = []
    for file, map_ in IMPORTS:
        documents.append(kpi.import_files([data / file], data / map_, by="tour").to_document())
    stage.show(imported({"files": [file for document in documents for file in document["files"]]}, stage.language))
    return documents


def _apply(kpi: Kpi, rules: Path, stage: Stage) -> None:
    from kpicore.reports.rules import applied

    stage.step("apply", 'kpicore apply scorecards --by hr --reason "growth first"')
    change = kpi.plan(rules)
    plan = change.to_document()
    for item in plan["documents"]:
        item["file"] = f"{rules.name}/{Path(item['file']).name}"
    done = kpi.apply(change, by="hr", reason="growth first")
    document = {"applied": done.to_document()}
    stage.show(applied(plan, document, stage.language))


def _measure(kpi: Kpi, stage: Stage) -> dict[str, Any]:
    from kpicore.reports.tables import measured

    stage.step(
        "measure",
        "kpicore measure sales.revenue_won --period 2017-03..2017-12 --level company",
        "kpicore measure sales.revenue_won --period 2017-Q1..2017-Q4 --level team",
    )
    indicators = kpi.definitions.indicators
    year = f"{QUARTERS[0]}..{QUARTERS[-1]}"
    questions: tuple[tuple[str, str, Level], ...] = (
        ("sales.revenue_won", "2017-03..2017-12", "company"),
        ("sales.revenue_won", year, "team"),
        ("sales.win_rate", year, "company"),
    )
    for indicator, period, level in questions:
        found = kpi.measure(indicator, period, level=level).to_document()
        stage.show(measured(found, indicators[indicator], stage.language))
    whole: dict[str, Any] = {}
    for indicator in ("sales.revenue_won", "sales.win_rate"):
        rows = [
            row
            for period in (year, "2017")
            for row in kpi.measure(indicator, period, level="company").to_document()["rows"]
        ]
        whole[indicator] = {row["period"]: row["value"] for row in rows}
    return whole


def _evaluate(kpi: Kpi, stage: Stage) -> list[Any]:
    from kpicore.reports.evaluated import evaluation
    from kpicore.reports.tables import totals

    stage.step("evaluate", *(f"kpicore evaluate {CARD} --period {quarter}" for quarter in QUARTERS[-1:]))
    found = [kpi.evaluate(CARD, quarter) for quarter in QUARTERS]
    documents = [one.to_document() for one in found]
    indicators, title = kpi.definitions.indicators, found[-1].card.title
    stage.show(evaluation(documents[-1], indicators, stage.language, card_title=title, limit=SHOWN))
    stage.show(totals(documents, stage.language, limit=SHOWN))
    return found


def _seal(kpi: Kpi, evaluations: list[Any], stage: Stage) -> list[dict[str, Any]]:
    from kpicore.reports.tables import sealed

    stage.step("seal", f"kpicore seal {evaluations[-1].id} --by hr")
    documents = [kpi.seal(evaluation, by="hr").to_document() for evaluation in evaluations]
    stage.show(sealed(documents[-1], stage.language))
    return documents


def _rescore(kpi: Kpi, folder: Path, sealed: list[dict[str, Any]], stage: Stage) -> list[str]:
    from kpicore.definitions.cards.card_files import load_card_file
    from kpicore.definitions.cards.scorecards import Scorecard
    from kpicore.reports.explained import moves

    card = load_card_file(folder / "new_strategy" / "sales_rep.toml")
    assert isinstance(card, Scorecard)  # noqa: S101 - the tour's own file
    ids = [one["evaluation"] for one in sealed]
    stage.step("rescore", f"kpicore rescore {ids[-1]} --scorecard new_strategy/sales_rep.toml")
    documents = [kpi.rescore(evaluation, scorecard=card).to_document() for evaluation in ids]
    stage.show(moves([document["explain"] for document in documents], QUARTERS, stage.language, ends=3))
    return [document["evaluation"] for document in documents]


def _later(kpi: Kpi, folder: Path, stage: Stage) -> None:
    from kpicore.reports.records import imported

    files = ("late_deals.csv", "corrected_deal.csv")
    stage.step(
        "later",
        *(f"kpicore import later/{file} --map data/maps/deals.toml" for file in files),
        f'kpicore retract deal_won {TEST_DEAL} --source {SOURCE} --reason "a test"',
    )
    report = kpi.import_files([folder / "later" / file for file in files], folder / "data" / "maps" / "deals.toml")
    kpi.retract("deal_won", [TEST_DEAL], source=SOURCE, batch_key="test-deal", reason="a test", by="tour")
    stage.show(imported(report.to_document(), stage.language))


def _restate(kpi: Kpi, evaluation: str, stage: Stage) -> dict[str, Any]:
    from kpicore.reports.explained import difference

    stage.step("restate", f"kpicore restate {evaluation}")
    document = kpi.restate(evaluation).to_document()
    stage.show(difference(document["explain"], kpi.definitions.indicators, stage.language))
    return {"evaluation": document["evaluation"], "explain": document["explain"]}


def _shift(kpi: Kpi, folder: Path, stage: Stage, last: Any) -> dict[str, Any]:
    from kpicore.reports.tables import totals

    stage.step("shift", 'kpicore apply new_strategy --by hr --reason "win what we touch"')
    kpi.apply(kpi.plan(folder / "new_strategy"), by="hr", reason="win what we touch")
    now = kpi.evaluate(CARD, QUARTERS[-1]).to_document()
    before = last.to_document()
    heads = ("before", "after")
    stage.show(totals([before, now], stage.language, limit=SHOWN, headings=heads))
    moved = _moved(before, now)
    return {"evaluation": now["evaluation"], "moved": {name: str(change) for name, change in moved.items()}}


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Decimal]:
    """How many points each subject gains or loses."""
    old = {subject["subject"]: subject["total"] for subject in before["subjects"]}
    return {
        subject["subject"]: Decimal(subject["total"]) - Decimal(old[subject["subject"]])
        for subject in after["subjects"]
        if subject["total"] is not None and old.get(subject["subject"]) is not None
    }


def _replay(kpi: Kpi, sealed: list[dict[str, Any]], stage: Stage) -> list[dict[str, Any]]:
    from kpicore.reports.tables import replayed

    stage.step("replay", *(f"kpicore replay {one['evaluation']}" for one in sealed[-1:]))
    documents = [kpi.replay(one["evaluation"]).to_document() for one in sealed]
    for document in documents:
        stage.show(replayed(document, stage.language))
    return documents


def _explain(kpi: Kpi, evaluation: str, stage: Stage) -> None:
    from kpicore.reports.built import built

    stage.step("explain", f'kpicore explain {evaluation} --subject "{SUBJECT}"')
    document = kpi.explain(evaluation, subject=SUBJECT).to_document()
    stage.show(built(document, kpi.definitions.indicators, stage.language))


def _report(kpi: Kpi, folder: Path, evaluation: str, stage: Stage) -> str:
    from rich.text import Text

    stage.step("report", f'kpicore report {evaluation} --subject "{SUBJECT}" --out {PAGE}')
    kpi.report(evaluation, subject=SUBJECT).write_file(folder / PAGE, language=stage.language)
    stage.show(Text(PAGE))
    return PAGE
