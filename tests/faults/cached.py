"""A process that keeps tables anew, again and again, until it is killed: cached.py LEDGER.

Each line on its output says that one more was read; what is kept is deleted before each read.
"""

import sys
from pathlib import Path

from kpicore.ledger import keyindex
from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import DEAL


def main(path):
    keyindex.SMALLEST = 0
    with Ledger.open(path) as ledger:
        while True:
            for manifest in Path(f"{path}.cache").rglob("*.json"):
                manifest.unlink(missing_ok=True)
            sys.stdout.write(f"{ledger.resolved(DEAL, ledger.cut()).num_rows}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
