"""When a failed delivery is tried again, and when it is given up.

The schedule is Svix's: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. A little
jitter spreads the retries of deliveries that failed together.
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
LONGEST_WISH: Final = timedelta(days=1)  # upper limit of Retry-After


def next_pause(tries: int, *, asked: timedelta | None = None) -> timedelta | None:
    """The pause after so many tries; None if the delivery is given up.

    The receiver's Retry-After can only make it longer.
    """
    if tries >= MOST_TRIES:
        return None
    pause = AFTER[tries] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - nothing secret
    return max(pause, min(asked, LONGEST_WISH)) if asked else pause
