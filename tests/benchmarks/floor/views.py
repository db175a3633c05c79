"""Filing as one would write it in an afternoon: by Django alone, and by DRF with a serializer."""

import json
import uuid
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.benchmarks.floor.models import Event, Ticket, Token


def _write(given: dict[str, Any], enterprise: int) -> Ticket:
    with transaction.atomic():
        ticket: Ticket = Ticket.objects.create(
            number=uuid.uuid4().hex, project_id=1, enterprise_id=enterprise, **given
        )
        Event.objects.create(ticket=ticket, payload={"kind": ticket.kind})
    return ticket


def bare(request: HttpRequest) -> JsonResponse:
    sent = json.loads(request.body)
    given = {name: sent[name] for name in ("kind", "urgency", "title", "detail", "lines")}
    ticket = _write({**given, "contact_name": sent["contact"]["name"],
                     "contact_mobile": sent["contact"]["mobile"]}, 1)  # fmt: skip
    return JsonResponse({"number": ticket.number, "status": ticket.status}, status=201)


def many(request: HttpRequest) -> JsonResponse:
    """All that was sent as rows of two tables, at once; nothing is judged."""
    sent = json.loads(request.body)["tickets"]
    with transaction.atomic():
        tickets = Ticket.objects.bulk_create(
            Ticket(
                number=uuid.uuid4().hex, project_id=1, enterprise_id=1, kind=each["kind"],
                urgency=each["urgency"], title=each["title"], detail=each["detail"],
                contact_name=each["contact"]["name"], contact_mobile=each["contact"]["mobile"],
                lines=each["lines"],
            )
            for each in sent
        )  # fmt: skip
        Event.objects.bulk_create(
            Event(ticket=each, payload={"kind": each.kind, "project": each.project_id})
            for each in tickets
        )
    results = [{"number": each.number, "status": each.status} for each in tickets]
    return JsonResponse({"results": results})


class _Line(serializers.Serializer[Any]):
    pass_type = serializers.CharField()
    plate = serializers.CharField(max_length=12)
    carrier = serializers.CharField(max_length=80)
    driver_name = serializers.CharField(max_length=40)
    driver_mobile = serializers.CharField(max_length=11)
    cargo_category = serializers.CharField(max_length=40)
    origin = serializers.CharField(max_length=6)
    destination = serializers.CharField(max_length=6)
    valid_from = serializers.CharField()
    valid_to = serializers.CharField()


class _Filing(serializers.ModelSerializer[Ticket]):
    lines = _Line(many=True)

    class Meta:
        model = Ticket
        fields = ("number", "kind", "status", "urgency", "title", "detail", "contact_name",
                  "contact_mobile", "lines", "filed_at")  # fmt: skip
        read_only_fields = ("number", "status", "filed_at")


class ByToken(TokenAuthentication):
    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        token = Token.objects.get(key=key)
        return token, token


class ByFramework(APIView):
    authentication_classes = (ByToken,)
    permission_classes = (IsAuthenticated,)
    renderer_classes = (JSONRenderer,)

    def post(self, request: Request) -> Response:
        given = cast("dict[str, Any]", request.data)
        contact = given.get("contact", {})
        sent = {**given, "contact_name": contact.get("name"),
                "contact_mobile": contact.get("mobile")}  # fmt: skip
        shape = _Filing(data=sent)
        shape.is_valid(raise_exception=True)
        ticket = _write(shape.validated_data, cast("Token", request.user).enterprise_id)
        return Response(_Filing(ticket).data, status=201)


def _change(number: str) -> Ticket:
    with transaction.atomic():
        ticket: Ticket = Ticket.objects.select_for_update().get(number=number)
        last = Event.objects.filter(ticket=ticket).order_by("-seq")[0]
        ticket.status = "withdrawn"
        ticket.save(update_fields=["status"])
        Event.objects.create(
            ticket=ticket, seq=last.seq + 1, verb="withdraw", to_status=ticket.status, payload={}
        )
    return ticket


class Change(APIView):
    """The state and its event, locked; nothing is asked but whose it is."""

    authentication_classes = (ByToken,)
    permission_classes = (IsAuthenticated,)
    renderer_classes = (JSONRenderer,)

    def post(self, _request: Request, number: str) -> Response:
        return Response(_Filing(_change(number)).data)


urlpatterns = [
    path("bare/", bare),
    path("many/", many),
    path("framework/", ByFramework.as_view()),
    path("framework/<str:number>/withdraw/", Change.as_view()),
]
