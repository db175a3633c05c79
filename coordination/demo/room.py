"""What the house knows of the demonstration."""

from django.conf import settings
from django.urls import path

from coordination.demo.public import move_forward, show_clock
from projects.house.rooms import Periodic, Room, register

ROOM = register(
    Room(
        label="demo",
        timetable=(
            (Periodic("demonstration", "coordination.demo.tasks.live_demo", 2.0, expires=2),)
            if settings.DEMONSTRATION
            else ()
        ),
        urls=(
            path("demonstration/", show_clock, name="demo-clock"),
            path("demonstration/forward/", move_forward, name="demo-forward"),
        ),
    )
)
