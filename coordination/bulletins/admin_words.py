"""The form of an issue's words, and what it says where somebody else was faster."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.changes import since, wordings_at
from coordination.bulletins.issues.editing import drafted, labels_of
from coordination.bulletins.issues.queries import wordings_of
from coordination.bulletins.models import Issue, IssueEvent
from coordination.staff.admin_forms import VerbForm
from projects.record.text import prose

_LINE: Final = 80  # characters of a paragraph that two rows hold


def words_form(issue: Issue, language: str, data: Any) -> VerbForm:
    """A text for each paragraph, filled in as it reads now."""
    now_worded, texts = wordings_of(issue, language), drafted(issue, language)
    form = VerbForm(data)
    form.fields["version"] = forms.IntegerField(
        initial=issue.version, widget=forms.HiddenInput()
    )  # fmt: skip
    labels = labels_of(issue, language)
    for key, text in texts.items():
        is_edited = key in now_worded
        form.fields[key] = forms.CharField(
            label=labels.get(key, key), required=False, initial=now_worded.get(key, text),
            widget=forms.Textarea({"rows": 2 if len(text) < _LINE else 4}),
            help_text=_("As drafted: %(text)s") % {"text": text} if is_edited and text else "",
        )  # fmt: skip
    return form


def save_words(issue: Issue, language: str, *, by: Any, version: int, **texts: str) -> Issue:
    """Keep what differs from how it reads now."""
    worded, texts_drafted = wordings_of(issue, language), drafted(issue, language)
    changed = {
        key: text for key, text in texts.items()
        if prose(text) != prose(worded.get(key) or texts_drafted.get(key, ""))
    }  # fmt: skip
    return verbs.edit(issue=issue, language=language, wordings=changed, version=version, by=by)


def renewed(issue: Issue, language: str, refused: VerbForm, data: QueryDict) -> VerbForm:
    """The refused form, made ready to be sent again where the issue was changed meanwhile.

    Nothing typed is lost. A paragraph that he left alone reads as the other wrote it; beside one
    that both changed stands what the other wrote, and what he typed stays in it.
    """
    version = _version_in(data)
    if version is None or version >= issue.version:
        return refused
    texts = drafted(issue, language)
    then, now_worded = wordings_at(issue, language, version), wordings_of(issue, language)
    sent = data.copy()
    sent["version"] = str(issue.version)
    clashes = dict[str, str]()
    for key, draft in texts.items():
        was, reads = then.get(key, draft), now_worded.get(key, draft)
        typed_ = prose(data.get(key, ""))
        if was == reads or typed_ == prose(reads):
            continue
        if typed_ == prose(was):
            sent[key] = reads
        else:
            clashes[key] = reads
    form = words_form(issue, language, sent)
    form.is_valid()
    done = since(issue, version)
    form.add_error(None, _meanwhile(done, has_clashes=bool(clashes)))
    for key, reads in clashes.items():
        words = {"who": _author_of(done, language, key), "text": reads}
        form.add_error(key, _("Meanwhile %(who)s wrote: %(text)s") % words)
    return form


def _version_in(data: QueryDict) -> int | None:
    typed_ = data.get("version", "")
    return int(typed_) if typed_.isascii() and typed_.isdecimal() and len(typed_) < 9 else None  # noqa: PLR2004 - no issue has as many events


def _meanwhile(done: list[IssueEvent], *, has_clashes: bool) -> str:
    """What others did, and what becomes of what was typed."""
    acts = _(", ").join(_said(event) for event in done)
    words = {"acts": acts}
    if has_clashes:
        return _(
            "Meanwhile: %(acts)s. Nothing is kept yet: what you typed is still here, and beside a"
            " paragraph that both of you changed is what the other wrote. Look, then keep the words"
            " again."
        ) % words  # fmt: skip
    return _(
        "Meanwhile: %(acts)s. Nothing is kept yet: what you typed is still here, and the other"
        " paragraphs read as they do now. Look, then keep the words again."
    ) % words  # fmt: skip


def _said(event: IssueEvent) -> str:
    moment = date_format(timezone.localtime(event.recorded_at), "H:i")
    return f"{event.officer or ''} {moment} {event.verb_label}".strip()


def _author_of(done: list[IssueEvent], language: str, key: str) -> str:
    """Who worded the paragraph last."""
    authors = [
        str(event.officer) for event in done
        if event.payload.get("language") == language and key in event.payload.get("paragraphs", ())
    ]  # fmt: skip
    return authors[-1] if authors else ""
