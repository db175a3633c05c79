"""The pages of an issue: the document, what is done with it, its files and its history."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from unfold.decorators import action, display

from coordination.bulletins.archive.package import archive_of, name_of
from coordination.bulletins.build import preview
from coordination.bulletins.drafting import OPENING, TITLE, WRITTEN, Given, paper_of
from coordination.bulletins.faces.page import article_in, article_of
from coordination.bulletins.issues import verbs
from coordination.bulletins.issues.editing import drafted
from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.issues.later import corrections_of, newer_edition
from coordination.bulletins.issues.printing import linked
from coordination.bulletins.issues.queries import issues, listed, reason_of, wordings_of
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.models import Format, Issue, IssueVerb, Language, Status
from coordination.bulletins.served import file_answer, stored_file
from coordination.bulletins.week import running_week
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.house.blocks import Audience
from projects.record.clock import now
from projects.record.refusals import Refusal
from projects.record.text import prose

_LINE: Final = 80  # characters of a paragraph that two rows hold
_AT_ONCE: Final = frozenset({IssueVerb.REVIEW, IssueVerb.DISTRIBUTE})
_STATUS_TONES: Final = {
    Status.DRAFT: "warning", Status.REVIEWED: "info", Status.PUBLISHED: "success",
    Status.DISTRIBUTED: "success",
}  # fmt: skip


class IssueForm(VerbForm):
    """The form of a verb; its version is that of the page from which it was sent."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class ReasonForm(IssueForm):
    """Why an issue is sent back or replaced."""

    asked: ClassVar = frozenset({"reason"})
    reason = forms.CharField(
        label=gettext_lazy("reason"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


_FORMS: Final[dict[str, type[VerbForm]]] = {
    IssueVerb.SEND_BACK: ReasonForm, IssueVerb.SUPERSEDE: ReasonForm,
}  # fmt: skip
_VERBS: Final[dict[str, Callable[..., Issue]]] = {
    IssueVerb.REVIEW: verbs.review, IssueVerb.SEND_BACK: verbs.send_back,
    IssueVerb.PUBLISH: verbs.publish, IssueVerb.DISTRIBUTE: verbs.distribute,
    IssueVerb.SUPERSEDE: verbs.supersede,
}  # fmt: skip


class IssueAdmin(ByVerbs):
    acting: ClassVar = "bulletins.change_issue"
    list_display: ClassVar = ["week", "numbered", "rate", "settled", "state", "day", "signer"]
    list_display_links: ClassVar = ["week"]
    list_filter: ClassVar = ["status", "year"]
    ordering: ClassVar = ["-bulletin__cut_off", "-edition"]
    actions = None
    actions_list: ClassVar = ["running_week_page"]

    @action(description=gettext_lazy("The running week"), url_path="running-week")  # type: ignore[untyped-decorator]  # the theme has no types
    def running_week_page(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the preview."""
        return HttpResponseRedirect(reverse("admin:bulletin_preview"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return listed()

    @display(description=pgettext_lazy("bulletin", "week to"), ordering="bulletin__cut_off")  # type: ignore[untyped-decorator]  # as above
    def week(self, issue: Issue) -> str:
        """The day of the cut-off, and the edition after the first."""
        day = timezone.localdate(issue.bulletin.cut_off).isoformat()
        if issue.edition == 1:
            return day
        return f"{day} · {_('edition %(edition)s') % {'edition': issue.edition}}"

    @display(description=gettext_lazy("number"))  # type: ignore[untyped-decorator]  # as above
    def numbered(self, issue: Issue) -> str:
        """Its numbers; none before it is published."""
        if issue.number is None:
            return "—"
        return _("No. %(number)s (%(total)s in all)") % {
            "number": issue.number, "total": issue.total,
        }  # fmt: skip

    @display(description=gettext_lazy("resumption rate (%)"))  # type: ignore[untyped-decorator]  # as above
    def rate(self, issue: Issue) -> str:
        """As it is in the figures."""
        return getattr(issue, "rate", None) or "—"

    @display(description=gettext_lazy("written off in all (起)"))  # type: ignore[untyped-decorator]  # as above
    def settled(self, issue: Issue) -> str:
        """How many tickets were written off by the cut-off."""
        kinds = getattr(issue, "kinds", None)
        if kinds is None:
            return "—"
        return str(sum(each["cumulative_settled"] for each in kinds.values()))

    @display(
        description=gettext_lazy("status"),
        label={str(status.label): tone for status, tone in _STATUS_TONES.items()},
    )  # type: ignore[untyped-decorator]  # as above
    def state(self, issue: Issue) -> str:
        """Where it stands."""
        return str(Status(issue.status).label)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the preview, the verbs and the files."""
        wrap = self.admin_site.admin_view
        urls: list[URLPattern] = super().get_urls()
        return [
            path("preview/", wrap(self.preview_view), name="bulletin_preview"),
            path("<int:pk>/words/<str:language>/", wrap(self.words_view), name="issue_words"),
            path("<int:pk>/do/<str:verb>/", wrap(self.verb_view), name="issue_verb"),
            path("<int:pk>/archive.zip", wrap(self.archive_view), name="issue_archive"),
            path("<int:pk>/<str:language>.<str:kind>", wrap(self.file_view), name="issue_file"),
            *urls,
        ]

    def _issue(self, request: HttpRequest, pk: str | int) -> Issue:
        if not self.has_view_permission(request):
            raise PermissionDenied
        issue = issues().filter(pk=pk).first() if str(pk).isdecimal() else None
        if issue is None:
            raise Http404
        return issue

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The document, and beside it what can be done with it."""
        issue = self._issue(request, object_id)
        language = _language()
        page = stored_file(issue, Format.PAGE, language, Audience.STAFF)
        article = article_in(bytes(page.content)) if page else article_of(linked(issue, language))
        officer = officer_of(request)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "issue": issue,
            "title": str(issue), "article": article, "language": language,
            "acts": [_act(issue, verb) for verb in ACTORS.allowed(issue, officer)],
            "barred": _barred(issue, officer), "formats": Format.choices,
            "languages": Language.choices, "status": Status(issue.status).label,
            "events": issue.events.select_related("officer", "text"),
            "editions": _other_editions(issue), "reason": reason_of(issue),
            "newer": newer_edition(issue), "corrections": corrections_of(issue, is_staff=True),
        }  # fmt: skip
        return TemplateResponse(request, "bulletins/issue.html", context)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do a verb; a GET, or a refusal, shows its form."""
        issue = self._issue(request, pk)
        if verb not in _VERBS:
            raise Http404
        officer = officer_of(request)
        if not officer.has_perm(self.acting):
            raise PermissionDenied
        form = _FORMS.get(verb, IssueForm)(typed(request), initial={"version": issue.version})
        act = partial(_VERBS[verb], issue=issue)
        if request.method == "POST" and (done := form.attempt(act, by=officer)):
            messages.success(request, _("Done: %(verb)s.") % {"verb": FLOW.label_of(verb)})
            return HttpResponseRedirect(_page(done[0]))
        title = _entitled(verb, issue)
        return form_page(
            self, request, form, title=title, submit=FLOW.label_of(verb), note=_note(verb), of=issue
        )

    def words_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Edit the words of an issue, paragraph by paragraph."""
        issue = self._issue(request, pk)
        officer = officer_of(request)
        if language not in Language.values:
            raise Http404
        if not officer.has_perm(self.acting):
            raise PermissionDenied
        form = _words_form(issue, language, typed(request))
        save = partial(_save_words, issue, language)
        if request.method == "POST" and form.attempt(save, by=officer):
            messages.success(request, _("The words are kept."))
            return HttpResponseRedirect(_page(issue))
        return form_page(
            self, request, form, title=_entitled(IssueVerb.EDIT, issue),
            submit=_("Keep the words"), of=issue,
            note=_(
                "Words may be changed, figures not: every number of a paragraph comes from the"
                " figures. An emptied paragraph gets its drafted words again."
            ),
        )  # fmt: skip

    def file_view(self, request: HttpRequest, pk: int, language: str, kind: str) -> HttpResponse:
        """One file of the issue: as published, or of a draft as it would be now."""
        issue = self._issue(request, pk)
        if kind not in Format.values or language not in Language.values:
            raise Http404
        return file_answer(issue, kind, language, Audience.STAFF)

    def archive_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The archive of a published issue."""
        issue = self._issue(request, pk)
        if not issue.is_in_force:
            raise Http404
        name = f"{name_of(issue)}.zip"
        return HttpResponse(
            archive_of(issue), content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Show the current week up to now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = now()
        try:
            blocks = preview(at=at)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return self.changelist_of()
        given = Given(language=_language(), mark=_("Preview: changes until the cut-off"))
        paper = paper_of(blocks, running_week(at), given)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts,
            "title": _("The running week"), "article": article_of(paper), "paper": paper,
        }  # fmt: skip
        return TemplateResponse(request, "bulletins/issue.html", context)


def _language() -> str:
    """The reader's language, of those in which issues are written."""
    return Language.ENGLISH if get_language() == Language.ENGLISH else Language.CHINESE


def _entitled(verb: str, issue: Issue) -> str:
    return _("%(field)s: %(message)s") % {"field": FLOW.label_of(verb), "message": issue}


def _page(issue: Issue) -> str:
    return reverse("admin:bulletins_issue_change", args=[issue.pk])


def _act(issue: Issue, verb: str) -> dict[str, Any]:
    """A button: to a page, or for a verb without inputs at once."""
    rule = FLOW[verb]
    if verb == IssueVerb.EDIT:
        address = reverse("admin:issue_words", args=[issue.pk, _language()])
    else:
        address = reverse("admin:issue_verb", args=[issue.pk, verb])
    return {
        "verb": verb, "label": rule.label, "tone": rule.tone, "address": address,
        "at_once": verb in _AT_ONCE,
    }  # fmt: skip


def _barred(issue: Issue, by: Any) -> list[tuple[str, Any]]:
    """The verbs that the status allows him and something else bars, with the reason."""
    verbs_ = FLOW.allowed(issue.status, ACTORS.capacities(issue, by))
    found = ((FLOW.label_of(verb), ACTORS.barred(verb, issue, by)) for verb in verbs_)
    return [(label, barred.message) for label, barred in found if barred]


def _other_editions(issue: Issue) -> Any:
    return issues().filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off
    ).exclude(pk=issue.pk)  # fmt: skip


def _note(verb: str) -> str:
    notes = {
        IssueVerb.PUBLISH: _(
            "The issue is numbered, and its files are kept as they are now; neither changes again."
        ),
        IssueVerb.SUPERSEDE: _(
            "The published issue stays as it is. A new edition is drafted, and replaces it once it"
            " is published. Reports that came within the week after need none: the next issue has"
            " them."
        ),
    }
    return notes.get(IssueVerb(verb), "")


def _words_form(issue: Issue, language: str, data: Any) -> VerbForm:
    """A text for each paragraph, filled in as it reads now."""
    now_worded, texts = wordings_of(issue, language), drafted(issue, language)
    form = VerbForm(data)
    form.fields["version"] = forms.IntegerField(
        initial=issue.version, widget=forms.HiddenInput()
    )  # fmt: skip
    labels = _labels(issue, language)
    for key, text in texts.items():
        is_edited = key in now_worded
        field = forms.CharField(
            label=labels.get(key, key), required=False, initial=now_worded.get(key, text),
            widget=forms.Textarea({"rows": 2 if len(text) < _LINE else 4}),
            help_text=_("As drafted: %(text)s") % {"text": text} if is_edited and text else "",
        )  # fmt: skip
        form.fields[key] = field
    return form


def _labels(issue: Issue, language: str) -> dict[str, str]:
    """What each paragraph is called: its chapter and its heading."""
    labels = {TITLE: _("title of an issue"), OPENING: _("opening")}
    for section in linked(issue, language).sections:
        for paragraph in section.paragraphs:
            labels[paragraph.key] = f"{section.title} {paragraph.heading}".strip()
    return labels | {chapter.key: str(chapter.title) for chapter in WRITTEN}


def _save_words(issue: Issue, language: str, *, by: Any, version: int, **texts: str) -> Issue:
    """Keep what differs from how it reads now."""
    worded, texts_drafted = wordings_of(issue, language), drafted(issue, language)
    changed = {
        key: text for key, text in texts.items()
        if prose(text) != prose(worded.get(key) or texts_drafted.get(key, ""))
    }  # fmt: skip
    return verbs.edit(issue=issue, language=language, wordings=changed, version=version, by=by)
