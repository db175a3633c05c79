"""Bulletins for the enterprises' software: aggregates, addressed by the date of the cut-off."""

from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.bulletins.api_shape import DeclaredFigures, DeclaredHashes
from coordination.bulletins.models import Bulletin
from coordination.bulletins.week import week_to
from projects.access import document
from projects.access.answers import described
from projects.access.pages import NewestFirst

# Made by a call, because a class body cannot name an attribute "from".
BulletinPeriod: Final[type[serializers.Serializer[Any]]] = type(
    "BulletinPeriod",
    (serializers.Serializer,),
    {
        "__doc__": "The week that a bulletin covers.",
        "from": serializers.DateTimeField(source="start", help_text="Itself left out."),
        "to": serializers.DateTimeField(source="end", help_text="The cut-off, itself counted."),
    },
)


class BulletinSerializer(serializers.ModelSerializer[Bulletin]):
    """One bulletin: its frozen figures, and their hashes."""

    period = serializers.SerializerMethodField(help_text="The week that it covers.")
    figures = DeclaredFigures(source="blocks", read_only=True)
    blocks = DeclaredHashes(read_only=True)

    class Meta:
        model = Bulletin
        fields: tuple[str, ...] = (
            "series", "cut_off", "edition", "period", "figures", "blocks", "hash", "built_at",
        )  # fmt: skip
        extra_kwargs: ClassVar = described(
            series="Which bulletin it is.",
            cut_off="What was recorded later is not in it.",
            edition="Counts the editions of the week's bulletin, from 1; a later one replaces it.",
            hash="SHA-256 of the cut-off and all blocks, in hexadecimal.",
            built_at="When it was built.",
        )

    @extend_schema_field(BulletinPeriod)
    def get_period(self, bulletin: Bulletin) -> dict[str, Any]:
        return BulletinPeriod(week_to(bulletin.cut_off)).data


class NewestCutOffFirst(NewestFirst):
    """Order by cut-off, so that bulletins built late are in their place."""

    ordering = ("-cut_off", "-edition", "-id")


class BulletinList(GenericAPIView[Bulletin]):
    """The bulletins, newest first."""

    queryset = Bulletin.objects.none()
    serializer_class = BulletinSerializer
    pagination_class = NewestCutOffFirst

    @extend_schema(
        operation_id="list_bulletins",
        summary="List the weekly bulletins, the newest first",
        description="Aggregates alone: no enterprise, project or person is named.",
        responses={
            document.LIST: BulletinSerializer(many=True),
            **document.problems(document.LISTING),
        },
    )
    def get(self, _request: Request) -> Response:
        page = self.paginate_queryset(Bulletin.objects.all())
        return self.get_paginated_response(BulletinSerializer(page or [], many=True).data)
