"""The page by which an officer amends a ticket on its enterprise's behalf, or proposes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from coordination.amendments.changes import OWN_FIELDS
from coordination.amendments.flow import AmendmentVerb
from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer
from coordination.tickets import personal
from coordination.tickets.flow import FLOW
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.standing import allowed_verbs, may_ever
from coordination.tickets.verbs.registry import perform
from coordination.workbench.ticket.admin_filing import line_fields, own_fields
from projects.record.finding import typed_row
from projects.record.refusals import FieldError, Invalid, Refusal

# What the verb is told beside the changes.
_WORD: Final = {AmendmentVerb.AMEND: "note", AmendmentVerb.PROPOSE: "reason"}
_PERSONAL: Final = frozenset({"contact_name", "contact_mobile"})


class _Kept(forms.Form):
    """Fields that hold what there is; those left empty by us keep it."""

    def __init__(self, row: Any, kept: frozenset[str], data: Any, prefix: str) -> None:
        super().__init__(data, prefix=prefix, use_required_attribute=False)
        for name, field in self.fields.items():
            if name in kept:
                field.help_text = _("Left empty, it stays as it is.")
            elif hasattr(row, name):
                field.initial = _to_the_minute(getattr(row, name))

    def changed(self) -> dict[str, Any]:
        """The values that are another than before."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _to_the_minute(value: Any) -> Any:
    """As the form shows it, so that what was not touched is no change."""
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


@dataclass
class Amending:
    """The form of one amendment: the ticket's own fields, and those of each line."""

    verb: AmendmentVerb
    ticket: Ticket
    head: _Kept
    lines: Sequence[tuple[Line, _Kept]]

    @classmethod
    def of(cls, verb: AmendmentVerb, ticket: Ticket, by: Officer, data: Any = None) -> "Amending":
        """The form, with what there is or with the typed values.

        Names and mobiles are not shown, nor a detail of which he would see numbers masked.
        """
        kind = KINDS[ticket.kind]
        is_masked = personal.words_for(ticket, by)(ticket.detail) != ticket.detail
        kept = _PERSONAL | ({"detail"} if is_masked else set())
        word = forms.CharField(
            label=_("Reason") if verb == AmendmentVerb.PROPOSE else _("Note"), required=False,
            widget=forms.Textarea({"rows": 2}),
        )  # fmt: skip
        head: Any = type("HeadForm", (_Kept,), {
            "version": forms.IntegerField(widget=forms.HiddenInput, initial=ticket.version),
            **own_fields(OWN_FIELDS), _WORD[verb]: word,
        })  # fmt: skip
        line: Any = type("LineForm", (_Kept,), line_fields(kind))
        return cls(
            verb, ticket, head(ticket, kept, data, "own"),
            [
                (each, line(each, kind.personal, data, f"line{each.position}"))
                for each in kind.read_lines(ticket.pk)
            ],
        )  # fmt: skip

    @property
    def label(self) -> str:
        """What the verb is called."""
        return FLOW.label_of(self.verb)

    def submit(self, by: Officer) -> bool:
        """Do the verb; False if it was refused, with the errors added to the fields."""
        valid = [each.is_valid() for each in (self.head, *(form for _line, form in self.lines))]
        if not all(valid):
            return False
        own, version = self.head.changed(), self.head.cleaned_data["version"]
        word = {_WORD[self.verb]: own.pop(_WORD[self.verb], "")}
        own.pop("version", None)
        given = [(line, form) for line, form in self.lines if form.has_changed()]
        lines = [{"position": line.position, **form.changed()} for line, form in given]
        try:
            perform(
                self.verb, ticket=self.ticket, changes=own, lines=lines, version=version, by=by,
                **word,
            )  # fmt: skip
        except Invalid as refusal:
            for error in refusal.errors:
                _show(error, self.head, [form for _line, form in given])
        except Refusal as refusal:
            self.head.add_error(None, str(refusal.message))
        else:
            return True
        return False


def _show(error: FieldError, head: forms.Form, lines: Sequence[forms.Form]) -> None:
    form, where = head, error.path
    if where and where[0] == "lines":
        form, where = lines[int(where[1])], where[2:]
    name = str(where[0]) if where else ""
    form.add_error(name if name in form.fields else None, str(error.message))


def urls(
    inside: Callable[[Any], Any], common: Callable[[HttpRequest], dict[str, Any]]
) -> list[URLPattern]:
    """The address of the page, below the ticket's."""

    def page(request: HttpRequest, ticket_id: int) -> HttpResponse:
        return _page(request, ticket_id, common(request))

    return [path("<int:ticket_id>/amend/", inside(page), name="ticket_amend")]


def verb_for(ticket: Ticket, officer: Officer) -> AmendmentVerb | None:
    """The verb that he may do now, if either."""
    allowed = allowed_verbs(ticket, officer)
    return next((each for each in _WORD if each in allowed), None)


def _page(request: HttpRequest, ticket_id: int, common: dict[str, Any]) -> HttpResponse:
    officer = officer_of(request)
    if not any(may_ever(each, officer) for each in _WORD):
        raise PermissionDenied
    ticket = typed_row(tickets_for(officer).select_related("project"), str(ticket_id))
    if ticket is None:
        raise Http404
    address = reverse("admin:tickets_ticket_change", args=[ticket.pk])
    verb = verb_for(ticket, officer)
    if verb is None:
        messages.error(request, _("This ticket cannot be amended now."))
        return HttpResponseRedirect(address)
    amending = Amending.of(verb, ticket, officer, request.POST or None)
    if request.method == "POST" and amending.submit(officer):
        messages.success(request, _("Done: %(verb)s.") % {"verb": amending.label})
        return HttpResponseRedirect(address)
    context = {
        **common, "title": f"{amending.label} · {ticket.number}", "amending": amending,
        "ticket": ticket, "object": ticket, "address": address,
        "checked": request.method == "POST",
    }  # fmt: skip
    return TemplateResponse(request, "workbench/amend.html", context)
