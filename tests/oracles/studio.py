"""The made-up department with its contents, its shops and its private communities."""

from __future__ import annotations

from tests.oracles.desk import CHANNELS, CONTENTS, DAY, HOUR, PEOPLE, PERIODS, START, Desk, Row, local

CUSTOMERS = [f"C{n}" for n in range(45)]
CONTACTS, VISITORS = [f"c{n}" for n in range(45)], [f"v{n}" for n in range(30)]
NEW_CONTENTS = [f"n{n}" for n in range(60)]
STORES, COMMUNITIES = ["s1", "s2"], ["g1", "g2", "g3"]
NUMBERS = ("impressions", "reach", "reads", "clicks", "likes", "comments", "saves", "shares", "followers")


class Studio(Desk):
    """A desk of one seed with more facts."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._held()
        self._contents()
        self._pages()
        self._communities()

    def origin(self) -> Row:
        content = self.maybe([*CONTENTS, *NEW_CONTENTS[:6]], 0.6)
        return {**super().origin(), "content_id": content, "community_id": self.maybe(COMMUNITIES, 0.4)}

    def near(self, moment: int, *days: int) -> int:
        """One of so many days after an instant, or just before or after that."""
        return moment + self.random.choice(days) * DAY + self.random.choice([-1, 0, 0, 1])

    def edge(self) -> int:
        """An instant that is, or touches, the start of a period; or any other."""
        start, _end = self.random.choice(list(PERIODS.values()))
        return self.near(start, 0) if self.random.random() < 0.3 else self.at()

    def _held(self) -> None:
        for kind, names in (("store", STORES), ("community", COMMUNITIES)):
            for name in names:
                turn = self.at(local(2026, 1), local(2026, 3))
                for start, end in ((START, turn), (turn, None)):
                    who = {"employee_id": self.random.choice(PEOPLE)}
                    if self.random.random() < 0.3:
                        who = {"team_id": self.random.choice(["north", "brand"])}
                    span = {"valid_from": start, "valid_to": end}
                    self.fact("responsibility_assigned", start, kind=kind, id=name, **span, **who)

    def _contents(self) -> None:
        for name in [*NEW_CONTENTS, *NEW_CONTENTS[:12]]:
            self.fact("content_published", self.edge(), content_id=name, author_id=self.maybe(PEOPLE, 0.8))
        self.dedupe("content_published", "content_id")
        for row in self.rows["content_published"]:
            row["owner_id"], row["team_id"] = self.maybe(PEOPLE, 0.8), self.maybe(["north", "brand"])
            row["platform"] = self.maybe(["wechat_oa", "xiaohongshu", "xiaohongshu", "site"], 0.95)
            row["type"] = self.maybe(
                ["whitepaper", "whitepaper", "industry_analysis", "industry_analysis", "guide"], 0.9
            )
            row["repost"] = self.random.choice([None, False, False, True])
            row["planned_audience"] = self.random.choice([None, 50, 900])
            row["edition_of"], row["changed"] = self.maybe(["old"], 0.5), self.random.choice([None, "0.5", "0.49"])
            self._after(row)
        self.dedupe("content_withdrawn", "content_id")
        for n in range(40):
            kind = self.random.choice(["content", "production", "media"])
            content = self.maybe([*CONTENTS, *NEW_CONTENTS[:9]])
            money = {"amount": str(self.random.randrange(10, 9_999)) + ".37", "currency": self.maybe(["TWD", "USD"], 1)}
            own = {"owner_id": self.maybe(PEOPLE), "channel_id": self.maybe(CHANNELS)}
            self.fact(
                "spend_booked", self.edge(), spend_id=f"S1{n}", cost_type=kind, content_id=content, **money, **own
            )

    def _after(self, row: Row) -> None:
        """What happens to a content once it is out."""
        name, out = row["content_id"], row["occurred_at"]
        for _ in range(self.random.choice([0, 0, 1])):
            self.fact("content_withdrawn", self.near(out, -1, 0, 1, 3), content_id=name)
        for _ in range(self.random.choice([0, 1, 2, 2, 3])):
            self.fact(
                "content_reviewed",
                self.near(out, -1, 0, 3, 3, 14),
                review_id=f"R{len(self.rows['content_reviewed'])}",
                content_id=name,
                rule_version=("1", "2")[len(self.rows["content_reviewed"]) % 2],
                on_brand=self.random.choice([True, True, True, False, None]),
                rating=self.random.choice([2, 3, 4, 5, 5, None]),
                reviewer_id=self.maybe(PEOPLE, 0.8),
                owner_id=self.maybe(PEOPLE, 0.5),
            )
        for n in range(self.random.choice([0, 2, 4, 6, 8])):
            told = {number: self.random.randrange(200_000) for number in NUMBERS if self.random.random() < 0.8}
            moment = self.near(out, -1, 0, 1, 7, 7, 15, 30, 30, 60)
            self.fact("content_measured", moment, content_id=name, snapshot=str(n), owner_id="eve", **told)

    def _pages(self) -> None:
        for visitor, customer in zip(VISITORS[:22], CUSTOMERS, strict=False):
            self.fact("identity_linked", START, kind="visitor", id=visitor, customer_id=customer)
        self.fact("identity_linked", START + 1, kind="visitor", id="v0", customer_id="C7")
        # Contacts and visitors of one name are not the same.
        for kind, name, customer in (("contact", "v1", "C9"), ("visitor", "c1", "C8"), ("visitor", "c2", "C4")):
            self.fact("identity_linked", START + 2, kind=kind, id=name, customer_id=customer)
        for n in range(160):
            moment = self.edge() if n < 120 else self.at(local(2025, 1), local(2025, 4))
            who = {"visitor_id": self.maybe(VISITORS, 0.95), "session_id": f"S{n}", "owner_id": self.maybe(PEOPLE)}
            place = {"store_id": self.maybe(STORES, 0.9), "channel_id": self.maybe(CHANNELS)}
            bot = self.random.choice([None, False, False, True])
            self.fact("visit_started", moment, bot=bot, **who, **place)
            for m in range(self.random.choice([1, 1, 2])):
                page, content = self.maybe(["home", "home", "cart"], 0.9), self.maybe([*CONTENTS, *NEW_CONTENTS, "?"])
                seen = {"view_id": f"{n} {m}", "page": page, "content_id": content}
                self.fact("page_viewed", moment + m * HOUR, bot=bot, **seen, **who, **place)
            if self.random.random() < 0.4 and n < 120:
                self._buys(self.near(moment, -1, 0, 0, 1, 1))

    def _buys(self, moment: int, customer: str | None = None) -> None:
        self._order(10_000 + len(self.rows["order_paid"]), CUSTOMERS[:22])
        order = self.rows["order_paid"][-1]
        order.update(occurred_at=moment, customer_id=customer or order["customer_id"], currency="TWD")

    def _communities(self) -> None:
        for n in range(90):
            who = {"customer_id": self.maybe(CUSTOMERS[:22], 0.5), "contact_key": self.maybe(CONTACTS, 0.6)}
            own = {"community_id": self.random.choice(COMMUNITIES), "owner_id": self.maybe(PEOPLE)}
            joined = self.edge()
            self.fact("community_joined", joined, membership_id=f"M{n}", **own, **who)
            for _ in range(self.random.choice([0, 0, 1, 2])):
                self.fact("community_left", max(self.near(joined, -1, 0, 5, 40), START), membership_id=f"M{n}")
            kind = self.random.choice(["consult", "review", "like", None])
            self.fact("interaction_logged", self.edge(), interaction_id=f"G{n}", kind=kind, **own, **who)
            if self.random.random() < 0.6:
                self._buys(self.near(self.edge(), 0, 1, 5))
                self._touched(n)
        self.dedupe("community_left", "membership_id")
        for start, _end in PERIODS.values():
            for n, customer in enumerate(self.random.sample(CUSTOMERS[22:], 16)):
                self._buys(start - 180 * DAY + self.random.choice([-1, 0, -DAY, -40 * DAY, DAY]), customer)
                if n % 3 == 0:
                    self._buys(self.near(start, 0, 0, 20), customer)
                if n % 4 == 0:
                    who: Row = {"customer_id": customer}
                    if customer in CUSTOMERS[:36]:
                        who = {"contact_key": CONTACTS[CUSTOMERS.index(customer)]}
                    kind = self.random.choice(["consult", "like"])
                    self.fact(
                        "interaction_logged", self.near(start, 0, 10), interaction_id=f"W{start} {n}", kind=kind, **who
                    )

    def _touched(self, n: int) -> None:
        """Touches of the customer who bought last."""
        order = self.rows["order_paid"][-1]
        contacts = [row["id"] for row in self.rows["identity_linked"] if row["customer_id"] == order["customer_id"]]
        for m in range(self.random.choice([1, 2, 3])):
            moment = max(self.near(order["occurred_at"], -31, -30, -1, -1, 0), START)
            kind = self.random.choice(["view", "view", "direct", None])
            touch = {"touch_id": f"U{n} {m}", "contact_key": contacts[0] if contacts else None, "kind": kind}
            self.fact("touch_recorded", moment, **touch, **self.origin(), owner_id=self.maybe(PEOPLE))
