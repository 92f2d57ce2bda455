"""Scorecards to begin with, for channels and for regional sales, at each business stage. Weights are suggestions."""

from __future__ import annotations

from kpicore import Template, TemplateLine

TEMPLATES = (
    Template(
        "channel.regional_sales_new_market",
        role="regional_sales",
        stage="new_market",
        title={"en": "Regional sales: new market", "zh-Hant": "區域銷售：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "channel.county_dealer_signings", 40, {"en": "dealers open the region", "zh-Hant": "經銷商打開區域"}
            ),
            TemplateLine(
                "marketing.regional_new_leads",
                30,
                {"en": "local leads feed the dealers", "zh-Hant": "在地線索養活經銷商"},
            ),
            TemplateLine(
                "channel.channel_coverage_rate",
                20,
                {"en": "where nobody sells nothing is sold", "zh-Hant": "沒有人賣的地方賣不出去"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.regional_sales_growth",
        role="regional_sales",
        stage="growth",
        title={"en": "Regional sales: growth", "zh-Hant": "區域銷售：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "marketing.regional_new_leads",
                40,
                {"en": "local leads feed the dealers", "zh-Hant": "在地線索養活經銷商"},
            ),
            TemplateLine(
                "channel.county_dealer_signings", 30, {"en": "dealers open the region", "zh-Hant": "經銷商打開區域"}
            ),
            TemplateLine(
                "channel.channel_coverage_rate",
                20,
                {"en": "where nobody sells nothing is sold", "zh-Hant": "沒有人賣的地方賣不出去"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.regional_sales_mature",
        role="regional_sales",
        stage="mature",
        title={"en": "Regional sales: mature business", "zh-Hant": "區域銷售：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "channel.channel_coverage_rate",
                45,
                {"en": "where nobody sells nothing is sold", "zh-Hant": "沒有人賣的地方賣不出去"},
            ),
            TemplateLine(
                "marketing.regional_new_leads",
                30,
                {"en": "local leads feed the dealers", "zh-Hant": "在地線索養活經銷商"},
            ),
            TemplateLine(
                "team.case_library_updates",
                10,
                {"en": "what worked once should work twice", "zh-Hant": "做成過的事要能再做成"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                15,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.regional_sales_profit_first",
        role="regional_sales",
        stage="profit_first",
        title={"en": "Regional sales: profit first", "zh-Hant": "區域銷售：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "sales.gross_margin_rate", 40, {"en": "profit comes before volume now", "zh-Hant": "現在利潤先於規模"}
            ),
            TemplateLine(
                "marketing.regional_new_leads",
                30,
                {"en": "local leads feed the dealers", "zh-Hant": "在地線索養活經銷商"},
            ),
            TemplateLine(
                "channel.channel_coverage_rate",
                20,
                {"en": "where nobody sells nothing is sold", "zh-Hant": "沒有人賣的地方賣不出去"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.channel_new_market",
        role="channel",
        stage="new_market",
        title={"en": "Channel: new market", "zh-Hant": "渠道：新市場"},
        definition={
            "en": "First customers count most, at a cost that can be borne.",
            "zh-Hant": "先有第一批客戶，成本要扛得住。",
        },
        lines=[
            TemplateLine(
                "channel.county_dealer_signings", 45, {"en": "dealers open the region", "zh-Hant": "經銷商打開區域"}
            ),
            TemplateLine(
                "channel.channel_coverage_rate",
                25,
                {"en": "where nobody sells nothing is sold", "zh-Hant": "沒有人賣的地方賣不出去"},
            ),
            TemplateLine(
                "channel.channel_new_leads",
                20,
                {"en": "a channel shows in what it brings", "zh-Hant": "渠道好不好，看它帶來多少"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.channel_growth",
        role="channel",
        stage="growth",
        title={"en": "Channel: growth", "zh-Hant": "渠道：成長期"},
        definition={"en": "Volume counts, and the quality that keeps it.", "zh-Hant": "量要衝，品質也要守。"},
        lines=[
            TemplateLine(
                "channel.channel_new_leads",
                40,
                {"en": "a channel shows in what it brings", "zh-Hant": "渠道好不好，看它帶來多少"},
            ),
            TemplateLine(
                "channel.channel_coverage_rate",
                25,
                {"en": "where nobody sells nothing is sold", "zh-Hant": "沒有人賣的地方賣不出去"},
            ),
            TemplateLine(
                "channel.channel_order_share", 20, {"en": "channels are there to sell", "zh-Hant": "渠道終究要出單"}
            ),
            TemplateLine(
                "risk.compliance_rate",
                15,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.channel_mature",
        role="channel",
        stage="mature",
        title={"en": "Channel: mature business", "zh-Hant": "渠道：成熟期"},
        definition={"en": "What is there is worth keeping and improving.", "zh-Hant": "守住既有的，並且做得更好。"},
        lines=[
            TemplateLine(
                "channel.channel_order_share", 40, {"en": "channels are there to sell", "zh-Hant": "渠道終究要出單"}
            ),
            TemplateLine(
                "channel.channel_partner_satisfaction",
                30,
                {"en": "partners who are content stay", "zh-Hant": "夥伴滿意才留得住"},
            ),
            TemplateLine(
                "channel.channel_new_leads",
                20,
                {"en": "a channel shows in what it brings", "zh-Hant": "渠道好不好，看它帶來多少"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
    Template(
        "channel.channel_profit_first",
        role="channel",
        stage="profit_first",
        title={"en": "Channel: profit first", "zh-Hant": "渠道：利潤優先"},
        definition={"en": "What is left over counts more than what is sold.", "zh-Hant": "留下來的比賣出去的重要。"},
        lines=[
            TemplateLine(
                "channel.channel_cac",
                45,
                {"en": "a channel that costs more than it brings is closed", "zh-Hant": "花得比賺得多的渠道要收掉"},
            ),
            TemplateLine(
                "channel.channel_order_share", 30, {"en": "channels are there to sell", "zh-Hant": "渠道終究要出單"}
            ),
            TemplateLine(
                "channel.channel_partner_satisfaction",
                15,
                {"en": "partners who are content stay", "zh-Hant": "夥伴滿意才留得住"},
            ),
            TemplateLine(
                "risk.compliance_rate",
                10,
                {"en": "growth must not cost the rules", "zh-Hant": "成長不能犧牲合規"},
                target="1",
            ),
        ],
    ),
)
