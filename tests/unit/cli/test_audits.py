"""`kpicore verify` as its users call it."""

import sqlite3

import pytest

from kpicore.demo import tour


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """The ledger of the tour: facts, rules and seals."""
    folder = tmp_path_factory.mktemp("tour")
    tour.unpack(folder)
    tour.run(folder, tour.Stage("en", lambda part: None, "kpicore"))
    return folder / "kpi.db"


@pytest.fixture
def ledger(sealed, kpicore, tmp_path):
    (tmp_path / "kpi.db").write_bytes(sealed.read_bytes())
    return "kpi.db"


def change(statement, *values):
    connection = sqlite3.connect("kpi.db")
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def test_an_intact_ledger_is_0_and_its_seals_come_out_again(kpicore, ledger):
    plain = kpicore("verify", ledger, "--json")
    assert (plain.code, plain.json["intact"], plain.json["replays"]) == (0, True, None)
    assert plain.json["ledger"] == ledger
    whole = kpicore("verify", "--ledger", ledger, "--replay", "--json")
    assert whole.code == 0
    assert whole.json["seals"] == len(whole.json["replays"]) > 1
    assert all(replay["identical"] and replay["error"] is None for replay in whole.json["replays"])
    assert "is as it was written" in kpicore("verify", ledger).out
    assert "與寫入時相同" in kpicore("verify", ledger, "--lang", "zh-Hant").out


def test_a_tampered_ledger_is_1_names_the_event_and_is_not_replayed(kpicore, ledger):
    change("UPDATE stored_events SET state = CAST(state || x'00' AS BLOB) WHERE rowid = 2")
    said = kpicore("verify", ledger, "--replay", "--json")
    assert (said.code, said.json["tampered"], said.json["replays"]) == (1, 1, None)
    [finding] = said.json["findings"]
    assert (finding["position"], finding["status"]) == (2, "tampered")
    assert " 2 " in kpicore("verify", ledger).out


def test_a_seal_that_does_not_come_out_again_is_4_and_one_that_cannot_be_computed_3(kpicore, ledger, monkeypatch):
    from kpicore.errors import NotFound
    from kpicore.evaluation.history.replay import Replay
    from kpicore.governance import audit

    def differs(world, evaluation):
        return Replay(evaluation, False, "a", "b", ({"path": "total", "before": "1", "after": "2"},))

    monkeypatch.setattr(audit, "replay", differs)
    assert kpicore("verify", ledger, "--replay").code == 4

    def gone(world, evaluation):
        raise NotFound("these hypothetical rules were not kept here")

    monkeypatch.setattr(audit, "replay", gone)
    said = kpicore("verify", ledger, "--replay", "--json")
    assert (said.code, said.json["unknown"]) == (3, said.json["seals"])
    assert said.json["replays"][0]["error"]["code"] == "not_found"
    assert "not kept" in kpicore("verify", ledger, "--replay").out


@pytest.mark.parametrize(
    "arguments",
    [["nowhere.db"], ["x.kpiz"], ["--since", "old.checkpoint"], ["--trust", "key"], ["postgresql://db/kpi"], ["."]],
)
def test_what_is_not_there_or_not_built_is_2_by_name(kpicore, ledger, arguments):
    said = kpicore("verify", *([ledger] if arguments[0].startswith("--") else []), *arguments, "--json")
    assert said.code == 2
    assert said.json["error"]["code"] in {"no_ledger", "not_built", "invalid_input"}


def test_in_python(sealed):
    import kpicore

    with kpicore.open(sealed) as kpi:
        found = kpi.verify(replay=True)
    assert found.intact
    assert found.differing == ()
    assert found.exit_code == 0
