"""How rules change: planned, looked at, and recorded with who and why."""
