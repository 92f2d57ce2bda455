"""Exact numbers in columns: integers with a scale, ratios that are never rounded, keys of cells."""
