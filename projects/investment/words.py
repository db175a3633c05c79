"""Quarters and rules in words, as officials write them."""

from django.utils.translation import gettext, pgettext

from projects.investment.choices import LightRule, TimeProgress


def quarter_words(quarter: int) -> str:
    """The first quarter, 一季度."""
    return [
        pgettext("quarter", "the first quarter"), pgettext("quarter", "the second quarter"),
        pgettext("quarter", "the third quarter"), pgettext("quarter", "the fourth quarter"),
    ][quarter - 1]  # fmt: skip


def month_words(month: int) -> str:
    """Month 1, 1月."""
    return pgettext("span", "month %(number)s") % {"number": month}


def progress_rule(code: str) -> str:
    """How time progress is reckoned, as a sentence."""
    return {
        TimeProgress.DAYS: gettext("Time progress is the day of the year ÷ the days of the year."),
        TimeProgress.MONTHS: gettext("Time progress is the months that are over ÷ 12."),
        TimeProgress.PLAN: gettext("Time progress is what the plans say is due by then."),
    }[TimeProgress(code)]


def lights_rule(code: str) -> str:
    """How a light is given, as a sentence."""
    return {
        LightRule.RATIO: gettext(
            "Green: rate of the year ÷ time progress is 80 percent or more; yellow: 60 percent or"
            " more; red: less."
        ),
        LightRule.GAP: gettext(
            "Green: less than 10 points behind time progress; yellow: up to 30 points; red: more."
        ),
    }[LightRule(code)]
