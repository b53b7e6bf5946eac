"""How long a forge is waited for, and how often it is asked. It knows nothing of what is asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from dvc_changelog.comments.failure import Failure
from dvc_changelog.dataclass import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries with pauses that double, all within `total` seconds.

    The libraries can retry too, but none of them within a total, and none looks whether a comment was made
    before the answer was lost; so they are told not to. `timeout` is of one request, `first` the first pause,
    in seconds. `sleep`, `clock` and `now` are those of `time`.
    """

    total: float = 60.0
    timeout: float = 15.0
    first: float = 1.0
    tries: int = 6
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time

    def until_done(self, attempt: Callable[[], T]) -> T:
        """What an attempt returns, in the end.

        Args:
            attempt: may be called several times, and must look at what is there each time.

        Raises:
            Failure: the last one; its `wait` is what the forge asks for, where that is too long.
        """
        end = self.clock() + self.total
        for tried in range(1, self.tries + 1):
            try:
                return attempt()
            except Failure as failed:
                failure = failed
            failure.tries = tried
            asked = failure.asked(self.now()) if failure.passing else 0.0
            pause = max(asked, self.first * 2 ** (tried - 1))
            if not failure.passing or tried == self.tries:
                break
            if self.clock() + pause > end:
                failure.wait = asked
                break
            self.sleep(pause)
        raise failure
