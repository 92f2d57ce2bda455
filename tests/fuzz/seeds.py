"""Whole inputs, from which broken ones are made."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import kpicore
from kpicore.definitions.codec import to_document
from kpicore.vocabulary import definitions

DEMO = Path(kpicore.__file__).parent / "demo"

#: Reads all kinds of fields from all kinds of files.
MAP = """
[file]
timezone = "Asia/Taipei"
null = ["", "?"]
[[fact]]
type = "deal_won"
key = "id"
where = "amount <> '0'"
[fact.columns]
occurred_at = "at"
amount = {column = "amount", type = "decimal"}
owner_id = "who"
currency = {value = "USD"}
product_id = {sql = "upper(trim(who))"}
[[fact]]
type = "deal_lost"
from = "select id, at, who from file where amount = '0'"
key = "id"
[fact.columns]
occurred_at = "at"
owner_id = "who"
"""

#: The same for typed files, where no text is compared with a number.
TYPED_MAP = MAP.replace("amount <> '0'", "amount <> 0").replace("amount = '0'", "amount = 0")

#: What maps say of lines around rows, and of times that are written otherwise.
EXPORTS_MAP = """
[file]
timezone = "Asia/Taipei"
header = 1
footer = 1
columns = ["id", "at", "amount", "who", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
[[fact]]
type = "deal_lost"
key = {column = "id", type = "text"}
[fact.columns]
occurred_at = {sql = "concat('114', '/', '1', '/', '5')", format = "%Y/%m/%d", calendar = "roc"}
engaged_at = {value = 1740800000, format = "unix"}
owner_id = {sql = "translate(who, 'AB', 'ab')"}
"""

#: A file with the columns of all maps.
ANY_FILE = """id,at,amount,who,opportunity_id,deal_stage,engage_date,close_date,close_value,sales_agent,account,product,\
manager,regional_office
A,2026-01-05,100,Ann,O-1,Won,2025-12-01,2026-01-05,100,Ann,Acme,GTXPro,Mo,East
B,2026-01-06,0,Bo,O-2,Lost,2025-12-02,2026-01-06,0,Bo,Bolt,MG,Mo,East
"""

_ROWS = [
    {"id": f"D-{n}", "at": datetime(2026, 1, 1 + n, 9, tzinfo=UTC), "amount": Decimal(n * 100), "who": who}
    for n, who in enumerate(("Ann", "Bo", "鄭成功", "Ann", None, "x"))
]
_TABLE = pa.Table.from_pylist(_ROWS).cast(
    pa.schema(
        [("id", pa.string()), ("at", pa.timestamp("us", "UTC")), ("amount", pa.decimal128(18, 2)), ("who", pa.string())]
    )
)
_PLAIN = "\n".join(
    ["id,at,amount,who", *(f'{r["id"]},{r["at"]:%Y-%m-%dT%H:%M:%SZ},{r["amount"]},"{r["who"]}"' for r in _ROWS)]
)


def texts() -> list[bytes]:
    """Text files in several encodings, with quotes, line ends and empty cells."""
    return [
        _PLAIN.encode(),
        _PLAIN.replace("\n", "\r\n").encode("utf-8-sig"),
        _PLAIN.replace("Ann", 'A""n,n').encode() + b"\n",
        (_PLAIN + "\n" + "\n".join(f"E-{n},2026-03-05,{n}.5,Bo" for n in range(200))).encode(),
    ]


def json_lines() -> list[bytes]:
    """Objects a line, with numbers, empty values, lists and objects in them."""
    written = [
        {**row, "at": f"{row['at']:%Y-%m-%dT%H:%M:%SZ}", "amount": int(row["amount"]), "of": {"tags": ["a"], "n": n}}
        for n, row in enumerate(_ROWS)
    ]
    whole = "\n".join(json.dumps(row, ensure_ascii=False) for row in written)
    return [whole.encode(), whole.replace("\n", "\r\n\n").encode("utf-8-sig"), json.dumps(written[2]).encode()]


def parquets() -> list[bytes]:
    """Parquet files: plain, compressed, with dictionaries, in several groups."""
    found = []
    for options in (
        {"compression": "none", "use_dictionary": False},
        {"compression": "zstd"},
        {"compression": "snappy", "row_group_size": 2, "data_page_version": "2.0", "write_page_checksum": True},
    ):
        sink = io.BytesIO()
        pq.write_table(_TABLE, sink, **options)
        found.append(sink.getvalue())
    return found


def arrows() -> list[bytes]:
    """Arrow files and streams: plain, compressed, with dictionaries, in several batches."""
    coded = _TABLE.set_column(3, "who", _TABLE["who"].dictionary_encode())
    found = []
    for make in (pa.ipc.new_file, pa.ipc.new_stream):
        for table, compression in ((_TABLE, None), (_TABLE, "zstd"), (coded, "lz4")):
            sink = pa.BufferOutputStream()
            options = pa.ipc.IpcWriteOptions(compression=compression, allow_64bit=False)
            with make(sink, table.schema, options=options) as writer:
                writer.write_table(table, max_chunksize=3)
            found.append(sink.getvalue().to_pybytes())
    return found


def maps() -> list[bytes]:
    """Import maps."""
    return [
        MAP.encode(),
        EXPORTS_MAP.encode(),
        *(path.read_bytes() for path in sorted((DEMO / "data" / "maps").glob("*.toml"))),
    ]


def documents() -> list[bytes]:
    """Definitions as documents: fact types, relations, and the indicators of the installed sales plugin."""
    from kpicore.hooks.catalog import Catalog
    from kpicore.hooks.host import PluginHost

    book = Catalog(PluginHost(["sales"])).definitions
    known = [*definitions(), *book.indicators.values(), *book.curves.values()]
    return [json.dumps(to_document(one), ensure_ascii=False).encode() for one in known]


def statements() -> list[bytes]:
    """SQL of relations and maps."""
    known = [json.loads(document) for document in documents()]
    relations = [one["sql"].encode() for one in known if one["kind"] == "relation"]
    return [
        *relations,
        b"coalesce(amount, 0) + amount * 2",
        b"case when a > 1 then cast(b as decimal(18,4)) else coalesce(c, 0) end",
        b"to_base(amount, rate) - accrued(a, b, c, $start, $end)",
        b"upper(trim(product)) || lower(x)",
    ]


def cards() -> list[bytes]:
    """Scorecards and settings."""
    files = [*sorted((DEMO / "scorecards").glob("*.toml")), *sorted((DEMO / "new_strategy").glob("*.toml"))]
    whole = b"""[scorecard]
id = "rep"
title = {en = "Rep", zh-Hant = "\xe4\xbb\xa3\xe8\xa1\xa8"}
role = "sales"
period = "month"
effective = 2026-01-01
mid_period = "split"
[[line]]
indicator = "sales.revenue_won"
weight = "60"
target = "100"
curve = "linear"
zero = "10"
floor = "0"
params = {basis = "booked"}
[[line]]
indicator = "sales.win_rate"
weight = "40"
target = "0.5"
[[target]]
level = "person"
subject = "Ann"
indicator = "sales.win_rate"
period = "2026-01"
value = "0.6"
[[schedule]]
until = 3
weights = {"sales.win_rate" = "50"}
rest = "proportional"
locked = []
[empty]
no_denominator = "keep"
missing_data = ["last", "keep"]
[[modifier]]
indicator = "sales.win_rate"
below = "0.4"
factor = "0.9"
empty = {missing_data = "block"}
[[modifier]]
title = {en = "North", zh-Hant = "\xe5\x8c\x97"}
subject = "Ann"
period = "2026-01"
factor = "1.05"
[[gate]]
indicator = "sales.win_rate"
below = "0.1"
total = "0"
empty = "apply"
[bands]
A = "100"
B = "0"
[coefficient]
kind = "steps"
steps = [["120", "1.5"], ["100", "1"], ["0", "0"]]
"""
    curved = whole.replace(
        b'curve = "linear"\nzero = "10"', b'curve = "steps"\ntiers = "highest"\nsteps = [["0.8", "60"], [1, 100]]'
    ).replace(b'target = "0.5"\n', b'target = "0.5"\ncurve = "points_per_step"\npoints = 3\nper = "2.5"\n', 1)
    return [whole, curved, *(path.read_bytes() for path in files)]
