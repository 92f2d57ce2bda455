"""A quarter in which much happened: rules that change inside it, a modifier, a gate, a dispute, an override, a bonus."""

from __future__ import annotations

from pathlib import Path

from kpicore.governance.adjustments import Adjustments, Override
from kpicore.governance.disputes import Disputes
from kpicore.reports.report.report import Report, report
from tests.rulebook import CARD
from tests.unit.governance.awards.house import BONUS, House
from tests.unit.reports.report.test_gates import MORE

NAMES = ("Ann Chen", "王小明", "Carla Fernández de la Vega y Santos")


def eventful(folder: Path) -> Report:
    """The report of everyone in the second quarter."""
    house = House(folder)
    card = CARD.replace("effective = 2017-01-01\n", 'effective = 2017-01-01\ncap = "140"\n') + MORE
    house.apply(card, BONUS.replace('"rep"', '"sales_rep"'))
    house.apply(
        card.replace('"60"', '"50"').replace('"40"', '"50"'), effective="2017-05-15", by="chief", reason="quality"
    )
    house.hire(*NAMES, "Eve")
    for quarter, day in enumerate(("2017-02-01", "2017-04-20", "2017-06-01")):
        for place, name in enumerate(NAMES):
            house.won((f"w{quarter}{place}", name, 300 + 250 * place + 77 * quarter), day=day)
            house.lost(*[(f"l{quarter}{place}{n}", name) for n in range((place + quarter) % 4)], day=day)
    sealed = house.sealed("2017-Q2", "sales_rep")
    disputes = Disputes(lambda: house.world)
    name = disputes.open(sealed, NAMES[0], by=NAMES[0], reason="deal w29 is missing").name
    disputes.answer(name, "it came late", by="hr")
    disputes.accept(name, by="boss", reason="granted")
    override = Override(sealed, NAMES[0], "the late deal", total="95", dispute=name)
    Adjustments(lambda: house.world).record(override, by="boss")
    house.pay(period="2017-Q2")
    found = report(house.world, sealed)
    house.close()
    return found
