"""The words of reports that tables do not have, and their sentences, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.reports.words import MARKS, pick, word

_WORDS: Mapping[str, tuple[str, str]] = {
    "report": ("Evaluation report", "評估報告"),
    "own_report": ("Personal report", "個人報告"),
    "skip": ("Skip to the report", "跳到報告內容"),
    "contents": ("Contents", "目錄"),
    "at_a_glance": ("At a glance", "一覽"),
    "ranking": ("Ranking", "排名"),
    "rank": ("rank", "名次"),
    "who": ("who", "被評分者"),
    "built": ("what the total is made of", "總分的組成"),
    "distribution": ("Distribution of totals", "總分分布"),
    "from_to": ("total", "總分區間"),
    "how_many": ("how many", "人數"),
    "trend": ("Trend over periods", "各期走勢"),
    "lines": ("Lines of the scorecard", "計分卡項目"),
    "everyone": ("Everyone's lines", "各人各項"),
    "empty": ("Who has no value, and why", "哪些人沒有數值，以及原因"),
    "gates": ("Gates and modifiers", "門檻與調整"),
    "rules": ("Rules in force", "生效中的規則"),
    "check": ("Check it and contest it", "查驗與申訴"),
    "people": ("Each of them", "個別報告"),
    "how_built": ("How the score is built", "分數如何組成"),
    "details": ("Line by line", "逐項說明"),
    "change": ("Since the period before", "與上期相比"),
    "facts": ("Facts that were counted", "計入的事實"),
    "scored": ("scored", "已評分"),
    "median": ("median", "中位數"),
    "highest": ("highest", "最高"),
    "lowest": ("lowest", "最低"),
    "on_target": ("at 100 or more", "達 100 以上"),
    "no_total": ("without a total", "無總分"),
    "period": ("period", "期間"),
    "total": ("total", "總分"),
    "band": ("band", "等級"),
    "difference": ("difference", "差異"),
    "against": ("against", "相較"),
    "line": ("line", "項目"),
    "value": ("value", "數值"),
    "target": ("target", "目標"),
    "attainment": ("attainment", "達成率"),
    "weight": ("weight", "權重"),
    "points": ("points", "得分"),
    "brings": ("brings", "貢獻"),
    "bound": ("bound by", "受限於"),
    "unbound": ("nothing", "無"),
    "capped": ("at the cap", "達上限"),
    "floored": ("at the floor", "達下限"),
    "empty_lines": ("no value", "無數值"),
    "valueless": ("Lines without a value", "無數值的項目"),
    "state": ("state", "狀態"),
    "means": ("what it means", "含義"),
    "done": ("what was done", "處理方式"),
    "cause": ("cause", "原因"),
    "evidence": ("from what", "依據"),
    "rule": ("rule", "規則"),
    "since": ("counts from", "生效日"),
    "by": ("decided by", "決定者"),
    "why": ("why", "原因"),
    "recorded": ("recorded", "記錄時間"),
    "position": ("position", "位置"),
    "in_force": ("in force", "生效中"),
    "not_in_force": ("not in this period", "不適用於本期"),
    "card": ("scorecard", "計分卡"),
    "evaluation": ("evaluation", "評估編號"),
    "digest": ("digest", "摘要碼"),
    "cuts": ("facts and rules up to position", "事實與規則截至位置"),
    "as_of": ("as known at", "資料截至"),
    "sealed": ("sealed", "封存"),
    "by_whom": ("by", "封存人"),
    "not_sealed": ("not sealed: it may still change", "尚未封存：仍可能變動"),
    "zone": ("time zone", "時區"),
    "currency": ("currency", "幣別"),
    "how_many_facts": ("facts", "筆數"),
    "side": ("counted as", "計入"),
    "largest": ("largest, or first by key", "最大者，或依鍵序在前者"),
    "adds": ("adds", "貢獻"),
    "where": ("place in the ledger", "帳本位置"),
    "fact": ("fact", "事實"),
    "none_counted": ("No fact was counted.", "沒有計入任何事實。"),
    "credit": ("credited by", "歸屬依"),
    "hypothetical": ("hypothetical", "假設"),
    "id": ("name", "名稱"),
    "unit": ("unit", "單位"),
    "numerator": ("numerator", "分子"),
    "denominator": ("denominator", "分母"),
    "flags": ("remarks", "備註"),
    "attainment_before": ("attainment before floor and cap", "套用上下限前的達成率"),
    "effective_weight": ("weight after redistribution", "重新分配後的權重"),
    "sum": ("sum before gates and modifiers", "門檻與調整前的合計"),
    "moved_weight": ("weight given to others", "分給其他項目的權重"),
    "kept_weight": ("weight kept without points", "保留而不得分的權重"),
    "last": ("total of the period before", "上期總分"),
    "key": ("key", "鍵"),
    "source": ("source", "來源"),
    "row": ("row", "列"),
    "before": ("before", "之前"),
    "after": ("after", "之後"),
    "rounding": ("other", "其他"),
    "card_cap": ("cap of the scorecard", "計分卡上限"),
    "cap": ("at most", "最多"),
    "factor": ("×", "×"),
    "condition": ("condition, and what it does", "條件與效果"),
    "waits": ("waits for its value", "等待數值"),
    "no_gates": ("No gate was hit, and nothing multiplied a total.", "沒有觸發任何門檻，也沒有調整係數。"),
    "modifier": ("modifier", "調整"),
    "gate": ("gate", "門檻"),
    "steps": ("by steps", "分級"),
    "linear": ("on a line", "線性"),
    "added": ("added after the sum", "合計之後增加"),
    "taken": ("taken away after the sum", "合計之後扣除"),
    "strategy": ("strategy change", "策略調整"),
    "segments": ("Parts of the period", "期間分段"),
    "segment": ("from – to", "起訖"),
    "days": ("days", "天數"),
    "version": ("version of the scorecard", "計分卡版本"),
    "team": ("team", "團隊"),
    "payouts": ("Awards and bonus", "獎項與獎金"),
    "nothing_paid": ("Nothing was paid for this evaluation.", "這份評估沒有發放任何獎項。"),
    "award": ("award", "獎項"),
    "amount": ("amount", "金額"),
    "how": ("how it came about", "計算方式"),
    "won": ("won", "獲得"),
    "not_won": ("not won", "未獲得"),
    "standing": ("Contested and adjusted", "申訴與調整"),
    "beside": ("stands beside the sealed score", "與封存的分數並列"),
    "opened": ("opened", "提出"),
    "step": ("what", "事項"),
    "did": ("step", "步驟"),
    "when": ("when", "時間"),
    "not_contested": ("Nobody contested or adjusted a score.", "沒有人提出申訴或調整分數。"),
    "coefficient": ("coefficient", "係數"),
    "measured_as": ("How it is measured", "測量方式"),
    "weight_moved": ("Weight of empty lines that went to the others", "無值項目分給其他項目的權重"),
    "weight_kept": ("Weight of empty lines that earned nothing", "無值項目保留而不得分的權重"),
    "legend": ("Lines, in the order of the bar", "項目（依長條順序）"),
    "first_period": (
        "There is no earlier period of this scorecard to compare with.",
        "此計分卡沒有更早的期間可供比較。",
    ),
    "unchanged": ("The total is what it was.", "總分與上期相同。"),
    "nobody": ("Nobody is scored in this period.", "本期無人受評。"),
    "all_have_values": ("Everyone has a value on every line.", "每個人的每一項都有數值。"),
    "back": ("Back to the ranking", "回到排名"),
    "replay": ("Compute it again, digit for digit", "重新計算，逐位相同"),
    "explain": ("See how it is built, down to every fact", "查看組成，直到每一筆事實"),
    "verify": ("Check that the ledger is as it was written", "查驗帳本與寫入時相同"),
    "contest": ("Contest it", "提出申訴"),
    "page": ("page", "頁"),
    "scroll": ("table, scrolls sideways", "表格，可左右捲動"),
    **MARKS,
}

#: What an empty state means, in a sentence.
_STATES: Mapping[str, tuple[str, str]] = {
    "not_applicable": ("it does not apply to this person or period", "此項不適用於該對象或期間"),
    "no_denominator": ("there is nothing to divide by yet", "分母為零，無從計算"),
    "missing_data": ("facts that it needs are not there", "缺少計算所需的事實"),
    "immature": ("the time that it looks ahead has not passed yet", "觀察期尚未屆滿"),
    "provisional": ("the feed may still send more; the value counts as it is", "資料可能尚未到齊；數值先照現況採計"),
}
#: What was done about it.
_POLICIES: Mapping[str, tuple[str, str]] = {
    "redistribute": ("its weight of {weight} went to the other lines", "權重 {weight} 分給其他項目"),
    "nowhere": ("no line has a value to take its weight of {weight}", "沒有任何項目有數值，權重 {weight} 無處可分"),
    "keep": ("its weight of {weight} stayed and earned nothing", "權重 {weight} 保留，不得分"),
    "floor": ("it was scored at the floor", "以下限計分"),
    "target": ("it was scored as on target", "視同達標計分"),
    "last": ("it was scored with its last value", "以上期數值計分"),
    "block": ("it stands in the way of sealing", "不得封存"),
    "none": ("it has no weight", "此項不計分"),
}
_FLAGS: Mapping[str, tuple[str, str]] = {
    "low_sample": ("few cases", "樣本過少"),
    "early_event": ("events before their start were left out", "早於起點的事件未計"),
    "no_acquisition": ("nobody was acquired", "無新客"),
    "no_target": ("it has no target", "未設目標"),
    "provisional": ("the feed may still send more", "資料可能尚未到齊"),
}


def say(name: str, language: str) -> str:
    """A heading or label of reports in `language`."""
    return _WORDS[name][language == "zh-Hant"]


def state_means(name: str, language: str) -> str:
    """What a state means, in words."""
    pair = _STATES.get(name)
    return word(name, language) if pair is None else pair[language == "zh-Hant"]


def policy_did(name: str, weight: str, language: str) -> str:
    """What was done about an empty line."""
    pair = _POLICIES.get(name)
    return word(name, language) if pair is None else pair[language == "zh-Hant"].format(weight=weight)


def flag_says(name: str, language: str) -> str:
    """What a flag says, in words."""
    pair = _FLAGS.get(name)
    return word(name, language) if pair is None else pair[language == "zh-Hant"]


def people(many: int, level: str, language: str) -> str:
    """`35 persons`, `1 team`."""
    one = {"person": ("person", "人"), "team": ("team", "個團隊"), "company": ("company", "家公司")}[level]
    return pick(language, f"{many:,} {one[0]}{'s' if many != 1 else ''}", f"{many:,} {one[1]}")
