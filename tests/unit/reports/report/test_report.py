"""Reports say what the evaluation says: all of it, of the right people, in both languages, the same bytes every time."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore.definitions.cards.weights import Weights
from kpicore.errors import InvalidInput, NotFound
from kpicore.evaluation.evaluate import evaluate
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.rescore import rescore
from kpicore.naming import LANGUAGES
from kpicore.reports.report.reading import Reading
from kpicore.reports.report.report import Report, report
from kpicore.reports.words import clean
from tests.rulebook import CARD, Office
from tests.unit.reports.conftest import BIDI, CHINESE, FORMULA, NAMES, NUMBER
from tests.unit.reports.pages import parsed, texts, untranslated


def test_a_report_holds_the_whole_explanation(office: Office, found: Report) -> None:
    document = found.to_document()
    whole = explain(office.world, found.id).to_document()
    assert {name: document[name] for name in whole if name != "subjects"} == {
        name: part for name, part in whole.items() if name != "subjects"
    }
    more = {"trend", "change", "standing"}
    assert [{name: part for name, part in one.items() if name not in more} for one in document["subjects"]] == whole[
        "subjects"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_and_every_line_stands_on_the_page(found: Report, language: str) -> None:
    one, page = Reading(found, language), parsed(found.to_html(language))
    [ranking] = [table for table in page.iter("table") if table.get("class") == "ranking"]
    shown = [[" ".join(texts(cell)) for cell in row] for row in ranking.findall("tbody/tr")]
    wanted = {clean(row["subject"]): one.total(row["total"]) for row in found.document["subjects"]}
    assert {row[1]: row[3] for row in shown} == wanted
    assert set(wanted) == {clean(name) for name in NAMES}
    for article in page.iter("article"):
        [row] = [one for one in found.document["subjects"] if clean(one["subject"]) == texts(article.find("h3"))[0]]
        said = texts(article)
        for line in row["lines"]:
            for part in (one.title(line["indicator"]), one.value(line), one.total(line["contribution"], 2)):
                assert part in said, (row["subject"], line["indicator"])


def test_steps_of_the_drawing_lead_to_the_total(found: Report) -> None:
    from kpicore.reports.report.person import Person

    for row in found.document["subjects"]:
        person = Person(Reading(found, "en"), row, 1)
        *steps, last = person.built.steps
        assert (last.start, last.end, last.whole) == (0, Decimal(row["total"]), True)
        assert abs(sum((step.end - step.start for step in steps), Decimal(0)) - last.end) < Decimal("0.000001")
        assert all(one.end == other.start for one, other in itertools.pairwise(steps))
        change = person.change
        assert change is not None
        assert change.steps[-1].end == Decimal(row["total"])
        assert sum((s.end - s.start for s in change.steps[1:-1]), change.steps[0].end) == change.steps[-1].end


def test_a_change_of_rules_is_told_apart_from_what_was_measured(found: Report) -> None:
    [ann] = [one for one in found.document["subjects"] if one["subject"] == "Ann"]
    causes = {(cause["cause"], cause["indicator"]) for cause in ann["change"]["causes"]}
    assert ("weights", "sales.revenue_won") in causes
    page = " ".join(texts(parsed(found.person("Ann").to_html())))
    assert "50 → 40 (chief: “=1+1”)" in page
    assert "what was measured" in page


def test_an_empty_line_says_why_and_what_was_done(found: Report) -> None:
    page = " ".join(texts(parsed(found.person(NUMBER).to_html())))
    assert "there is nothing to divide by yet" in page
    assert "its weight of 40 went to the other lines" in page
    assert "Weight of empty lines that went to the others: 40" in page
    chinese = " ".join(texts(parsed(found.person(NUMBER).to_html("zh-Hant"))))
    assert "分母為零，無從計算" in chinese
    assert "權重 40 分給其他項目" in chinese


def test_what_bound_a_line_is_said_with_its_number(found: Report) -> None:
    page = texts(parsed(found.person("Ann").to_html()))
    [ann] = [one for one in found.document["subjects"] if one["subject"] == "Ann"]
    assert [line["bound"] for line in ann["lines"]] == [None, None, None]
    bound = [one for one in found.document["subjects"] if one["lines"][0]["bound"] == "cap"]
    assert bound
    page = texts(parsed(found.person(bound[0]["subject"]).to_html()))
    assert "cap 150.0\u00a0%" in page


def test_a_page_of_one_says_nothing_of_the_others(found: Report) -> None:
    alone = found.person(CHINESE)
    others = [name for name in NAMES if name not in (CHINESE, NUMBER)]
    for said in (alone.to_html(), alone.to_html("zh-Hant"), str(alone.to_document())):
        assert [name for name in others if name in said or clean(name) in said] == []
    assert CHINESE in alone.to_html()


def test_targets_of_others_are_left_out_of_a_page_of_one(tmp_path: Path) -> None:
    office = Office(tmp_path)
    card = """
[scorecard]
id = "r"
title = "r"
role = "sales"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "100"
target = "100"
[[target]]
indicator = "sales.revenue_won"
subject = "ann"
value = "111"
[[target]]
indicator = "sales.revenue_won"
subject = "bob"
value = "222"
"""
    office.apply(card)
    office.apply(card.replace("111", "333").replace("222", "444"), effective="2017-04-01")
    office.won(("1", "ann", 5), ("2", "bob", 5))
    office.won(("3", "ann", 5), ("4", "bob", 5), day="2017-05-01")
    whole = report(office.world, "r", "2017-Q2")
    assert all(part in whole.to_html() for part in ("ann 111", "bob 222", "ann 333", "bob 444"))
    one = report(office.world, "r", "2017-Q2", subject="ann")
    [change] = one.document["subjects"][0]["change"]["causes"]
    assert (change["cause"], change["evidence"][0]["new"]["target"]["targets"][0]["value"]) == ("targets", "333")
    for said in (str(one.to_document()), one.to_html()):
        assert [part for part in ("222", "444", "bob") if part in said] == []
    office.close()


def test_the_same_evaluation_gives_the_same_bytes(office: Office, found: Report) -> None:
    again = report(office.world, found.id)
    later = report(office.world.derive(), evaluate(office.world, "sales_rep", "2017-Q2"))
    for other in (again, later):
        assert other.to_html() == found.to_html()
        assert other.to_html("zh-Hant") == found.to_html("zh-Hant")
        assert other.to_xlsx() == found.to_xlsx()


def test_no_page_has_a_clock_of_its_own(found: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found.to_html(), found.to_xlsx()
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    monkeypatch.setenv("TZ", "Asia/Taipei")
    assert (found.to_html(), found.to_xlsx()) == before


def test_english_pages_have_no_chinese_and_chinese_pages_no_english(found: Report) -> None:
    """But for names, reasons, ids and commands, which are nobody's to translate."""
    data = {*map(clean, NAMES), "sales_rep", "chief", "start", "hr", "成長", "=1+1", "crm", "CRM", found.id}
    data |= {f"sales.{name}" for name in ("revenue_won", "win_rate", "losses")}
    for language in LANGUAGES:
        assert untranslated(found.to_html(language), language, data) == []


def test_files_have_a_name_of_their_own_whoever_they_are_about(found: Report, tmp_path: Path) -> None:
    files = found.write(tmp_path / "out")
    assert next(file.name for file in files) == f"{found.id}.html"
    assert len(set(files)) == len(NAMES) + 1
    assert all(file.parent == tmp_path / "out" and file.read_bytes() for file in files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert files[1:] == [tmp_path / "out" / found.person(name).file_name() for name in found.everyone]
    assert found.person(CHINESE).file_name("xlsx") == f"{found.id}.{CHINESE}.xlsx"


def test_a_report_shows_itself_in_a_notebook(found: Report) -> None:
    page = found._repr_html_()
    assert page.startswith("<iframe")
    assert "<script" not in page
    assert FORMULA not in page


def test_who_is_not_there_and_what_is_no_language(office: Office, found: Report) -> None:
    with pytest.raises(NotFound) as missing:
        found.person("An")
    assert missing.value.code == "unknown_subject"
    with pytest.raises(NotFound):
        report(office.world, found.id, subject="An")
    with pytest.raises(InvalidInput, match="fr"):
        found.to_html("fr")
    with pytest.raises(InvalidInput, match="of which period"):
        report(office.world, "sales_rep")


def test_nobody_scored_is_a_report_too(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD_OF_NOBODY)
    empty = report(office.world, "r", "2017-Q1")
    assert "Nobody is scored in this period." in texts(parsed(empty.to_html()))
    assert empty.to_xlsx()
    assert [file.name for file in empty.write(tmp_path / "out")] == [f"{empty.id}.html"]
    office.close()


CARD_OF_NOBODY = """\
[scorecard]
id = "r"
title = "r"
role = "sales"
period = "quarter"
effective = 2017-01-01
[[line]]
indicator = "sales.revenue_won"
weight = "100"
target = "100"
"""


def test_a_company_is_reported_under_its_word(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.apply(CARD_OF_NOBODY.replace('role = "sales"', 'role = "sales"\nlevel = "company"'))
    office.won(("1", "ann", 50))
    whole = report(office.world, "r", "2017-Q1")
    assert whole.subjects == (None,)
    assert "company" in texts(parsed(whole.to_html()))
    assert len(whole.write(tmp_path / "out")) == 1
    office.close()


def test_names_that_hide_something_are_made_visible(found: Report) -> None:
    page = found.to_html()
    assert BIDI not in page
    assert "abc\\u202efed\\u200b" in page


def test_everyone_without_a_value_is_listed_once_with_the_reason(found: Report) -> None:
    page = parsed(found.to_html())
    [section] = [one for one in page.iter("section") if one.get("id") == "empty"]
    [row] = [row for row in section.iter("tr") if row.find("td") is not None]
    assert [" ".join(texts(cell)) for cell in row] == [
        "sales.win_rate",
        "no denominator there is nothing to divide by yet",
        "its weight of 40 went to the other lines",
        f"1 person {NUMBER}",
    ]


def test_a_hypothetical_evaluation_has_a_report_that_says_so(office: Office) -> None:
    weights = {"sales.revenue_won": Decimal(20), "sales.win_rate": Decimal(60), "sales.losses": Decimal(20)}
    real = evaluate(office.world, "sales_rep", "2017-Q2")
    revised = rescore(office.world, real.id, Weights(weights))
    whole = report(office.world, revised.evaluation)
    assert whole.id == revised.id
    said = " ".join(texts(parsed(whole.to_html())))
    assert "hypothetical" in said
    assert whole.to_xlsx()


def test_who_has_no_value_at_all_is_told_so(tmp_path: Path) -> None:
    from kpicore.reports.report.person import Person

    office = Office(tmp_path)
    gate = '[[gate]]\nindicator = "sales.revenue_won"\nbelow = "5"\ntotal = "0"\n'
    head, revenue, rate = CARD.split("[[line]]")
    nothing_sold = revenue.replace('"60"', '"0"')
    office.apply(
        "[[line]]".join((head, nothing_sold, rate.replace('"40"', '"100"').replace("[bands]", gate + "[bands]")))
    )
    office.assign("ann", "2016-01-01")
    office.assign("bob", "2016-01-01")
    office.assign("bob", "2017-05-01", team="south")
    whole = report(office.world, "sales_rep", "2017-Q2")
    office.close()
    for name in ("ann", "bob"):
        page = " ".join(texts(parsed(whole.person(name).to_html())))
        assert "no line has a value to take its weight of 100" in page
        assert "went to the other" not in page
        assert "Lines without a value" in page
        assert "None" not in page
        chinese = " ".join(texts(parsed(whole.person(name).to_html("zh-Hant"))))
        assert "沒有任何項目有數值，權重 100 無處可分" in chinese
        assert whole.person(name).to_xlsx()
    # A gate that has no total to set adds no points, and an axis without totals does not say 0 twice.
    [gate_said] = Person(Reading(whole, "en"), whole.document["subjects"][0], 1).gates
    assert gate_said["points"] == "–"
