"""Bulletins for the enterprises' software: aggregates, addressed by the date of the cut-off."""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.bulletins.api_shape import DeclaredFigures, DeclaredHashes
from coordination.bulletins.issues.addresses import place_of
from coordination.bulletins.issues.queries import published_bulletins
from coordination.bulletins.models import Bulletin, Format, Issue, Series
from projects.access import document
from projects.access.answers import described
from projects.access.filters import Filters
from projects.access.pages import NewestFirst

# Made by a call, because a class body cannot name an attribute "from".
BulletinPeriod: Final[type[serializers.Serializer[Any]]] = type(
    "BulletinPeriod",
    (serializers.Serializer,),
    {
        "__doc__": "The period that a bulletin covers.",
        "from": serializers.DateTimeField(source="start", help_text="Itself left out."),
        "to": serializers.DateTimeField(source="end", help_text="The cut-off, itself counted."),
    },
)


class IssueRef(serializers.ModelSerializer[Issue]):
    """What publication added to the figures."""

    class Meta:
        model = Issue
        fields = ("year", "number", "total", "day")
        extra_kwargs: ClassVar = described(
            year="The year in which its number counts, a calendar year.",
            number="Which issue of its series it is in the year, counted from 1.",
            total="Which issue of all years it is, counted from 1; null of an extra issue.",
            day="The day of issue that is printed on it.",
        )


BulletinFiles: Final[type[serializers.Serializer[Any]]] = type(
    "BulletinFiles",
    (serializers.Serializer,),
    {
        "__doc__": "The addresses of an issue's files.",
        **{
            str(kind): serializers.CharField(help_text=f"The issue as {said}.")
            for kind, said in (
                (Format.PAGE, "a page"), (Format.PDF, "PDF"), (Format.WORD, "a Word file"),
                (Format.WORKBOOK, "an Excel workbook"),
            )
        },
    },
)  # fmt: skip


class BulletinSerializer(serializers.ModelSerializer[Bulletin]):
    """One bulletin: its frozen figures, and their hashes."""

    period = serializers.SerializerMethodField(help_text="The period that it covers.")
    figures = DeclaredFigures(source="blocks", read_only=True)
    blocks = DeclaredHashes(read_only=True)
    issue = IssueRef(help_text="Its numbers, and what is printed on it.")
    files = serializers.SerializerMethodField(help_text="Where its files are, by format.")

    class Meta:
        model = Bulletin
        fields: tuple[str, ...] = (
            "series", "cut_off", "edition", "period", "issue", "figures", "blocks", "hash",
            "built_at", "files",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            series="Which bulletin it is: `weekly`, or `extra` of an extra issue.",
            cut_off="What was recorded later is not in it.",
            edition="Counts the editions of the issue, from 1; a later one replaces it.",
            hash=("SHA-256 of the cut-off, an extra issue's start and all blocks, in hexadecimal."),
            built_at="When it was built.",
        )

    @extend_schema_field(BulletinPeriod)
    def get_period(self, bulletin: Bulletin) -> dict[str, Any]:
        return BulletinPeriod(bulletin.period).data

    @extend_schema_field(BulletinFiles)
    def get_files(self, bulletin: Bulletin) -> dict[str, str]:
        place = place_of(bulletin.issue)
        return {kind: place.file(kind) for kind in Format.values}


class NewestCutOffFirst(NewestFirst):
    """Order by cut-off, so that bulletins built late are in their place."""

    ordering = ("-cut_off", "-edition", "-id")


class BulletinFilter(filters.FilterSet):  # type: ignore[misc]  # it comes without types
    series = filters.ChoiceFilter(
        choices=Series.choices, label="`extra` for extra issues; weekly ones where left out.",
    )  # fmt: skip

    class Meta:
        model = Bulletin
        fields = ("series",)

    def filter_queryset(self, queryset: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
        """Those of the series; the weekly ones where none is asked for."""
        return queryset.filter(series=self.form.cleaned_data["series"] or Series.WEEKLY)


class BulletinList(GenericAPIView[Bulletin]):
    """The bulletins, newest first."""

    queryset = Bulletin.objects.none()
    serializer_class = BulletinSerializer
    pagination_class = NewestCutOffFirst
    filter_backends = (Filters,)
    filterset_class = BulletinFilter

    @extend_schema(
        operation_id="list_bulletins",
        summary="List the published bulletins, the newest first",
        description=(
            "The weekly ones, or with `series` the extra issues. Of each the newest edition in"
            " force. Aggregates alone: no enterprise, project or person is named."
        ),
        responses={
            document.LIST: BulletinSerializer(many=True),
            **document.problems(document.LISTING),
        },
    )
    def get(self, _request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(published_bulletins()))
        return self.get_paginated_response(BulletinSerializer(page or [], many=True).data)
