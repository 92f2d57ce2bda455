"""How sales are counted by hand over more than one period: growth, lifetime value, payback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

from tests.oracles.books import Books
from tests.oracles.desk import DAY, PERIODS, Row, Tally, local

Window = tuple[int, int]
#: The months before the measured ones, the same months a year before, and the month after the last.
BEFORE = {"2026-01": (local(2025, 12), local(2026, 1)), "2026-02": PERIODS["2026-01"], "2026-03": PERIODS["2026-02"]}
YEAR_BEFORE = {name: (local(2025, int(name[-2:])), local(2025, int(name[-2:]) + 1)) for name in PERIODS}


def money(books: Books, basis: str) -> tuple[list[Row], str]:
    """What is revenue by one of three bases, and the column that says how much."""
    if basis == "invoiced":
        return [
            {**row, "amount": books.base(row, Decimal(row["amount"]))} for row in books.rows["invoice_issued"]
        ], "amount"
    return (books.orders, "net") if basis == "paid" else (books.rows["deal_won"], "amount")


def _lifetime(books: Books, tally: Tally, period: str, window: Window, horizon: str, basis: str) -> None:
    what, span = ("margin" if basis == "margin" else "net"), int(horizon[:-1]) * DAY
    for first in books.first_orders:
        if window[0] <= first["occurred_at"] < window[1]:
            own = [o for o in books.orders if o["customer_id"] == first["customer_id"]]
            inside = [o for o in own if 0 <= o["occurred_at"] - first["occurred_at"] <= span]
            tally.add(0, period, first, sum(Fraction(o[what]) for o in inside))
            tally.add(1, period, first)


def _predicted(books: Books, tally: Tally, dormant: str, basis: str, most: str) -> None:
    """Margin or revenue a buyer and month, times the months until all who were active are lost, so many at most."""
    margin, active = (Tally(tally.desk, tally.level, tally.credit, tally.by) for _ in range(2))
    span = int(dormant[:-1]) * DAY
    for period, (start, end) in PERIODS.items():
        for order in books.orders:
            if start <= order["occurred_at"] < end and order["customer_id"] is not None:
                if basis == "margin" or order["kept"]:
                    margin.add(0, period, order, order["margin" if basis == "margin" else "net"])
                if order["kept"]:
                    margin.note(1, period, order, order["customer_id"])

        def last(before: int) -> dict[str, Row]:
            return {o["customer_id"]: o for o in books.orders if o["kept"] and o["occurred_at"] < before}

        for customer, order in last(start).items():
            if customer is not None and start <= order["occurred_at"] + span:
                active.add(0, period, order, at=start - 1)
                # At the very end of the span one is neither active any more nor dormant before.
                active.add(1, period, order, last(end)[customer]["occurred_at"] + span < end, at=start - 1)
    for key in margin.keys() | active.keys():
        (money, buyers), (there, lost) = margin.cell(key), active.cell(key)
        months = min(there / lost, Fraction(most)) if lost else Fraction(most)
        tally.sums[key] = [round(money * months / buyers, 12), Fraction(1)] if buyers else [Fraction(0), Fraction(0)]


def customer_ltv(
    books: Books,
    tally: Tally,
    horizon: str = "365d",
    basis: str = "margin",
    mode: str = "observed",
    dormant: str = "180d",
    most: str = "12",
) -> None:
    if mode == "predicted":
        return _predicted(books, tally, dormant, basis, most)
    for period, window in PERIODS.items():
        _lifetime(books, tally, period, window, horizon, basis)
    return None


def customer_ltv_growth_rate(
    books: Books, tally: Tally, against: str = "year_before", horizon: str = "365d", basis: str = "margin"
) -> None:
    windows = YEAR_BEFORE if against == "year_before" else BEFORE
    now, then = (Tally(tally.desk, tally.level, tally.credit, tally.by) for _ in range(2))
    for period in PERIODS:
        _lifetime(books, now, period, PERIODS[period], horizon, basis)
        _lifetime(books, then, period, windows[period], horizon, basis)
    for key in now.keys() | then.keys():
        (n1, d1), (n0, d0) = now.cell(key), then.cell(key)
        tally.sums[key] = [n1 * d0 - n0 * d1, d1 * n0]


def _growing(
    tally: Tally, windows: dict[str, Window], rows: Callable[[Window], Iterable[tuple[Row, Fraction]]]
) -> None:
    for period in PERIODS:
        for row, amount in rows(PERIODS[period]):
            tally.add(0, period, row, amount)
        for row, amount in rows(windows[period]):
            tally.add(0, period, row, -amount)
            tally.add(1, period, row, amount)


def new_customer_sales_growth_rate(books: Books, tally: Tally, against: str = "year_before") -> None:
    def sales(window: Window) -> Iterable[tuple[Row, Fraction]]:
        for first in books.first_orders:
            if window[0] <= first["occurred_at"] < window[1]:
                own = [o for o in books.orders if o["customer_id"] == first["customer_id"]]
                inside = [o for o in own if first["occurred_at"] <= o["occurred_at"] < window[1]]
                yield first, Fraction(sum(o["net"] for o in inside))

    _growing(tally, YEAR_BEFORE if against == "year_before" else BEFORE, sales)


def revenue_growth_rate(
    books: Books,
    tally: Tally,
    against: str = "year_before",
    basis: str = "paid",
    units: str = "all",
    comparable: str = "365d",
) -> None:
    windows = YEAR_BEFORE if against == "year_before" else BEFORE
    opened: dict[str, int] = {}
    for order in books.orders:
        opened.setdefault(order["store_id"], order["occurred_at"])
    if units == "like_for_like":
        for period in PERIODS:
            for window, sign in ((PERIODS[period], 1), (windows[period], -1)):
                for order in [o for o in books.orders if window[0] <= o["occurred_at"] < window[1]]:
                    young = order["occurred_at"] - opened[order["store_id"]] < int(comparable[:-1]) * DAY
                    if sign < 0 or order["store_id"] is None or not young:
                        tally.add(0, period, order, sign * order["net"])
                    if sign < 0:
                        tally.add(1, period, order, order["net"])
        return
    rows, what = money(books, basis)
    _growing(
        tally,
        windows,
        lambda w: [(row, Fraction(row[what])) for row in rows if w[0] <= row["occurred_at"] < w[1]],
    )


def cac_payback_months(
    books: Books, tally: Tally, scope: str = "fully_loaded", form: str = "static", month: str = "30d", most: str = "36"
) -> None:
    for period, (start, end) in PERIODS.items():
        spent = sum(
            Fraction(books.base(row, Decimal(row["amount"])))
            for row in books.rows["spend_booked"]
            if start <= row["occurred_at"] < end and (scope == "fully_loaded" or row["cost_type"] == "media")
        )
        orders = [o for o in books.orders if start <= o["occurred_at"] < end and o["customer_id"] is not None]
        margin, buyers = sum(Fraction(o["margin"]) for o in orders), {o["customer_id"] for o in orders if o["kept"]}
        new = [first for first in books.first_orders if start <= first["occurred_at"] < end]
        tally.sums[None, period] = [spent * len(buyers), margin * len(new)]
        if form == "static_nrr":
            low, high = BEFORE[period]
            kept = [o for o in books.orders if o["kept"] and o["customer_id"] is not None]
            before = [o for o in kept if low <= o["occurred_at"] < high]
            known = {o["customer_id"] for o in before}
            now = sum(Fraction(o["net"]) for o in kept if start <= o["occurred_at"] < end and o["customer_id"] in known)
            then = sum(Fraction(o["net"]) for o in before)
            tally.sums[None, period] = [spent * len(buyers) * then, margin * len(new) * now]
        if form == "cohort":
            ages = [
                (order["occurred_at"] - first["occurred_at"], Fraction(order["margin"]))
                for first in new
                for order in books.orders
                if order["customer_id"] == first["customer_id"] and order["occurred_at"] >= first["occurred_at"]
            ]
            paid = [
                number
                for number in range(1, int(most) + 1)
                if sum(gain for age, gain in ages if age <= number * int(month[:-1]) * DAY) >= spent
            ]
            tally.sums[None, period] = [Fraction(min(paid, default=int(most))), Fraction(bool(new and spent))]
