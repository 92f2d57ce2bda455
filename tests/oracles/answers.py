"""Survey answers as somebody would sort them by hand."""

from __future__ import annotations

from tests.oracles.books import Books
from tests.oracles.desk import Row


def latest(books: Books, kind: str) -> list[Row]:
    """The last answer of each respondent about each subject in each wave, if its score is on its scale.

    The team is the one that was named, else that of who is rated, at the time.
    """
    found: dict[object, Row] = {}
    answers = [row for row in books.rows["survey_answered"] if row["kind"] == kind]
    for row in sorted(answers, key=lambda row: (row["occurred_at"], row["answer_id"], row["source"])):
        about = tuple(row.get(name) for name in ("survey_id", "wave", "scale", "subject_id", "team_id"))
        who = row["respondent_id"] or ("nobody", row["answer_id"], row["source"])
        found[about, who] = row
    kept = []
    for row in found.values():
        if row["score"] is not None and row["scale_min"] <= row["score"] <= row["scale_max"]:
            rated = row.get("subject_id") or row["owner_id"]
            team = row.get("team_id") or books.desk.team(rated, row["occurred_at"])
            kept.append({**row, "subject_id": row.get("subject_id"), "team_id": team})
    return kept
