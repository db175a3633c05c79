"""What the house knows of the demonstration."""

from django.conf import settings

from projects.house.rooms import Periodic, Room, register

ROOM = register(
    Room(
        label="demo",
        timetable=(
            (Periodic("demonstration", "coordination.demo.tasks.live_demo", 2.0, expires=2),)
            if settings.DEMONSTRATION
            else ()
        ),
    )
)
