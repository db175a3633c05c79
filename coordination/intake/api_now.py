"""The API of the server's date and time, and of the next working day."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.tickets.clocks.queries import rules
from projects.access import document
from projects.record.clock import now
from projects.worktime.calendar import day_of

_A_WEEK: Final = timedelta(days=7)


class Present(serializers.Serializer[Any]):
    """The time of the clock by which everything is recorded, and the days that follow."""

    now = serializers.DateTimeField(help_text="In Shanghai.")
    today = serializers.DateField(help_text="The day, in Shanghai.")
    in_a_week = serializers.DateField(help_text="Today and seven days.")
    is_working_day = serializers.BooleanField(
        help_text=(
            "Whether today is a working day; in a year whose days off are not entered yet, every "
            "day from Monday to Friday counts as one."
        )
    )
    next_working_day = serializers.DateField(help_text="The first one after today.")


class Now(APIView):
    @extend_schema(
        operation_id="read_now",
        summary="Read the server's date and time",
        description=(
            "Days and deadlines go by this clock: take the days of a filing from here. In a "
            "demonstration it runs in March 2020. Working days follow the official calendar and "
            "the centre's own entries."
        ),
        responses={200: Present, **document.problems(document.READING)},
    )
    def get(self, _request: Request) -> Response:
        at, calendar = timezone.localtime(now()), rules().calendar
        today = day_of(at)
        present = {
            "now": at, "today": today, "in_a_week": today + _A_WEEK,
            "is_working_day": calendar.is_working(today),
            "next_working_day": next(calendar.working_days_after(today)),
        }  # fmt: skip
        return Response(Present(present).data)
