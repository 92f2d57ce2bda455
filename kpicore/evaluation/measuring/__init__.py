"""From facts to cells: which statements a call needs, and what every subject has."""
