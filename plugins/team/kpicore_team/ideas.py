"""Ideas: what was proposed, and what was adopted of it."""

from __future__ import annotations

from typing import Any

from kpicore import Choice, Example, Indicator, Match, choice, distinct, names

_COMMON: dict[str, Any] = {
    "perspective": "capability",
    "indicator_type": "growth",
    "roles": ["all"],
    "unit": "count",
    "better": "higher",
    "data_source": {"en": "Proposal register", "zh-Hant": "提案登記"},
}
INNOVATION = names("innovation", "process", "channel", title={"en": "kinds that count", "zh-Hant": "計入的類別"})

process_proposals_adopted = Indicator(
    "team.process_proposals_adopted",
    title={"en": "Process proposals adopted", "zh-Hant": "流程優化提案採納數"},
    definition={
        "en": "Proposals to improve a process that were adopted in the period, whenever they were submitted. They count for "
        "the team that their proposer was in on submission. A withdrawn adoption is retracted and does not count.",
        "zh-Hant": "期內採納的流程優化提案數，不論何時提交，歸屬於提交當時提案人所在團隊。撤回的採納予以註銷，不計。",
    },
    credit=("team_id", "owner_id"),
    measure=distinct("adopted_proposal", "proposal_id", where="kind = 'process'"),
    moves={
        "en": "Moved by listening and by deciding soon; moves response times and cost.",
        "zh-Hant": "受傾聽與及時決策影響；影響響應時效與成本。",
    },
    examples=[
        Example(
            {"en": "two are adopted", "zh-Hant": "採納兩件"},
            {
                "proposal_submitted": [{"proposal_id": n, "kind": "process"} for n in ("1", "2", "3")],
                "proposal_adopted": [{"proposal_id": "1"}, {"proposal_id": "2"}],
            },
            "2",
        ),
        Example(
            {"en": "the day of adoption decides, not that of submission", "zh-Hant": "按採納日歸期，不按提交日"},
            {
                "proposal_submitted": [
                    {"proposal_id": "1", "kind": "process", "occurred_at": "2025-12-01T09:00:00Z"},
                    {"proposal_id": "2", "kind": "process"},
                ],
                "proposal_adopted": [
                    {"proposal_id": "1"},
                    {"proposal_id": "2", "occurred_at": "2026-04-01T00:00:00Z"},
                ],
            },
            "1",
        ),
        Example(
            {"en": "the kind is that of the submission", "zh-Hant": "類別以提交時為準"},
            {
                "proposal_submitted": [{"proposal_id": "1", "kind": "channel"}],
                "proposal_adopted": [{"proposal_id": "1", "kind": "process"}],
            },
            "0",
        ),
        Example({"en": "none was adopted", "zh-Hant": "沒有採納"}, {}, "0"),
    ],
    **_COMMON,
)

innovation_proposals_adopted = Indicator(
    "team.innovation_proposals_adopted",
    title={"en": "Innovation proposals adopted", "zh-Hant": "團隊創新提案採納數"},
    definition={
        "en": "Proposals for something new, of a kind that counts, that were adopted in the period; for the team that their "
        "proposer was in on submission. A withdrawn adoption is retracted and does not count.",
        "zh-Hant": "期內採納、屬於計入類別的創新提案數，歸屬於提交當時提案人所在團隊。撤回的採納予以註銷，不計。",
    },
    params={"kinds": INNOVATION},
    credit=("team_id", "owner_id"),
    measure=distinct("adopted_proposal", "proposal_id", where="kind in $kinds"),
    moves={
        "en": "Moved by room for trials; moves new channels and what the company learns.",
        "zh-Hant": "受試錯空間影響；影響新渠道與組織學習。",
    },
    examples=[
        Example(
            {"en": "innovation, process and channel count", "zh-Hant": "創新、流程、渠道三類皆計"},
            {"proposal_adopted": [{"kind": "innovation"}, {"kind": "process"}, {"kind": "channel"}, {"kind": "other"}]},
            "3",
        ),
        Example(
            {"en": "only the kinds that were declared", "zh-Hant": "只計宣告的類別"},
            {"proposal_adopted": [{"kind": "innovation"}, {"kind": "process"}]},
            "1",
            params={"kinds": ["innovation"]},
        ),
        Example(
            {"en": "one that two registers hold is one", "zh-Hant": "兩處登記同一提案計一次"},
            {
                "proposal_submitted": [{"proposal_id": "1", "kind": "innovation"}],
                "proposal_adopted": [{"proposal_id": "1"}],
            },
            "1",
        ),
        Example({"en": "none was adopted", "zh-Hant": "沒有採納"}, {}, "0"),
    ],
    **_COMMON,
)

SUBMITTED = distinct("proposal_submitted", "proposal_id", where="kind = 'innovation'")
ADOPTED = distinct(
    "proposal_submitted", "proposal_id", where="kind = 'innovation'", match=Match("proposal_adopted", "proposal_id")
)

innovation_proposals_submitted = Indicator(
    "team.innovation_proposals_submitted",
    title={"en": "Innovation proposals submitted", "zh-Hant": "創新提案數"},
    definition={
        "en": "Proposals for something new that were submitted in the period; one that several registers hold is one. Read it "
        "beside the figure adopted share, whenever that was, or it rewards quantity.",
        "zh-Hant": "期內提交的創新提案數；多處登記的同一提案計一次。應與數字「採納占比」（不論何時採納）並看，以免只鼓勵數量。",
    },
    credit=("owner_id", "team_id"),
    params={
        "figure": choice(
            "count",
            "adopted_share",
            titles={
                "count": {"en": "how many", "zh-Hant": "件數"},
                "adopted_share": {"en": "share that was adopted", "zh-Hant": "採納占比"},
            },
            title={"en": "figure", "zh-Hant": "數字"},
        )
    },
    measure=Choice("figure", {"count": SUBMITTED, "adopted_share": ADOPTED / SUBMITTED}),
    version="1.1",
    moves={
        "en": "Moved by being heard; moves proposals adopted.",
        "zh-Hant": "受意見受重視程度影響；影響提案採納數。",
    },
    examples=[
        Example(
            {"en": "two are submitted", "zh-Hant": "提交兩件"},
            {"proposal_submitted": [{"kind": "innovation"}, {"kind": "innovation"}]},
            "2",
        ),
        Example(
            {"en": "other kinds count elsewhere", "zh-Hant": "其他類別不計"},
            {"proposal_submitted": [{"kind": "innovation"}, {"kind": "process"}, {"kind": None}]},
            "1",
        ),
        Example(
            {"en": "submitted next month counts next month", "zh-Hant": "次月提交計入次月"},
            {"proposal_submitted": [{"kind": "innovation", "occurred_at": "2026-04-01T00:00:00Z"}]},
            "0",
        ),
        Example(
            {"en": "adopted share: one of two, in a later month", "zh-Hant": "採納占比：兩件中一件於日後採納"},
            {
                "proposal_submitted": [{"proposal_id": str(n), "kind": "innovation"} for n in (1, 2)],
                "proposal_adopted": [{"proposal_id": "2", "occurred_at": "2026-05-02T09:00:00Z"}],
            },
            "0.5",
            params={"figure": "adopted_share"},
        ),
        Example({"en": "none was submitted", "zh-Hant": "沒有提案"}, {}, "0"),
    ],
    **_COMMON,
)
