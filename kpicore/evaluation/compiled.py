"""What was compiled of definitions and settings: as good in every world that has the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

#: Most things whose making is remembered.
KEPT = 4096


class Compiled:
    """What was made by key; what was not asked for longest is forgotten first. Safe to share between threads."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}
        self._lock = threading.RLock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made when its key is asked for first.

        Args:
            key: Names everything that `make` depends on besides definitions and settings.
            make: Makes it.
        """
        with self._lock:
            found = self._found.pop(key, None)
            if found is None:
                found = make()
                if len(self._found) >= KEPT:
                    del self._found[next(iter(self._found))]
            self._found[key] = found
            return found
