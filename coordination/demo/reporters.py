"""The people who report for some of the projects. The rest is reported by the desk.

Their names and addresses are made up, and the addresses lead nowhere (RFC 2606).
"""

from typing import Final

from coordination.demo.enrolment import Entry
from coordination.staff.models import Officer
from projects.progress.reporters import name_reporter

_EVERY: Final = 10  # one project in so many has a reporter
_FAMILY: Final = "王李张刘陈杨赵黄周吴"
_GIVEN: Final = ("建军", "志强", "晓东", "海燕", "文斌")


def name_reporters(entries: list[Entry], by: Officer) -> None:
    """Name a reporter of each tenth project, and of those that do not report.

    Two projects beside one another share a person, who gets one message for both.
    """
    chosen = [
        entry
        for index, entry in enumerate(entries)
        if index % _EVERY == 0 or (entry.planned.is_due and not entry.planned.resumed_on)
    ]
    for index, entry in enumerate(chosen[:60]):
        person = index // 2
        name_reporter(
            project=entry.project, enterprise=entry.owner,
            name=_FAMILY[person % len(_FAMILY)] + _GIVEN[person % len(_GIVEN)],
            mobile=f"1380379{person:04d}", email=f"reporter{person + 1}@example.com", by=by,
        )  # fmt: skip
