"""The made-up department with everything around its sales: tiers, surveys, contracts, care, growth and compliance."""

from __future__ import annotations

from itertools import product

from tests.oracles.desk import CHANNELS, DAY, HOUR, PEOPLE, PERIODS, START, Desk, Row, local

CUSTOMERS = [f"C{n}" for n in range(45)]
TEAMS = ["north", "south", "brand", "sales"]


class House(Desk):
    """A desk of one seed with more facts."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._sales()
        self._surveys()
        self._contracts()
        self._care()
        self._growth()
        self._compliance()
        self._variants()

    def near(self, moment: int, days: int) -> int:
        """So many days after an instant, or just before or after that."""
        return moment + days * DAY + self.random.choice([-1, 0, 0, 1])

    def who(self) -> Row:
        return {"owner_id": self.maybe(PEOPLE, 0.9), "team_id": self.maybe(TEAMS, 0.8)}

    def _sales(self) -> None:
        for n in range(40):
            self._order(1000 + n, CUSTOMERS[20:])
            before = self.at(local(2024, 12), local(2025, 5))
            back = before - self.rows["order_paid"][-1]["occurred_at"]
            # The first rate of exchange is younger than that.
            self.rows["order_paid"][-1].update(occurred_at=before, currency="TWD")
            for name in ("order_refunded", "order_cancelled"):
                if self.rows[name] and self.rows[name][-1]["order_id"] == f"O{1000 + n}":
                    self.rows[name][-1]["occurred_at"] += back
        for row in self.rows["order_refunded"]:
            if self.random.random() < 0.5:
                [paid] = [order for order in self.rows["order_paid"] if order["order_id"] == row["order_id"]]
                row["occurred_at"] = self.near(paid["occurred_at"], 30)
        for n in range(40):
            self.fact("deal_lost", self.at(), deal_id=f"D{1000 + n}", owner_id=self.maybe(PEOPLE))
        for row in self.rows["deal_won"]:
            row["customer_id"] = self.maybe(CUSTOMERS, 0.8)
        for row in self.rows["lead_created"]:
            row["tier"] = self.maybe(["hnw", "mass"], 0.4)
        for customer in CUSTOMERS:
            days = self.random.sample(range(250), self.random.choice([0, 1, 2, 3]))
            for day in days:
                tier, segment = self.maybe(["hnw", "mass"]), self.maybe(["key", "other"])
                moment = START + day * DAY
                spell = {"customer_id": customer, "effective_from": moment, "tier": tier, "segment": segment}
                self.fact("customer_tiered", moment, **spell, owner_id=self.maybe(PEOPLE))
        leads = [row for row in self.rows["lead_created"] if row["contact_key"]]
        for row in self.random.sample(leads, 12):
            linked = [one for one in self.rows["identity_linked"] if one["id"] == row["contact_key"]]
            if linked and not any(
                one["customer_id"] == linked[0]["customer_id"] for one in self.rows["customer_tiered"]
            ):
                moment = self.near(row["occurred_at"], 7)
                spell = {"customer_id": linked[0]["customer_id"], "effective_from": moment, "tier": "hnw"}
                self.fact("customer_tiered", moment, **spell, segment="key", owner_id=None)

    def _surveys(self) -> None:
        scales = {"nps": [(0, 10), (0, 10), (0, 5)], "csat": [(1, 5), (1, 5), (0, 10)], "cross_dept": [(1, 5), (0, 6)]}
        for n in range(160):
            kind = self.random.choice(list(scales))
            low, high = self.random.choice(scales[kind])
            raters = PEOPLE if kind == "cross_dept" else [f"r{m}" for m in range(20)]
            self.fact(
                "survey_answered",
                self.at(),
                answer_id=f"B{n}",
                survey_id="S",
                wave=self.random.choice(["w1", "w2"]),
                kind=kind,
                scale=self.maybe(["request_response", "quality"], 0.6),
                respondent_id=self.maybe([*raters, "stranger"], 0.9),
                owner_id=self.maybe(PEOPLE, 0.9),
                subject_id=self.maybe(PEOPLE[:2], 0.3),
                team_id=self.maybe(TEAMS, 0.4),
                score=self.random.choice([None, high + 1, *range(low, high + 1), *range(low, high + 1)]),
                scale_min=low,
                scale_max=high,
            )

    def _contracts(self) -> None:
        dues = [start + days * DAY for (start, _), days in product(PERIODS.values(), (0, 10, 20))]
        for n, due in product(range(12), dues):
            if self.random.random() < 0.5:
                continue
            term = {"subscription_id": f"N{n}", "due_at": due}
            value = {"value": str(self.random.randrange(100, 999)), "currency": "USD"}
            self.fact("subscription_due", due - 100 * DAY, **term, **value, owner_id=self.maybe(PEOPLE))
            for name in ("subscription_renewed", "subscription_churned"):
                if self.random.random() < (0.7 if name == "subscription_renewed" else 0.3):
                    moment = self.near(due, self.random.choice([-40, 0, 29, 30, 30, 31]))
                    self.fact(name, moment, **term, owner_id=self.maybe(PEOPLE))

    def _care(self) -> None:
        orders = [row["order_id"] for row in self.rows["order_paid"]]
        for n in range(60):
            moment, complaint = self.at(), f"P{n}"
            self.fact(
                "complaint_opened",
                moment,
                complaint_id=complaint,
                order_id=self.maybe([*orders, "unknown"], 0.8),
                owner_id=self.maybe(PEOPLE),
                channel_id=self.maybe(CHANNELS, 0.5),
                valid=self.random.choice([None, True, True, False]),
            )
            for m in range(self.random.choice([0, 1, 2])):
                answered = moment + self.random.choice([-1, 0, 5, 24, 24, 25]) * HOUR + self.random.choice([0, 1])
                kind = self.random.choice(["human", "human", "bot", None])
                self.fact(
                    "complaint_responded", answered, response_id=f"{n}-{m}", complaint_id=complaint, responder_kind=kind
                )
            if self.random.random() < 0.4:
                verdict = self.random.choice([True, False, None])
                self.fact("complaint_closed", moment + 9 * DAY, complaint_id=complaint, valid=verdict)
        for n in range(50):
            due, task = self.at(), f"T{n}"
            cancelled = self.random.choice([None, False, False, True])
            self.fact(
                "research_assigned",
                due - 20 * DAY,
                task_id=task,
                due_at=due,
                owner_id=self.maybe(PEOPLE),
                cancelled=cancelled,
            )
            if self.random.random() < 0.7:
                self.fact("research_completed", self.near(due, self.random.choice([-30, 0, 0, 3])), task_id=task)

    def _growth(self) -> None:
        for n, version in product(range(30), (1, 2)):
            if version == 1 or self.random.random() < 0.4:
                moment = self.at() if n % 3 else self.at(local(2025, 1), local(2025, 4))
                self.fact(
                    "case_published",
                    moment,
                    case_id=f"K{n}",
                    version=version,
                    kind=self.maybe(["customer_success", "customer_success", "internal"], 0.9),
                    approved=self.random.choice([True, True, True, False, None]),
                    minor=self.random.choice([None, False, True]),
                    consent=self.random.choice([True, True, True, None]),
                    customer_id=self.maybe(CUSTOMERS[:9], 0.8),
                    **self.who(),
                )
            for author in self.random.sample(PEOPLE, self.random.choice([0, 1, 2, 3])) if version == 1 else ():
                self.fact("course_released", self.at(), course_id=f"U{n}", author_id=author, **self.who())
            for team in self.random.sample(TEAMS, self.random.choice([1, 2, 3])) if version == 1 else ():
                size = {"attendees": self.random.choice([1, 2, 9, None]), "minutes": self.random.choice([29, 30, 90])}
                own = {"team_id": team, "owner_id": self.maybe(PEOPLE)}
                self.fact("sharing_held", self.at(), sharing_id=f"H{n}", **own, **size)
        kinds = ["innovation", "process", "channel", "other", None]
        for n in range(50):
            moment, proposal = self.at(), f"V{n}"
            if self.random.random() < 0.9:
                self.fact(
                    "proposal_submitted", moment, proposal_id=proposal, kind=self.random.choice(kinds), **self.who()
                )
            if self.random.random() < 0.7:
                later = moment + self.random.choice([0, 20, 60]) * DAY
                self.fact("proposal_adopted", later, proposal_id=proposal, kind=self.random.choice(kinds), **self.who())
        for n, (person, course) in enumerate(product(PEOPLE, [f"U{m}" for m in range(10)])):
            due = self.at()
            own = {"employee_id": person, "course_id": course}
            self.fact("training_assigned", due - 30 * DAY, **own, due_at=due, owner_id=self.maybe(PEOPLE))
            for m in range(self.random.choice([0, 1, 2])):
                moment = self.near(due, self.random.choice([-90, -2, 0, 0, 1]))
                passed = self.random.choice([True, True, False, None])
                self.fact("training_completed", moment, completion_id=f"{n}-{m}", **own, passed=passed)

    def _compliance(self) -> None:
        for n in range(60):
            verdict = self.random.choice([True, True, True, False, None])
            self.fact("material_audited", self.at(), material_id=f"M{n}", passed=verdict, **self.who())
            verdict = self.random.choice([True, True, True, False, None])
            self.fact("privacy_checked", self.at(), check_id=f"Y{n}", passed=verdict, **self.who())
            if n < 9:
                severity = self.random.choice([1, 2, 3, None])
                self.fact("privacy_incident", self.at(), incident_id=f"Z{n}", severity=severity, **self.who())

    def _variants(self) -> None:
        """What only variants of indicators look at; drawn last, so that all else stays as it is."""
        for n in range(60):
            amount = str(self.random.randrange(-500, 5_000))
            moment = self.at() if n % 3 else self.at(local(2025, 1), local(2025, 4))
            currency = "TWD" if n % 3 == 0 else self.random.choice(["TWD", "USD"])
            self.fact("invoice_issued", moment, invoice_id=f"N{n}", amount=amount, currency=currency, owner_id="ann")
        for row in self.rows["order_paid"]:
            row["store_id"] = self.maybe([f"s{n}" for n in range(12)], 0.8)
        for n in range(6):
            customer = {"id": f"C{n}", "customer_id": f"C{n + 10}"}
            self.fact("identity_linked", START, kind="customer", **customer)
        for _ in range(5):
            day = START + self.random.randrange(120, 210) * DAY
            self.fact("closure_declared", START, starts_at=day, ends_at=day + self.random.choice([1, 2]) * DAY)
        self.dedupe("closure_declared", "starts_at")
        contents = [row["content_id"] for row in self.rows["content_published"]]
        for n, row in enumerate(self.rows["material_audited"]):
            row["content_id"] = self.maybe(contents, 0.5)
            row["severity"] = self.random.choice([None, 1, 2]) if n % 2 else None
        for row in self.rows["subscription_due"]:
            row["customer_id"] = self.maybe(CUSTOMERS[:9], 0.9)
        for n in range(40):
            start = self.at()
            end = start + self.random.choice([1, 3, 20]) * DAY if n else None
            person = {"leave_id": f"W{n}", "employee_id": self.random.choice(PEOPLE)}
            self.fact("leave_taken", start - 9 * DAY, **person, starts_at=start, ends_at=end)
