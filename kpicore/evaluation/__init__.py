"""From facts to scores: measure, score, seal, replay, explain."""
