"""Periods that are divided by what takes effect inside them, part by part."""
