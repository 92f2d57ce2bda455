"""The formula in words, as the handbook and `plugins show` print it."""

import pytest

from kpicore.definitions.algebra.builders import count, distinct, during, growth, holds, largest, rate, total, within
from kpicore.definitions.algebra.measures import (
    Choice,
    Constant,
    Match,
    Measure,
    Over,
    Ref,
    Root,
    Target,
    Whole,
    Window,
)
from kpicore.definitions.algebra.words import formula
from kpicore.definitions.parameters import choice, duration, names
from tests.unit.definitions.samples import indicator, with_

PARAMS = {
    "horizon": duration("90d"),
    "mode": choice("cohort", "closed", title={"en": "way of counting", "zh-Hant": "計法"}),
    "segments": names("key", "big"),
}
NET, LEADS = total("net_order", "net"), count("lead")


@pytest.mark.parametrize(
    ("measure", "en", "zh_hant"),
    [
        (
            count("deal_won") / (count("deal_won") + count("deal_lost")),
            "number of won deals ÷ (number of won deals + number of lost deals)",
            "成交數 ÷ (成交數 + 丟單數)",
        ),
        (
            growth(NET),
            "growth of total net amount of net orders against the year before",
            "淨訂單的淨額總和較去年同期的成長率",
        ),
        (
            rate(LEADS, within("lead_deal", "lead_id", "$horizon")),
            (
                "number of leads without duplicates, with won deals of leads of the same lead within 90 days after it "
                "÷ number of leads without duplicates"
            ),
            "去重線索數（其後90天內有同一線索的線索成交） ÷ 去重線索數",
        ),
        (
            rate(NET, holds("customer_tier", "customer_id", "occurred_at", where="segment in $segments")),
            (
                "total net amount of net orders, with customer tiers (segment is key or big) of the same customer "
                "holding at its time ÷ total net amount of net orders"
            ),
            "淨訂單的淨額總和（於發生時刻有同一客戶的客戶等級（客群為key或big）） ÷ 淨訂單的淨額總和",
        ),
        (
            count("customer", at="start", match=during("net_order", "customer_id", where="kept", least="2")),
            (
                "number of customers as the period opens, with ≥ 2 of net orders (not fully taken back) of the same "
                "customer in the period"
            ),
            "客戶數（期初）（期內有同一客戶的淨訂單（未全額退回），≥ 2）",
        ),
        (
            count("spend_booked", match=Match("lead_created", "ad_unit_id", absent=True)),
            "number of spend, without leads of the same ad unit",
            "費用數（無同一廣告單元的線索）",
        ),
        (
            total("spend_booked", "amount", where="cost_type = 'media' and campaign_id is not null"),
            "total amount of spend where cost type = “media” and with campaign",
            "費用的金額總和（費用類型 = 「media」且有活動）",
        ),
        (
            total("lead_deal", "occurred_at - lead_at") / 86_400_000_000,
            "total (its time − the lead's time) of won deals of leads in days",
            "線索成交的(發生時刻 − 線索時刻)總和（天）",
        ),
        (
            distinct("partner_signed", "coalesce(hq_id, partner_id), region_id", where="not renewal"),
            "number of different values of (headquarters, or else partner) × region in partner signings where not renewal",
            "經銷商簽約中不同(總部，若無則經銷商) × 區域的數目（非續約）",
        ),
        (
            count("training_assigned", time="due_at"),
            "number of required courses by due time",
            "應修課程數（按到期時刻歸期）",
        ),
        (
            Over(LEADS, Window("start - 2 month", "end + $horizon")),
            "number of leads without duplicates from the period's start − 2 months to the period's end + 90 days",
            "去重線索數（期初 − 2個月至期末 + 90天）",
        ),
        (
            LEADS / Whole(LEADS, ("channel_id", "subject")),
            "number of leads without duplicates ÷ number of leads without duplicates over all values of channel, subjects",
            "去重線索數 ÷ 全部渠道、對象的去重線索數",
        ),
        (
            largest(0, Ref("t.base")),
            "the largest of (0; Base)",
            "（0；基礎）之最大值",
        ),
        (
            Root(NET, Constant("months")),
            "the n-th root (n: months in the period) of total net amount of net orders",
            "淨訂單的淨額總和的 n 次方根（n 為期內月數）",
        ),
        (
            Choice("mode", {"closed": NET, "cohort": LEADS}),
            "number of leads without duplicates [way of counting: cohort]",
            "去重線索數 [計法：cohort]",
        ),
        (count("deal_won") / Target("t.base"), "number of won deals ÷ the target of Base", "成交數 ÷ 目標值：基礎"),
        (
            total("budget_set", "accrued(amount, valid_from, valid_to, period_start, period_end)"),
            "total amount falling in the period of budgets",
            "預算的期內攤計金額總和",
        ),
        (
            count("lead", where="occurred_at > period_start + 7200000000 or (tier is null and contact_key like 'x%')"),
            (
                "number of leads without duplicates where its time > the period's start + 2 hours or without tier at creation "
                "and `contact_key LIKE 'x%'`"
            ),
            "去重線索數（發生時刻 > 期初 + 2小時或無建立時等級且`contact_key LIKE 'x%'`）",
        ),
    ],
)
def test_formulas(measure: Measure, en: str, zh_hant: str) -> None:
    base = indicator(count("lead"), "t.base", title={"en": "Base", "zh-Hant": "基礎"})
    told = indicator(measure, params=PARAMS)
    book = with_(base, told)
    assert formula(book, told, "en") == en
    assert formula(book, told, "zh-Hant") == zh_hant


def test_names_that_only_relations_know_have_their_titles() -> None:
    told = indicator(Whole(LEADS, ("content_type",)))
    assert formula(with_(told), told, "zh-Hant") == "全部內容類型的去重線索數"


def test_a_formula_is_told_with_the_values_that_it_is_asked_with() -> None:
    told = indicator(rate(LEADS, within("lead_deal", "lead_id", "$horizon")), params=PARAMS)
    assert "within 30 days after" in formula(with_(told), told, "en", {"horizon": "30d"})
    told = indicator(Choice("mode", {"cohort": LEADS, "closed": NET}), params=PARAMS)
    assert formula(with_(told), told, "en") == "number of leads without duplicates [way of counting: cohort]"
    assert formula(with_(told), told, "zh-Hant", {"mode": "closed"}) == "淨訂單的淨額總和 [計法：closed]"
