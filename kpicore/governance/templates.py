"""A new scorecard from a template: the file that people fill in, apply and change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from attrs import frozen

from kpicore.canonical import decimal_text
from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.indicators import Indicator
from kpicore.definitions.plans.templates import STAGES, Template, TemplateLine
from kpicore.errors import InvalidInput, NotFound
from kpicore.hooks.catalog import Catalog
from kpicore.naming import LANGUAGES, did_you_mean, translated

__all__ = ["NewScorecard", "new_scorecard"]


@frozen
class NewScorecard:
    """A scorecard that was made from a template.

    Args:
        template: The template.
        card: The scorecard, as the file reads.
        text: The file, in TOML.
        fill: The indicators whose targets are to be filled in.
        units: Their units, and which way is better.
    """

    template: Template
    card: Scorecard
    text: str
    fill: tuple[str, ...]
    units: tuple[tuple[str, str], ...]

    def to_document(self) -> dict[str, Any]:
        """The file's text, its weights, and what is to be filled in before it can be applied."""
        return {
            "scorecard": self.card.id,
            "role": self.card.role,
            "stage": self.card.business_stage,
            "template": self.template.name,
            "suggestion": True,
            "weights": {line.indicator: decimal_text(line.weight) for line in self.card.lines},
            "fill": [
                {"indicator": name, "what": "target", "unit": unit, "better": better}
                for name, (unit, better) in zip(self.fill, self.units, strict=True)
            ],
            "text": self.text,
        }


def new_scorecard(
    catalog: Catalog, role: str, stage: str, effective: str, *, card_id: str | None = None, language: str = "en"
) -> NewScorecard:
    """A scorecard for a role at a business stage, as TOML.

    Args:
        catalog: Who provides what.
        role: The word for the role, or a role's own name.
        stage: new_market, growth, mature or profit_first.
        effective: Local ISO date from which it counts.
        card_id: Its id; None: `role_stage`.
        language: Of the reasons, `en` or `zh-Hant`.

    Raises:
        NotFound: No template for that role or stage, or a plugin whose indicator it names is not installed.
        InvalidInput: The stage is none.
    """
    template = _template(catalog, role, stage)
    catalog.check(template.name)
    indicators = [catalog.indicator(line.indicator) for line in template.lines]
    text = _text(template, indicators, card_id or f"{template.role}_{template.stage}", effective, language)
    card = cast(Scorecard, read_card(text, "new scorecard"))
    open_ = [one for line, one in zip(template.lines, indicators, strict=True) if line.target is None]
    return NewScorecard(
        template, card, text, tuple(one.id for one in open_), tuple((one.unit, one.better) for one in open_)
    )


def _template(catalog: Catalog, role: str, stage: str) -> Template:
    book = catalog.definitions
    known = book.roles
    word = known[role].role if role in known else role
    if stage not in STAGES:
        raise InvalidInput(
            f"{stage!r} is no business stage",
            code="unknown_stage",
            where="stage",
            hint=did_you_mean(stage, STAGES) or f"one of: {', '.join(STAGES)}",
        )
    of_role = [one for one in book.templates.values() if one.role == word]
    if not of_role:
        words = sorted({one.role for one in book.templates.values()})
        raise NotFound(
            f"no template of a scorecard for the role {role!r}",
            code="unknown_role",
            where="role",
            hint=did_you_mean(role, words) or f"there are: {', '.join(words) or 'none'}",
        )
    found = sorted((one for one in of_role if one.stage == stage), key=lambda one: one.name)
    if not found:
        raise NotFound(
            f"no template for {word} at the stage {stage}",
            code="unknown_stage",
            where="stage",
            hint=f"there are: {', '.join(sorted(one.stage for one in of_role))}",
        )
    return found[0]


def _text(template: Template, indicators: Iterable[Indicator], card_id: str, effective: str, language: str) -> str:
    zh = language == "zh-Hant"
    title = ", ".join(f"{name} = {_quoted(translated(template.title, name))}" for name in LANGUAGES)
    head = (
        f"由範本 {template.name} 產生：指標與權重是建議，請依你們的目標調整。"
        if zh
        else f"From the template {template.name}: indicators and weights are suggestions to change."
    )
    lines = [
        f"# {head}",
        "[scorecard]",
        f"id = {_quoted(card_id)}",
        f"title = {{{title}}}",
        f"role = {_quoted(template.role)}",
        f"level = {_quoted(template.level)}",
        f"business_stage = {_quoted(template.stage)}",
        f"period = {_quoted(template.period)}",
        f"effective = {effective}",
    ]
    for line, indicator in zip(template.lines, indicators, strict=True):
        lines += ["", f"# {translated(indicator.title, language)}", "[[line]]", *_line(line, indicator, zh, language)]
    return "\n".join([*lines, ""])


def _line(line: TemplateLine, indicator: Indicator, zh: bool, language: str) -> list[str]:
    if line.target is not None:
        target = f"target = {_quoted(decimal_text(line.target))}"
    else:
        ask = f"填入目標，{_ask(indicator.unit)[1]}" if zh else f"fill in the target, {_ask(indicator.unit)[0]}"
        target = f'# target = ""  # {ask}'
    found = [
        f"indicator = {_quoted(line.indicator)}",
        f"weight = {_quoted(decimal_text(line.weight))}",
        target,
    ]
    if line.params:
        given = ", ".join(f"{name} = {_value(value)}" for name, value in line.params.items())
        found.append(f"params = {{{given}}}")
    return [*found, f"why = {_quoted(translated(line.why, language))}"]


def _ask(unit: str) -> tuple[str, str]:
    """How a target of a unit is written, in both languages."""
    if unit == "percent":
        return "0.25 is 25 %", "0.25 即 25 %"
    return f"in {unit}", f"單位 {unit}"


def _value(value: Any) -> str:
    return (
        f"[{', '.join(_quoted(str(item)) for item in value)}]"
        if isinstance(value, list | tuple)
        else _quoted(str(value))
    )


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        f"\\u{ord(letter):04x}"
        if ord(letter) < 32 or ord(letter) == 127
        else f"\\{letter}"
        if letter in '"\\'
        else letter
        for letter in text
    )
    return f'"{escaped}"'
