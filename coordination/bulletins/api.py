"""Bulletins for the enterprises' software: aggregates, addressed by the date of the cut-off."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.bulletins.figures import quantities
from coordination.bulletins.figures.registry import NEWEST
from coordination.bulletins.models import Bulletin
from coordination.bulletins.week import week_to
from coordination.tickets.kinds.base import Kind
from coordination.tickets.kinds.registry import KINDS
from projects.access import document
from projects.access.pages import NewestFirst

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


def _shape(name: str, fields: Fields, **options: Any) -> serializers.Serializer[Any]:
    """A serializer that only says what is there; the figures are frozen as they are."""
    return _shape_class(name, fields)(**options)


def _shape_class(name: str, fields: Fields) -> type[serializers.Serializer[Any]]:
    """The class alone, for a shape that stands in several places."""
    return type(name, (serializers.Serializer,), fields)


def _integers(*names: str) -> Fields:
    return {name: serializers.IntegerField() for name in names}


def _investments() -> Fields:
    return {
        name: serializers.RegexField(r"^-?\d+\.\d\d$", help_text="亿元")
        for name in ("total_investment", "annual_investment")
    }


def _rated() -> Fields:
    rate = serializers.RegexField(r"^\d+\.\d$", allow_null=True, help_text="%")
    return {**_integers("planned", "resumed"), "rate": rate}


def _register(name: str, **options: Any) -> serializers.Serializer[Any]:
    return _shape(name, {**_integers("projects"), **_investments()}, **options)


def _district() -> serializers.Serializer[Any]:
    names: Fields = {"code": serializers.CharField(), "name": serializers.CharField()}
    rank: Fields = {"rank": serializers.IntegerField(allow_null=True)}
    return _shape("BulletinDistrict", {**names, **_rated(), **rank}, many=True)


_TICKETS = (
    "open_before", "filed", "reopened", "ended", "open_after", "cumulative_filed",
    "cumulative_settled",
)  # fmt: skip


_TicketsOfKind = _shape_class("BulletinTicketsOfKind", _integers(*_TICKETS))
_Block = _shape_class("BulletinBlock", {**_integers("schema"), "hash": serializers.CharField()})


_Quantity = _shape_class(
    "BulletinQuantity",
    {name: serializers.RegexField(r"^-?\d+(\.\d+)?$") for name in quantities.NAMES},
)


def _quantities_of(kind: Kind[Any]) -> serializers.Serializer[Any]:
    name = "".join(part.capitalize() for part in kind.name.split("_"))
    measured: Fields = {measure.name: _Quantity(required=False) for measure in kind.measures}
    return _shape(f"Bulletin{name}Quantities", measured, required=False)


class RegisterFigures(serializers.Serializer[Any]):
    projects = serializers.IntegerField()
    total_investment = serializers.RegexField(r"^\d+\.\d\d$", help_text="亿元")
    annual_investment = serializers.RegexField(r"^\d+\.\d\d$", help_text="亿元")
    prior = _register("BulletinPriorYear", allow_null=True)
    year_on_year = _register("BulletinYearOnYear", allow_null=True)


FIGURES = _shape(
    "BulletinFigures",
    {
        "register": RegisterFigures(),
        "resumption": _shape(
            "BulletinResumption",
            {
                **_rated(),
                "provincial": _shape("BulletinProvincial", _rated()),
                "by_district": _district(),
            },
        ),
        "coverage": _shape("BulletinCoverage", _integers("projects", "served")),
        "tickets": _shape(
            "BulletinTickets",
            {kind: _TicketsOfKind(required=False) for kind in KINDS},
        ),
        "quantities": _shape(
            "BulletinQuantities",
            {kind.name: _quantities_of(kind) for kind in KINDS.values()},
            required=False,
        ),
        "people_returned": _shape("BulletinPeople", _integers("cumulative", "this_week")),
        "reporting": _shape(
            "BulletinReporting",
            {
                "day": serializers.DateField(),
                **_integers("expected", "reported", "unreported"),
            },
        ),
    },
)
BLOCKS = _shape(
    "BulletinBlocks",
    {name: _Block() for name in NEWEST},
)
PERIOD = _shape(
    "BulletinPeriod", {"from": serializers.DateTimeField(), "to": serializers.DateTimeField()}
)


class BulletinSerializer(serializers.ModelSerializer[Bulletin]):
    """One bulletin: its figures as they were frozen, and the hashes that prove it."""

    period = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    blocks = serializers.SerializerMethodField()

    class Meta:
        model = Bulletin
        fields: tuple[str, ...] = (
            "series", "cut_off", "edition", "period", "figures", "blocks", "hash", "built_at",
        )  # fmt: skip

    @extend_schema_field(PERIOD)
    def get_period(self, bulletin: Bulletin) -> dict[str, Any]:
        period = week_to(bulletin.cut_off)
        field = serializers.DateTimeField()
        return {
            "from": field.to_representation(period.start),
            "to": field.to_representation(period.end),
        }

    @extend_schema_field(FIGURES)
    def get_figures(self, bulletin: Bulletin) -> dict[str, Any]:
        return {
            name: bulletin.blocks[name]["figures"] for name in NEWEST if name in bulletin.blocks
        }

    @extend_schema_field(BLOCKS)
    def get_blocks(self, bulletin: Bulletin) -> dict[str, Any]:
        return {
            name: {"schema": block["schema"], "hash": block["hash"]}
            for name, block in bulletin.blocks.items()
        }


class NewestCutOffFirst(NewestFirst):
    """Weeks that were built late stand where they belong."""

    ordering = ("-cut_off", "-edition")


class BulletinList(GenericAPIView[Bulletin]):
    """The bulletins, newest first."""

    queryset = Bulletin.objects.none()
    serializer_class = BulletinSerializer
    pagination_class = NewestCutOffFirst

    @extend_schema(
        operation_id="list_bulletins",
        summary="List the weekly bulletins, the newest first",
        description="Aggregates alone: no enterprise, project or person is named.",
        responses={200: BulletinSerializer(many=True), **document.problems(document.LISTING)},
    )
    def get(self, _request: Request) -> Response:
        page = self.paginate_queryset(Bulletin.objects.all())
        return self.get_paginated_response(BulletinSerializer(page or [], many=True).data)
