"""Pairs of projects of the register that may be one (疑似重复), and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from projects.record.reading import rows
from projects.register.models import Project

SIMILAR: Final = 0.5  # of the trigrams of two names, how many they share
NEAR: Final = 0.05  # by how much two total investments may differ, as a part of the larger


class Likeness(TextChoices):
    """Why two projects may be one."""

    NAME = "name", _("Same name")
    SIMILAR = "similar", _("Similar name in the same district")
    OWNER = "owner", _("Same owner and similar investment")


@dataclass(frozen=True)
class Pair:
    """Two projects, that of the lower id first, and each reason."""

    first: Project
    second: Project
    reasons: list[str]

    @property
    def words(self) -> list[str]:
        """The reasons, for people."""
        return [str(Likeness(each).label) for each in self.reasons]


# Names that differ in their numbers alone (一期 and 二期, 1号线 and 2号线) are of two projects. Of
# projects that own the same national code the database allows no two.
_PAIRS: Final = """
    WITH own AS MATERIALIZED (
        SELECT id, folded, district_id, total_investment,
            regexp_replace(folded, '[^0-9a-z一二三四五六七八九十]', '', 'g') AS numbers
        FROM register_project WHERE left_at IS NULL
    ), owner AS MATERIALIZED (
        SELECT DISTINCT part.project_id, part.enterprise_id
        FROM register_projectparticipant AS part
        WHERE part.role = 'owner' AND part.during @> %(today)s::date
    ), likeness AS (
        SELECT one.id AS first, other.id AS second, 'name' AS reason
        FROM own AS one JOIN own AS other ON other.folded = one.folded AND other.id > one.id
        UNION ALL
        SELECT one.id, other.id, 'similar'
        FROM own AS one JOIN own AS other
            ON other.district_id = one.district_id AND other.numbers = one.numbers
            AND other.id > one.id
        WHERE other.folded <> one.folded AND similarity(one.folded, other.folded) >= %(similar)s
        UNION ALL
        SELECT DISTINCT one.id, other.id, 'owner'
        FROM owner JOIN owner AS same
            ON same.enterprise_id = owner.enterprise_id AND same.project_id > owner.project_id
        JOIN own AS one ON one.id = owner.project_id
        JOIN own AS other ON other.id = same.project_id AND other.numbers = one.numbers
        WHERE abs(one.total_investment - other.total_investment)
            <= %(near)s * greatest(one.total_investment, other.total_investment)
    )
    SELECT first, second, array_agg(reason ORDER BY reason), count(*) OVER ()
    FROM likeness
    WHERE NOT EXISTS (
        SELECT FROM register_notduplicate AS known
        WHERE known.first_id = first AND known.second_id = second)
    GROUP BY first, second
    ORDER BY count(*) DESC, first, second
    LIMIT %(most)s OFFSET %(skipped)s
"""


def alike(on: date, *, most: int, skipped: int = 0) -> tuple[list[Pair], int]:
    """The pairs that may be one project, most reasons first, and their number in all.

    At most ``most`` of them, after ``skipped``; beyond the last there are none, and the number is
    0. Two queries, however many there are.
    """
    given = {"today": on, "similar": SIMILAR, "near": NEAR, "most": most, "skipped": skipped}
    found = [(first, second, why, number) for first, second, why, number in rows(_PAIRS, given)]
    projects = _with_places({pk for first, second, *_rest in found for pk in (first, second)})
    pairs = [Pair(projects[first], projects[second], why) for first, second, why, _n in found]
    return pairs, found[0][3] if found else 0


def _with_places(ids: set[int] | Sequence[int]) -> dict[int, Project]:
    return Project.objects.select_related("district", "batch").in_bulk(list(ids))
