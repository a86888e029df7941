"""How often something may fail before it has to wait: a sliding window in memory, by key."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from desirepath.server.problems import RefusedError

KEYS = 10_000
"""As many keys are remembered; the oldest go first."""


class Limiter:
    """At most `times` failures in `seconds` for one key."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.times, self.seconds, self._clock = times, seconds, clock
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, key: str) -> None:
        """Refuses with 429 who has failed too often."""
        with self._lock:
            failed = self._recent(key)
            if len(failed) >= self.times:
                wait = max(1, round(failed[0] + self.seconds - self._clock()))
                raise RefusedError(429, "too many attempts", "wait a while", {"Retry-After": str(wait)})

    def fail(self, key: str) -> None:
        """Counts a failure."""
        with self._lock:
            failed = self._recent(key)
            failed.append(self._clock())
            self._failed[key] = failed
            self._failed.move_to_end(key)
            while len(self._failed) > KEYS:
                self._failed.popitem(last=False)

    def _recent(self, key: str) -> deque[float]:
        failed = self._failed.get(key, deque())
        while failed and failed[0] <= self._clock() - self.seconds:
            failed.popleft()
        return failed
