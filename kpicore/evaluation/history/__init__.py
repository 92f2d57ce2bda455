"""Evaluations over again: replayed, restated, rescored, adjusted; and which version counts."""
