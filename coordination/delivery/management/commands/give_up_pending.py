"""`manage.py give_up_pending`: keeps back what waits, before a restored desk is started."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination.delivery.give_up import give_up
from coordination.delivery.models import Delivery
from projects.record.clock import change


class Command(BaseCommand):
    help = "Give up every delivery that waits; each can be sent again from the list of deliveries."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many were given up."""
        with change() as at:
            number = give_up(Delivery.objects.all(), at)
        self.stdout.write(f"{number} deliveries were given up.")
