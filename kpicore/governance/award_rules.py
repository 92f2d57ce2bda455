"""Awards as rules: which version is in force when, and what a planned one changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, frozen

from kpicore.definitions.book import Definitions
from kpicore.definitions.codec import digest, from_document, to_document
from kpicore.definitions.plans.award_files import UsedAward
from kpicore.definitions.plans.awards import Award, Innovation, Star
from kpicore.errors import InvalidDefinition, NotFound
from kpicore.governance.changes import Difference, DocumentChange
from kpicore.governance.in_force import version_on, versions_of
from kpicore.ledger.records import RuleRecord
from kpicore.naming import LANGUAGES, did_you_mean

__all__ = ["AWARD", "AwardInForce", "award_change", "award_in_force", "award_of"]

#: The kind under which awards are recorded as rules.
AWARD: Final = "award"


@frozen
class AwardInForce:
    """An award, and the rule change that put it in force; None where only a plugin gives it."""

    award: Award
    record: RuleRecord | None

    @property
    def digest(self) -> str:
        """SHA-256 of the award, in hexadecimal."""
        return digest(self.award)


def award_in_force(rules: Sequence[RuleRecord], installed: Definitions, name: str, day: str) -> AwardInForce:
    """The award in force on a local ISO date: the latest date, then the one recorded last; else what a plugin gives.

    Raises:
        NotFound: There is no such award, or it begins later.
    """
    records = versions_of(rules, AWARD, name)
    found = version_on(records, day)
    if found is not None:
        return AwardInForce(evolve(from_document(found.document), effective=found.effective), found)
    if records:
        first = min(str(record.effective) for record in records)
        raise NotFound(
            f"award {name} is in force from {first} on",
            code="not_in_force_yet",
            where=name,
            hint="ask for a period that starts then or later, or apply it with an earlier --effective",
        )
    if name in installed.awards:
        return AwardInForce(installed.awards[name], None)
    known = {record.name for record in rules if record.kind == AWARD} | set(installed.awards)
    hint = did_you_mean(name, known) or (
        f"there are: {', '.join(sorted(known))}" if known else "apply a file that begins with [award]"
    )
    raise NotFound(f"no award {name!r}", code="unknown_award", where=name, hint=hint)


def award_of(rule: UsedAward, installed: Definitions, where: str) -> Award:
    """The award that a file puts in force, as its plugin defines it, with what the file says otherwise.

    Raises:
        NotFound: No plugin gives it.
        InvalidDefinition: It takes no prize.
    """
    if rule.name not in installed.awards:
        hint = did_you_mean(rule.name, installed.awards) or "install the plugin that defines it"
        raise NotFound(f"no plugin gives the award {rule.name!r}", code="unknown_award", where=where, hint=hint)
    award = evolve(installed.awards[rule.name], effective=rule.effective)
    if rule.scorecards:
        award = evolve(award, scorecards=rule.scorecards)
    if rule.prize is None:
        return award
    if not isinstance(award, Star | Innovation):
        raise InvalidDefinition(f"{rule.name} takes no prize", where=where, hint="leave [prize] out")
    return evolve(award, prize=rule.prize)


def award_change(rules: Sequence[RuleRecord], award: Award, file: str) -> DocumentChange:
    """An award against the version that is in force on its date."""
    old = version_on(versions_of(rules, AWARD, award.id), str(award.effective))
    after = dict(_parts(_plain(award)))
    if old is None:
        listed = tuple(Difference(name, None, None, value) for name, value in after.items())
        return DocumentChange(AWARD, award.id, "added", award, listed, file)
    before = dict(_parts(_plain(from_document(old.document))))
    names = [*before, *(name for name in after if name not in before)]
    changed = tuple(
        Difference(name, None, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )
    return DocumentChange(AWARD, award.id, "changed" if changed else "unchanged", award, changed, file)


def _plain(award: Award) -> dict[str, Any]:
    """What an award says, without its name and date."""
    document = to_document(award)
    return {name: value for name, value in document.items() if name not in ("id", "effective")}


def _parts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The parts of a document as texts, by path: `caps payout`, `base of Ann`, `coefficient at 120`."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES):
            yield from ((f"{path} {language}", str(said)) for language, said in value.items())
            return
        for name, item in value.items():
            yield from _parts(item, f"{path} {name}".strip())
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, item in enumerate(value, 1):
            named = item.get("subject") or item.get("role") or item.get("indicator")
            if "amount" in item:
                yield f"base of {named or 'everyone'}", str(item["amount"])
            else:
                yield from _parts(item, f"{path.removesuffix('s')} {named or number}")
    elif isinstance(value, list) and value and isinstance(value[0], list):
        for total, factor in value:
            yield f"{path.removesuffix(' steps')} at {total}", str(factor)
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
