"""From cells to totals: attainment, points, and what becomes of a sum. Pure and exact."""
