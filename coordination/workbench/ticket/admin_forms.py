"""The form of each verb: it parses the input, the verb validates it."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coordination.groups.models import ServiceGroup
from coordination.staff.models import Officer
from coordination.tickets.attachments.queries import last_number
from coordination.tickets.flow import FLOW, INPUT_LABELS, Capacity, Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.totals import amount_of, written
from coordination.tickets.models import Ticket
from coordination.tickets.queries_assistance import assisting, who_may_assist
from coordination.tickets.queries_duplicates import duplicates_of
from coordination.tickets.reader import TicketReader
from coordination.tickets.step import LONGEST_TEXT
from coordination.tickets.urgency import Urgency
from coordination.tickets.verbs.duplicates import DuplicatesThen
from coordination.tickets.verbs.handle import may_give, whom_a_lead_may_choose
from coordination.tickets.verbs.registry import VERBS
from coordination.workbench.ticket.admin_filing import line_fields
from coordination.workbench.ticket.admin_rows import (
    count_rows,
    empty_row,
    fields_of_row,
    is_of_row,
    names_of_row,
    rows_in_order,
)
from projects.files.forms import OneFileField
from projects.house.rooms import merged
from projects.record.admin_forms import mark_asked
from projects.record.refusals import Invalid, Path, Refusal


def is_offered(verb: str) -> bool:
    """Whether officers have the verb; others are only for enterprises, by the API."""
    return verb in VERBS and bool(FLOW[verb].who - {Capacity.ENTERPRISE, Capacity.SYSTEM})


_REASON: Final = "reasons_"
_COMPOSED: Final = frozenset({"lines"})  # composed of several fields, of which there are rows


def _label(name: str) -> str:
    return capfirst(str(INPUT_LABELS[name]))


def _text(label: str, rows: int = 3) -> forms.CharField:
    """A text without limits: the verb refuses empty or long ones, so that messages are the same."""
    return forms.CharField(
        label=label, required=False, strip=False, widget=forms.Textarea(attrs={"rows": rows})
    )


def _line(ticket: Ticket, lines: Sequence[Line]) -> forms.Field:
    headline = KINDS[ticket.kind].headline
    choices = [(line.position, f"{line.position}. {headline(line)}{_left(line)}") for line in lines]
    first = next((line.position for line in lines if not line.is_settled), None)
    return forms.TypedChoiceField(label=_label("line"), coerce=int, choices=choices, initial=first)


def _left(line: Line) -> str:
    """What of the line is not met yet, with its unit."""
    amount = amount_of(line)
    if not amount.left:
        return ""
    left = _("%(quantity)s %(unit)s to go") % {
        "quantity": written(amount.left), "unit": amount.label,
    }  # fmt: skip
    return f" · {left}"


def _quantity(_ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    return forms.DecimalField(label=_label("quantity"), widget=forms.NumberInput({"step": "any"}))


def _number(_ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    return forms.CharField(label=_label("number"), required=False, max_length=20)


def _group(ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    return _group_field(ServiceGroup.objects.exclude(pk=ticket.group_id or 0))


def _group_field(groups: "QuerySet[ServiceGroup]") -> forms.Field:
    rows = groups.filter(is_active=True)
    return forms.ModelChoiceField(rows, label=_label("group"), required=False)


def _officer(ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    rows = who_may_assist(ticket)
    return forms.ModelChoiceField(rows, label=_label("officer"), required=False)


def _assistant(ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    rows = assisting(ticket)
    return forms.ModelChoiceField(rows, label=_label("assistant"), required=False)


def _urgency(ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    others = [(each.value, each.label) for each in Urgency if each != ticket.urgency]
    return forms.ChoiceField(label=_label("urgency"), choices=others)


def _amount(ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    most = ticket.term.most_extension
    return forms.IntegerField(label=_label("amount"), initial=most)


def _file(_ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    help_text = _("PDF, JPEG, PNG, DOCX, XLSX, TXT or CSV of at most 10 MB.")
    return OneFileField(label=_label("file"), help_text=help_text)


def _attachment(ticket: Ticket, _lines: Sequence[Line]) -> forms.Field:
    numbers = range(1, last_number(ticket) + 1)
    return forms.TypedChoiceField(
        label=_label("attachment"), coerce=int, choices=[(each, each) for each in numbers]
    )


# An input that a verb requires is a text, unless it has a line here or in its room's VerbPages.
_FIELDS: Final[dict[str, Callable[[Ticket, Sequence[Line]], forms.Field]]] = {
    "line": _line,
    "quantity": _quantity,
    "group": _group,
    "number": _number,
    "officer": _officer,
    "assistant": _assistant,
    "urgency": _urgency,
    "amount": _amount,
    "file": _file,
    "attachment": _attachment,
}


def _note(_ticket: Ticket, _lines: Sequence[Line]) -> dict[str, forms.Field]:
    return {"note": _text(_("Note"), rows=2)}


def _internal(_ticket: Ticket, _lines: Sequence[Line]) -> dict[str, forms.Field]:
    label = _("Internal: the enterprise does not see it")
    return {"internal": forms.BooleanField(label=label, required=False)}


def _note_and_internal(ticket: Ticket, lines: Sequence[Line]) -> dict[str, forms.Field]:
    return {**_note(ticket, lines), **_internal(ticket, lines)}


def _why_not_in_full(_ticket: Ticket, lines: Sequence[Line]) -> dict[str, forms.Field]:
    return {
        f"{_REASON}{line.position}": _asked(
            _text(_("Why line %(line)s was not met in full") % {"line": line.position}, rows=2)
        )
        for line in lines
        if not line.is_settled
    }


def _asked(field: forms.Field) -> forms.Field:
    mark_asked(field)
    return field


def _duplicates(ticket: Ticket, _lines: Sequence[Line]) -> dict[str, forms.Field]:
    """What becomes of its duplicates, if it has any."""
    numbers = list(duplicates_of(ticket).values_list("number", flat=True))
    if not numbers:
        return {}
    label = _("It has duplicates (%(numbers)s). What becomes of them?")
    return {
        "duplicates": _asked(forms.ChoiceField(
            label=label % {"numbers": ", ".join(numbers)}, required=False,
            choices=DuplicatesThen.choices, widget=forms.RadioSelect,
        ))
    }  # fmt: skip


def _to_whom(reader: TicketReader) -> dict[str, forms.Field]:
    """Who handles it from now on; asked of those who may give it to another."""
    able = reader.acting.ids if may_give(reader.capacities) else set()
    if not able:
        return {}
    first = reader.answers
    field = forms.ModelChoiceField(
        Officer.objects.filter(pk__in=able).order_by("username"), label=_("Who handles it"),
        initial=first if first in able else reader.officer.pk, empty_label=None,
    )  # fmt: skip
    return {"handler": field}


# What a verb takes beyond what it requires.
_EXTRA: Final[dict[str, Callable[[Ticket, Sequence[Line]], dict[str, forms.Field]]]] = {
    Verb.DECLINE: _duplicates,
    Verb.FULFIL: _note,
    Verb.URGE: _note,
    Verb.COUNTERSIGN: _note,
    Verb.COMMENT: _internal,
    Verb.ATTACH: _note_and_internal,
    Verb.DETACH: _internal,
    Verb.RESOLVE: _why_not_in_full,
}


# The lines that a verb on one line can be applied to; all, if it is not listed.
_LINES_FOR: Final[dict[str, Callable[[Line], bool]]] = {
    Verb.FULFIL: lambda line: not line.refused,
    Verb.REFUSE: lambda line: not line.is_settled,
    Verb.RECONSIDER: lambda line: bool(line.refused),
}


def of_line(verb: str) -> bool:
    """Whether the verb is applied to one line."""
    return "line" in FLOW[verb].required


def lines_for(verb: str, lines: Sequence[Line]) -> list[Line]:
    """The lines that the verb can be applied to."""
    may = _LINES_FOR.get(verb)
    return [line for line in lines if may is None or may(line)]


class VerbForm(forms.Form):
    """One verb on one ticket by one officer, as it was when the page was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        verb: str,
        reader: TicketReader,
        *given: Any,
    ) -> None:
        """``given`` are the data and the files that were sent, if any were."""
        data, files = given or (None, None)
        ticket, lines = reader.ticket, reader.lines
        initial = {"version": ticket.version}
        self.verb = verb
        self._of_rows = line_fields(KINDS[ticket.kind]) if verb == Verb.ADD_LINES else {}
        if self._of_rows and data is not None:
            data = rows_in_order(data)
        super().__init__(data, files, auto_id=f"{verb}_%s", initial=initial)
        self._many = count_rows(data) if self._of_rows else 0
        fields = _FIELDS | merged(lambda pages: pages.fields)
        for name in FLOW[verb].required:
            if name in _COMPOSED:
                continue
            make = fields.get(name)
            field = make(ticket, lines_for(verb, lines)) if make else _text(_label(name))
            mark_asked(field)
            self.fields[name] = field
        extra = _EXTRA | merged(lambda pages: pages.extra_fields)
        if verb in extra:
            self.fields.update(extra[verb](ticket, lines))
        if verb == Verb.ACCEPT:
            self.fields.update(_to_whom(reader))
        for number in range(self._many):
            self.fields.update(fields_of_row(self._of_rows, number))

    @property
    def plain(self) -> list[forms.BoundField]:
        """The visible fields outside of rows."""
        return [field for field in self.visible_fields() if not is_of_row(field.name)]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each line that the form adds."""
        return [[self[name] for name in fields_of_row(self._of_rows, number)]
                for number in range(self._many)]  # fmt: skip

    @property
    def empty_row(self) -> list[forms.BoundField]:
        """The fields of one line more, for the page's script; none where no line is added."""
        return list(empty_row(self._of_rows, f"{self.verb}_%s"))

    @property
    def seen(self) -> int | None:
        """The version of the ticket that the page showed."""
        found: int | None = self.cleaned_data.get("version") if self.is_bound else None
        return found

    def inputs(self) -> dict[str, Any]:
        """The verb's inputs, by its parameters' names."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(_REASON):
                found.setdefault("reasons", {})[int(name.removeprefix(_REASON))] = value
            elif not is_of_row(name):
                found[name] = value
        if self._of_rows:
            found["lines"] = [
                {
                    name: self.cleaned_data.get(full)
                    for name, full in names_of_row(self._of_rows, number)
                }
                for number in range(self._many)
            ]
        return found

    def show(self, refusal: Refusal) -> None:
        """Show the verb's refusal beside the fields that it is about."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, str(refusal.message))
            return
        for error in refusal.errors:
            name = self._name_of(error.path)
            self.add_error(name, str(error.message))

    def _name_of(self, path: Path) -> str | None:
        name = "_".join(str(part) for part in path)
        return name if name in self.fields else None


class ManyForm(forms.Form):
    """The inputs of one verb for many tickets; an empty text is refused before any is changed."""

    use_required_attribute = False

    def __init__(self, verb: str, data: Any = None, *, by: Officer) -> None:
        super().__init__(data, auto_id=f"many_{verb}_%s")
        for name in FLOW[verb].required:
            field = (
                _group_field(ServiceGroup.objects.all()) if name == "group" else _text(_label(name))
            )
            field.required = True
            if isinstance(field, forms.CharField):
                field.strip = True
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))
            self.fields[name] = field
        if verb == Verb.COMMENT:
            label = _("Internal: the enterprise does not see it")
            self.fields["internal"] = forms.BooleanField(label=label, required=False)
        if verb == Verb.URGE:
            note = _text(_("Note"), rows=2)
            note.validators.append(MaxLengthValidator(LONGEST_TEXT))
            self.fields["note"] = note
        if verb == Verb.ACCEPT and (able := whom_a_lead_may_choose(by)):
            self.fields["handler"] = forms.ModelChoiceField(
                Officer.objects.filter(pk__in=able).order_by("username"), required=False,
                label=_("Who handles it"),
                empty_label=_("As listed: who serves each project one-to-one"),
            )  # fmt: skip
