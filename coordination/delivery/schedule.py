"""When a delivery that failed is tried again, and when nobody tries any more.

The schedule is Svix's: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. A little
jitter keeps those that failed together from coming back together.
"""

import random
from datetime import timedelta
from typing import Final

AFTER: Final = (
    timedelta(0), timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30),
    timedelta(hours=2), timedelta(hours=5), timedelta(hours=10), timedelta(hours=10),
)  # fmt: skip
MOST_TRIES: Final = len(AFTER)
JITTER: Final = 0.1
LONGEST_WISH: Final = timedelta(days=1)  # a receiver may ask us to wait, but not for ever


def next_pause(tries: int, *, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many tries; None where it is given up.

    What the receiver asked for (Retry-After) only ever makes it longer.
    """
    if tries >= MOST_TRIES:
        return None
    pause = AFTER[tries] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - nothing secret
    return max(pause, min(asked, LONGEST_WISH)) if asked else pause
