"""Roles, templates, and the scorecards that are made from them."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from attrs import evolve

from kpicore.definitions.book import Definitions
from kpicore.definitions.cards.card_files import read_card
from kpicore.definitions.cards.scorecards import Scorecard
from kpicore.definitions.checks import check
from kpicore.definitions.codec import from_document, to_document
from kpicore.definitions.plans.roles import Duty, KeyResultArea, Role
from kpicore.definitions.plans.templates import STAGES, Template, TemplateLine
from kpicore.errors import InvalidDefinition, InvalidInput, NotFound
from kpicore.governance.lint import lint_card
from kpicore.governance.templates import new_scorecard
from kpicore.hooks.catalog import Catalog
from kpicore.hooks.host import PluginHost

CATALOG = Catalog(PluginHost())
BOOK = CATALOG.definitions


def weights(role: str, stage: str) -> dict[str, int]:
    card = new_scorecard(CATALOG, role, stage, "2026-07-01").card
    return {line.indicator: int(line.weight) for line in card.lines}


def test_new_business_and_mature_business_have_their_weights() -> None:
    assert weights("sales", "new_market") == {
        "sales.new_customers_developed": 40,
        "marketing.campaign_roi": 30,
        "team.training_completion_rate": 20,
        "risk.compliance_rate": 10,
    }
    assert weights("sales", "mature") == {
        "sales.repeat_purchase_rate": 35,
        "sales.customer_ltv": 30,
        "content.content_conversion_rate": 20,
        "team.innovation_proposals_submitted": 15,
    }


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("template", BOOK.templates.values(), ids=lambda template: template.name)
def test_every_template_makes_a_card_that_loads_and_lints_clean(template: Template, language: str) -> None:
    made = new_scorecard(CATALOG, template.role, template.stage, "2026-07-01", language=language)
    assert made.template == template
    card = read_card(made.text)
    assert isinstance(card, Scorecard)
    assert sum(line.weight for line in card.lines) == 100
    assert (card.role, card.business_stage, card.effective) == (template.role, template.stage, "2026-07-01")
    assert [concern.text["en"] for concern in lint_card(card, BOOK)] == []
    open_ = [line.indicator for line in card.lines if line.target is None]
    assert tuple(open_) == made.fill
    assert set(tomllib.loads(made.text)) == {"scorecard", "line"}
    assert made.to_document()["suggestion"]


def test_there_is_a_template_for_every_stage_of_every_role_that_has_one() -> None:
    words = {template.role for template in BOOK.templates.values()}
    assert {(one.role, one.stage) for one in BOOK.templates.values()} == {(w, stage) for w in words for stage in STAGES}


def test_every_role_that_an_indicator_names_is_defined_with_those_that_score_it() -> None:
    unscored = {"activity", "base", "meta"}
    for word in {role for indicator in BOOK.indicators.values() for role in indicator.roles}:
        found = {name for role in BOOK.roles.values() if role.role == word for name in role.indicators}
        wanted = {
            one.id for one in BOOK.indicators.values() if word in one.roles and one.indicator_type not in unscored
        }
        assert wanted <= found, word
        assert found <= set(BOOK.indicators)
    operations = BOOK.roles["ecommerce.operations"]
    assert [area.title["zh-Hant"] for area in operations.areas] == ["店鋪流量提升", "轉化率優化", "客戶復購激活"]


def test_roles_and_templates_hold_together_and_go_through_their_documents() -> None:
    check(BOOK, [*BOOK.roles, *BOOK.templates])
    for definition in (*BOOK.roles.values(), *BOOK.templates.values()):
        assert from_document(to_document(definition)) == definition
        assert BOOK.digest(definition.name)


def _template(**parts: object) -> Template:
    lines = [TemplateLine("sales.win_rate", 60, {"en": "w", "zh-Hant": "w"})]
    lines.append(TemplateLine("coffee.cups", 40, {"en": "w", "zh-Hant": "w"}))
    whole = Template("local.t", role="sales", stage="growth", title={"en": "t", "zh-Hant": "t"}, lines=lines)
    return evolve(whole, **parts)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (_template(lines=[TemplateLine("a.b", 99, {"en": "w", "zh-Hant": "w"})]), "the weights sum to 99, not 100"),
        (_template(lines=[TemplateLine("a.b", 50, {"en": "w", "zh-Hant": "w"})] * 2), "is there twice"),
        (_template(lines=[TemplateLine("a.b", 100, {"en": "w"})]), "zh-Hant"),
        (_template(stage="late"), "'late' is none of"),
        (_template(period="decade"), "period cannot be"),
        (Role("local.r", role="sales", title={"en": "r", "zh-Hant": "r"}, duties=[]), "no duties"),
        (
            Role(
                "local.r",
                role="sales",
                title={"en": "r", "zh-Hant": "r"},
                duties=[Duty({"en": "d", "zh-Hant": "d"}, [])],
            ),
            "no key result areas",
        ),
        (
            Role(
                "local.r",
                role="sales",
                title={"en": "r", "zh-Hant": "r"},
                duties=[Duty({"en": "d", "zh-Hant": "d"}, [KeyResultArea({"en": "a"}, ["a.b"])])],
            ),
            "zh-Hant",
        ),
    ],
)
def test_what_does_not_hold_together_is_refused(definition: Role | Template, said: str) -> None:
    with pytest.raises(InvalidDefinition, match=said):
        check(Definitions.of([definition]))


def test_indicators_of_plugins_that_are_not_installed_are_named_when_they_are_used() -> None:
    check(Definitions.of([_template()]))

    class Beside(Catalog):
        definitions = BOOK.merged(Definitions.of([_template(role="barista")]))

    with pytest.raises(NotFound, match=r"coffee\.cups"):
        new_scorecard(Beside(PluginHost()), "barista", "growth", "2026-07-01")


def test_unknown_roles_and_stages_say_what_there_is() -> None:
    with pytest.raises(NotFound) as caught:
        new_scorecard(CATALOG, "salse", "growth", "2026-07-01")
    assert caught.value.hint == "did you mean sales?"
    with pytest.raises(NotFound, match="no template of a scorecard for the role 'scheme_owner'"):
        new_scorecard(CATALOG, "scheme_owner", "growth", "2026-07-01")
    with pytest.raises(InvalidInput, match="no business stage"):
        new_scorecard(CATALOG, "sales", "matur", "2026-07-01")
    assert new_scorecard(CATALOG, "ecommerce.operations", "growth", "2026-07-01").card.role == "ecommerce"


def test_texts_are_quoted_for_toml() -> None:
    made = new_scorecard(CATALOG, "sales", "growth", "2026-07-01", card_id="own")
    assert (made.card.id, made.card.lines[0].weight) == ("own", Decimal(40))
