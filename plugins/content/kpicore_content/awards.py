"""The star of the month among those who make content."""

from __future__ import annotations

from kpicore import Star

star_of_the_month = Star(
    "content.star_of_the_month",
    title={"en": "Star of the month", "zh-Hant": "指標之星"},
    scorecards=(),  # those of whoever puts it in force
    indicator="content.content_conversion_rate",
    least_sample=100,
    why="a good conversion is worth copying: the team learns from it within the month",
)
