"""What a bulletin says of investment, in sentences."""

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext, pgettext

from projects.house.blocks import Figures
from projects.investment.words import lights_rule, progress_rule, quarter_words


def said(figures: Figures) -> Iterator[str]:
    if not figures["projects"]:
        yield gettext("No project is in the year's list.")
        return
    if figures["rate"] is None:
        yield gettext("The projects of the year's list have no planned investment of the year.")
        return
    yield gettext(
        "By %(day)s, the %(projects)s projects of the year's list have invested %(year_actual)s"
        " (100 million yuan), %(rate)s%% of the year's plan of %(annual_plan)s, %(against)s."
    ) % {**figures, "day": _day(figures["day"]), "against": against(figures["gap"])}
    yield from _said_of_quarter(figures)
    yield _said_of_new(figures["new"])
    yield gettext(
        "Lights of the projects: %(green)s green, %(yellow)s yellow, %(red)s red."
    ) % figures  # fmt: skip
    yield progress_rule(figures["time_rule"])
    yield lights_rule(figures["light_rule"])
    if figures["without_actual"]:
        yield ngettext(
            "Of %(number)s project nothing is stated for the year yet.",
            "Of %(number)s projects nothing is stated for the year yet.",
            figures["without_actual"],
        ) % {"number": figures["without_actual"]}


def _said_of_new(new: str) -> str:
    if new.startswith("-"):
        return gettext(
            "By corrections it is %(new)s (100 million yuan) less than at the start of this period."
        ) % {"new": new.removeprefix("-")}
    return gettext("Added in this period: %(new)s (100 million yuan).") % {"new": new}


def _said_of_quarter(figures: Figures) -> Iterator[str]:
    words = {**figures, "quarter": quarter_words(figures["quarter"])}
    if figures["quarter_rate"] is not None:
        yield gettext(
            "In %(quarter)s %(quarter_actual)s (100 million yuan) are invested; projects that have"
            " a target of it have reached %(quarter_rate)s%% of the %(quarter_target)s aimed at."
        ) % words  # fmt: skip
    if figures["without_target"]:
        yield ngettext(
            "%(number)s project has no target of %(quarter)s.",
            "%(number)s projects have no target of %(quarter)s.",
            figures["without_target"],
        ) % {**words, "number": figures["without_target"]}


def _day(text: str) -> str:
    _year, month, day = text.split("-")
    return pgettext("day of the year", "%(month)s/%(day)s") % {
        "month": int(month), "day": int(day)
    }  # fmt: skip


def against(gap: str | None) -> str:
    """How far the rate is from time progress, in words."""
    if gap in (None, "0.0"):
        return gettext("level with time progress")
    assert gap is not None  # noqa: S101 - as just said
    if gap.startswith("-"):
        return gettext("%(points)s points behind time progress") % {
            "points": gap.removeprefix("-")
        }  # fmt: skip
    return gettext("%(points)s points ahead of time progress") % {"points": gap}


def steps(figures: Figures) -> Iterator[str]:
    if figures["red"]:
        yield ngettext(
            "For %(number)s project with a red light of investment, the cause is to be named and"
            " what each coming month brings.",
            "For %(number)s projects with a red light of investment, the causes are to be named"
            " and what each coming month brings.",
            figures["red"],
        ) % {"number": figures["red"]}
