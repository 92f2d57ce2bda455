"""Awards computed and paid: over sealed evaluations that count, as they were known at a position."""
