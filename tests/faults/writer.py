"""A process that writes to a ledger until it is killed: writer.py LEDGER SOURCE FIRST LAST [ROWS].

Before the first line on its input it waits. Each call records two batches; its number is printed once it returned.
"""

import sys

from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import deal, facts


def main(path, source, first, last, rows="3"):
    with Ledger.open(path) as ledger:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for number in range(int(first), int(last)):
            many = [deal(f"{number}.{row}", number) for row in range(int(rows))]
            receipts = ledger.record([facts(f"{number}.{part}", many, source=source) for part in "ab"])
            sys.stdout.write(f"{number} {sum(receipt.duplicate for receipt in receipts)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
