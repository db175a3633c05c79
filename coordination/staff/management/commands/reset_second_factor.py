"""Reset a second factor on the server, where no other security administrator can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.staff.models import Officer
from coordination.staff.second_factor import reset_second_factor
from projects.record.refusals import Refusal


class Command(BaseCommand):
    """`manage.py reset_second_factor <username>`."""

    help = "Let an officer who lost his second factor sign in by his password alone, on record."

    def add_arguments(self, parser: CommandParser) -> None:
        """The officer."""
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Reset it; refused where there is none."""
        officer = Officer.objects.filter(username=options["username"]).first()
        if officer is None:
            raise CommandError("没有该用户。 There is no such officer.")
        try:
            reset_second_factor(officer=officer, by=None)
        except Refusal as refusal:
            raise CommandError("\n".join(refusal.reasons)) from refusal
