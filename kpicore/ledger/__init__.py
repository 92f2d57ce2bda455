"""The ledger: the append-only order of fact batches, rule changes and seals."""
