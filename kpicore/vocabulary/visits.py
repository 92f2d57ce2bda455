"""Visits to shops and sites, and the pages that were viewed."""

from __future__ import annotations

from kpicore.definitions.facts import FactType
from kpicore.naming import both
from kpicore.vocabulary.fields import CHANNEL, CONTENT, STORE, flag, ident, word

_VISITOR, _SESSION = ident("visitor", "訪客"), ident("session", "工作階段")
_BOT = flag("bot traffic", "機器流量")
_OWNER = both("who looks after the page", "頁面負責人")
_CREDITS = {"owner_id": "person", "store_id": "store", "channel_id": "channel"}

VISIT_STARTED = FactType(
    "visit_started",
    both("visits", "訪問"),
    "session_id",
    {"session_id": _SESSION, "visitor_id": _VISITOR, "store_id": STORE, "channel_id": CHANNEL, "bot": _BOT},
    _OWNER,
    _CREDITS,
)

PAGE_VIEWED = FactType(
    "page_viewed",
    both("page views", "頁面瀏覽"),
    "view_id",
    {
        "view_id": ident("view", "瀏覽"),
        "visitor_id": _VISITOR,
        "session_id": _SESSION,
        "store_id": STORE,
        "channel_id": CHANNEL,
        "page": word("page", "頁面"),
        "content_id": CONTENT,
        "bot": _BOT,
    },
    _OWNER,
    _CREDITS,
)

FACT_TYPES = (VISIT_STARTED, PAGE_VIEWED)
