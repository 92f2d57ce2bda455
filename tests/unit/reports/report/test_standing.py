"""What people did about sealed scores stands in the report: the sealed score, the one beside it, and every step."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.history.replay import seal
from kpicore.governance.adjustments import Adjustments, Calibration, Override, Withdrawal
from kpicore.governance.disputes import Disputes
from kpicore.naming import LANGUAGES
from kpicore.reports.report.report import Report, report
from tests.rulebook import CARD, Office
from tests.unit.governance.awards.house import BONUS, House, card
from tests.unit.reports.pages import parsed, texts, untranslated


@pytest.fixture(scope="module")
def contested(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Ann contests and is heard; everyone is calibrated; what Bob got is taken back."""
    folder: Path = tmp_path_factory.mktemp("office")
    office = Office(folder)
    office.apply(CARD)
    office.won(("d1", "ann", 600), ("d2", "bob", 800))
    office.lost(("d3", "ann"))
    sealed = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    disputes, desk = Disputes(lambda: office.world), Adjustments(lambda: office.world)
    name = disputes.open(sealed, "ann", by="ann", reason="<b>a deal</b> is missing", indicator="sales.revenue_won").name
    disputes.answer(name, "it came late", by="hr")
    disputes.accept(name, by="boss", reason="granted")
    desk.record(Override(sealed, "ann", total="95", reason="the late deal", dispute=name), by="boss")
    desk.record(Calibration(sealed, ("ann", "bob"), factor="1.1", reason="a hard quarter"), by="board")
    found = report(office.world, sealed)
    office.close()
    return found


def test_both_scores_stand_there(contested: Report) -> None:
    [ann] = [one for one in contested.document["subjects"] if one["subject"] == "ann"]
    page = " ".join(texts(parsed(contested.person("ann").to_html())))
    assert ann["standing"]["scores"][0]["total"] == "104.5"
    assert "104.5 (band B) stands beside the sealed score: O1, C1" in page
    assert f"{float(ann['total']):.1f}" in page
    whole = " ".join(texts(parsed(contested.to_html())))
    assert "104.5 (band B) stands beside the sealed score" in whole


def test_every_step_is_told_in_order(contested: Report) -> None:
    page = parsed(contested.person("ann").to_html("zh-Hant"))
    rows = [[" ".join(texts(cell)) for cell in row] for row in page.iter("tr")]
    told = [(row[0], row[1], row[2], row[3]) for row in rows if row[0].split(" ")[0] in ("申訴", "改分", "校準")]
    assert told == [
        ("申訴 D1", "提出", "ann", "<b>a deal</b> is missing"),
        ("申訴 D1", "已答覆", "hr", "it came late"),
        ("申訴 D1", "成立", "boss", "granted"),
        ("改分 O1", "總分 95.00", "boss", "the late deal"),
        ("校準 C1", "× 1.1", "board", "a hard quarter"),
    ]


def test_what_was_taken_back_is_told_where_it_was(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD)
    office.won(("d1", "ann", 600))
    sealed = seal(office.world, evaluate(office.world, "sales_rep", "2017-Q1"), "hr").id
    desk = Adjustments(lambda: office.world)
    name = desk.record(Override(sealed, "ann", total="95", reason="the late deal"), by="boss").name
    Disputes(lambda: office.world).open(sealed, "ann", by="ann", reason="still too low")
    desk.record(Withdrawal(name, "it was no deal"), by="boss")
    page = report(office.world, sealed).person("ann").to_html()
    office.close()
    told = ["the late deal", "still too low", "it was no deal"]
    assert [text for row in parsed(page).iter("tr") for text in texts(row) if text in told] == told


def test_a_page_of_one_names_nobody_else_who_was_calibrated(contested: Report) -> None:
    alone = contested.person("bob")
    assert "ann" not in str(alone.to_document())
    assert "C1" in alone.to_html()


def test_the_workbook_has_the_steps(contested: Report) -> None:
    sheet = load_workbook(BytesIO(contested.to_xlsx()))["Contested and adjusted"]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + 5 + 1
    assert {row[0] for row in rows[1:]} == {"ann", "bob"}


def test_a_sealed_page_says_how_to_contest_it(contested: Report) -> None:
    page = contested.person("ann").to_html()
    assert f"kpicore dispute open {contested.id} --subject ann" in page


def test_what_was_paid_stands_there_with_its_factors(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.apply(card())
    house.apply(BONUS)
    house.sell({"ann": 1250, "bob": 950})
    sealed = house.sealed()
    house.pay()
    found = report(house.world, sealed)
    house.close()
    page = parsed(found.person("ann").to_html("zh-Hant"))
    [row] = [row for row in page.iter("tr") if texts(row)[0] == "獎金"]
    said = [" ".join(texts(cell)) for cell in row]
    assert said[2] == "45,000 TWD"
    assert "基數 30,000" in said[3]
    assert "係數 1.5" in said[3]
    assert "24,000 TWD" not in found.person("ann").to_html()
    whole = " ".join(texts(parsed(found.to_html())))
    assert "45,000 TWD" in whole
    assert "24,000 TWD" in whole
    sheet = load_workbook(BytesIO(found.to_xlsx()))["Awards and bonus"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [(row[0], row[4]) for row in rows[1:]] == [("ann", 45000), ("bob", 24000)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_is_translated(contested: Report, language: str) -> None:
    names = {"ann", "bob", "hr", "boss", "board", "start", "CRM", "growth", "quality", "sales_rep", contested.id}
    said = {"<b>a deal</b> is missing", "it came late", "granted", "the late deal", "a hard quarter"}
    data = names | said | {f"sales.{name}" for name in ("revenue_won", "win_rate", "losses")}
    assert untranslated(contested.to_html(language), language, data) == []
