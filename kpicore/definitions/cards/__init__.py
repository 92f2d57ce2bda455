"""Scorecards: lines, curves, weights, schedules, gates; read from files and checked."""
