"""Explanations add up, whatever cards say and whatever happens between two evaluations.

Cards have any curves, floors, caps, policies, modifiers, gates and coefficients; facts come late, are corrected and taken
back; people move; rules change, also inside the period. Every difference is the sum of its causes, every total the sum of
its steps, and every seal replays. The suite runs 8 histories; `make laws` runs 2,000.
"""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore.evaluation.evaluate import Evaluation, evaluate
from kpicore.evaluation.explaining.causes import CAUSES, compare
from kpicore.evaluation.explaining.explain import explain
from kpicore.evaluation.history.replay import recalled, replay, seal
from kpicore.evaluation.history.rescore import restate
from kpicore.evaluation.scoring.outcome import coefficient
from kpicore.ledger.records import Batch
from kpicore.ledger.rows import check_keys
from tests.rulebook import Office

EXAMPLES = int(os.environ.get("KPICORE_LAWS_EXAMPLES", "8"))

WEIGHTS = ((60, 30, 10), (100, 0, 0), (33, 33, 34), (0, 50, 50), (20, 80, 0))
#: Curves of a sum of money, of a share, and of a number that is better low.
REVENUE_CURVES = (
    'target = "1000"\ncap = "1.5"',
    'target = "800"\nfloor = "-1"',
    'target = "1000"\ncurve = "linear"\nzero = "-500"',
    'target = "1000"\ncurve = "steps"\ntiers = "highest"\nsteps = [["0.5", "40"], ["1", "100"], ["1.2", "130"]]',
    'target = "1000"\ncurve = "steps"\ntiers = "marginal"\nsteps = [["0", "100"], ["1", "150"]]',
    'curve = "steps"\ntiers = "interpolated"\nof = "value"\nsteps = [["100", "0"], ["700", "90"], ["1500", "140"]]',
    'target = "900"\ncurve = "points_per_step"\npartial = "against"',
    'curve = "range"\nlo0 = 0\nlo = 500\nhi = 900\nhi0 = 2000',
)
RATE_CURVES = (
    'target = "0.5"',
    'target = "0.6"\ncurve = "points_per_step"\npoints = 3\nper = "2.5"\nmin = 20',
    'curve = "milestone"\nyes = 90\nno = 30',
    'target = "0.5"\ncurve = "steps"\ntiers = "interpolated"\nsteps = [["0.6", "50"], ["1.1", "120"]]',
)
LOSS_CURVES = (
    'target = "2"',
    'target = "2"\ncurve = "inverse_ratio"\ncap = "1.3"',
    'curve = "milestone"\nlate = [[1, 80], [2, 50], [4, 0]]',
    'target = "3"\ncurve = "points_per_step"\npartial = "proportional"',
)
AFTER = (
    '[[gate]]\nindicator = "sales.losses"\nabove = "2"\ntotal = "0"\n',
    '[[gate]]\nindicator = "sales.win_rate"\nbelow = "0.4"\ncap = "55.5"\nempty = "apply"\n',
    '[[gate]]\nindicator = "sales.revenue_won"\nbelow = "50"\ncap = "70"\n',
    '[[modifier]]\nindicator = "sales.win_rate"\nabove = "0.7"\nfactor = "1.15"\n',
    '[[modifier]]\nindicator = "sales.losses"\nabove = "1"\nfactor = "0.333"\n',
    '[[modifier]]\ntitle = "north"\nsubject = "ann"\nfactor = "1.07"\n',
    '[coefficient]\nkind = "linear"\nsteps = [["50", "0"], ["90", "1"], ["120", "1.7"]]\n',
)
POLICIES = ('"redistribute"', '"keep"', '"floor"', '"target"', '"last"', '["last", "keep"]', '["last", "target"]')


@st.composite
def cards(draw: st.DrawFn) -> str:
    weights = draw(st.sampled_from(WEIGHTS))
    lines = [
        f'[[line]]\nindicator = "{name}"\nweight = "{weight}"\n{draw(st.sampled_from(curves))}\n'
        for name, weight, curves in zip(
            ("sales.revenue_won", "sales.win_rate", "sales.losses"),
            weights,
            (REVENUE_CURVES, RATE_CURVES, LOSS_CURVES),
            strict=True,
        )
    ]
    cap = draw(st.sampled_from(["", 'cap = "95"\n']))
    head = (
        '[scorecard]\nid = "sales_rep"\ntitle = "Sales"\nrole = "sales"\nperiod = "quarter"\neffective = 2017-01-01\n'
    )
    empty = f"[empty]\nno_denominator = {draw(st.sampled_from(POLICIES))}\n"
    after = draw(st.lists(st.sampled_from(AFTER), max_size=3, unique=True))
    return head + cap + "".join(lines) + empty + "".join(after)


DEALS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["ann", "bob", "cid"]), st.integers(0, 1500)),
    min_size=1,
    max_size=3,
)
DAYS = st.sampled_from(["2016-12-20", "2017-01-10", "2017-02-20", "2017-03-31"])
HAPPENED = st.one_of(
    st.tuples(st.just("won"), DEALS, DAYS),
    st.tuples(st.just("lost"), DEALS, DAYS),
    st.tuples(st.just("gone"), st.sampled_from("abcdef"), st.just("")),
    st.tuples(st.just("card"), cards(), st.sampled_from(["2017-01-01", "2017-02-10"])),
    st.tuples(st.just("joins"), st.sampled_from(["ann", "bob", "dan"]), st.sampled_from(["2017-01-01", "2017-02-05"])),
    st.tuples(st.just("seals"), st.just(""), st.just("")),
)


def _happens(office: Office, what: str, how: Any, when: str) -> None:
    if what == "won":
        office.won(*how, day=when)
    elif what == "lost":
        office.lost(*((deal, owner) for deal, owner, _ in how), day=when)
    elif what == "gone":
        definition = office.book.fact_types["deal_won"]
        table, _ = check_keys(definition, [how])
        name = f"take {office.ledger.cut().facts}"
        office.ledger.record([Batch(definition, table, "crm", name, kind="retraction", reason="test deal")])
    elif what == "card":
        office.apply(how, effective=when)
    elif what == "joins":
        person = {"role": "sales", "effective_from": f"{when}T00:00:00Z", "occurred_at": f"{when}T00:00:00Z"}
        office.record("employee_assigned", [{"employee_id": how, **person}])
    else:
        seal(office.world, evaluate(office.world, "sales_rep", "2016-Q4"), "hr")


def _adds_up(office: Office, evaluation: Evaluation) -> None:
    """Steps come to totals, and coefficients follow from them."""
    rule = evaluation.card.coefficient
    for one in explain(office.world, evaluation.id).to_document()["subjects"]:
        if one["total"] is None:
            assert one["coefficient"] is None
            continue
        total = Decimal(one["total"])
        assert sum((Decimal(step["points"]) for step in one["steps"]), Decimal(0)) == total
        wanted = None if rule is None else coefficient(total, rule)
        assert one["coefficient"] == (None if wanted is None else f"{wanted.normalize():f}")
        shares = [Decimal(line["contribution"]) for line in one["lines"] if line["contribution"] is not None]
        assert abs(sum(shares, Decimal(0)) - Decimal(one["sum"])) <= Decimal("0.000001")


@given(cards(), st.lists(HAPPENED, max_size=3), st.lists(HAPPENED, max_size=4))
@settings(max_examples=EXAMPLES)
def test_explanations_add_up(
    tmp_path_factory: pytest.TempPathFactory, card: str, first: list[Any], then: list[Any]
) -> None:
    office = Office(tmp_path_factory.mktemp("office"))
    try:
        office.apply(card, effective="2016-01-01")
        office.won(("a", "ann", 600), ("b", "bob", 300), day="2017-02-01")
        office.lost(("c", "ann"), day="2016-12-01")
        for event in first:
            _happens(office, *event)
        before = evaluate(office.world, "sales_rep", "2017-Q1")
        old = seal(office.world, before, "hr")
        for event in then:
            _happens(office, *event)
        after = evaluate(office.world, "sales_rep", "2017-Q1")
        new = seal(office.world, after, "hr")
        for sealed, evaluation in ((old, before), (new, after)):
            assert replay(office.world, sealed.id).identical
            assert recalled(office.world, sealed.id).to_document() == evaluation.to_document()
            _adds_up(office, evaluation)
        for comparison in (compare(before, after), restate(office.world, old.id).comparison):
            for one in comparison.subjects:
                assert sum((cause.points for cause in one.causes), Decimal(0)) == one.difference
                assert all(cause.points and cause.evidence for cause in one.causes)
                order = [CAUSES.index(cause.cause) for cause in one.causes]
                assert order == sorted(order)
    finally:
        office.close()
