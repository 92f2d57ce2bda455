"""Measures and the SQL in them: nodes, what they read, what they give, and how they are told."""
