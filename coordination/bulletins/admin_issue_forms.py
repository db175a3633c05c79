"""The verbs of an issue as its page offers them, and their forms."""

from collections.abc import Callable
from functools import reduce
from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.distribution import planned
from coordination.bulletins.issues.editing import LONGEST_TITLE
from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.issues.queries import has_edited_words
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.issues.supplement import supplement
from coordination.bulletins.models import Format, Issue, IssueVerb
from coordination.bulletins.models.recipient import ENCLOSED_FORMATS
from coordination.staff.admin_forms import VerbForm
from coordination.staff.models import Officer
from projects.record.days import MomentFormField, UntilFormField

_MOST_NAMED: Final = 10  # recipients that a note names


class IssueForm(VerbForm):
    """The form of a verb; its version is that of the page from which it was sent."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class ExtraForm(VerbForm):
    """The form of an extra issue: its title, and the period that it covers."""

    asked: ClassVar = frozenset({"title", "start", "end"})
    title = forms.CharField(
        label=gettext_lazy("title of an issue"), required=False, max_length=LONGEST_TITLE
    )
    english_title = forms.CharField(
        label=gettext_lazy("title in English"), required=False, max_length=LONGEST_TITLE,
        help_text=gettext_lazy("Left empty, the English issue has the letterhead's title."),
    )  # fmt: skip
    start = MomentFormField(label=pgettext_lazy("period", "from"), required=False)
    end = UntilFormField(
        label=pgettext_lazy("period", "to"), required=False,
        help_text=gettext_lazy("A day without a time is counted to its end."),
    )  # fmt: skip


class ReasonForm(IssueForm):
    """Why an issue is sent back, replaced or discarded."""

    asked: ClassVar = frozenset({"reason"})
    reason = forms.CharField(
        label=gettext_lazy("reason"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class DistributeForm(IssueForm):
    """What the officers' mails enclose; each recipient has formats of his own."""

    formats = forms.MultipleChoiceField(
        label=gettext_lazy("enclosed in the officers' mails"), choices=ENCLOSED_FORMATS,
        required=False, widget=forms.CheckboxSelectMultiple, initial=[Format.PDF],
        help_text=gettext_lazy("Without any, their mails have the link to this page alone."),
    )  # fmt: skip


FORMS: Final[dict[str, type[VerbForm]]] = {
    IssueVerb.SEND_BACK: ReasonForm, IssueVerb.SUPERSEDE: ReasonForm,
    IssueVerb.DISTRIBUTE: DistributeForm, IssueVerb.DISCARD: ReasonForm,
}  # fmt: skip
VERBS: Final[dict[str, Callable[..., Issue]]] = {
    IssueVerb.REVIEW: verbs.review, IssueVerb.SEND_BACK: verbs.send_back,
    IssueVerb.PUBLISH: verbs.publish, IssueVerb.DISTRIBUTE: verbs.distribute,
    IssueVerb.SUPERSEDE: verbs.supersede, IssueVerb.DISCARD: verbs.discard,
    IssueVerb.SUPPLEMENT: supplement,
}  # fmt: skip


def act_of(issue: Issue, verb: str, language: str) -> dict[str, Any]:
    """A button: to a page, or for a verb without inputs at once."""
    rule = FLOW[verb]
    if verb == IssueVerb.EDIT:
        address = reverse("admin:issue_words", args=[issue.pk, language])
    else:
        address = reverse("admin:issue_verb", args=[issue.pk, verb])
    return {
        "verb": verb, "label": rule.label, "tone": rule.tone, "address": address,
        # Whoever reviews edited words sees first what was changed.
        "at_once": verb == IssueVerb.REVIEW and not has_edited_words(issue),
    }  # fmt: skip


def barred_verbs(issue: Issue, by: Officer) -> list[tuple[str, Any]]:
    """The verbs that the status allows him and something else bars, with the reason."""
    verbs_ = FLOW.allowed(issue.status, ACTORS.capacities(issue, by))
    is_kept = issue.edition == 1 and not issue.is_extra
    unlooked_for = {IssueVerb.SUPPLEMENT, *([IssueVerb.DISCARD] if is_kept else [])}
    verbs_ = [verb for verb in verbs_ if verb not in unlooked_for]
    found = ((FLOW.label_of(verb), ACTORS.barred(verb, issue, by)) for verb in verbs_)
    return [(label, barred.message) for label, barred in found if barred]


def note_of(verb: str, issue: Issue, by: Officer) -> str:
    """What the page of a verb says before its form."""
    if verb == IssueVerb.DISTRIBUTE:
        return _to_whom(by)
    if verb == IssueVerb.DISCARD and issue.edition == 1:
        return _("No extra issue can be begun to the same moment again.")
    notes = {
        IssueVerb.PUBLISH: _(
            "The issue is numbered, and its files are kept as they are now; neither changes again."
        ),
        IssueVerb.SUPERSEDE: _(
            "The published issue stays as it is. A new edition is drafted, and replaces it once it"
            " is published. Reports that came late need none: the issue of the week in which they"
            " came has them."
        ),
        IssueVerb.SUPPLEMENT: _(
            "Counted from what was recorded by the issue's cut-off, and kept beside it. The issue"
            " itself stays as it is."
        ),
        IssueVerb.DISCARD: _(
            "The issue that it was to correct stays in force and can be corrected again. The number"
            " of this edition is not used again."
        ),
    }
    return notes.get(IssueVerb(verb), "")


def _to_whom(by: Officer) -> str:
    """To whom the issue would go now."""
    to = planned((), by)
    many = len(to.officers)
    words = {
        "officers": ngettext("%(number)s officer", "%(number)s officers", many) % {"number": many},
        "recipients": _(", ").join(each.name for each in to.recipients[:_MOST_NAMED]),
        "number": len(to.recipients),
    }  # fmt: skip
    parts = [
        _("Sent to %(officers)s, to the channels of groups, and to the webhooks of enterprises.")
        % words
    ]
    if to.recipients:
        parts.append(_("%(number)s recipients by e-mail: %(recipients)s.") % words)
    if to.unreached:
        names = _(", ").join(each.name for each in to.unreached[:_MOST_NAMED])
        parts.append(_("Not reached, as there is no mail to them: %(names)s.") % {"names": names})
    parts.append(_where_enclosed())
    return reduce(lambda a, b: _("%(first)s %(second)s") % {"first": a, "second": b}, parts)


def _where_enclosed() -> str:
    """Which of the mails to officers and groups enclose files."""
    if not settings.OWN_MAIL_DOMAINS:
        return _(
            "No mail domain of the centre is set (OWN_MAIL_DOMAINS): mails to officers and groups"
            " enclose no file, and have the link alone."
        )
    domains = _(", ").join(sorted(settings.OWN_MAIL_DOMAINS))
    return _(
        "Mails to officers and groups enclose files at the centre's own domains alone"
        " (%(domains)s); others have the link alone."
    ) % {"domains": domains}
