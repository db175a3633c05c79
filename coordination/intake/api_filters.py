"""The filters and orders of the list of tickets; an index serves each of them."""

import re
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from rest_framework.request import Request
from rest_framework.views import APIView

from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.filing.submit import NOT_THEIRS
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.search.find import found_by
from coordination.tickets.urgency import Urgency
from projects.access.authentication import caller_of
from projects.access.pages import ORDERING, NewestFirst
from projects.record.clock import now, recorded_until
from projects.record.days import beginning, ending, moment_in, until
from projects.record.refusals import FieldError, Invalid, Missing
from projects.register.models import Project, ProjectParticipant

CHANGED_SINCE: Final = "changed_since"
_UNENCODED: Final = re.compile(r"([T ]\d\d:?[\d:.]*) (\d\d:?\d\d)\Z")


class _MomentField(IsoDateTimeField):  # type: ignore[misc]  # it comes without types
    """A moment, however it is typed, or the beginning of a day.

    Converts to UTC, since PostgreSQL does not read all offsets that ISO 8601 allows. Reads the
    ``+`` of an offset that was not encoded, and so arrived as a space.
    """

    def to_python(self, value: Any) -> datetime | None:
        given = _UNENCODED.sub(r"\1+\2", value) if isinstance(value, str) else value
        typed = beginning(given) or moment_in(given)
        moment: datetime | None = typed or super().to_python(given)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            message = _("This time is too long ago, or too far off.")
            raise ValidationError(message, code="invalid") from error


class _UntilField(_MomentField):
    """A moment, or a day, which lasts to its end."""

    def to_python(self, value: Any) -> datetime | None:
        return until(value) or super().to_python(value)


class _EndingField(_MomentField):
    """The same for what ends before then: a day is within."""

    def to_python(self, value: Any) -> datetime | None:
        return ending(value) or super().to_python(value)


class _Moment(filters.IsoDateTimeFilter):  # type: ignore[misc]  # it comes without types
    field_class = _MomentField


class _Until(_Moment):
    field_class = _UntilField


class _Ending(_Moment):
    field_class = _EndingField


class TicketFilter(filters.FilterSet):  # type: ignore[misc]  # it comes without types
    kind = filters.ChoiceFilter(
        choices=[(kind.name, kind.label) for kind in KINDS.values()], label="What is asked for."
    )
    status = filters.MultipleChoiceFilter(
        choices=Status.choices,
        label="May be repeated: in any of these.",
        distinct=False,  # a ticket has one status; DISTINCT would sort all tickets
    )
    project = filters.CharFilter(method="filter_project", label="The project's code.")
    urgency = filters.ChoiceFilter(choices=Urgency.choices, label="How urgent it is now.")
    external_id = filters.CharFilter(label="The enterprise's own reference, exactly.")
    light = filters.ChoiceFilter(
        choices=Light.choices, method="filter_light",
        label="As it stands now; only tickets with a clock that runs or stands have one.",
    )  # fmt: skip
    changed_since = _Moment(
        field_name="changed_at", lookup_expr="gte",
        label="Changed then or later; read in the order of change, the oldest first.",
    )  # fmt: skip
    filed_from = _Moment(field_name="filed_at", lookup_expr="gte", label="Filed then or later.")
    filed_to = _Ending(
        field_name="filed_at", lookup_expr="lt", label="Filed before then, or on that day."
    )
    needed_by = _Until(
        field_name="needed_by", lookup_expr="lte", label="Needed then or earlier, or on that day."
    )

    search = filters.CharFilter(
        method="filter_search",
        label="Each word is in the title, the number, the reference, the project's name or code, "
        "the enterprise's name, or in a line's plates, cargo or material.",
    )  # fmt: skip

    class Meta:
        model = Ticket
        fields = (
            "kind", "status", "project", "urgency", "light", "changed_since", "filed_from",
            "filed_to", "needed_by", "external_id", "search",
        )  # fmt: skip

    def filter_project(self, rows: QuerySet[Ticket], _name: str, code: str) -> QuerySet[Ticket]:
        """By a subquery: PostgreSQL misjudges the number of rows of a join, and sorts them all."""
        return rows.filter(project=Subquery(Project.objects.filter(code=code).values("pk")))

    def filter_search(self, rows: QuerySet[Ticket], name: str, typed: str) -> QuerySet[Ticket]:
        """Raises Invalid if no word is long enough to be looked for."""
        condition = found_by(typed)
        if condition is None:
            message = _("Give a word of at least two characters.")
            raise Invalid([FieldError((name,), message, "too-short")])
        return rows.filter(condition)

    def filter_light(self, rows: QuerySet[Ticket], _name: str, light: str) -> QuerySet[Ticket]:
        return rows.filter(lit(light, now()))


def require_known_project(request: Request) -> None:
    """Raise Missing if the filter names a project in which the caller never took part."""
    code, by = request.query_params.get("project"), caller_of(request)
    took_part = ProjectParticipant.objects.filter(enterprise=by.enterprise, project__code=code)
    if code and not took_part.exists():
        raise Missing(NOT_THEIRS, errors=[FieldError(("project",), NOT_THEIRS, "not-found")])


class TicketPages(NewestFirst):
    """Orders by the time of filing or of the last change.

    What is read in the order of change ends before the oldest change under way, so that a caller
    who goes on from the last ``changed_at`` misses none. Each page looks anew: what was recorded
    before the last row of the page before is on no later one.
    """

    orders: ClassVar = {
        "-filed_at": ("-filed_at", "-id"),
        "filed_at": ("filed_at", "id"),
        "-changed_at": ("-changed_at", "-id"),
        "changed_at": ("changed_at", "id"),
    }
    orders_described = (
        "As they were filed, the newest first, where left out; with `changed_since` as they "
        "changed, the oldest first."
    )

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page."""
        asked = request.query_params
        if CHANGED_SINCE in asked or asked.get(ORDERING) == "changed_at":
            queryset = queryset.filter(changed_at__lt=recorded_until())
        return super().paginate_queryset(queryset, request, view)

    def usual_order(self, request: Request) -> str:
        """By change with ``changed_since``: a caller who goes on from the last one misses none."""
        return "changed_at" if CHANGED_SINCE in request.query_params else "-filed_at"

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """Raises Invalid for ``changed_since`` in the order of filing.

        No index could serve that: PostgreSQL would sort every ticket.
        """
        fields = super().get_ordering(request, queryset, view)
        if CHANGED_SINCE in request.query_params and not fields[0].endswith("changed_at"):
            message = _("With “changed_since” a list is read in the order of change.")
            raise Invalid([FieldError(("ordering",), message, "choice")])
        return fields
