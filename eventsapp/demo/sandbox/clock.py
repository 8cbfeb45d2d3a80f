"""The sandbox's time: the real one, or ahead of it when a test lets sessions expire."""

import time
from collections.abc import Callable


class Clock:
    """Whole seconds since 1970, as Stripe stamps its objects."""

    def __init__(self, ahead_seconds: Callable[[], int]) -> None:
        self._ahead_seconds = ahead_seconds

    def now(self) -> int:
        return int(time.time()) + self._ahead_seconds()
