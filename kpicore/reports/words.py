"""The words of tables, in both languages, and how values are written for reading."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

_WORDS: Mapping[str, tuple[str, str]] = {
    "subject": ("who", "被評分者"),
    "company": ("company", "公司"),
    "nobody": ("(nobody)", "（無歸屬）"),
    "period": ("period", "期間"),
    "value": ("value", "數值"),
    "sum": ("sum", "合計"),
    "trend": ("trend", "走勢"),
    "state": ("state", "狀態"),
    "total": ("total", "總分"),
    "band": ("band", "等級"),
    "coefficient": ("coefficient", "獎金係數"),
    "modifier": ("modifier", "調整係數"),
    "below": ("below", "低於"),
    "above": ("above", "高於"),
    "pass": ("does not apply", "不套用"),
    "apply": ("applies", "套用"),
    "weight": ("weight", "權重"),
    "target": ("target", "目標"),
    "attainment": ("attainment", "達成率"),
    "points": ("points", "得分"),
    "redistribute": ("its weight goes to the others", "權重分給其他項目"),
    "keep": ("its weight earns nothing", "權重不得分"),
    "last": ("its last value", "以上期數值計"),
    "block": ("blocks sealing", "不得封存"),
    "cap": ("cap", "上限"),
    "floor": ("floor", "下限"),
    "min": ("least points", "最低分"),
    "max": ("most points", "最高分"),
    "numerator": ("numerator", "分子"),
    "denominator": ("denominator", "分母"),
    "ok": ("ok", "正常"),
    "provisional": ("provisional", "暫定"),
    "not_applicable": ("not applicable", "不適用"),
    "no_denominator": ("no denominator", "無分母"),
    "missing_data": ("missing data", "資料缺漏"),
    "immature": ("not ripe yet", "未成熟"),
    "low_sample": ("small sample", "樣本過少"),
    "early_event": ("event before its start", "事件早於起點"),
    "no_acquisition": ("nobody acquired", "無新客"),
    "zero_denominator": ("something over nothing", "分子不為零而分母為零"),
    "null_amount": ("an amount or its rate is missing", "缺金額或匯率"),
    "several_currencies": ("several currencies, no base currency", "多種幣別而未設本位幣"),
    "incomplete_feed": ("the feed ends before the period", "資料未涵蓋整期"),
    "no_target": ("no target", "未設目標"),
    "censored": ("not reached yet", "尚未達到"),
    "person": ("persons", "個人"),
    "team": ("teams", "團隊"),
    "evaluation": ("evaluation", "評估"),
    "scorecard": ("scorecard", "計分卡"),
    "strategy_change": ("strategy change", "策略調整"),
    "trigger": ("trigger", "觸發條件"),
    "cascade": ("cascade", "目標分解"),
    "indicator": ("indicator", "指標"),
    "days": ("days", "天數"),
    "team_of": ("team", "團隊"),
    "name": ("name", "名稱"),
    "version": ("version", "版本"),
    "distribution": ("from", "套件"),
    "defines": ("defines", "定義數"),
    "title": ("title", "標題"),
    "unit": ("unit", "單位"),
    "type": ("type", "型別"),
    "form": ("form", "形式"),
    "reads": ("reads", "讀取"),
    "credits": ("credits", "歸屬"),
    "perspective": ("perspective", "維度"),
    "roles": ("roles", "角色"),
    "better": ("better", "方向"),
    "definition": ("definition", "定義"),
    "formula": ("formula", "公式"),
    "data_source": ("data source", "資料來源"),
    "parameters": ("parameters", "參數"),
    "digest": ("digest", "摘要碼"),
    "plugin": ("plugin", "外掛"),
    "status": ("status", "狀態"),
    "loaded": ("loaded", "已載入"),
    "broken": ("broken", "損壞"),
    "blocked": ("blocked", "已封鎖"),
    "definitions": ("definitions", "定義數"),
    "fact_type": ("fact type", "事實類型"),
    "fact_types": ("fact types", "事實類型"),
    "relations": ("relations", "關聯表"),
    "indicators": ("indicators", "指標"),
    "curves": ("curves", "得分曲線"),
    "templates": ("templates", "計分卡範本"),
    "file": ("file", "檔案"),
    "recorded": ("recorded", "已記錄"),
    "duplicates": ("already there", "已存在"),
    "refused": ("refused", "被拒"),
    "position": ("position", "位置"),
    "row": ("row", "列"),
    "key": ("key", "鍵"),
    "added": ("added", "貢獻"),
    "facts": ("facts", "事實"),
    "what": ("what", "項目"),
    "change": ("change", "變更"),
    "new": ("new", "新增"),
    "changed": ("changed", "變更"),
    "unchanged": ("unchanged", "未變"),
    "effective": ("effective", "生效日"),
    "cause": ("cause", "原因"),
    "sealed_by": ("sealed by", "封存人"),
    "policy": ("policy", "重述政策"),
    "counts": ("counts", "採計"),
    "corrective": ("corrective", "更正原期"),
    "forwarding": ("forwarding", "遞延至當期"),
    "from": ("from", "來自"),
    "to": ("to", "計入"),
    "difference": ("difference", "差異"),
    "before": ("before", "之前"),
    "after": ("after", "之後"),
    "evidence": ("evidence", "證據"),
    "values": ("what was measured", "實際表現"),
    "late_facts": ("late facts", "遲到的事實"),
    "corrections": ("corrections", "更正"),
    "retractions": ("retractions", "撤回"),
    "weights": ("weights", "權重"),
    "targets": ("targets", "目標"),
    "curve": ("curve", "得分曲線"),
    "organisation": ("organisation", "組織"),
    "empty_policy": ("empty-state policy", "無值時的處理"),
    "gate": ("gate", "門檻"),
    "segments": ("segments", "分段"),
    "identical": ("identical", "完全相同"),
    "differs": ("differs", "不同"),
    "why": ("why", "原因"),
    "more": ("more", "其餘"),
    "by": ("by", "由"),
    "at": ("at", "於"),
    "performance": ("performance", "業績"),
    "operations": ("operations", "運營"),
    "capability": ("capability", "團隊能力"),
    "risk": ("risk", "風險"),
    "higher": ("higher", "越高越好"),
    "lower": ("lower", "越低越好"),
    "range": ("range", "區間"),
    "none": ("none", "無"),
    "proposal": ("proposal", "提案"),
    "award": ("award", "獎勵"),
    "awards": ("awards", "獎勵"),
    "payout": ("payout", "發放"),
    "amount": ("amount", "金額"),
    "base": ("base", "基數"),
    "proration": ("proration", "天數比例"),
    "due": ("due", "應發"),
    "paid": ("paid", "已發"),
    "to_pay": ("to pay", "本次發放"),
    "carried": ("carried", "遞延"),
    "run": ("in a row", "連續期數"),
    "no_total": ("no total", "無總分"),
    "no_coefficient": ("no coefficient", "無係數"),
    "no_base": ("no base", "無基數"),
    "not_scored": ("not scored", "未評分"),
    "not_sealed": ("not sealed", "未封存"),
    "bonus": ("bonus", "獎金"),
    "star": ("star", "之星"),
    "innovation": ("innovation award", "創新獎"),
    "eligibility": ("eligibility", "資格"),
    "dispute": ("dispute", "申訴"),
    "opened": ("open", "待處理"),
    "commented": ("comment", "意見"),
    "approved": ("approved", "已核准"),
    "rejected": ("turned down", "已駁回"),
    "withdrawn": ("withdrawn", "已撤回"),
    "applied": ("applied", "已生效"),
    "answered": ("answered", "已答覆"),
    "accepted": ("accepted", "成立"),
    "comments": ("comments", "意見"),
    "rules": ("rules", "規則"),
    "overrides": ("adjustments", "調整"),
    "seals": ("seals", "封存"),
    "payouts": ("payouts", "發放"),
    "override": ("override", "改分"),
    "calibration": ("calibration", "校準"),
    "withdraw": ("withdraw", "撤回"),
    "seal": ("seal", "封存"),
    "adjustment": ("adjustment", "調整"),
    "adjustments": ("adjustments", "調整"),
    "system_total": ("system's total", "系統總分"),
    "adjusted_total": ("adjusted total", "調整後總分"),
    "approved_by": ("approved by", "核准人"),
    "factor": ("factor", "乘數"),
    "shift": ("shift", "加減分"),
    "subjects": ("for", "對象"),
}


def word(name: str, language: str) -> str:
    """A word of tables in `language`; a name that is not among them as it is."""
    pair = _WORDS.get(name)
    if pair is None:
        return name
    return pair[1] if language == "zh-Hant" else pair[0]


def pick(language: str, english: str, chinese: str) -> str:
    """The sentence in `language`."""
    return chinese if language == "zh-Hant" else english


#: Punctuation: Chinese has its own, full-width and without spaces around it.
MARKS: Mapping[str, tuple[str, str]] = {
    "comma": (", ", "、"),
    "clause": (", ", "，"),
    "colon": (": ", "："),
    "semicolon": ("; ", "；"),
    "stop": (". ", "。"),
}


def mark(name: str, language: str) -> str:
    """A punctuation mark with the space that belongs to it."""
    return MARKS[name][language == "zh-Hant"]


def listed(parts: Iterable[str], language: str) -> str:
    """Several names or things in a row: `a, b`."""
    return mark("comma", language).join(parts)


def clauses(parts: Iterable[str], language: str) -> str:
    """Several statements in a row."""
    return mark("clause", language).join(parts)


def labelled(label: str, said: str, language: str) -> str:
    """`label: said`."""
    return f"{label}{mark('colon', language)}{said}"


def bracketed(said: str, language: str) -> str:
    """What is added to a text in brackets, with the space before them where there is one."""
    return pick(language, f" ({said})", f"（{said}）")


def number(value: Any) -> Decimal | None:
    """The number of a document's cell: None, a decimal, an integer or a text."""
    return None if value is None else value if isinstance(value, Decimal) else Decimal(str(value))


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half-even for reading, however long the number is."""
    with localcontext() as context:
        context.prec = max(len(value.as_tuple().digits) + places + 2, value.adjusted() + places + 3, 28)
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def plain(value: Decimal | None, places: int = 1) -> str:
    """A number with groups of three digits and a fixed number of places."""
    return "–" if value is None else f"{rounded(value, places):,f}"


def percent(value: Decimal | None, places: int = 1) -> str:
    """A ratio as a percentage."""
    return "–" if value is None else f"{rounded(value * 100, places):,f} %"


def quantity(value: Decimal | None, unit: str | None) -> str:
    """A value as its unit is read: shares as percentages, money and counts grouped, whole where they are whole."""
    if value is None:
        return "–"
    if unit == "percent":
        return percent(value, 2)
    whole = value == value.to_integral_value()
    return plain(value, 0 if whole else 2)


def with_sign(text: str) -> str:
    """A number that is added or taken away: `+ 30`, `− 30`."""
    return f"− {text.removeprefix('-')}" if text.startswith("-") else f"+ {text}"


def tenure(months: int, language: str) -> str:
    """Whom a step of a schedule is for."""
    return pick(language, f"less than {months} month{'s' if months != 1 else ''} from hiring", f"到職 {months} 個月內")


def width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def clean(text: Any) -> str:
    """Text from data, with everything that would steer a terminal or hide in a name made visible."""
    return "".join(
        char if char == " " or unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp") else f"\\u{ord(char):04x}"
        for char in str(text)
    )
