"""Who channel indicators are about: those who look after partners and channels."""

from __future__ import annotations

from kpicore import Duty, KeyResultArea, Role

CHANNEL = Role(
    "channel.manager",
    role="channel",
    title={"en": "Channel", "zh-Hant": "渠道"},
    definition={"en": "Builds channels that sell and partners who stay.", "zh-Hant": "建立能賣的渠道、留得住的夥伴。"},
    duties=[
        Duty(
            {"en": "Build channels", "zh-Hant": "渠道佈建"},
            [
                KeyResultArea(
                    {"en": "Coverage", "zh-Hant": "覆蓋"},
                    ["channel.county_dealer_signings", "channel.channel_coverage_rate"],
                ),
                KeyResultArea({"en": "Partners", "zh-Hant": "合作夥伴"}, ["channel.channel_partner_satisfaction"]),
            ],
        ),
        Duty(
            {"en": "Sell through channels", "zh-Hant": "渠道產出"},
            [
                KeyResultArea(
                    {"en": "Leads and orders", "zh-Hant": "線索與訂單"},
                    ["channel.channel_new_leads", "channel.channel_order_share"],
                ),
                KeyResultArea({"en": "Cost", "zh-Hant": "成本"}, ["channel.channel_cac"]),
            ],
        ),
    ],
)

ROLES = (CHANNEL,)
