"""A process that writes to a ledger, as the tests start it: writer.py LEDGER FIRST LAST [SOURCE].

Each batch key is a number from FIRST up to LAST; what was acknowledged is printed at once.
"""

import sys

from kpicore.ledger.store import Ledger
from tests.unit.ledger.samples import deal, facts


def main(path, first, last, source="crm"):
    with Ledger.open(path) as ledger:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        sys.stdin.readline()
        for number in range(int(first), int(last)):
            batches = [facts(f"{number}.{part}", [deal(f"{number}.{part}", number)], source=source) for part in "ab"]
            receipts = ledger.record(batches)
            print(number, sum(receipt.duplicate for receipt in receipts), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
