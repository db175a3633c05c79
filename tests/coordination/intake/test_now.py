"""The server's present moment, by which a client takes its days."""

from datetime import datetime

import pytest
from rest_framework.test import APIClient

from coordination.bulletins.week import SHANGHAI
from projects.record.clock import clock_at
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import desk

pytestmark = pytest.mark.django_db


def test_it_is_the_records_own_time() -> None:
    at = desk()
    client = APIClient()
    client.credentials()
    assert client.get("/api/v1/now/").status_code == 401
    client = client_with(at.token)
    with clock_at(datetime(2020, 3, 13, 23, 30, tzinfo=SHANGHAI)):
        answer = client.get("/api/v1/now/")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "now": "2020-03-13T23:30:00+08:00", "today": "2020-03-13", "in_a_week": "2020-03-20",
            "is_working_day": True, "next_working_day": "2020-03-16",
        },
    )  # fmt: skip


def test_a_holiday_is_no_working_day() -> None:
    client = client_with(desk().token)
    with clock_at(datetime(2020, 4, 4, 9, tzinfo=SHANGHAI)):  # 清明
        answer = client.get("/api/v1/now/").json()
    assert (answer["is_working_day"], answer["next_working_day"]) == (False, "2020-04-07")
