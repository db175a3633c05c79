"""Whether the anchors that checks told are those that are kept, as far as it is on record."""

from collections.abc import Iterator
from typing import Final

from projects.record.findings import Difference, Finding, finding
from projects.record.models import Anchor
from projects.record.reading import rows

# By the results of checks, by the notices of them at the desk, and by the messages that were sent:
# these texts say a number, a sign or two, and a hash.
_TOLD_OTHERWISE: Final = """
    WITH said AS (
        SELECT text FROM delivery_notice WHERE topic = %(topic)s
        UNION SELECT payload->>'text' FROM delivery_delivery WHERE topic = %(topic)s
    ), told AS (
        SELECT anchor_number AS number, anchor_hash AS hash FROM audit_recordcheck
        WHERE anchor_number > 0
        UNION SELECT anchor[1]::integer, anchor[2]
        FROM said, regexp_match(text, '([0-9]{1,9})[^0-9a-f]{1,3}([0-9a-f]{64})') AS anchor
        WHERE anchor IS NOT NULL
    )
    SELECT DISTINCT number FROM told
    WHERE NOT EXISTS (SELECT FROM record_anchor AS kept
        WHERE (kept.number, kept.hash) = (told.number, told.hash))
    ORDER BY number
"""
TOPIC: Final = "record.checked"


def told_anchors() -> Iterator[Finding]:
    """Name each anchor that was told otherwise than it is kept."""
    for (number,) in rows(_TOLD_OTHERWISE, {"topic": TOPIC}):
        yield finding(Anchor, number, Difference.TOLD)
