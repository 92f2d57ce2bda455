"""Pages of roles in the handbook: duties, key result areas, the indicators that tell of them, and templates."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.canonical import decimal_text
from kpicore.definitions.book import Definitions
from kpicore.definitions.plans.roles import Role
from kpicore.definitions.plans.templates import STAGES, Template
from kpicore.naming import translated
from kpicore.reports.handbook.pages import Block, Bullets, Code, Heading, Line, Link, Page, Paragraph, Table
from kpicore.reports.handbook.words import called, say

__all__ = ["role_pages", "roles_index", "roles_of"]


def roles_of(book: Definitions, indicator: str) -> tuple[str, ...]:
    """The words of the roles that are scored by an indicator: those that it names, and those whose areas name it."""
    named = book.indicators[indicator].roles
    areas = {role.role for role in book.roles.values() if indicator in role.indicators}
    return (*named, *sorted(areas - set(named)))


def role_pages(book: Definitions, roles: Mapping[str, Role], pages: frozenset[str], language: str) -> list[Page]:
    """A page for each role.

    Args:
        book: All definitions.
        roles: The roles that get a page, by name.
        pages: Indicators that have a page.
        language: `en` or `zh-Hant`.
    """
    return [_page(book, role, pages, language) for role in roles.values()]


def roles_index(roles: Mapping[str, Role], language: str) -> list[Block]:
    """The links to the pages of roles."""
    if not roles:
        return []
    rows = tuple((Link(translated(role.title, language), name),) for name, role in roles.items())
    return [Heading(say("roles", language)), Bullets(rows)]


def _page(book: Definitions, role: Role, pages: frozenset[str], language: str) -> Page:
    blocks: list[Block] = []
    if role.definition:
        blocks.append(Paragraph((translated(role.definition, language),)))
    blocks.append(Paragraph((say("role_word", language), say("colon", language), Code(role.role))))
    for duty in role.duties:
        blocks.append(Heading(translated(duty.title, language)))
        for area in duty.areas:
            blocks.append(Heading(translated(area.title, language), 3))
            blocks.append(Bullets(tuple(_way(book, name, pages, language) for name in area.indicators)))
    templates = [one for one in book.templates.values() if one.role == role.role]
    if templates:
        blocks += [Heading(say("templates", language)), Paragraph((say("suggestion", language),))]
        for one in sorted(templates, key=lambda one: (STAGES.index(one.stage), one.name)):
            blocks += _template(book, one, pages, language)
    return Page(role.name, translated(role.title, language), language, tuple(blocks))


def _template(book: Definitions, template: Template, pages: frozenset[str], language: str) -> list[Block]:
    head = (say("indicator", language), say("weight", language), say("why", language))
    rows = tuple(
        (
            _way(book, line.indicator, pages, language),
            (decimal_text(line.weight),),
            (translated(line.why, language),),
        )
        for line in template.lines
    )
    return [Heading(called("stage", template.stage, language), 3), Table(head, rows)]


def _way(book: Definitions, name: str, pages: frozenset[str], language: str) -> Line:
    known = book.indicators.get(name)
    if known is None or name not in pages:
        return (Code(name),)
    return (Link(translated(known.title, language), name),)
