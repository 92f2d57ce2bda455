"""The innovation award of the quarter."""

from __future__ import annotations

from kpicore import Innovation

channel_breakthrough = Innovation(
    "marketing.channel_breakthrough",
    title={"en": "Innovation award of the quarter", "zh-Hant": "創新突破獎"},
    scorecards=(),  # those of whoever puts it in force
    indicator="marketing.validated_new_channels",
    why="a channel that proved itself lowers the cost of a customer for years",
)
