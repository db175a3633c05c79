"""The serializers of the lines of each kind, made from the kinds."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from django.db.models import CharField, Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.intake.api_words import LABEL, LINE_FIELDS
from coordination.tickets.kinds.base import Kind, Line, MeasuredLine, Outcome
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Fulfilment
from projects.access.answers import OwnText, TextOrNull, described_among
from projects.access.shape import StrictModelSerializer, Whole
from projects.record.sealed_fields import SealedCharField, opened_or

_A_LINE: Final = "One thing that a ticket asks for."
_BEFORE: Final = ("position",)
_AFTER: Final = (
    "asked", "met", "refused", "outcome", "outcome_label", "outcome_reason", "deliveries",
)  # fmt: skip


class Delivery(serializers.Serializer[Any]):
    """A quantity by which a line was met at one moment; a negative one takes some back."""

    quantity = serializers.DecimalField(
        max_digits=14, decimal_places=3, help_text="How much, in the line's `unit`."
    )
    at = serializers.DateTimeField(source="recorded_at", help_text="When it was recorded.")


class Decrypted(serializers.CharField):
    """A sealed column; null where it cannot be decrypted or was erased."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"allow_null": True})

    def get_attribute(self, instance: Any) -> Any:
        return opened_or(instance, str(self.source), "") or None


class PlaceName(serializers.CharField):
    """The name of the place whose code is in the field before it."""

    def __init__(self, place: str) -> None:
        super().__init__(read_only=True, help_text=f"The name of `{place}`, a county or a city.")
        self._place = place

    def get_attribute(self, instance: Any) -> Any:
        return instance.place(self._place)


class LineOut(serializers.ModelSerializer[Any]):
    """The fields that the lines of all kinds have."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping, CharField: OwnText,
        SealedCharField: Decrypted,
    }  # fmt: skip

    outcome = serializers.ChoiceField(choices=Outcome.choices, help_text=LINE_FIELDS["outcome"])
    outcome_label = serializers.SerializerMethodField(help_text=LABEL)
    outcome_reason = TextOrNull(help_text=LINE_FIELDS["outcome_reason"])
    deliveries = serializers.SerializerMethodField(
        help_text="What was met of it over time, the earliest first; their sum is `met`."
    )

    def represent(
        self, line: Line, deliveries: Mapping[int, Sequence[Fulfilment]]
    ) -> dict[str, Any]:
        """The line as JSON; ``deliveries`` are those of the ticket by the lines' positions."""
        rows = [_DELIVERY.to_representation(row) for row in deliveries.get(line.position, ())]
        return {**self.to_representation(line), "deliveries": rows}

    def get_outcome_label(self, line: Any) -> str:
        return str(Outcome(line.outcome).label)

    @extend_schema_field(Delivery(many=True))
    def get_deliveries(self, _line: Line) -> list[Any]:
        return []  # for the API's document; ``represent`` fills them in


_DELIVERY: Final = Delivery()


def camel(name: str) -> str:
    """``vehicle_pass`` as ``VehiclePass``, for the names of components."""
    return "".join(part.capitalize() for part in name.split("_"))


def meta(
    model: type[Model], fields: tuple[str, ...], extra_kwargs: Mapping[str, Any] | None = None
) -> type:
    """The Meta class of a serializer."""
    return type(
        "Meta", (), {"model": model, "fields": fields, "extra_kwargs": dict(extra_kwargs or {})}
    )


def _line_in(kind: Kind[Any]) -> type[serializers.ModelSerializer[Any]]:
    own_meta = meta(kind.model, kind.fields, described_among(kind.fields, LINE_FIELDS))
    return type(
        f"{camel(kind.name)}LineIn",
        (StrictModelSerializer,),
        {"__doc__": _A_LINE, "Meta": own_meta},
    )


def _line_out(kind: Kind[Any]) -> type[LineOut]:
    names: dict[str, Any] = {f"{place}_name": PlaceName(place) for place in kind.places}
    if issubclass(kind.model, MeasuredLine):
        names["unit_filed"] = TextOrNull(help_text=LINE_FIELDS["unit_filed"])
    fields = chain.from_iterable(
        (name, f"{name}_name") if name in kind.places else (name,) for name in kind.fields
    )
    unit = "unit_filed" if issubclass(kind.model, MeasuredLine) else "unit"
    shown = (*_BEFORE, *fields, unit, *_AFTER)
    own_meta = meta(kind.model, shown, described_among(shown, LINE_FIELDS))
    return type(
        f"{camel(kind.name)}Line", (LineOut,), {"__doc__": _A_LINE, "Meta": own_meta, **names}
    )


def _line_amended(kind: Kind[Any]) -> type[serializers.ModelSerializer[Any]]:
    """Those of a line's fields that are to be changed."""
    says = described_among(kind.fields, LINE_FIELDS)
    optional = {name: {**says.get(name, {}), "required": False} for name in kind.fields}
    own_meta = meta(kind.model, (*_BEFORE, *kind.fields), optional)
    position = Whole(help_text="Which line: its `position`, counted from 1.")
    return type(
        f"{camel(kind.name)}LineAmendment", (StrictModelSerializer,),
        {"Meta": own_meta, "position": position},
    )  # fmt: skip


LINES_IN: Final = {name: _line_in(kind) for name, kind in KINDS.items()}
LINES_AMENDED: Final = {name: _line_amended(kind) for name, kind in KINDS.items()}
LINES_OUT: Final = {name: _line_out(kind) for name, kind in KINDS.items()}
