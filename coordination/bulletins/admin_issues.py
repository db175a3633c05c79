"""The pages of an issue: the document, what is done with it, its files and its history."""

# ruff: noqa: ARG002 - Django names the arguments
from functools import partial
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from unfold.decorators import action, display

from coordination.bulletins.admin_issue_forms import (
    FORMS,
    VERBS,
    ExtraForm,
    IssueForm,
    act_of,
    barred_verbs,
    note_of,
)
from coordination.bulletins.admin_words import renewed, save_words, words_form
from coordination.bulletins.archive.package import archive_of, name_of
from coordination.bulletins.build import preview
from coordination.bulletins.drafting import Given, paper_of
from coordination.bulletins.faces.page import article_in, article_of
from coordination.bulletins.issues.changes import all_changes
from coordination.bulletins.issues.extra import begin_extra
from coordination.bulletins.issues.flow import FLOW
from coordination.bulletins.issues.later import corrections_of, newer_edition
from coordination.bulletins.issues.naming import numbered
from coordination.bulletins.issues.printing import linked
from coordination.bulletins.issues.queries import (
    has_signed_successor,
    issues,
    listed,
    published,
    reason_of,
)
from coordination.bulletins.issues.sent import sees_deliveries, send_failed_again, sent_of
from coordination.bulletins.issues.step import ACTORS
from coordination.bulletins.issues.supplement import supplement_of
from coordination.bulletins.models import Format, Issue, IssueVerb, Language, Series, Status
from coordination.bulletins.served import file_answer, stored_file
from coordination.bulletins.week import running_week
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.house.blocks import Audience
from projects.record.clock import now
from projects.record.refusals import Refusal

_STATUS_TONES: Final = {
    Status.DRAFT: "warning", Status.REVIEWED: "info", Status.PUBLISHED: "success",
    Status.DISTRIBUTED: "success", Status.DISCARDED: "danger",
}  # fmt: skip


class IssueAdmin(ByVerbs):
    acting: ClassVar = "bulletins.change_issue"
    list_display: ClassVar = [
        "week", "named", "numbered", "rate", "settled", "state", "day", "signer",
    ]  # fmt: skip
    list_display_links: ClassVar = ["week"]
    list_filter: ClassVar = ["series", "status", "year"]
    ordering: ClassVar = ["-bulletin__cut_off", "-edition"]
    actions = None
    actions_list: ClassVar = ["running_week_page", "extra_issue_page"]

    @action(
        description=gettext_lazy("The running week"),
        url_path="running-week",
        permissions=["preview"],
    )  # type: ignore[untyped-decorator]  # the theme has no types
    def running_week_page(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the preview."""
        return HttpResponseRedirect(reverse("admin:bulletin_preview"))

    @action(
        description=gettext_lazy("Begin an extra issue"),
        url_path="begin-extra",
        permissions=["begin_extra"],
    )  # type: ignore[untyped-decorator]  # as above
    def extra_issue_page(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the form of an extra issue."""
        return HttpResponseRedirect(reverse("admin:issue_extra"))

    def has_preview_permission(self, request: HttpRequest) -> bool:
        """Whether to offer the running week: to those who see drafts."""
        return _sees_drafts(request)

    def has_begin_extra_permission(self, request: HttpRequest) -> bool:
        """Whether to offer it: to those who word issues."""
        return officer_of(request).has_perm(self.acting)

    def get_queryset(self, request: HttpRequest) -> Any:
        """All, or those in force for whoever sees no drafts."""
        return listed() if _sees_drafts(request) else listed(published())

    @display(description=pgettext_lazy("bulletin", "week to"), ordering="bulletin__cut_off")  # type: ignore[untyped-decorator]  # as above
    def week(self, issue: Issue) -> str:
        """The day of the cut-off, and the edition after the first."""
        day = timezone.localdate(issue.bulletin.cut_off).isoformat()
        if issue.edition == 1:
            return day
        return f"{day} · {_('edition %(edition)s') % {'edition': issue.edition}}"

    @display(description=gettext_lazy("series"), ordering="series")  # type: ignore[untyped-decorator]  # as above
    def named(self, issue: Issue) -> str:
        """Which bulletin it is; an extra issue with its own title."""
        label = str(Series(issue.series).label)
        own = getattr(issue, "own_title", None)
        words = {"field": label, "message": own}
        return _("%(field)s: %(message)s") % words if issue.is_extra and own else label

    @display(description=gettext_lazy("number"))  # type: ignore[untyped-decorator]  # as above
    def numbered(self, issue: Issue) -> str:
        """Its numbers; none before it is published."""
        return numbered(issue) or "—"

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
            path("extra/", wrap(self.extra_view), name="issue_extra"),
            path("<int:pk>/words/<str:language>/", wrap(self.words_view), name="issue_words"),
            path("<int:pk>/do/<str:verb>/", wrap(self.verb_view), name="issue_verb"),
            path(
                "<int:pk>/send-again/", wrap(self.send_again_view), name="issue_send_again"
            ),
            path("<int:pk>/supplement/", wrap(self.supplement_view), name="issue_supplement"),
            path("<int:pk>/archive.zip", wrap(self.archive_view), name="issue_archive"),
            path("<int:pk>/<str:language>.<str:kind>", wrap(self.file_view), name="issue_file"),
            *urls,
        ]  # fmt: skip

    def extra_view(self, request: HttpRequest) -> HttpResponse:
        """Begin an extra issue; a GET, or a refusal, shows its form."""
        if not self.has_view_permission(request) or not self.has_begin_extra_permission(request):
            raise PermissionDenied
        form = ExtraForm(typed(request))
        if done := form.attempt(begin_extra, by=officer_of(request)):
            messages.success(request, _("The extra issue is drafted."))
            return HttpResponseRedirect(_page(done[0]))
        return form_page(
            self, request, form, title=_("Begin an extra issue"), submit=_("Begin"),
            note=_(
                "Its figures are counted for the period, and are fixed at once. It is reviewed by"
                " another officer, signed and distributed as a weekly issue is, and numbered apart."
            ),
        )  # fmt: skip

    def _issue(self, request: HttpRequest, pk: str | int) -> Issue:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = issues() if _sees_drafts(request) else published()
        issue = rows.filter(pk=pk).first() if str(pk).isdecimal() else None
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
            "acts": [act_of(issue, verb, language) for verb in ACTORS.allowed(issue, officer)],
            "barred": barred_verbs(issue, officer), "formats": Format.choices,
            "languages": Language.choices, "status": Status(issue.status).label,
            "numbered": numbered(issue),
            **_history_of(issue, sees_drafts=_sees_drafts(request)),
            "sent": sent_of(issue, officer),
            "sees_deliveries": sees_deliveries(officer),
            "may_send_again": officer.has_perm(self.acting) and not has_signed_successor(issue),
            "supplement": issue.bulletin.supplements.exists(),
            "newer": newer_edition(issue), "corrections": corrections_of(issue, is_staff=True),
        }  # fmt: skip
        return TemplateResponse(request, "bulletins/issue.html", context)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do a verb; a GET, or a refusal, shows its form."""
        issue = self._issue(request, pk)
        if verb not in VERBS:
            raise Http404
        officer = officer_of(request)
        if not officer.has_perm(self.acting):
            raise PermissionDenied
        form = FORMS.get(verb, IssueForm)(typed(request), initial={"version": issue.version})
        act = partial(VERBS[verb], issue=issue)
        if request.method == "POST" and (done := form.attempt(act, by=officer)):
            messages.success(request, _("Done: %(verb)s.") % {"verb": FLOW.label_of(verb)})
            return HttpResponseRedirect(_page(done[0]))
        if verb == IssueVerb.REVIEW and form.is_bound:
            form = self._anew(request, form, issue)
        page = form_page(
            self, request, form, title=_entitled(verb, issue), submit=FLOW.label_of(verb),
            note=note_of(verb, issue, officer), of=issue,
        )  # fmt: skip
        return self._with_changes(page, issue) if verb == IssueVerb.REVIEW else page

    def _with_changes(self, page: HttpResponse, issue: Issue) -> HttpResponse:
        """The page of a review, with what the reviewer has to see before it."""
        assert isinstance(page, TemplateResponse)  # noqa: S101 - what form_page makes
        page.template_name = "bulletins/review.html"
        page.context_data = {
            **(page.context_data or {}), "changes": all_changes(issue), "issue": issue
        }  # fmt: skip
        return page

    def _anew(self, request: HttpRequest, refused: VerbForm, issue: Issue) -> VerbForm:
        """A form for the words as they are now, which the page shows; with the refusal above it."""
        for error in refused.non_field_errors():
            messages.error(request, str(error))
        return IssueForm(initial={"version": issue.version})

    def send_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send what failed of the issue again; a GET asks first."""
        issue = self._issue(request, pk)
        officer = officer_of(request)
        if not officer.has_perm(self.acting):
            raise PermissionDenied
        form = VerbForm(typed(request))
        if done := form.attempt(send_failed_again, issue=issue, by=officer):
            sent, refused = done[0]
            messages.success(request, _("%(number)d are on their way again.") % {"number": sent})
            if refused:
                said = ngettext("%(number)d was refused.", "%(number)d were refused.", refused)
                messages.warning(request, said % {"number": refused})
            return HttpResponseRedirect(_page(issue))
        return form_page(
            self, request, form, title=_("Send what failed again?"), submit=_("Yes, now"), of=issue
        )

    def words_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Edit the words of an issue, paragraph by paragraph."""
        issue = self._issue(request, pk)
        officer = officer_of(request)
        if language not in Language.values:
            raise Http404
        if not officer.has_perm(self.acting):
            raise PermissionDenied
        form = words_form(issue, language, typed(request))
        save = partial(save_words, issue, language)
        if request.method == "POST":
            if form.attempt(save, by=officer):
                messages.success(request, _("The words are kept."))
                return HttpResponseRedirect(_page(issue))
            form = renewed(self._issue(request, pk), language, form, request.POST)
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

    def supplement_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the blocks that were added beside a published issue."""
        issue = self._issue(request, pk)
        blocks = supplement_of(issue.bulletin)
        if not blocks:
            raise Http404
        given = Given(
            language=_language(), mark=_("Supplement: counted after the issue was published"),
            day=issue.day, series=issue.series,
        )  # fmt: skip
        paper = paper_of(blocks, issue.bulletin.period, given)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts,
            "title": _("Supplement"), "article": article_of(paper), "paper": paper,
        }  # fmt: skip
        return TemplateResponse(request, "bulletins/issue.html", context)

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
        if not _sees_drafts(request):
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


def _sees_drafts(request: HttpRequest) -> bool:
    return officer_of(request).has_perm("bulletins.view_draft")


def _history_of(issue: Issue, *, sees_drafts: bool) -> dict[str, Any]:
    """How the issue came about, for those who see drafts."""
    if not sees_drafts:
        return {"events": [], "editions": [], "reason": "", "changes": []}
    return {
        "events": issue.events.select_related("officer", "text"),
        "editions": _other_editions(issue), "reason": reason_of(issue),
        "changes": all_changes(issue),
    }  # fmt: skip


def _language() -> str:
    """The reader's language, of those in which issues are written."""
    return Language.ENGLISH if get_language() == Language.ENGLISH else Language.CHINESE


def _entitled(verb: str, issue: Issue) -> str:
    return _("%(field)s: %(message)s") % {"field": FLOW.label_of(verb), "message": issue}


def _page(issue: Issue) -> str:
    return reverse("admin:bulletins_issue_change", args=[issue.pk])


def _other_editions(issue: Issue) -> list[tuple[Issue, str]]:
    """The other editions of its week, each with where it stands."""
    found = issues().filter(
        bulletin__series=issue.bulletin.series, bulletin__cut_off=issue.bulletin.cut_off
    )
    return [(each, str(Status(each.status).label)) for each in found.exclude(pk=issue.pk)]
