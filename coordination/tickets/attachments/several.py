"""Files that are sent together, and belong to the event of another verb than ``attach``."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.tickets.attachments.attach import keep_content, number_for, told_of
from coordination.tickets.attachments.queries import FILE_NAMES
from coordination.tickets.step import Step
from projects.files.checks.file_bytes import Sent
from projects.files.content import Content, inspected
from projects.files.limits import MOST_AT_ONCE, MOST_OF_REQUEST
from projects.files.names import clean_name
from projects.record.refusals import Checker, Invalid

TOO_MANY: Final = gettext_lazy("At most five files.")
TOO_LARGE: Final = gettext_lazy("The files may have at most 10 MB together.")


def ready_several(opened: ExitStack, /, *, files: Sequence[Sent]) -> list[Content]:
    """Check files that were sent together, which stay open with ``opened``.

    Raises Invalid by ``file`` with every mistake, and the file's name where there are several;
    Busy.
    """
    check, is_alone = Checker(), len(files) == 1
    is_few, size = len(files) <= MOST_AT_ONCE, sum(file.size or 0 for file in files)
    check.require(is_few, "file", TOO_MANY, "too-many")
    check.require(is_alone or size <= MOST_OF_REQUEST, "file", TOO_LARGE, "too-large")
    check.finish()  # before any of them is opened
    found = [check.gather(partial(_content_of, opened, each, is_alone)) for each in files]
    check.finish()
    return [each for each in found if each is not None]


def _content_of(opened: ExitStack, file: Sent, is_alone: bool) -> Content:  # noqa: FBT001 - of a partial
    """The content of one of the files; of several, the reason of a refusal names it."""
    try:
        return opened.enter_context(inspected(file))
    except Invalid as refusal:
        if is_alone:
            raise
        said, name = _("%(file)s: %(reason)s"), clean_name(file.name or "")
        raise Invalid(
            replace(each, message=said % {"file": name, "reason": each.message})
            for each in refusal.errors
        ) from refusal


def add_several(this: Step, contents: Sequence[Content]) -> None:
    """Attach files to the event of a step whose payload, text and ``internal`` are filled in.

    They are internal if the event is. Raises Invalid by ``file`` at the ticket's limits.
    """
    if not contents:
        return
    first = number_for(this.ticket, contents, internal=this.internal)
    numbered = list(enumerate(contents, start=first))
    this.payload |= {"attachments": [told_of(content, number) for number, content in numbered]}
    this.text |= {FILE_NAMES: {str(number): content.name for number, content in numbered}}
    this.also += [partial(keep_content, each, this.ticket, number) for number, each in numbered]
