"""Issues of the bulletin in the states to which the verbs lead."""

from datetime import datetime

from coordination.bulletins.build import build
from coordination.bulletins.issues.verbs import publish, review
from coordination.bulletins.models import Bulletin, Issue
from coordination.staff.models import Role
from tests.factories.coordination import director, officer


def draft_of(cut_off: datetime) -> Issue:
    """The draft of the week to the cut-off, built now."""
    return build(cut_off=cut_off).issue


def signed(issue: Issue) -> Issue:
    """The issue, reviewed by the duty desk and published by the director."""
    return publish(issue=review(issue=issue, by=officer(Role.DUTY_DESK)), by=director())


def published(cut_off: datetime) -> Bulletin:
    """The figures of the week's issue, which is built and published."""
    return signed(draft_of(cut_off)).bulletin
