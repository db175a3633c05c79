"""The small form of each verb. What must hold is the verb's business; here is only what to ask."""

from typing import Any, ClassVar, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.groups.admin_forms import VerbForm, dress
from coordination.groups.models import Officer, ServiceGroup
from coordination.tickets.flow import FLOW, INPUT_LABELS, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.verbs import perform
from projects.record.refusals import Refusal


def _words(name: str, *, rows: int = 3) -> forms.CharField:
    """A text that the verb requires; asked for by the browser, judged by the verb."""
    return forms.CharField(
        label=INPUT_LABELS[name], required=False,
        widget=forms.Textarea({"rows": rows, "required": True}),
    )  # fmt: skip


class StepForm(VerbForm):
    """One verb on one ticket, at the version that the officer saw."""

    verb: ClassVar[Verb]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, ticket: Ticket, lines: list[Line]) -> None:
        super().__init__(data, initial={"version": ticket.version}, auto_id=f"{self.verb}-%s")
        self.ticket = ticket
        self.lines = lines
        self.ask(ticket, lines)
        dress(self)

    def ask(self, ticket: Ticket, lines: list[Line]) -> None:
        """Fit the fields to the ticket."""

    def inputs(self) -> dict[str, Any]:
        """What the verb is given, besides the ticket, its version and who does it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def do(self, by: Officer) -> Ticket | None:
        """Do the verb; None where it did not happen, and the form says why."""
        if not self.is_valid():
            return None
        try:
            return perform(
                self.verb, ticket=self.ticket, version=self.cleaned_data["version"], by=by,
                **self.inputs(),
            )  # fmt: skip
        except Refusal as refusal:
            self.refuse(refusal)
            return None

    def seen_again(self, ticket: Ticket) -> None:
        """The officer now sees the ticket as it is; what was typed stays."""
        self.data = self.data.copy()  # type: ignore[assignment]
        self.data["version"] = str(ticket.version)  # type: ignore[index]

    @property
    def label(self) -> str | Promise:
        """The button's words."""
        return self.verb.label

    @property
    def tone(self) -> str:
        """How the button looks."""
        return FLOW[self.verb].tone

    @property
    def asks(self) -> bool:
        """Something is to be filled in first."""
        return bool(self.visible_fields())


class AcceptForm(StepForm):
    verb = Verb.ACCEPT


class AskForm(StepForm):
    verb = Verb.ASK
    question = _words("question")


class SupplementForm(StepForm):
    verb = Verb.SUPPLEMENT
    answer = _words("answer")


class DeclineForm(StepForm):
    verb = Verb.DECLINE
    reason = _words("reason")


class PassOnForm(StepForm):
    verb = Verb.PASS_ON
    group = forms.ModelChoiceField(
        ServiceGroup.objects.filter(is_active=True), label=INPUT_LABELS["group"]
    )
    reason = _words("reason")

    def ask(self, ticket: Ticket, lines: list[Line]) -> None:  # noqa: ARG002
        groups: Any = self.fields["group"]
        groups.queryset = groups.queryset.exclude(pk=ticket.group_id)


class FulfilForm(StepForm):
    verb = Verb.FULFIL
    line = forms.TypedChoiceField(label=INPUT_LABELS["line"], coerce=int)
    quantity = forms.DecimalField(
        label=INPUT_LABELS["quantity"], help_text=gettext_lazy("With a minus to correct.")
    )
    note = forms.CharField(label=gettext_lazy("note"), max_length=2000, required=False)

    def ask(self, ticket: Ticket, lines: list[Line]) -> None:
        choices: Any = self.fields["line"]
        headline = KINDS[ticket.kind].headline
        choices.choices = [(row.position, f"{row.position} · {headline(row)}") for row in lines]
        left = next((row for row in lines if row.met < row.asked), None)
        if left:
            self.initial |= {"line": left.position, "quantity": plain(left.asked - left.met)}
        self.fields["quantity"].widget.attrs["step"] = "any"


class ResolveForm(StepForm):
    verb = Verb.RESOLVE
    result = _words("result")

    def ask(self, ticket: Ticket, lines: list[Line]) -> None:
        """A reason for each line that is not met in full."""
        for row in lines:
            if row.met < row.asked:
                label = _("Line %(line)s: why it was not met in full") % {"line": row.position}
                self.fields[f"reasons-{row.position}"] = forms.CharField(
                    label=label, required=False, help_text=KINDS[ticket.kind].headline(row)
                )

    def inputs(self) -> dict[str, Any]:
        reasons = {
            int(name.removeprefix("reasons-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("reasons-")
        }
        return {"result": self.cleaned_data["result"], "reasons": reasons}


class RedoForm(StepForm):
    verb = Verb.REDO
    reason = _words("reason")


class WriteOffForm(StepForm):
    verb = Verb.WRITE_OFF
    follow_up = _words("follow_up")


class ReopenForm(StepForm):
    verb = Verb.REOPEN
    reason = _words("reason")


class CommentForm(StepForm):
    verb = Verb.COMMENT
    text = _words("text", rows=2)
    internal = forms.BooleanField(
        label=gettext_lazy("internal"), required=False, initial=True,
        help_text=gettext_lazy("The enterprise does not see it."),
    )  # fmt: skip


# Confirming and withdrawing are the enterprise's own.
FORMS: Final[dict[Verb, type[StepForm]]] = {
    form.verb: form
    for form in (
        AcceptForm, FulfilForm, ResolveForm, AskForm, SupplementForm, WriteOffForm, RedoForm,
        ReopenForm, PassOnForm, DeclineForm, CommentForm,
    )
}  # fmt: skip


def plain(quantity: Any) -> str:
    """A quantity without the zeros that say nothing."""
    return format(quantity.normalize(), "f")
