"""`plan` with who would move, `rescore` over a series, and `versions`: the documents that programs read."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import Call
from tests.unit.cli.test_scores import CARD, LATE, MAP, ROWS


def filled(kpicore: Call) -> str:
    """Deals, a card, and March sealed; its id."""
    for name, content in (("card.toml", CARD), ("crm.toml", MAP), ("deals.csv", ROWS), ("late.csv", LATE)):
        Path(name).write_text(content)
    Path("kpicore.toml").write_text('ledger = "kpi.db"\nthreads = 1\n')
    Path("weights.toml").write_text('[weights]\n"sales.revenue_won" = "50"\n"sales.win_rate" = "50"\n')
    kpicore("import", "deals.csv", "--map", "crm.toml")
    kpicore("apply", "card.toml", "--by", "hr", "--reason", "first")
    evaluation = str(kpicore("evaluate", "rep", "--period", "2026-03", "--json").json["evaluation"])
    assert kpicore("seal", evaluation, "--by", "hr").code == 0
    return evaluation


def test_plan_rescore_and_versions_print_their_documents(kpicore: Call) -> None:
    evaluation = filled(kpicore)
    Path("other.toml").write_text(CARD.replace('"60"', '"50"').replace('weight = "40"', 'weight = "50"'))
    [move] = kpicore("plan", "other.toml", "--json").json["moves"]
    assert (move["scorecard"], move["period"], move["from"], move["unmoved"]) == ("rep", "2026-03", evaluation, 0)
    ann = {"subject": "ann", "from_total": "140", "to_total": "150", "difference": "10"}
    bo = {"subject": "bo", "from_total": "70", "to_total": "75", "difference": "5"}
    assert move["subjects"] == [ann, bo]
    assert kpicore("plan", "other.toml", "--period", "2026-02", "--json").json["moves"][0]["period"] == "2026-02"
    assert "rep in 2026-03: 2 would move, 0 as they are" in kpicore("plan", "other.toml").out

    series = ("rescore", "rep", "--period", "2026-02..2026-03", "--weights", "weights.toml")
    document = kpicore(*series, "--json").json
    assert list(document) == ["scorecard", "series", "periods", "subjects"]
    assert [one["from"] for one in document["periods"]][1] == evaluation
    assert [one["subject"] for one in document["subjects"]] == ["ann", "bo"]
    assert "ann" in kpicore(*series).out

    kpicore("import", "late.csv", "--map", "crm.toml")
    later = kpicore("restate", evaluation, "--json").json["evaluation"]
    Path("organisation.toml").write_text('[organisation]\nrestatement = "forwarding"\n')
    kpicore("apply", "organisation.toml", "--by", "hr", "--reason", "closed periods stay closed")
    kpicore("seal", later, "--by", "hr")
    found = kpicore("versions", "rep", "--json").json
    [period] = found["periods"]
    assert period["counts"] == evaluation
    assert [(one["evaluation"], one["policy"], one["counts"]) for one in period["versions"]] == [
        (evaluation, None, True),
        (later, "forwarding", False),
    ]
    assert [(one["subject"], one["points"], one["to_period"]) for one in found["carried"]] == [
        ("bo", "31.33333332", None)
    ]
    assert "the next one sealed" in kpicore("versions", "rep").out
    assert kpicore("versions", "rep", "--period", "2026-02", "--json").json["periods"] == []
    missing = kpicore("versions", "reb")
    assert (missing.code, "did you mean rep?" in missing.err) == (2, True)
