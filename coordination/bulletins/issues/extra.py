"""The verb that begins an extra issue: a bulletin of any period, numbered apart from the weeks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from coordination.bulletins.counting import bulletin_hash, count_blocks, snapshot
from coordination.bulletins.drafting import Given, paper_of
from coordination.bulletins.issues.editing import (
    LONGEST_TITLE,
    UNKNOWN_NUMBERS,
    figures_on,
    years_of,
)
from coordination.bulletins.issues.flow import Capacity
from coordination.bulletins.issues.step import capacities
from coordination.bulletins.issues.verbs import draft
from coordination.bulletins.models import Bulletin, Issue, Language, Series
from coordination.bulletins.numbers import unknown_numbers
from coordination.bulletins.queries_series import schemas_of
from coordination.staff.models import Officer
from projects.house.blocks import Period
from projects.record.clock import change, now, settle
from projects.record.refusals import Checker, NotAllowed
from projects.record.text import one_line

LONGEST: Final = timedelta(days=366)
_TITLES: Final = {"title": Language.CHINESE, "english_title": Language.ENGLISH}
_MOST_NAMED: Final = 5  # numbers that a refusal lists


def begin_extra(
    *, title: str, start: datetime | None, end: datetime | None, english_title: str = "",
    by: Officer,
) -> Issue:  # fmt: skip
    """Count the figures of a period, and begin their issue with its own title.

    By duty desk and director; whoever begins it words its title, so another officer reviews it.
    Raises NotAllowed for others and where a block does not reconcile. Raises Invalid for a period
    that is not over, and for a moment to which there is an extra issue already.
    """
    if Capacity.EDITOR not in capacities(Issue(series=Series.EXTRA), by):
        raise NotAllowed
    titles = {"title": one_line(title), "english_title": one_line(english_title)}
    period = _required(titles, start, end)
    _require_free(period.end)
    settle()  # all transactions with an earlier time have committed
    with snapshot():
        blocks = count_blocks(period, schemas_of(Series.EXTRA), from_sealed=True)
    _require_known_numbers(titles, blocks, period)
    with change() as at:
        bulletin, is_new = Bulletin.objects.get_or_create(
            series=Series.EXTRA, cut_off=period.end, edition=1,
            defaults={
                "start": period.start, "blocks": blocks, "built_at": at,
                "hash": bulletin_hash(
                    period.end, blocks, series=Series.EXTRA, start=period.start
                ),
            },
        )  # fmt: skip
        if not is_new:  # another began it meanwhile
            _require_free(period.end)
        own = {str(_TITLES[name]): text for name, text in titles.items() if text}
        return draft(bulletin=bulletin, titles=own, by=by)


def _required(titles: Mapping[str, str], start: datetime | None, end: datetime | None) -> Period:
    """The period. Raises Invalid with every field that is missing or cannot be."""
    check = Checker()
    check.require(titles["title"], "title", _("An extra issue has a title of its own."), "required")
    for name, text in titles.items():
        message = _("At most %(most)s characters.") % {"most": LONGEST_TITLE}
        check.require(len(text) <= LONGEST_TITLE, name, message, "max_length")
    for name, moment in (("start", start), ("end", end)):
        check.require(moment, name, _("Enter the period that it covers."), "required")
    if start is None or end is None:
        check.finish()
        raise AssertionError  # the checker has refused it
    check.require(start < end, "end", _("It must end after it begins."), "order")
    message = _("It covers at most %(days)s days.") % {"days": LONGEST.days}
    check.require(end - start <= LONGEST, "start", message, "range")
    check.require(end < now(), "end", _("This period is not over yet."), "future")
    check.finish()
    return Period(start, end)


def _require_free(end: datetime) -> None:
    """Raise Invalid where there is an extra issue to that moment, even one that was discarded."""
    check = Checker()
    taken = Bulletin.objects.filter(series=Series.EXTRA, cut_off=end).exists()
    message = _("There is an extra issue to this moment already.")
    check.require(not taken, "end", message, "taken")
    check.finish()


def _require_known_numbers(
    titles: Mapping[str, str], blocks: Mapping[str, Any], period: Period
) -> None:
    """Raise Invalid for a number in a title that the figures do not have, and that is no date."""
    check = Checker()
    for name, language in _TITLES.items():
        given = Given(language=language, series=Series.EXTRA, links=False)
        known = figures_on(paper_of(blocks, period, given)) | years_of(period)
        wrong = unknown_numbers(titles[name], known)
        message = str(UNKNOWN_NUMBERS) % {"numbers": _(", ").join(wrong[:_MOST_NAMED])}
        check.require(not wrong, name, message, "number")
    check.finish()
