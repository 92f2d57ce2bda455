"""What the source says in English only, in Traditional Chinese: errors, hints, findings, and the parts of plans."""
