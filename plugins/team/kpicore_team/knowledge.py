"""Knowledge: cases, courses and sessions that a team gives to others, and training that it finishes itself."""

from __future__ import annotations

from kpicore import Choice, Example, Indicator, Match, Mean, choice, count, rate, total

case_library_updates = Indicator(
    "team.case_library_updates",
    title={"en": "Case library updates", "zh-Hant": "內部案例庫更新量"},
    definition={
        "en": "Approved versions of cases that were published in the period: new cases and new versions alike. Minor edits do "
        "not count.",
        "zh-Hant": "期內發布且審核通過的案例版本數，新案例與更新版皆計。小幅修訂不計。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["all"],
    unit="count",
    better="higher",
    data_source={"en": "Case library", "zh-Hant": "案例庫"},
    credit=("owner_id", "team_id"),
    measure=count("case_published", where="approved and minor is not true"),
    moves={
        "en": "Moved by reviews after each project; moves the conversion of colleagues who use them.",
        "zh-Hant": "受項目復盤影響；影響同仁運用案例後的轉化。",
    },
    examples=[
        Example(
            {"en": "a new case and a new version of another", "zh-Hant": "一個新案例與一個更新版"},
            {
                "case_published": [
                    {"case_id": "A", "version": 1, "approved": True},
                    {"case_id": "B", "version": 2, "approved": True},
                ]
            },
            "2",
        ),
        Example(
            {"en": "minor edits do not count", "zh-Hant": "小幅修訂不計"},
            {"case_published": [{"approved": True}, {"approved": True, "minor": True}]},
            "1",
        ),
        Example(
            {"en": "what is refused, or not yet approved, does not count", "zh-Hant": "未通過或待審者不計"},
            {"case_published": [{"approved": False}, {"approved": None}]},
            "0",
        ),
        Example({"en": "nothing was published", "zh-Hant": "沒有發布"}, {}, "0"),
    ],
)

training_courses_developed = Indicator(
    "team.training_courses_developed",
    title={"en": "Training courses developed", "zh-Hant": "培訓課程開發量"},
    definition={
        "en": "Courses released in the period. Co-authors share a course in equal parts that add up to one.",
        "zh-Hant": "期內發布的課程數。共同作者均分一門課，各份合計為一。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["all"],
    unit="count",
    better="higher",
    data_source={"en": "Learning platform", "zh-Hant": "學習平台"},
    credit=("author_id", "team_id", "owner_id"),
    measure=total("course_credit", "credit"),
    moves={
        "en": "Moved by time that is set aside; moves training completion and the skill of newcomers.",
        "zh-Hant": "受預留時間影響；影響培訓完成率與新人能力。",
    },
    examples=[
        Example({"en": "two courses", "zh-Hant": "兩門課程"}, {"course_released": 2}, "2"),
        Example(
            {"en": "three co-authors make one course", "zh-Hant": "三位共同作者合計一門"},
            {"course_released": [{"course_id": "A", "author_id": author} for author in ("Ann", "Bo", "Cy")]},
            "1",
        ),
        Example(
            {
                "en": "a co-author who is entered next month counts next month",
                "zh-Hant": "次月登記的共同作者計入次月",
            },
            {
                "course_released": [
                    {"course_id": "A", "author_id": "Ann"},
                    {"course_id": "A", "author_id": "Bo", "occurred_at": "2026-04-02T09:00:00Z"},
                ]
            },
            "0.5",
        ),
        Example({"en": "none was released", "zh-Hant": "沒有發布課程"}, {}, "0"),
    ],
)

knowledge_sharing_sessions = Indicator(
    "team.knowledge_sharing_sessions",
    title={"en": "Knowledge sharing sessions", "zh-Hant": "團隊知識分享次數"},
    definition={
        "en": "Sharing sessions held in the period with at least two people and thirty minutes. Teams that hold one together "
        "share it in equal parts.",
        "zh-Hant": "期內舉辦、至少兩人參加且不少於三十分鐘的分享會次數。多個團隊合辦者均分。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["all"],
    unit="count",
    better="higher",
    data_source={"en": "Team calendar", "zh-Hant": "團隊行事曆"},
    credit=("team_id", "owner_id"),
    measure=total("sharing_credit", "credit"),
    moves={
        "en": "Moved by habit and by example; moves adopted proposals and the case library.",
        "zh-Hant": "受習慣與示範影響；影響提案採納與案例庫。",
    },
    examples=[
        Example(
            {"en": "two sessions", "zh-Hant": "兩場分享"},
            {"sharing_held": [{"attendees": 8, "minutes": 60}, {"attendees": 2, "minutes": 30}]},
            "2",
        ),
        Example(
            {"en": "too few people, or too short, is no session", "zh-Hant": "人數或時間不足者不計"},
            {"sharing_held": [{"attendees": 1, "minutes": 60}, {"attendees": 9, "minutes": 29}]},
            "0",
        ),
        Example(
            {"en": "two teams hold one session together", "zh-Hant": "兩團隊合辦一場"},
            {
                "sharing_held": [
                    {"sharing_id": "S", "team_id": team, "attendees": 12, "minutes": 90} for team in ("north", "south")
                ]
            },
            "1",
        ),
        Example({"en": "none was held", "zh-Hant": "沒有舉辦"}, {}, "0"),
    ],
)

REQUIRED = count("required_course", time="due_at")
PASSED = Match("training_completed", ("employee_id", "course_id"), high="due_at", where="passed")

DUE = "2026-03-20T18:00:00Z"

training_completion_rate = Indicator(
    "team.training_completion_rate",
    title={"en": "Training completion rate", "zh-Hant": "團隊培訓完成率"},
    definition={
        "en": "Of the required courses that fall due in the period, those passed by their due time; pooled over people, or "
        "as the mean of their rates. A leave that begins before the due time moves it on by its length.",
        "zh-Hant": "期內到期的應修課程中，於到期時刻前通過者的比例；以全部應修課程合併計算，或取個人比率之平均。於到期前開始的休假，按其長度順延到期時刻。",
    },
    perspective="capability",
    indicator_type="growth",
    roles=["all"],
    unit="percent",
    better="higher",
    data_source={"en": "Learning platform", "zh-Hant": "學習平台"},
    credit=("employee_id", "owner_id"),
    params={
        "rollup": choice(
            "pooled",
            "persons",
            titles={
                "pooled": {"en": "pooled over people", "zh-Hant": "全員合併"},
                "persons": {"en": "mean of persons", "zh-Hant": "個人比率平均"},
            },
            title={"en": "rolled up as", "zh-Hant": "彙總方式"},
        )
    },
    measure=Choice(
        "rollup", {"pooled": rate(REQUIRED, PASSED), "persons": Mean(rate(REQUIRED, PASSED), "employee_id")}
    ),
    version="1.2",
    moves={
        "en": "Moved by time for learning and by reminders; moves conversion and compliance of newcomers.",
        "zh-Hant": "受學習時間與提醒影響；影響新人的轉化與合規。",
    },
    examples=[
        Example(
            {"en": "one of two is passed in time, to the second", "zh-Hant": "兩門中一門準時通過"},
            {
                "training_assigned": [
                    {"employee_id": "Ann", "course_id": "C", "due_at": DUE},
                    {"employee_id": "Bo", "course_id": "C", "due_at": DUE},
                ],
                "training_completed": [
                    {"employee_id": "Ann", "course_id": "C", "passed": True, "occurred_at": DUE},
                    {"employee_id": "Bo", "course_id": "C", "passed": True, "occurred_at": "2026-03-20T18:00:01Z"},
                ],
            },
            "0.5",
        ),
        Example(
            {"en": "to sit through it is not to pass", "zh-Hant": "完課未通過不算"},
            {
                "training_assigned": [{"employee_id": "Ann", "course_id": "C", "due_at": DUE}],
                "training_completed": [
                    {"employee_id": "Ann", "course_id": "C", "passed": False, "occurred_at": "2026-03-02T09:00:00Z"}
                ],
            },
            "0",
        ),
        Example(
            {"en": "passed at the second attempt is passed once", "zh-Hant": "第二次通過計一次"},
            {
                "training_assigned": [{"employee_id": "Ann", "course_id": "C", "due_at": DUE}],
                "training_completed": [
                    {"employee_id": "Ann", "course_id": "C", "passed": done, "occurred_at": f"2026-03-0{day}T09:00:00Z"}
                    for day, done in enumerate((False, True, True), 1)
                ],
            },
            "1",
        ),
        Example(
            {
                "en": "mean of persons: Ann passes one of three, Bo his only one",
                "zh-Hant": "個人平均：一人三門過一門，一人一門過一門",
            },
            {
                "training_assigned": [
                    *({"employee_id": "Ann", "course_id": f"C-{n}", "due_at": DUE} for n in (1, 2, 3)),
                    {"employee_id": "Bo", "course_id": "C-1", "due_at": DUE},
                ],
                "training_completed": [
                    {"employee_id": who, "course_id": "C-1", "passed": True, "occurred_at": DUE}
                    for who in ("Ann", "Bo")
                ],
            },
            "0.666666666667",
            params={"rollup": "persons"},
        ),
        *(
            Example(
                {"en": f"leave: {name}", "zh-Hant": f"休假：{word}"},
                {
                    "training_assigned": [
                        {"employee_id": who, "course_id": "C", "due_at": DUE, "occurred_at": "2026-03-02T09:00:00Z"}
                        for who in ("Ann", "Bo")
                    ],
                    "leave_taken": [
                        {"employee_id": "Ann", "starts_at": f"{start}T00:00:00Z", "ends_at": f"{end}T00:00:00Z"}
                        for start, end in leaves
                    ],
                    "training_completed": [
                        {"employee_id": who, "course_id": "C", "passed": True, "occurred_at": "2026-03-25T18:00:00Z"}
                        for who in ("Ann", "Bo")
                    ],
                },
                value,
            )
            for name, word, leaves, value in (
                (
                    "five days of it make what is passed five days late be in time",
                    "五日休假，遲五日通過仍為準時",
                    [("2026-03-10", "2026-03-15")],
                    "0.5",
                ),
                (
                    "before the course was given it counts nothing",
                    "指派前的休假不計",
                    [("2026-02-20", "2026-03-01")],
                    "0",
                ),
                (
                    "what overlaps counts once: four days are not enough",
                    "重疊者計一次：四日不足",
                    [("2026-03-10", "2026-03-13"), ("2026-03-11", "2026-03-14")],
                    "0",
                ),
                (
                    "two days, and three in the time thus won",
                    "二日，及順延期間的三日",
                    [("2026-03-10", "2026-03-12"), ("2026-03-21", "2026-03-24")],
                    "0.5",
                ),
                ("after the due time it is too late", "到期後的休假不計", [("2026-03-21", "2026-03-30")], "0"),
            )
        ),
        Example({"en": "nothing fell due", "zh-Hant": "沒有到期課程"}, {}, state="no_denominator"),
    ],
)
