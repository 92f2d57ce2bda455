"""The parts of rules that a plan lists, and their words, in Traditional Chinese: English with its gaps, as in
`messages`."""

from __future__ import annotations

from collections.abc import Mapping

#: Parts as `what` of a difference names them; those that take a name have a gap.
PARTS: Mapping[str, str] = {
    "weight": "權重",
    "target": "目標",
    "value": "數值",
    "curve": "曲線",
    "floor": "下限",
    "cap": "上限",
    "credit": "歸屬",
    "why": "原因",
    "role": "角色",
    "level": "層級",
    "business_stage": "業務階段",
    "period": "期間",
    "effective": "生效日",
    "mid_period": "期中變更",
    "coefficient": "獎金係數",
    "goal": "目標",
    "trigger": "觸發條件",
    "rest": "其餘",
    "scorecard": "計分卡",
    "scorecards": "計分卡",
    "timezone": "時區",
    "fiscal_year_start": "會計年度起始月",
    "base_currency": "本位幣",
    "restatement": "重述政策",
    "approvals": "須兩人核准",
    "kind": "種類",
    "prize": "獎項",
    "currency": "幣別",
    "reason": "原因",
    "title en": "標題（英文）",
    "title zh-Hant": "標題（中文）",
    "title": "標題",
    "empty {}": "無值時（{0.said}）",
    "band {}": "等級 {0}",
    "param {}": "參數 {0}",
    "base of everyone": "每個人的基數",
    "base of {}": "{0} 的基數",
    "coefficient at {}": "總分 {0} 的係數",
    "target of every {}": "每個{0.said}的目標",
    "target of every {} in {}": "每個{0.said}在 {1} 的目標",
    "target of company": "公司的目標",
    "target of company in {}": "公司在 {0} 的目標",
    "target of {}": "{0} 的目標",
    "target of {} in {}": "{0} 在 {1} 的目標",
    "gate": "門檻",
    "gate below {}": "門檻（低於 {0}）",
    "gate above {}": "門檻（高於 {0}）",
    "modifier": "調整係數",
    "modifier {}": "調整係數 {0}",
    "modifier below {}": "調整係數（低於 {0}）",
    "modifier above {}": "調整係數（高於 {0}）",
    "schedule until month {}: weight": "到職 {0} 個月內：權重",
    "schedule until month {}: rest": "到職 {0} 個月內：其餘",
    "schedule until month {}: locked": "到職 {0} 個月內：鎖定",
}

#: Values of these parts are words, not names.
WORDS: Mapping[str, Mapping[str, str]] = {
    "level": {"person": "個人", "team": "團隊", "company": "公司"},
    "period": {
        "day": "日",
        "week": "週",
        "month": "月",
        "quarter": "季",
        "half": "半年",
        "year": "年",
    },
    "mid_period": {"split": "分段", "whole": "整期"},
    "restatement": {"corrective": "更正原期", "forwarding": "遞延至當期"},
    "rest": {"proportional": "按比例"},
    "kind": {"bonus": "獎金", "star": "之星", "innovation": "創新獎", "eligibility": "資格"},
    "empty": {
        "redistribute": "權重分給其他項目",
        "keep": "權重不得分",
        "last": "以上期數值計",
        "block": "不得封存",
    },
}

#: What gates, modifiers, coefficients and triggers say.
CONDITIONS: Mapping[str, str] = {
    "factor {}": "乘以 {0}",
    "total {}": "總分 {0}",
    "cap {}": "上限 {0}",
    "steps {}": "級距 {0}",
    "linear {}": "線性 {0}",
    "on {}": "到了 {0}",
    "{} of {} below {} for {} {}": "{1.said}的 {0} 連續 {3} {4.said}低於 {2}",
    "{} of {} below {} for 1 {}": "{1.said}的 {0} 有 1 個{3.said}低於 {2}",
    "{} of {} above {} for 1 {}": "{1.said}的 {0} 有 1 個{3.said}高於 {2}",
    "{} of {} above {} for {} {}": "{1.said}的 {0} 連續 {3} {4.said}高於 {2}",
    "{} pass": "{0.said}時不套用",
    "{} apply": "{0.said}時套用",
}
