"""An officer files a ticket on an enterprise's behalf: the form, generated from the kind."""

from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.forms.models import fields_for_model
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.tickets.filing.drafts import Draft, Submission
from coordination.tickets.filing.submit import judge_many, submit
from coordination.tickets.kinds.base import Kind
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.check import MOST_LINES
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.queries_similar import Similar, similar_to
from projects.record.admin_forms import mark_asked
from projects.record.days import DayTimeInput
from projects.record.refusals import FieldError, Invalid, Refusal
from projects.register.admin_fields import EnterpriseField, ProjectField, Suggested
from projects.register.places import PlaceField

_COMMON: Final = ("title", "detail", "urgency", "contact_name", "contact_mobile", "needed_by")
_SHORT: Final = 2  # lines of text in a box


def _reads_only(field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """The form field without validation: the verb validates."""
    if isinstance(field, models.DateTimeField):
        options["widget"] = DayTimeInput()
    elif isinstance(field, PlaceField):
        options["widget"] = Suggested(reverse_lazy("admin:places_suggest"))
    elif isinstance(field, models.DateField):
        options["widget"] = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    made: forms.Field | None = field.formfield(**options)
    if made is not None:
        made.required = False
        made.validators = [
            each for each in made.validators if isinstance(each, ProhibitNullCharactersValidator)
        ]
        made.widget.is_required = False
        if not (field.blank or field.has_default()):
            mark_asked(made)
    return made


def _fields(model: type[models.Model], names: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = fields_for_model(model, fields=names, formfield_callback=_reads_only)
    return found


def own_fields(names: tuple[str, ...]) -> dict[str, Any]:
    """The form fields of the ticket itself."""
    return _fields(Ticket, names)


def line_fields(kind: Kind[Any]) -> dict[str, Any]:
    """The form fields of one line of the kind."""
    return _fields(kind.model, kind.fields)


class _Whose(forms.Form):
    project = ProjectField(label=_("Project"))
    enterprise = EnterpriseField(
        beside="project", label=_("Enterprise"),
        help_text=_("Those that take part in the project are suggested."),
    )  # fmt: skip


def _head_form() -> type[_Whose]:
    return type("HeadForm", (_Whose,), own_fields(_COMMON))


def _line_formset(kind: Kind[Any]) -> "type[forms.BaseFormSet[forms.Form]]":
    form: type[forms.Form] = type("LineForm", (forms.Form,), line_fields(kind))
    return forms.formset_factory(form, extra=1, max_num=MOST_LINES, absolute_max=MOST_LINES)


@dataclass
class Filing:
    """The form of one filing; unfilled line forms are left out.

    ``similar`` are tickets that ask for the same, found when it was sent: it is filed once the
    officer has seen them, which ``seen`` says.
    """

    kind: str
    head: _Whose
    lines: "forms.BaseFormSet[forms.Form]"
    similar: list[Similar] = field(default_factory=list)

    @classmethod
    def of(cls, kind: str, data: Any = None) -> "Filing":
        """The form, empty or with the typed values."""
        formset = _line_formset(KINDS[kind])
        return cls(kind, _head_form()(data), formset(data, prefix="lines"))

    @property
    def seen(self) -> str:
        """The tickets shown as similar, as the form sends them back."""
        return ",".join(sorted({each.ticket.number for each in self.similar}))

    def submit(self, by: Officer, seen: str = "") -> Ticket | None:
        """File the ticket; None if refused, with the errors added to the fields.

        None too where there are similar tickets other than those ``seen``.
        """
        if not (self.head.is_valid() & self.lines.is_valid()):
            return None
        filled = [form for form in self.lines.forms if form.has_changed()]
        given = self.head.cleaned_data | {"lines": [form.cleaned_data for form in filled]}
        try:
            self.similar = _similar(self.kind, given, by)
            if self.seen not in {"", seen}:
                return None
            return submit(kind=self.kind, **given, by=by)
        except Invalid as refusal:
            for error in refusal.errors:
                self._show(error, filled)
        except Refusal as refusal:
            self.head.add_error("enterprise", str(refusal.message))
        return None

    def _show(self, error: FieldError, filled: list[forms.Form]) -> None:
        form: forms.Form = self.head
        path = error.path
        if path[0] == "lines" and len(path) > _SHORT:
            form, path = filled[int(path[1])], path[2:]
        name = str(path[0])
        form.add_error(name if name in form.fields else None, str(error.message))


def _similar(kind: str, given: dict[str, Any], by: Officer) -> list[Similar]:
    """What asks for the same as a filing would; raises the refusal that the filing would meet."""
    values = {name: value for name, value in given.items() if name != "enterprise"}
    (found,) = judge_many(
        submissions=[Submission(kind=kind, **values)], enterprise=given["enterprise"], by=by
    )
    if not isinstance(found, Draft):
        raise found
    return similar_to(found.ticket, found.lines, tickets_for(by))


def with_one_more(data: Any) -> Any:
    """The typed values, with one more empty line."""
    more = data.copy()
    given = more.get("lines-TOTAL_FORMS", "")[:6]
    more["lines-TOTAL_FORMS"] = str(min(int(given) if given.isdecimal() else 0, MOST_LINES - 1) + 1)
    return more
