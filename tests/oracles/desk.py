"""A made-up marketing department: small pools of names, so that everything meets everything, and awkward instants."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.oracles.losses import losses

HOUR = 3_600_000_000
DAY = 24 * HOUR
ZONE = "Asia/Taipei"
Row = dict[str, Any]


def local(year: int, month: int, day: int = 1) -> int:
    """Midnight in Taipei, in µs UTC."""
    moment = datetime(year, month, day, tzinfo=UTC) - timedelta(hours=8)
    return round(moment.timestamp()) * 1_000_000


PERIODS = {f"2026-{month:02}": (local(2026, month), local(2026, month + 1)) for month in (1, 2, 3)}
START, END = local(2025, 9), local(2026, 6)

#: What the columns that say who is credited hold.
KINDS = {
    "owner_id": "person",
    "author_id": "person",
    "holder_id": "person",
    "employee_id": "person",
    "subject_id": "person",
    "content_team_id": "team",
    "team_id": "team",
    **{f"{thing}_id": thing for thing in ("channel", "campaign", "live", "region", "store", "community")},
    "budget_line": "budget_line",
}

PEOPLE = ["ann", "bo", "cy", "di", "eve"]
PARENTS = {"north": "sales", "south": "sales", "sales": None, "brand": None}
CHANNELS, CAMPAIGNS = ["fair", "search", "social"], ["spring", "autumn"]
REGIONS, LIVES = ["r1", "r2", "r3"], ["l1", "l2"]
NEW_CHANNELS = [f"new{n}" for n in range(12)]
CONTENTS, UNITS, LINES = ["k1", "k2", "k3"], [f"u{n}" for n in range(20)], ["ads", "events"]


class Desk:
    """Facts of one seed, and who was where when."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self._people()
        self._market()
        self._money()
        self._partners()
        self._edges()
        self.rows["deal_lost"] += losses(self.rows["lead_created"], random.Random(seed))

    def fact(self, fact_type: str, at: int, **fields: Any) -> Row:
        self.rows[fact_type].append({"occurred_at": at, "source": self.random.choice(["crm", "erp"]), **fields})
        return self.rows[fact_type][-1]

    def at(self, start: int = START, end: int = END) -> int:
        """An instant, mostly in the measured months, and often a local midnight."""
        moment = self.random.randrange(start, end)
        if (start, end) == (START, END) and self.random.random() < 0.7:
            moment = self.random.randrange(local(2025, 12, 20), local(2026, 4, 20))
        return moment - (moment - START) % (DAY if self.random.random() < 0.6 else HOUR)

    def past(self, days: int) -> int:
        """So many days after the end of a period, or the instant before."""
        _start, end = self.random.choice(list(PERIODS.values()))
        return end + days * DAY - self.random.choice([0, 1])

    def maybe(self, names: list[str], likely: float = 0.7) -> str | None:
        return self.random.choice(names) if self.random.random() < likely else None

    def origin(self) -> Row:
        return {
            "channel_id": self.maybe(CHANNELS, 0.9),
            "campaign_id": self.maybe(CAMPAIGNS, 0.5),
            "content_id": self.maybe(CONTENTS, 0.5),
            "live_id": self.maybe(LIVES, 0.4),
            "ad_unit_id": self.maybe(UNITS[:9], 0.3),
        }

    def _people(self) -> None:
        for team, parent in PARENTS.items():
            self.fact("team_defined", START, team_id=team, parent_team_id=parent, effective_from=START - DAY)
        for person in PEOPLE:
            for start in (START, self.at(local(2026, 1), local(2026, 4))):
                self.fact(
                    "employee_assigned",
                    start,
                    employee_id=person,
                    effective_from=start,
                    role="marketing",
                    team_id=self.maybe(["north", "south", "brand"], 0.9),
                    territory=self.maybe(REGIONS[:2]),
                )
        things = [("channel", CHANNELS), ("campaign", CAMPAIGNS), ("live", LIVES), ("region", REGIONS)]
        for kind, names in [*things, ("budget_line", LINES)]:
            for name in names:
                turn = self.at(local(2026, 1), local(2026, 3))
                for start, end in ((START, turn), (turn, None)):
                    who: Row = {"employee_id": self.random.choice(PEOPLE)}
                    if self.random.random() < 0.3:
                        who = {"team_id": self.random.choice(["north", "brand"])}
                    span = {"valid_from": start, "valid_to": end}
                    self.fact("responsibility_assigned", start, kind=kind, id=name, **span, **who)
        for currency, start, rate in (("USD", START, "31.5"), ("USD", local(2026, 2, 10), "32.12345678")):
            self.fact(
                "exchange_rate_set", start, currency=currency, base_currency="TWD", effective_from=start, rate=rate
            )

    def _market(self) -> None:
        contacts, customers = [f"c{n}" for n in range(45)], [f"C{n}" for n in range(45)]
        for name in CONTENTS:
            for _ in range(self.random.choice([1, 2])):
                self.fact(
                    "content_published",
                    self.at(START, local(2025, 11)),
                    content_id=name,
                    owner_id=self.random.choice(PEOPLE),
                    author_id=self.maybe(PEOPLE, 0.5),
                    team_id=self.random.choice(["north", "brand"]),
                )
        self.dedupe("content_published", "content_id")
        for contact, customer in zip(contacts[:36], customers, strict=False):
            self.fact("identity_linked", START, kind="contact", id=contact, customer_id=customer)
        for name in LIVES:
            held = self.at()
            self.fact("live_held", held, live_id=name, ended_at=held + 2 * HOUR)
        for n in range(110):
            contact, moment = self.maybe(contacts, 0.9), self.at() if n % 9 else self.past(14)
            if n and self.random.random() < 0.15:
                before = self.rows["lead_created"][-1]
                contact, moment = before["contact_key"], before["occurred_at"] + 90 * DAY
            lead = {"lead_id": f"L{n}", "contact_key": contact, "owner_id": self.maybe(PEOPLE, 0.9)}
            self.fact("lead_created", moment, **lead, region_id=self.maybe(REGIONS, 0.8), **self.origin())
            for m in range(self.random.choice([0, 1, 1, 2])):
                verdict = self.random.choice([True, True, False, None])
                due = moment + self.random.randrange(9) * DAY
                said = {"qualification_id": f"Q{n}-{m}", "criteria_version": ("1", "2", None)[(n + m) % 3]}
                self.fact("lead_qualified", due, lead_id=f"L{n}", valid=verdict, **said)
            for m in range(self.random.choice([0, 1, 2, 3])):
                self.fact(
                    "touch_recorded",
                    moment - self.random.choice([-1, 0, 0, 1, 7, 8, 15, 30, 31]) * DAY,
                    touch_id=f"T{n}-{m}",
                    contact_key=contact,
                    kind=self.random.choice(["click", "view", "direct", None]),
                    **self.origin(),
                )
            if self.random.random() < 0.7:
                won = moment + self.random.randrange(-2, 40) * DAY
                own = {"owner_id": self.maybe(PEOPLE), "customer_id": self.maybe(customers, 0.8), "channel_id": "fair"}
                lead_id = f"L{n}" if n % 8 else None
                self.fact("deal_won", won, deal_id=f"D{n}", lead_id=lead_id, amount="10", **own)
        for n in range(120):
            self._order(n, customers)
        for n in range(50):
            person = {"customer_id": self.maybe(customers, 0.5), "contact_key": self.maybe(contacts, 0.6)}
            own = {"campaign_id": self.random.choice(CAMPAIGNS), "owner_id": self.maybe(PEOPLE)}
            moment = self.at()
            self.fact("campaign_joined", moment, participation_id=f"J{n}", **own, **person)
            kind = self.random.choice(["consult", "like", None])
            later = moment + self.random.choice([0, 1, 29, 30, 31]) * DAY
            campaign = self.maybe(CAMPAIGNS, 0.4)
            self.fact("interaction_logged", later, interaction_id=f"I{n}", kind=kind, campaign_id=campaign, **person)

    def _order(self, n: int, customers: list[str]) -> None:
        moment, deal, touch = (
            self.at() if n % 9 else self.past(30),
            self.maybe([f"D{m}" for m in range(110)], 0.6),
            None,
        )
        if self.random.random() < 0.4:
            touch = self.random.choice([row for row in self.rows["touch_recorded"] if row["live_id"]])
            moment = touch["occurred_at"] + self.random.choice([0, 24, 25, 26]) * HOUR
        order = self.fact(
            "order_paid",
            moment,
            order_id=f"O{n}",
            deal_id=deal,
            customer_id=self.maybe(customers, 0.95),
            owner_id=self.maybe(PEOPLE),
            gross=str(self.random.randrange(100, 100_000)),
            discount="7.77",
            tax="1.23",
            cogs="50",
            currency=self.random.choice(["TWD", "USD", None]),
            channel_id=self.maybe([*CHANNELS, "P1", "P2"], 0.8),
            campaign_id=self.maybe(CAMPAIGNS, 0.3),
        )
        if touch is not None and self.random.random() < 0.8:
            linked = [row for row in self.rows["identity_linked"] if row["id"] == touch["contact_key"]]
            order["customer_id"] = linked[0]["customer_id"] if linked else order["customer_id"]
        whole = str(Decimal(order["gross"]) - 9)
        back = moment + self.random.choice([1, 7, 8]) * DAY
        if self.random.random() < 0.2:
            amount = self.random.choice([whole, "33.3333"])
            self.fact("order_refunded", back, refund_id=f"R{n}", order_id=f"O{n}", amount=amount, cogs_reversed="5")
        elif self.random.random() < 0.1:
            self.fact("order_cancelled", back, order_id=f"O{n}", amount=whole, cogs_reversed="50")

    def _money(self) -> None:
        for n in range(60):
            moment = self.at()
            start = moment - self.random.randrange(60) * DAY
            service: Row = {"service_from": start, "service_to": start + self.random.choice([1, 30, 61]) * DAY}
            self.fact(
                "spend_booked",
                moment,
                spend_id=f"S{n}",
                owner_id=self.maybe(PEOPLE),
                amount=str(self.random.randrange(10, 9_999)) + ".37",
                currency=self.random.choice(["TWD", "USD"]),
                cost_type=self.random.choice(["media", "labour", "brand", None]),
                budget_line=self.maybe(LINES),
                **(service if self.random.random() < 0.6 else {}),
                **{
                    **self.origin(),
                    "ad_unit_id": self.maybe(UNITS, 0.6),
                    "campaign_id": self.maybe([*CAMPAIGNS, "quiet"], 0.6),
                },
            )
        for line in LINES:
            starts = [local(2026, 1), self.at(local(2026, 1), local(2026, 4))]
            for start in dict.fromkeys(starts):
                span = {"valid_from": start, "valid_to": local(2026, 4)}
                self.fact("budget_set", START, budget_line=line, amount="91000.01", currency="TWD", **span)
        for n in range(30):
            moment, own = self.at(), {"owner_id": self.maybe(PEOPLE), "team_id": self.maybe(["north", "brand"])}
            channel = self.random.choice([*NEW_CHANNELS, "fair", None])
            self.fact("channel_trial_started", moment, trial_id=f"X{n}", channel_id=channel, budget="9000", **own)
            if self.random.random() < 0.8:
                self.rows["channel_trial_started"][-1]["budget"] = self.random.choice(["10000", None])
            if self.random.random() < 0.7:
                result = self.random.choice(["validated", "dropped", None])
                ended = moment + self.random.choice([3, 13, 14, 15]) * DAY
                said = {"trial_id": f"X{n}", "result": result, "evidence": "a report" if n % 2 else None}
                self.fact("channel_trial_concluded", ended, **said, **own)

    def _partners(self) -> None:
        for n in range(30):
            moment, partner = self.at(), f"P{n % 9}"
            self.fact(
                "partner_signed",
                moment,
                signing_id=f"G{n}",
                partner_id=partner,
                region_id=self.maybe(REGIONS, 0.9),
                region_level=self.maybe(["county", "city"], 0.7),
                contract_value=self.random.choice(["100", "350.5", None]),
                renewal=self.random.choice([None, False, True]),
                hq_id=self.maybe(["H1"], 0.3),
                owner_id=self.maybe(PEOPLE),
            )
            if self.random.random() < 0.4:
                ended = moment + self.random.choice([-1, 0, 30, 31, 90]) * DAY
                region = self.maybe(REGIONS, 0.7)
                self.fact("partner_terminated", ended, termination_id=f"E{n}", partner_id=partner, region_id=region)
            low, high = self.random.choice([(1, 5), (0, 10), (1, 7)])
            self.fact(
                "survey_answered",
                self.at(),
                answer_id=f"A{n}",
                survey_id="S",
                wave=self.random.choice(["w1", "w2"]),
                kind=self.random.choice(["partner", "partner", "nps"]),
                respondent_id=partner,
                owner_id=self.maybe(PEOPLE),
                score=self.random.randrange(low, high + 1),
                scale_min=low,
                scale_max=high,
            )
        for region in REGIONS:
            for start in (START, self.at(local(2026, 1), local(2026, 4))):
                level, open_ = self.random.choice(["county", "city"]), self.random.choice([True, True, False])
                listing = {"region_id": region, "effective_from": start, "owner_id": self.maybe(PEOPLE)}
                self.fact("region_listed", start, **listing, region_level=level, addressable=open_)

    def _edges(self) -> None:
        """What happens at the last instant that counts, and at the next."""
        for n, (start, end) in enumerate(PERIODS.values()):
            for late in (0, 1):
                name = f"edge{n}-{late}"
                spend = {"spend_id": name, "ad_unit_id": name, "amount": "100", "currency": "TWD", "cost_type": "media"}
                self.fact("spend_booked", start, **spend, **dict.fromkeys(("channel_id", "campaign_id", "content_id")))
                self.rows["spend_booked"][-1].update(live_id=None, budget_line=None, owner_id="ann")
                lead = {"lead_id": name, "contact_key": None, "owner_id": "ann", "region_id": None, "ad_unit_id": name}
                origin = dict.fromkeys(("channel_id", "campaign_id", "content_id", "live_id"))
                self.fact("lead_created", end + 14 * DAY - 1 + late, **lead, **origin)
                stream = self.fact("live_held", start, live_id=name, ended_at=start + 2 * HOUR)
                self.fact("identity_linked", START, kind="contact", id=name, customer_id=name)
                touch = {"touch_id": name, "contact_key": name, "kind": "view", "ad_unit_id": None}
                self.fact("touch_recorded", start, **touch, **{**origin, "live_id": name})
                order = {"order_id": name, "customer_id": name, "gross": "9", "discount": "0", "tax": "0", "cogs": "1"}
                nowhere: Row = dict.fromkeys(("deal_id", "currency", "channel_id", "campaign_id"))
                self.fact("order_paid", stream["ended_at"] + DAY + late, owner_id="bo", **order, **nowhere)
                trial = {"trial_id": name, "channel_id": name, "owner_id": "cy", "team_id": "brand"}
                self.fact("channel_trial_started", start, **trial, budget=None)
                self.fact("channel_trial_concluded", start + 14 * DAY - late, **trial, result=None)
                listing = {"region_id": name, "effective_from": START, "region_level": "city", "addressable": True}
                self.fact("region_listed", START, owner_id="di", **listing)
                signing = {"signing_id": name, "partner_id": name, "region_id": name, "owner_id": "di"}
                unknown: Row = dict.fromkeys(("region_level", "contract_value", "renewal", "hq_id"))
                self.fact("partner_signed", START, **signing, **unknown)
                ended = {"termination_id": name, "partner_id": name, "region_id": name}
                self.fact("partner_terminated", end - late, **ended)

    def dedupe(self, fact_type: str, key: str) -> None:
        """Leave one row for each identity, as the ledger would."""
        self.rows[fact_type] = list({(row["source"], row[key]): row for row in self.rows[fact_type]}.values())

    def base(self, amount: str | Decimal, currency: str | None, at: int) -> Decimal:
        """Money in TWD at the rate of the instant, with four places."""
        rate = Decimal(1)
        if currency == "USD":
            rate = Decimal("31.5") if at < local(2026, 2, 10) else Decimal("32.12345678")
        return (Decimal(amount) * rate).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def team(self, person: str | None, at: int) -> str | None:
        rows = self.rows["employee_assigned"]
        before = [row for row in rows if row["employee_id"] == person and row["effective_from"] <= at]
        return max(before, key=lambda row: row["effective_from"])["team_id"] if before else None

    def subjects(self, level: str, column: str, row: Row, at: int) -> list[str | None]:
        """Whom a row counts for."""
        kind, who = KINDS[column], row.get(column)
        if level == "company":
            return [None]
        team = who
        if kind == "person":
            team = self.team(who, at)
        elif kind != "team":
            held = [one for one in self.rows["responsibility_assigned"] if (one["kind"], one["id"]) == (kind, who)]
            now = [one for one in held if one["valid_from"] <= at and (one["valid_to"] is None or at < one["valid_to"])]
            who = now[0].get("employee_id") if now else None
            team = (now[0].get("team_id") if now else None) or self.team(who, at)
        if level == "person":
            return [None if kind == "team" else who]
        return [team, PARENTS[team]] if PARENTS.get(team) else [team]


class Tally:
    """Numerators and denominators by subject, period and break-down, as somebody would count them by hand."""

    def __init__(self, desk: Desk, level: str, credit: str, by: Iterable[str] = ()) -> None:
        self.desk, self.level, self.credit, self.by = desk, level, credit, tuple(by)
        self.sums: dict[tuple[Any, ...], list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
        self.sets: dict[tuple[Any, ...], list[set[Any]]] = defaultdict(lambda: [set(), set()])
        self.wholes: dict[str, Fraction] = defaultdict(Fraction)
        #: What numerators are multiplied by, such as 100 for a share that is said in points.
        self.factor = 1

    def keys_of(self, period: str, row: Row, at: int) -> list[tuple[Any, ...]]:
        """The cells that a row counts in."""
        dims = [row.get(dim) for dim in self.by]
        return [(who, period, *dims) for who in self.desk.subjects(self.level, self.credit, row, at)]

    def add(self, side: int, period: str, row: Row, amount: Any = 1, at: int | None = None) -> None:
        """Add an amount to the numerator (0) or denominator (1)."""
        for key in self.keys_of(period, row, row["occurred_at"] if at is None else at):
            self.sums[key][side] += Fraction(amount)

    def note(self, side: int, period: str, row: Row, what: Any, at: int | None = None) -> None:
        """Note a value that counts once."""
        for key in self.keys_of(period, row, row["occurred_at"] if at is None else at):
            self.sets[key][side].add(what)

    def whole(self, period: str, amount: Any = 1) -> None:
        """Add to the denominator of every cell of a period."""
        self.wholes[period] += Fraction(amount)

    def cell(self, key: tuple[Any, ...]) -> tuple[Fraction, Fraction]:
        """Numerator and denominator of one cell."""
        sums, sets = self.sums.get(key, (0, 0)), self.sets.get(key, ((), ()))
        whole = self.wholes.get(key[1], 0)
        return Fraction(sums[0] + len(sets[0])) * self.factor, Fraction(sums[1] + len(sets[1]) + whole)

    def keys(self) -> set[tuple[Any, ...]]:
        """Cells that something was counted in."""
        return set(self.sums) | set(self.sets)


def periods_of(at: int, before: int = 0, after: int = 0) -> list[str]:
    """The periods that hold an instant, each moved or stretched at its ends by µs."""
    return [name for name, (start, end) in PERIODS.items() if start + before <= at < end + after]
