"""New channels: how many were tried in earnest, and how many proved themselves."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, Parameter, choice, distinct, duration, names

# A trial that still runs has lasted long enough unless it ended before; until then the result is provisional.
IN_EARNEST = "concluded_at is null or concluded_at - occurred_at >= $least or budget >= $minimum"

new_channel_trials = Indicator(
    "marketing.new_channel_trials",
    title={"en": "New channel trials", "zh-Hant": "新獲客渠道嘗試次數"},
    definition={
        "en": "Channels with a trial started in the period that ran at least 14 days or had the minimum budget. The channel is "
        "new: in the 12 months before it brought no lead and no order, and was not tried. Each channel counts once.",
        "zh-Hant": "期內開始嘗試、且持續至少 14 日或達最低預算的渠道數。渠道須為新：此前 12 個月沒有線索、沒有訂單、未曾嘗試。同一渠道只計一次。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["marketing"],
    better="higher",
    data_source={"en": "Log of channel trials", "zh-Hant": "渠道嘗試記錄"},
    params={
        "least": duration("14d", title={"en": "least length of a trial", "zh-Hant": "最短嘗試期"}),
        "minimum": Parameter(
            "decimal", "10000", title={"en": "budget that is enough by itself", "zh-Hant": "最低預算"}
        ),
        "unused": duration("365d", title={"en": "unused for", "zh-Hant": "未使用期"}),
    },
    credit=("owner_id", "team_id", "channel_id"),
    measure=distinct("new_channel_trial", "channel_id", where=IN_EARNEST, matures="$least"),
    moves={
        "en": "Moved by curiosity and a small budget for tests; moves validated channels. Token trials do not count.",
        "zh-Hant": "受探索意願與測試預算影響；影響驗證有效的渠道數。虛應的嘗試不計。",
    },
    examples=[
        Example(
            {"en": "two channels; one of them tried twice", "zh-Hant": "兩個渠道；其一嘗試兩次"},
            {
                "channel_trial_started": [
                    {"channel_id": "podcast", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"channel_id": "podcast", "occurred_at": "2026-03-20T09:00:00Z"},
                    {"channel_id": "radio", "occurred_at": "2026-03-02T09:00:00Z"},
                ]
            },
            "2",
        ),
        Example(
            {"en": "13 days are too short, unless the budget was enough", "zh-Hant": "13 日太短，除非預算足夠"},
            {
                "channel_trial_started": [
                    {"trial_id": "1", "channel_id": "podcast", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"trial_id": "2", "channel_id": "radio", "budget": "10000", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"trial_id": "3", "channel_id": "fair", "occurred_at": "2026-03-02T09:00:00Z"},
                ],
                "channel_trial_concluded": [
                    {"trial_id": "1", "occurred_at": "2026-03-15T09:00:00Z"},
                    {"trial_id": "2", "occurred_at": "2026-03-15T09:00:00Z"},
                    {"trial_id": "3", "occurred_at": "2026-03-16T09:00:00Z"},
                ],
            },
            "2",
        ),
        Example(
            {"en": "a channel that brought a lead within the year is not new", "zh-Hant": "一年內曾有線索的渠道不算新"},
            {
                "channel_trial_started": [
                    {"channel_id": "podcast", "occurred_at": "2026-03-02T09:00:00Z"},
                    {"channel_id": "radio", "occurred_at": "2026-03-02T09:00:00Z"},
                ],
                "lead_created": [
                    {"channel_id": "podcast", "occurred_at": "2025-06-01T09:00:00Z"},
                    {"channel_id": "radio", "occurred_at": "2025-01-01T09:00:00Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "a week after the month a trial may still end early", "zh-Hant": "月結後一週內嘗試仍可能提前結束"},
            {"channel_trial_started": [{"channel_id": "podcast", "occurred_at": "2026-03-31T09:00:00Z"}]},
            "1",
            state="provisional",
            as_of="2026-04-07T00:00:00Z",
        ),
        Example({"en": "nothing was tried", "zh-Hant": "沒有嘗試"}, {}, "0"),
    ],
)

validated_new_channels = Indicator(
    "marketing.validated_new_channels",
    title={"en": "Validated new channels", "zh-Hant": "驗證有效的新獲客渠道數"},
    definition={
        "en": "Trials concluded in the period whose result is that the channel proved itself, by the rule agreed for the award "
        "(such as a cost per customer at or below target, on enough customers); "
        "only with the evidence of it named, if that is required.",
        "zh-Hant": "期內結束、結論為「驗證有效」的嘗試數；有效與否依創新突破獎約定的規則判定（如獲客成本不高於目標且樣本足夠）；可要求須附判定依據。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["marketing"],
    better="higher",
    data_source={"en": "Log of channel trials", "zh-Hant": "渠道嘗試記錄"},
    params={
        "results": names("validated", title={"en": "results that count", "zh-Hant": "計入的結論"}),
        "evidence": choice(
            "not_asked",
            "required",
            titles={
                "not_asked": {"en": "not asked for", "zh-Hant": "不要求"},
                "required": {"en": "required", "zh-Hant": "須附依據"},
            },
            title={"en": "evidence", "zh-Hant": "判定依據"},
        ),
    },
    credit=("owner_id", "team_id", "channel_id"),
    measure=Choice(
        "evidence",
        {
            "not_asked": distinct("channel_trial_concluded", "trial_id", where="result in $results"),
            "required": distinct(
                "channel_trial_concluded", "trial_id", where="result in $results and evidence is not null"
            ),
        },
    ),
    version="1.1",
    moves={
        "en": "Moved by the number and the design of trials; lowers the cost of a customer for years.",
        "zh-Hant": "受嘗試數量與設計影響；長期降低獲客成本。",
    },
    examples=[
        Example(
            {"en": "one of two proved itself", "zh-Hant": "兩項嘗試一項有效"},
            {"channel_trial_concluded": [{"result": "validated"}, {"result": "dropped"}]},
            "1",
            period="2026-Q1",
        ),
        Example(
            {"en": "concluded in April counts in April", "zh-Hant": "四月結束計入四月"},
            {"channel_trial_concluded": [{"result": "validated", "occurred_at": "2026-04-01T00:00:00Z"}]},
            "0",
            period="2026-Q1",
        ),
        Example(
            {"en": "a result of another name may count", "zh-Hant": "可計入其他名稱的結論"},
            {"channel_trial_concluded": [{"result": "scaled"}, {"result": "validated"}, {"result": None}]},
            "2",
            params={"results": ("validated", "scaled")},
        ),
        Example(
            {
                "en": "evidence required: a verdict without a document does not count",
                "zh-Hant": "須附依據：未附文件者不計",
            },
            {
                "channel_trial_concluded": [
                    {"result": "validated", "evidence": "report 7"},
                    {"result": "validated", "evidence": None},
                ]
            },
            "1",
            params={"evidence": "required"},
        ),
        Example({"en": "nothing was concluded", "zh-Hant": "沒有結束的嘗試"}, {}, "0"),
    ],
)
