import os
import signal
import threading
import types
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from kpicore.engines import duckdb as module
from kpicore.engines.base import Engine
from kpicore.engines.duckdb import DuckDBEngine, DuckDBSession, connect_locked
from kpicore.errors import KpicoreError


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to 'out.csv'",
        "attach 'other.db'",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "set enable_external_access = true",
        "reset lock_configuration",
        "set temp_directory = 'elsewhere'",
        "export database 'folder'",
    ],
)
def test_what_would_leave_the_engine_is_refused(sql):
    connection = connect_locked(threads=1)
    with pytest.raises(duckdb.Error):
        connection.execute(sql)


def test_python_variables_are_not_tables():
    secret = pa.table({"x": [1]})
    assert secret.num_rows == 1
    with pytest.raises(duckdb.Error):
        connect_locked(threads=1).execute("select * from secret")


def test_limits_are_taken_or_refused_by_name():
    connection = connect_locked(memory_limit="300MB", threads=1)
    assert connection.execute("select current_setting('threads')").fetchone() == (1,)
    assert "286" in connection.execute("select current_setting('memory_limit')").fetchone()[0]
    with pytest.raises(KpicoreError) as error:
        connect_locked(memory_limit="many")
    assert error.value.code == "engine_settings"


def test_more_than_the_memory_limit_spills_and_leaves_nothing_behind():
    connection = connect_locked(memory_limit="60MB", threads=1)
    folder = connection.execute("select current_setting('temp_directory')").fetchone()[0]
    sql = "select count(*) from (select i, row_number() over (order by hash(i)) as n from range(4000000) as t(i)) where n > 5"
    assert connection.execute(sql).fetchone() == (3999995,)
    connection.close()
    assert list(Path(folder).iterdir()) == []


def test_sessions_see_their_own_tables_only():
    engine = DuckDBEngine(threads=1)
    assert isinstance(engine, Engine)
    with engine.session({"a": pa.table({"x": [1, 2]})}) as one, engine.session({"b": pa.table({"x": [3]})}) as two:
        assert one.query("select sum(x) as s from a").column("s").to_pylist() == [3]
        with pytest.raises(KpicoreError) as error:
            two.query("select * from a")
        assert error.value.code == "engine_failed"
    engine.close()
    with engine.session({"a": pa.table({"x": [5]})}) as again:
        assert again.query("select x from a").column("x").to_pylist() == [5]


def test_sessions_of_several_threads_do_not_meet():
    engine = DuckDBEngine(threads=1)
    results = {}

    def work(number):
        with engine.session({"mine": pa.table({"x": list(range(number + 1))})}) as session:
            results[number] = session.query("select sum(x)::bigint as s from mine").column("s").to_pylist()[0]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: n * (n + 1) // 2 for n in range(8)}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_opens_its_own_database():
    engine = DuckDBEngine(threads=1)
    with engine.session({}) as session:
        session.query("select 1")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with engine.session({"a": pa.table({"x": [4]})}) as session:
            answer = session.query("select x from a").column("x").to_pylist()[0]
        os.write(writing, str(answer).encode())
        del engine
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert os.read(reading, 10) == b"4"


def test_numbers_beyond_what_sql_holds_are_an_error_that_says_so():
    with DuckDBEngine(threads=1).session({}) as session, pytest.raises(KpicoreError) as error:
        session.query("select cast(99999999999999999999 as decimal(18, 4))")
    assert error.value.code == "engine_failed"
    assert "\n" not in error.value.message


def test_a_query_that_needs_more_memory_than_there_is_says_so():
    engine = DuckDBEngine(threads=1, memory_limit="20MB")
    with engine.session({}) as session, pytest.raises(KpicoreError) as error:
        session.query("select list(i) from range(20000000) as t(i)")
    assert error.value.code == "engine_memory"
    assert "memory_limit" in error.value.hint


def test_a_session_keeps_plans_and_sees_other_tables_under_their_names():
    engine = DuckDBEngine(threads=1)
    with engine.session({"a": pa.table({"x": [1, 2]})}) as session:
        for _ in range(3):
            assert session.query("select sum(x)::bigint as s from a").column("s").to_pylist() == [3]
        session.add({"a": pa.table({"x": [5]}), "b": pa.table({"y": [7]})})
        assert session.query("select sum(x)::bigint as s from a").column("s").to_pylist() == [5]
        assert session.query("select y from b").column("y").to_pylist() == [7]
    engine.close()


def test_no_more_plans_are_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(module, "PLANS_KEPT", 2)
    engine = DuckDBEngine(threads=1)
    with engine.session({}) as session:
        for _ in range(3):
            for number in range(4):
                for _ in range(2):
                    assert session.query(f"select {number} as n").column("n").to_pylist() == [number]
        plans = session.cursor.execute("select count(*) from duckdb_prepared_statements()").fetchone()[0]
        assert plans <= 2
    engine.close()


def test_a_session_does_not_outlive_its_engine():
    engine = DuckDBEngine(threads=1)
    with engine.session({}) as session:
        assert session.alive
        engine.close()
        assert not session.alive
    with engine.session({}) as session:
        assert session.alive
    engine.close()


def test_an_interrupt_within_the_engine_is_an_interrupt():
    engine = DuckDBEngine(threads=1)
    threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
    with engine.session({}) as session, pytest.raises(KeyboardInterrupt):
        session.query("select count(*) from range(1000000) a(i), range(1000000) b(j) where i * j % 7 = 3")
    engine.close()


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), duckdb.Error("reading failed: KeyboardInterrupt: ")]
)
def test_what_the_engine_says_of_an_interrupt_is_no_failure_of_its_own(error):
    def interrupted(name, table):
        raise error

    cursor = types.SimpleNamespace(register=interrupted)
    with pytest.raises(KeyboardInterrupt):
        DuckDBSession(DuckDBEngine(), cursor).add({"a": pa.table({"x": [1]})})
