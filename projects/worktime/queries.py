"""The working calendar as it is entered now, read in one question."""

import json
from datetime import date, time
from functools import lru_cache
from typing import Final

from django.db import connection

from projects.worktime.calendar import Calendar

# Three columns of JSON: the service hours, the edited days, the entered years.
COLUMNS: Final = """
    (SELECT COALESCE(json_agg(json_build_array(opens, closes) ORDER BY opens), '[]')
        FROM worktime_servicehours)::text,
    (SELECT COALESCE(json_agg(json_build_array(day, is_working)), '[]')
        FROM worktime_calendaroverride)::text,
    (SELECT COALESCE(json_agg(year), '[]') FROM worktime_calendaryear)::text
"""


def working_calendar() -> Calendar:
    """The calendar; its hours are empty where the desk has entered none."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS}")
        return read_calendar(*cursor.fetchone())


@lru_cache(maxsize=8)  # the same rows give the same calendar
def read_calendar(hours: str, overrides: str, years: str) -> Calendar:
    """The calendar from the values of ``COLUMNS``."""
    return Calendar(
        hours=tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in json.loads(hours)),
        overrides={date.fromisoformat(day): worked for day, worked in json.loads(overrides)},
        entered=frozenset(json.loads(years)),
    )
