"""The words of the handbook that tables do not have: headings, roles, types, units, and what no value means."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.reports.words import word

_WORDS: Mapping[str, tuple[str, str]] = {
    "handbook": ("Handbook of indicators", "指標手冊"),
    "contents": ("Contents", "目錄"),
    "by_perspective": ("By perspective", "按維度"),
    "by_role": ("By role", "按角色"),
    "roles": ("Roles, duties and key result areas", "角色、職責與關鍵結果領域"),
    "role_word": ("On scorecards and assignments", "計分卡與任職紀錄上的寫法"),
    "templates": ("Scorecards to begin with", "計分卡範本"),
    "suggestion": (
        "Indicators and weights are suggestions: change them to what your goals are.",
        "指標與權重僅為建議，請依目標調整。",
    ),
    "weight": ("Weight", "權重"),
    "why": ("Why", "原因"),
    "meaning": ("What it means", "含義"),
    "formula": ("Formula", "公式"),
    "setting": ("With", "選用"),
    "example": ("Worked example", "計算示例"),
    "given": ("Given", "已知"),
    "result": ("Result", "結果"),
    "cases": ("Other cases", "其他情形"),
    "case": ("Case", "情形"),
    "empty": ("When there is no value", "無值的情形"),
    "moves": ("What moves it", "影響因素"),
    "source": ("Where the facts come from", "資料來源"),
    "parameters": ("Parameters", "參數"),
    "parameter": ("Parameter", "參數"),
    "default": ("Default", "預設值"),
    "choices": ("Choices", "可選值"),
    "at_a_glance": ("At a glance", "一覽"),
    "scored": ("Who is scored by it", "適用角色"),
    "not_scored": ("nobody; it is shown and not scored", "不計分，僅供參考"),
    "perspective": ("Perspective", "維度"),
    "type": ("Type", "類型"),
    "unit": ("Unit", "單位"),
    "better": ("Better", "方向"),
    "levels": ("Levels", "層級"),
    "least_sample": ("Small sample below", "樣本過少門檻"),
    "replaces": ("Replaces", "取代"),
    "builds_on": ("Builds on", "引用指標"),
    "version": ("Version", "版本"),
    "id": ("Name", "名稱"),
    "plugin": ("Plugin", "外掛"),
    "period": ("period", "期間"),
    "as_of": ("as of", "資料截止"),
    "target": ("target of", "目標："),
    "only_of": ("only of", "僅限"),
    "no_facts": ("No facts at all.", "沒有任何事實。"),
    "rows": ("rows", "筆"),
    "indicator": ("Indicator", "指標"),
    "broken": ("This definition does not hold together", "此定義有誤"),
    "none": ("none", "無"),
    "colon": (": ", "："),
    "comma": (", ", "、"),
    "semicolon": ("; ", "；"),
}
_ROLES: Mapping[str, tuple[str, str]] = {
    "all": ("everyone", "全員"),
    "channel": ("channel", "渠道"),
    "company": ("company", "公司"),
    "content": ("content", "內容"),
    "customer_success": ("customer success", "客戶成功"),
    "ecommerce": ("e-commerce operations", "電商運營"),
    "finance": ("finance", "財務"),
    "marketing": ("marketing", "市場行銷"),
    "product": ("product", "產品"),
    "regional_sales": ("regional sales", "區域銷售"),
    "sales": ("sales", "銷售"),
    "scheme_owner": ("owner of the scheme", "考核方案負責人"),
}
_TYPES: Mapping[str, tuple[str, str]] = {
    "outcome": ("outcome", "結果"),
    "process": ("process", "過程"),
    "growth": ("growth", "成長"),
    "guard": ("guard", "底線"),
    "activity": ("activity (not scored)", "活動量（不計分）"),
    "base": ("base (not scored)", "基數（不計分）"),
    "meta": ("about the scheme itself (not scored)", "考核方案自身（不計分）"),
}
_UNITS: Mapping[str, tuple[str, str]] = {
    "count": ("count", "數量"),
    "money": ("money", "金額"),
    "percent": ("percent", "百分比"),
    "ratio": ("ratio", "比率"),
    "days": ("days", "天"),
    "months": ("months", "個月"),
    "points": ("points", "分"),
    "per 100 orders": ("per 100 orders", "每百單"),
    "posts a week": ("posts a week", "篇/週"),
}
_LEVELS: Mapping[str, tuple[str, str]] = {
    "person": ("person", "個人"),
    "team": ("team", "團隊"),
    "company": ("company", "公司"),
}
_BETTER: Mapping[str, tuple[str, str]] = {
    "higher": ("higher is better", "越高越好"),
    "lower": ("lower is better", "越低越好"),
    "range": ("nearer to the target is better", "越接近目標越好"),
    "none": ("neither", "不分高低"),
}
_STAGES: Mapping[str, tuple[str, str]] = {
    "new_market": ("new market", "新市場"),
    "growth": ("growth", "成長期"),
    "mature": ("mature", "成熟期"),
    "profit_first": ("profit first", "利潤優先"),
}
_EMPTY: Mapping[str, tuple[str, str]] = {
    "not_applicable": ("it does not apply to this subject or period", "此指標不適用於該對象或期間"),
    "no_denominator": ("there is nothing to divide by", "分母為零，無從計算"),
    "missing_data": ("facts that it needs are not there", "缺少計算所需的事實"),
    "immature": ("the time that it looks ahead has not passed yet", "觀察期尚未屆滿"),
}
_TABLES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "role": _ROLES,
    "type": _TYPES,
    "unit": _UNITS,
    "level": _LEVELS,
    "better": _BETTER,
    "empty": _EMPTY,
    "stage": _STAGES,
}


def say(name: str, language: str) -> str:
    """A heading or label of the handbook in `language`."""
    return _WORDS[name][language == "zh-Hant"]


def called(kind: str, name: str, language: str) -> str:
    """What a role, type, unit, level, direction or empty state is called; a name of a plugin's own as it is.

    Args:
        kind: `role`, `type`, `unit`, `level`, `better`, `empty` or `stage`.
        name: The name in the definition.
        language: `en` or `zh-Hant`.
    """
    pair = _TABLES[kind].get(name)
    return name.replace("_", " ") if pair is None else pair[language == "zh-Hant"]


def state(name: str, language: str) -> str:
    """A state of a result as tables call it."""
    return word(name, language)
